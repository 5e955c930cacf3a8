import Wire

/// The broadcast domains of a topology: links joined by switches, and the interfaces that meet there.
struct Subnets: Sendable {
    /// Where a host or router meets a subnet.
    struct Member: Sendable, Hashable {
        let node: String
        let isRouter: Bool
        let link: Int
        let atEndA: Bool
        let addresses: [InterfaceAddress]
        let hardwareAddress: MACAddress
    }

    struct Subnet: Sendable {
        var links: [Int] = []
        var members: [Member] = []
        var mtu = 1500

        /// For each family of the host's addresses, the lowest router address within the same prefix.
        func defaultGateways(for host: Host) -> [IPAddress] {
            IPFamily.allCases.compactMap { family in
                let prefixes = host.addresses.filter { $0.address.family == family }.map(\.prefix)
                return members.filter(\.isRouter).flatMap(\.addresses).map(\.address)
                    .filter { address in prefixes.contains { $0.contains(address) } }.min()
            }
        }
    }

    private(set) var subnets: [Subnet] = []
    /// The subnet of each link, by the link's index.
    private(set) var subnetOfLink: [Int]
    private var subnetOfHost: [String: Int] = [:]

    init(_ topology: Topology) {
        subnetOfLink = Array(repeating: -1, count: topology.links.count)
        let switches = Set(topology.switches.map(\.name))
        let routers = Set(topology.routers.map(\.name))
        var linksOfSwitch: [String: [Int]] = [:]
        for (index, link) in topology.links.enumerated() {
            for end in [link.a, link.b] where switches.contains(end.node) {
                linksOfSwitch[end.node, default: []].append(index)
            }
        }
        for seed in topology.links.indices where subnetOfLink[seed] < 0 {
            var subnet = Subnet()
            var open = [seed]
            subnetOfLink[seed] = subnets.count
            while let index = open.popLast() {
                subnet.links.append(index)
                for end in [topology.links[index].a, topology.links[index].b] {
                    for next in linksOfSwitch[end.node] ?? [] where subnetOfLink[next] < 0 {
                        subnetOfLink[next] = subnets.count
                        open.append(next)
                    }
                }
            }
            subnet.links.sort()
            subnet.mtu = subnet.links.map { topology.links[$0].mtu }.min() ?? 1500
            for index in subnet.links {
                for atEndA in [true, false] {
                    let end = atEndA ? topology.links[index].a : topology.links[index].b
                    guard !switches.contains(end.node) else { continue }
                    let host = topology.hosts.first { $0.name == end.node }
                    guard host != nil || routers.contains(end.node) else { continue }
                    let hardware =
                        topology.hardwareAddress(ofHost: end.node)
                        ?? topology.hardwareAddress(ofLink: index, atEndA: atEndA)
                    subnet.members.append(
                        Member(
                            node: end.node, isRouter: host == nil, link: index, atEndA: atEndA,
                            addresses: host?.addresses ?? end.addresses, hardwareAddress: hardware))
                    if host != nil { subnetOfHost[end.node] = subnets.count }
                }
            }
            subnets.append(subnet)
        }
    }

    func subnet(ofHost name: String) -> Subnet? { subnetOfHost[name].map { subnets[$0] } }
}
