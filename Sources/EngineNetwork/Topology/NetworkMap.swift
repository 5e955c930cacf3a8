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
        /// Where a host sends what is not for its own subnet: interfaces of routers, at most one for each family.
        var gateways: [IPFamily: Int] = [:]

        var isRouter: Bool {
            if case .router = role { true } else { false }
        }
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
    }

    let hosts: [Host]
    private(set) var nodes: [Node] = []
    private(set) var interfaces: [Interface] = []
    private(set) var subnets: [Subnet] = []
    private(set) var owners: [IPAddress: Int] = [:]
    /// The node of each host, by the host's index.
    private(set) var nodeOfHost: [Int] = []

    init(_ topology: Topology) {
        hosts = topology.hosts
        var numbers: [String: Int] = [:]
        for (index, host) in topology.hosts.enumerated() {
            nodeOfHost.append(nodes.count)
            numbers[host.name] = numbers[host.name] ?? nodes.count
            nodes.append(Node(name: host.name, role: .host(index)))
        }
        for router in topology.routers {
            numbers[router.name] = numbers[router.name] ?? nodes.count
            nodes.append(
                Node(name: router.name, role: .router, ownAddresses: router.addresses, isSilent: router.silent))
        }
        for subnet in Subnets(topology).subnets { add(subnet, numbers, topology) }
        for node in nodes.indices {
            let owned =
                nodes[node].ownAddresses + nodes[node].interfaces.flatMap { interfaces[$0].addresses.map(\.address) }
            for address in owned where owners[address] == nil { owners[address] = node }
        }
        for (index, host) in topology.hosts.enumerated() { findGateways(of: host, node: nodeOfHost[index]) }
    }

    private mutating func add(_ drawn: Subnets.Subnet, _ numbers: [String: Int], _ topology: Topology) {
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
        subnet.ways = SubnetWays(drawn, topology).ways
        subnets.append(subnet)
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

    /// The subnet with the longest prefix around the address.
    func subnet(containing address: IPAddress) -> Int? {
        interfaces.flatMap { interface in
            interface.addresses.filter { $0.prefix.contains(address) }.map { ($0.length, interface.subnet) }
        }.max { $0.0 < $1.0 }?.1
    }

    func host(ofNode node: Int) -> Host? {
        if case .host(let index) = nodes[node].role { hosts[index] } else { nil }
    }
}

/// The shortest ways between the members of one subnet, over its links and switches.
private struct SubnetWays {
    private(set) var ways: [[NetworkMap.Way?]] = []

    init(_ subnet: Subnets.Subnet, _ topology: Topology) {
        // A node of a subnet is a switch by its name, or one member by its place: a router may meet a subnet twice.
        enum Place: Hashable {
            case member(Int)
            case junction(String)
        }
        var edges: [Place: [(to: Place, way: NetworkMap.Way)]] = [:]
        func place(_ link: Int, _ atEndA: Bool) -> Place {
            if let member = subnet.members.firstIndex(where: { $0.link == link && $0.atEndA == atEndA }) {
                return .member(member)
            }
            return .junction(atEndA ? topology.links[link].a.node : topology.links[link].b.node)
        }
        for index in subnet.links {
            let link = topology.links[index]
            let (a, b) = (place(index, true), place(index, false))
            let mtu = link.mtu
            let cost = max(0, link.cost)
            edges[a, default: []].append((b, NetworkMap.Way(delay: max(0, link.delay), mtu: mtu, cost: cost)))
            let back = max(0, link.delayBack ?? link.delay)
            edges[b, default: []].append((a, NetworkMap.Way(delay: back, mtu: mtu, cost: cost)))
        }
        for start in subnet.members.indices {
            var best: [Place: NetworkMap.Way] = [.member(start): NetworkMap.Way()]
            var open: [Place] = [.member(start)]
            // Label-correcting: subnets are small trees as a rule, and every improvement is strict.
            while let place = open.popLast() {
                guard let here = best[place] else { continue }
                for edge in edges[place] ?? [] {
                    let way = NetworkMap.Way(
                        delay: here.delay.addingReportingOverflow(edge.way.delay).partialValue,
                        mtu: min(here.mtu, edge.way.mtu),
                        cost: here.cost.addingReportingOverflow(edge.way.cost).partialValue)
                    if let known = best[edge.to], (known.cost, known.delay) <= (way.cost, way.delay) { continue }
                    best[edge.to] = way
                    if case .junction = edge.to { open.append(edge.to) }
                }
            }
            ways.append(subnet.members.indices.map { best[.member($0)] })
        }
    }
}
