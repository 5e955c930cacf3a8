import Wire

/// A topology prepared for walking: nodes and interfaces by number, subnets with the distances inside them, owners of addresses.
///
/// Link ends that name no node, and addresses that appear twice, are left out (the first keeps it): ``Topology/problems()``
/// has told the author about them.
struct NetworkMap: Sendable {
    struct Interface: Sendable {
        let node: Int
        let subnet: Int
        /// The place among the subnet's interfaces.
        let member: Int
        let addresses: [InterfaceAddress]
        let hardwareAddress: MACAddress
    }

    struct Node: Sendable {
        enum Role: Sendable {
            /// The index among the topology's hosts.
            case host(Int)
            case router
        }

        let name: String
        let role: Role
        var interfaces: [Int] = []
        /// Addresses that belong to no interface; the first of a family speaks for a router.
        var ownAddresses: [IPAddress] = []
        var isSilent = false
        /// Of routers.
        var router: Router?
        /// Whether a rule asks for the state of connections.
        var tracksConnections = false
        /// Whether it must see packets whole: it tracks or translates.
        var readsPorts: Bool { tracksConnections || router?.translation != nil }
        var staticRoutes: [StaticHop] = []
        /// Where a host sends what is not for its own subnet: interfaces of routers, at most one for each family.
        var gateways: [IPFamily: Int] = [:]

        var isRouter: Bool {
            if case .router = role { true } else { false }
        }
    }

    /// A static route, its neighbour found.
    struct StaticHop: Sendable {
        enum Action: Sendable {
            case via(node: Int)
            case discard
            case refuse
        }

        let prefix: IPPrefix
        let action: Action
    }

    struct LabelPath: Sendable {
        /// Nodes.
        let path: [Int]
        let labels: [UInt32]
        let showsHops: Bool
    }

    struct Subnet: Sendable {
        var interfaces: [Int] = []
        /// The way between two members by their places; nil where links do not join them.
        var ways: [[Way?]] = []
    }

    /// What lies between two interfaces of a subnet: one link, or several with switches between.
    struct Way: Sendable {
        var delay: Int64 = 0
        var mtu = Int.max
        var cost = 0
        /// The directions of links on it, in order.
        var lanes: [Int] = []
        /// Nothing happens on it but the delay.
        var isPlain = true
    }

    /// One direction of a link.
    struct Lane: Sendable {
        /// The link's index.
        let link: Int
        let name: String
        /// Keys its draws: the same whatever other links there are.
        let key: UInt64
        var delay: Int64
        var conditions: LinkConditions
    }

    private(set) var hosts: [Host]
    /// Two for each link: from its first end to its second, and back.
    private(set) var lanes: [Lane] = []
    private(set) var isUp: [Bool] = []
    /// Whether anything in the network is left to chance.
    private(set) var draws = false
    private var topology: Topology
    private var drawn: [Subnets.Subnet] = []
    private(set) var nodes: [Node] = []
    private(set) var interfaces: [Interface] = []
    private(set) var subnets: [Subnet] = []
    private(set) var tunnels: [LabelPath] = []
    private(set) var owners: [IPAddress: Int] = [:]
    /// The node of each host, by the host's index.
    private(set) var nodeOfHost: [Int] = []
    /// What stands for a host in the key of a draw, by the host's index.
    private(set) var keyOfHost: [UInt64] = []
    /// The same of every node.
    private(set) var keyOfNode: [UInt64] = []

    init(_ topology: Topology) {
        self.topology = topology
        hosts = topology.hosts
        addLanes(topology)
        var numbers: [String: Int] = [:]
        for (index, host) in topology.hosts.enumerated() {
            nodeOfHost.append(nodes.count)
            keyOfHost.append(Hash.of(host.name))
            numbers[host.name] = numbers[host.name] ?? nodes.count
            nodes.append(Node(name: host.name, role: .host(index)))
        }
        for router in topology.routers {
            numbers[router.name] = numbers[router.name] ?? nodes.count
            nodes.append(
                Node(
                    name: router.name, role: .router, ownAddresses: router.addresses, isSilent: router.silent,
                    router: router, tracksConnections: router.filters.contains { $0.states != nil }))
        }
        for subnet in Subnets(topology).subnets { add(subnet, numbers) }
        for node in nodes.indices {
            let owned =
                nodes[node].ownAddresses + nodes[node].interfaces.flatMap { interfaces[$0].addresses.map(\.address) }
            for address in owned where owners[address] == nil { owners[address] = node }
        }
        keyOfNode = nodes.map { Hash.of($0.name) }
        for node in nodes.indices { findStaticHops(of: node, numbers) }
        for tunnel in topology.tunnels {
            let path = tunnel.path.compactMap { numbers[$0] }
            guard path.count == tunnel.path.count, path.count > 1 else { continue }
            tunnels.append(LabelPath(path: path, labels: tunnel.labels, showsHops: tunnel.showsHops))
        }
        for (index, host) in topology.hosts.enumerated() { findGateways(of: host, node: nodeOfHost[index]) }
    }

    private mutating func addLanes(_ topology: Topology) {
        var seen: [String: UInt64] = [:]
        for (index, link) in topology.links.enumerated() {
            let number = seen[link.name, default: 0]
            seen[link.name] = number + 1
            let key = Hash.mix(Hash.of(link.name), number)
            lanes.append(
                Lane(
                    link: index, name: link.name, key: Hash.mix(key, 0), delay: max(0, link.delay),
                    conditions: link.conditions))
            lanes.append(
                Lane(
                    link: index, name: link.name, key: Hash.mix(key, 1), delay: max(0, link.delayBack ?? link.delay),
                    conditions: link.conditionsBack ?? link.conditions))
            isUp.append(link.isUp)
        }
        draws = isLeftToChance
    }

