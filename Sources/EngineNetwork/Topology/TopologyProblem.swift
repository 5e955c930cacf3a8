import Wire

/// What is wrong with a topology, found before anything runs on it.
package enum TopologyProblem: Error, Hashable, Sendable {
    case duplicateNode(String)
    case duplicateAddress(IPAddress, String, String)
    case duplicateHardwareAddress(MACAddress, String, String)
    /// Two subnets that nothing but routers joins claim the same addresses.
    case overlappingSubnets(IPPrefix, IPPrefix)
    case unknownLinkEnd(link: String, node: String)
    case linkToItself(link: String)
    case negativeDelay(link: String)
    /// IPv4 asks for at least 68 bytes, IPv6 for 1280 (RFC 791 §3.2, RFC 8200 §5).
    case mtuTooSmall(link: String, mtu: Int, minimum: Int)
    /// A probability below 0 or above 1; `what` names it.
    case impossibleShare(link: String, what: String, value: Double)
    /// A rate or a queue in which nothing passes.
    case impossibleRate(link: String, bitsPerSecond: Int64, queue: Int)
    /// A timed change of something that there is not.
    case unknownChange(String)
    /// A router's own route by a node that is no neighbour of it.
    case routeByStranger(router: String, prefix: IPPrefix, neighbor: String)
    /// Two nodes of a tunnel that are no neighbouring routers.
    case brokenTunnel(String, String)
    /// A label above 20 bits, or more labels than routers behind the first.
    case impossibleLabels(tunnel: String)
    /// A router translates to an address that is not its own.
    case foreignTranslation(router: String, address: IPAddress)
    /// No packet from the host that a router forwards ports to leads through the router.
    case forwardAround(router: String, to: IPAddress)
    /// Packets to a host go round between routers, and no route says that they may.
    case loop(to: String, through: [String])
    case hostWithoutLink(String)
    case hostWithSeveralLinks(String)
    case hostWithoutAddress(String)
    case noGateway(host: String, family: IPFamily)
    case gatewayNotInReach(host: String, gateway: IPAddress)
    case unreachable(from: String, to: String, family: IPFamily)
    case resolverNotVirtual(String)
    case badName(String)
    case duplicateName(String)
    case aliasWithoutTarget(name: String, target: String)
}

extension TopologyProblem: CustomStringConvertible {
    package var description: String {
        switch self {
        case .duplicateNode(let name):
            "Two nodes are called '\(name)'; every host, router and switch needs a name of its own."
        case .duplicateAddress(let address, let first, let second):
            "'\(first)' and '\(second)' both have the address \(address); give one of them another."
        case .duplicateHardwareAddress(let address, let first, let second):
            "'\(first)' and '\(second)' both have the hardware address \(address); give one of them another."
        case .overlappingSubnets(let first, let second):
            first == second
                ? "Two subnets have the prefix \(first); routers cannot tell which one a packet is for."
                : "The subnets \(first) and \(second) overlap; routers cannot tell which one a packet is for."
        case .unknownLinkEnd(let link, let node):
            "The link \(link) ends at '\(node)', which is no host, router or switch."
        case .linkToItself(let link): "The link \(link) has both ends at one node."
        case .negativeDelay(let link): "The link \(link) has a negative delay."
        case .mtuTooSmall(let link, let mtu, let minimum):
            "The link \(link) has an MTU of \(mtu) bytes; the addresses on it need at least \(minimum)."
        case .impossibleShare(let link, let what, let value):
            "The link \(link) has the \(what) \(value); a share lies between 0 and 1."
        case .impossibleRate(let link, let rate, let queue):
            "The link \(link) passes \(rate) bits a second with room for \(queue) bytes; nothing would get through."
        case .unknownChange(let name): "A change is told of '\(name)', which is no link or host."
        case .routeByStranger(let router, let prefix, let neighbor):
            "The router '\(router)' has a route to \(prefix) by '\(neighbor)', which is no neighbour of it."
        case .brokenTunnel(let first, let second):
            "A tunnel leads from '\(first)' to '\(second)', which are no neighbouring routers."
        case .impossibleLabels(let name):
            "The tunnel \(name) has more labels than routers behind the first, or one above 1048575."
        case .foreignTranslation(let router, let address):
            "The router '\(router)' translates to \(address), which is no address of its own."
        case .forwardAround(let router, let host):
            "The router '\(router)' forwards ports to \(host), whose answers go another way."
        case .loop(let host, let nodes):
            "Packets to '\(host)' go round for ever: \(nodes.joined(separator: " → "))."
        case .hostWithoutLink(let name): "The host '\(name)' has no link, so nothing can reach it."
        case .hostWithSeveralLinks(let name): "The host '\(name)' has several links; a host has one (use a router)."
        case .hostWithoutAddress(let name): "The host '\(name)' has no address."
        case .noGateway(let host, let family):
            "No router in the subnet of '\(host)' has an IP\(family) address within the host's prefix, so it has no gateway."
        case .gatewayNotInReach(let host, let gateway):
            "The gateway \(gateway) of '\(host)' is no address of a router in the host's subnet."
        case .unreachable(let from, let to, let family):
            "No IP\(family) path leads from '\(from)' to '\(to)': a link or a router is missing."
        case .resolverNotVirtual(let name):
            "The host '\(name)' is a namespace and cannot be a resolver; only virtual hosts answer from the names."
        case .badName(let name): "'\(name)' is no domain name."
        case .duplicateName(let name): "The name '\(name)' appears twice among the names."
        case .aliasWithoutTarget(let name, let target):
            "'\(name)' stands for '\(target)', which is not among the names."
        }
    }
}
