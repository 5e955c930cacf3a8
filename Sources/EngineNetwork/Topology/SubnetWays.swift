/// The shortest ways between the members of one subnet, over its links that are up and its switches.
struct SubnetWays {
    private(set) var ways: [[NetworkMap.Way?]] = []

    init(_ subnet: Subnets.Subnet, _ topology: Topology, _ lanes: [NetworkMap.Lane], _ isUp: [Bool]) {
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
        func way(_ lane: Int, mtu: Int, cost: Int) -> NetworkMap.Way {
            NetworkMap.Way(
                delay: lanes[lane].delay, mtu: mtu, cost: max(0, cost), lanes: [lane],
                isPlain: lanes[lane].conditions == LinkConditions())
        }
        for index in subnet.links where isUp[index] {
            let link = topology.links[index]
            let (a, b) = (place(index, true), place(index, false))
            edges[a, default: []].append((b, way(2 * index, mtu: link.mtu, cost: link.cost)))
            let (mtu, cost) = (link.mtuBack ?? link.mtu, link.costBack ?? link.cost)
            edges[b, default: []].append((a, way(2 * index + 1, mtu: mtu, cost: cost)))
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
                        cost: here.cost.addingReportingOverflow(edge.way.cost).partialValue,
                        lanes: here.lanes + edge.way.lanes, isPlain: here.isPlain && edge.way.isPlain)
                    if let known = best[edge.to], (known.cost, known.delay) <= (way.cost, way.delay) { continue }
                    best[edge.to] = way
                    if case .junction = edge.to { open.append(edge.to) }
                }
            }
            ways.append(subnet.members.indices.map { best[.member($0)] })
        }
    }
}
