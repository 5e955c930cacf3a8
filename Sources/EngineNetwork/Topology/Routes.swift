import Wire

/// Shortest paths through a map, found for one destination at a time and kept.
///
/// Routers forward; hosts do not. Sums of cost that are equal are told apart by delay, then by the order of the nodes, so that
/// the same drawing always has the same paths.
struct Routes: Sendable {
    /// A step of a path: out by one interface, in by another of the same subnet.
    struct Hop: Sendable, Equatable {
        let out: Int
        let next: Int
    }

    private struct Distance: Comparable {
        var cost: Int
        var delay: Int64
        var node: Int

        static func < (left: Distance, right: Distance) -> Bool {
            (left.cost, left.delay, left.node) < (right.cost, right.delay, right.node)
        }
    }

    /// Where a packet goes from a node.
    enum Step: Equatable {
        case forward(Hop)
        /// The subnet of the address is here, and nobody on it has the address.
        case noSuchHost
        case noRoute
    }

    /// The routers of the subnet that a destination address would belong to, or the node that owns it.
    private enum Destination: Hashable {
        case node(Int)
        case subnet(Int)
    }

    /// For each destination, the hop that each node takes towards it.
    private var known: [Destination: [Hop?]] = [:]

    /// The step from `node` towards `address`, which is not an address of the node itself.
    mutating func step(from node: Int, to address: IPAddress, in map: NetworkMap) -> Step {
        let owner = map.owners[address]
        if map.host(ofNode: node) != nil { return step(fromHost: node, to: address, owner, in: map) }
        if let owner { return hop(from: node, to: .node(owner), in: map).map(Step.forward) ?? .noRoute }
        guard let subnet = map.subnet(containing: address) else { return .noRoute }
        if map.nodes[node].interfaces.contains(where: { map.interfaces[$0].subnet == subnet }) { return .noSuchHost }
        return hop(from: node, to: .subnet(subnet), in: map).map(Step.forward) ?? .noRoute
    }

    /// A host reaches its own subnet directly and the rest by its gateway.
    private func step(fromHost node: Int, to address: IPAddress, _ owner: Int?, in map: NetworkMap) -> Step {
        guard let own = map.nodes[node].interfaces.first else { return .noRoute }
        let isNeighbor = map.interfaces[own].addresses.contains { $0.prefix.contains(address) }
        if isNeighbor || map.nodes[node].gateways[address.family] == nil, let owner {
            if let next = map.nodes[owner].interfaces.first(where: { map.way(from: own, to: $0) != nil }) {
                return .forward(Hop(out: own, next: next))
            }
        }
        if isNeighbor { return .noSuchHost }
        return map.nodes[node].gateways[address.family].map { .forward(Hop(out: own, next: $0)) } ?? .noRoute
    }

    private mutating func hop(from node: Int, to destination: Destination, in map: NetworkMap) -> Hop? {
        if let hops = known[destination] { return hops[node] }
        let ends: [Int] =
            switch destination {
            case .node(let node): [node]
            case .subnet(let subnet):
                map.subnets[subnet].interfaces.map { map.interfaces[$0].node }.filter { map.nodes[$0].isRouter }
            }
        let hops = Routes.hops(to: ends, in: map)
        // Destinations without an owner are as many as the prefixes; both are bounded by the drawing.
        known[destination] = hops
        return hops[node]
    }

    /// Walks back from the destinations over everything that forwards.
    static func hops(to destinations: [Int], in map: NetworkMap) -> [Hop?] {
        var hops: [Hop?] = Array(repeating: nil, count: map.nodes.count)
        var best: [Distance?] = Array(repeating: nil, count: map.nodes.count)
        var done = Array(repeating: false, count: map.nodes.count)
        for node in destinations { best[node] = Distance(cost: 0, delay: 0, node: node) }
        while true {
            var nearest: Distance?
            for node in map.nodes.indices where !done[node] {
                if let distance = best[node], nearest.map({ distance < $0 }) ?? true { nearest = distance }
            }
            guard let here = nearest else { return hops }
            done[here.node] = true
            // Only routers are passed through; a host is the end of a path or no part of it.
            guard map.nodes[here.node].isRouter || destinations.contains(here.node) else { continue }
            for inward in map.nodes[here.node].interfaces {
                for outward in map.subnets[map.interfaces[inward].subnet].interfaces where outward != inward {
                    guard let way = map.way(from: outward, to: inward) else { continue }
                    let node = map.interfaces[outward].node
                    let candidate = Distance(
                        cost: here.cost &+ way.cost, delay: here.delay &+ way.delay, node: node)
                    if done[node] || node == here.node { continue }
                    if let old = best[node], (old.cost, old.delay) <= (candidate.cost, candidate.delay) { continue }
                    best[node] = candidate
                    hops[node] = Hop(out: outward, next: inward)
                }
            }
        }
    }
}