    private var isLeftToChance: Bool {
        lanes.contains { $0.conditions.draws } || topology.routers.contains { $0.balancing == .packet }
    }

    /// The indices of the links that are called so: `r1-r2`, in either order.
    func links(named name: String) -> [Int] {
        topology.links.indices.filter { index in
            let link = topology.links[index]
            return link.name == name || "\(link.b.node)-\(link.a.node)" == name
        }
    }

    /// The lane that leads from an interface into its subnet.
    func lane(at interface: Int) -> Lane? {
        let place = interfaces[interface]
        guard drawn.indices.contains(place.subnet) else { return nil }
        let own = drawn[place.subnet].members.first {
            $0.hardwareAddress == place.hardwareAddress && $0.node == nodes[place.node].name
        }
        return own.map { lanes[2 * $0.link + ($0.atEndA ? 0 : 1)] }
    }

    mutating func set(host name: String, _ condition: Host.Condition) {
        guard let index = hosts.firstIndex(where: { $0.name == name }) else { return }
        hosts[index].condition = condition
    }

    /// Takes a link up or down; ways follow, routes are the caller's.
    mutating func set(link index: Int, isUp up: Bool) {
        guard isUp.indices.contains(index), isUp[index] != up else { return }
        isUp[index] = up
        guard let subnet = drawn.firstIndex(where: { $0.links.contains(index) }) else { return }
        subnets[subnet].ways = SubnetWays(drawn[subnet], topology, lanes, isUp).ways
    }

    /// Changes what a link does to packets in one or both directions; nil leaves a direction as it is.
    mutating func set(link index: Int, there: LinkConditions?, back: LinkConditions?) {
        guard isUp.indices.contains(index) else { return }
        if let there { lanes[2 * index].conditions = there }
        if let back { lanes[2 * index + 1].conditions = back }
        draws = isLeftToChance
        guard let subnet = drawn.firstIndex(where: { $0.links.contains(index) }) else { return }
        subnets[subnet].ways = SubnetWays(drawn[subnet], topology, lanes, isUp).ways
    }

    private mutating func add(_ drawn: Subnets.Subnet, _ numbers: [String: Int]) {
        var subnet = Subnet()
        for member in drawn.members {
            guard let node = numbers[member.node] else { continue }
            nodes[node].interfaces.append(interfaces.count)
            subnet.interfaces.append(interfaces.count)
            interfaces.append(
                Interface(
                    node: node, subnet: subnets.count, member: subnet.interfaces.count - 1,
                    addresses: member.addresses, hardwareAddress: member.hardwareAddress))
        }
        self.drawn.append(drawn)
        subnet.ways = SubnetWays(drawn, topology, lanes, isUp).ways
        subnets.append(subnet)
    }

    private mutating func findStaticHops(of node: Int, _ numbers: [String: Int]) {
        for route in nodes[node].router?.routes ?? [] {
            switch route.action {
            case .discard: nodes[node].staticRoutes.append(StaticHop(prefix: route.prefix, action: .discard))
            case .refuse: nodes[node].staticRoutes.append(StaticHop(prefix: route.prefix, action: .refuse))
            case .via(let name):
                guard let next = numbers[name] else { continue }
                nodes[node].staticRoutes.append(StaticHop(prefix: route.prefix, action: .via(node: next)))
            }
        }
        nodes[node].staticRoutes.sort { $0.prefix.length > $1.prefix.length }
    }

    /// The cheapest hop from a node to a neighbour that is up.
    func hop(from node: Int, toNeighbor next: Int) -> Routes.Hop? {
        var best: (hop: Routes.Hop, way: Way)?
        for out in nodes[node].interfaces {
            for other in nodes[next].interfaces {
                guard let way = way(from: out, to: other) else { continue }
                if let best, (best.way.cost, best.way.delay) <= (way.cost, way.delay) { continue }
                best = (Routes.Hop(out: out, next: other), way)
            }
        }
        return best?.hop
    }

    private mutating func findGateways(of host: Host, node: Int) {
        guard let own = nodes[node].interfaces.first else { return }
        let others = subnets[interfaces[own].subnet].interfaces.filter { nodes[interfaces[$0].node].isRouter }
        for family in IPFamily.allCases {
            let wanted = host.gateways.map { $0.filter { $0.family == family } }
            let prefixes = host.addresses.filter { $0.address.family == family }.map(\.prefix)
            let candidates = others.flatMap { interface in
                addresses(answeredBy: interface).filter { address in
                    wanted?.contains(address) ?? prefixes.contains { $0.contains(address) }
                }.map { (address: $0, interface: interface) }
            }
            nodes[node].gateways[family] = candidates.min { $0.address < $1.address }?.interface
        }
    }

    /// The addresses that are found on the link at this interface: its own, and a router's that belong to no interface.
    func addresses(answeredBy interface: Int) -> [IPAddress] {
        interfaces[interface].addresses.map(\.address) + nodes[interfaces[interface].node].ownAddresses
    }

    func way(from: Int, to: Int) -> Way? {
        guard interfaces[from].subnet == interfaces[to].subnet else { return nil }
        return subnets[interfaces[from].subnet].ways[interfaces[from].member][interfaces[to].member]
    }

    /// The subnet with the longest prefix around the address, and that prefix's length.
    func subnet(containing address: IPAddress) -> (subnet: Int, length: Int)? {
        interfaces.flatMap { interface in
            interface.addresses.filter { $0.prefix.contains(address) }.map {
                (subnet: interface.subnet, length: $0.length)
            }
        }.max { $0.length < $1.length }
    }

    func host(ofNode node: Int) -> Host? {
        if case .host(let index) = nodes[node].role { hosts[index] } else { nil }
    }
}
