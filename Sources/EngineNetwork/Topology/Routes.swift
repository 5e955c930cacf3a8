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
        /// One of several that cost the same.
        case choose([Hop], Router.Balancing)
        case discard
    }

    /// The routers of the subnet that a destination address would belong to, or the node that owns it.
    private enum Destination: Hashable {
        case node(Int)
        case subnet(Int)
    }

    /// What is known about the way to one address.
    private struct Heading {
        let address: IPAddress
        let owner: Int?
        /// The subnet around the address, where nobody has it.
        let subnet: Int?
        /// The length of the prefix that routers know the address by.
        let length: Int
        let ways: Ways
    }

    /// The ways of all nodes to one destination.
    struct Ways: Sendable {
        /// The hop that each node takes.
        var hops: [Hop?] = []
        /// All hops that cost the least, of nodes that spread packets over several.
        var choices: [Int: [Hop]] = [:]
    }

    /// More addresses than any drawing has; a scan must not fill the memory.
    private static let headingLimit = 4096
    private var known: [Destination: Ways] = [:]
    private var headings: [Heading] = []
    private var headingOfAddress: [IPAddress: Int] = [:]

    /// The number by which ``step(from:_:in:)`` knows an address, until the next call for another one.
    mutating func heading(for address: IPAddress, in map: NetworkMap) -> Int {
        if let heading = headingOfAddress[address] { return heading }
        if headings.count >= Routes.headingLimit {
            headings = []
            headingOfAddress = [:]
        }
        let owner = map.owners[address]
        let around = map.subnet(containing: address)
        let subnet = owner == nil ? around?.subnet : nil
        let destination = owner.map(Destination.node) ?? subnet.map(Destination.subnet)
        let ways = destination.map { self.ways(to: $0, in: map) } ?? Ways()
        // What belongs to no interface is known as a single address; what nobody knows, as less than a default route.
        let length = around?.length ?? (owner == nil ? -1 : address.width)
        headingOfAddress[address] = headings.count
        headings.append(Heading(address: address, owner: owner, subnet: subnet, length: length, ways: ways))
        return headings.count - 1
    }

    /// The node that has the address.
    func owner(_ heading: Int) -> Int? { headings[heading].owner }

    /// The step from `node` towards an address that is not the node's own.
    func step(from node: Int, _ heading: Int, in map: NetworkMap) -> Step {
        let heading = headings[heading]
        if !map.nodes[node].isRouter { return step(fromHost: node, heading, in: map) }
        if !map.nodes[node].staticRoutes.isEmpty, let step = staticStep(from: node, heading, in: map) { return step }
        if let subnet = heading.subnet,
            map.nodes[node].interfaces.contains(where: { map.interfaces[$0].subnet == subnet })
        {
            return .noSuchHost
        }
        if let balancing = map.nodes[node].router?.balancing, let hops = heading.ways.choices[node] {
            return .choose(hops, balancing)
        }
        guard node < heading.ways.hops.count, let hop = heading.ways.hops[node] else { return .noRoute }
        return .forward(hop)
    }

    /// What the router's own routes say: the longest prefix wins, and what is directly connected over one of the same length.
    private func staticStep(from node: Int, _ heading: Heading, in map: NetworkMap) -> Step? {
        guard let route = staticRoute(from: node, heading, in: map) else { return nil }
        switch route.action {
        case .discard: return .discard
        case .refuse: return .noRoute
        // With its neighbour out of reach a route is withdrawn.
        case .via(let next): return map.hop(from: node, toNeighbor: next).map(Step.forward)
        }
    }

    private func staticRoute(from node: Int, _ heading: Heading, in map: NetworkMap) -> NetworkMap.StaticHop? {
        guard
            let route = map.nodes[node].staticRoutes.first(where: {
                $0.prefix.length >= heading.length && $0.prefix.contains(heading.address)
            })
        else { return nil }
        let isConnected = map.nodes[node].interfaces.contains { interface in
            map.interfaces[interface].addresses.contains {
                $0.prefix.contains(heading.address) && $0.length >= route.prefix.length
            }
        }
        return isConnected ? nil : route
    }

    /// The prefix of the route by hand that decides at a node; nil where none does.
    func staticPrefix(from node: Int, _ heading: Int, in map: NetworkMap) -> IPPrefix? {
        staticRoute(from: node, headings[heading], in: map)?.prefix
    }

    /// The hop from a node to a neighbour, where it is one that the node would take towards the address.
    func hop(from node: Int, to next: Int, _ heading: Int, in map: NetworkMap) -> Hop? {
        let hops: [Hop] =
            switch step(from: node, heading, in: map) {
            case .forward(let hop): [hop]
            case .choose(let hops, _): hops
            default: []
            }
        return hops.first { map.interfaces[$0.next].node == next }
    }

    /// A host reaches its own subnet directly and the rest by its gateway.
    private func step(fromHost node: Int, _ heading: Heading, in map: NetworkMap) -> Step {
        guard let own = map.nodes[node].interfaces.first else { return .noRoute }
        let gateway = map.nodes[node].gateways[heading.address.family]
        let isNeighbor = map.interfaces[own].addresses.contains { $0.prefix.contains(heading.address) }
        if isNeighbor || gateway == nil, let owner = heading.owner {
            if let next = map.nodes[owner].interfaces.first(where: { map.way(from: own, to: $0) != nil }) {
                return .forward(Hop(out: own, next: next))
            }
        }
        if isNeighbor { return .noSuchHost }
        return gateway.map { .forward(Hop(out: own, next: $0)) } ?? .noRoute
    }

    private mutating func ways(to destination: Destination, in map: NetworkMap) -> Ways {
        if let ways = known[destination] { return ways }
        let ends: [Int] =
            switch destination {
            case .node(let node): [node]
            case .subnet(let subnet):
                map.subnets[subnet].interfaces.map { map.interfaces[$0].node }.filter { map.nodes[$0].isRouter }
            }
        let ways = Routes.ways(to: ends, in: map)
        // Destinations without an owner are as many as the prefixes; both are bounded by the drawing.
        known[destination] = ways
        return ways
    }

    /// Walks back from the destinations over everything that forwards.
    private static func ways(to destinations: [Int], in map: NetworkMap) -> Ways {
        var hops: [Hop?] = Array(repeating: nil, count: map.nodes.count)
        var best: [Distance?] = Array(repeating: nil, count: map.nodes.count)
        var done = Array(repeating: false, count: map.nodes.count)
        for node in destinations { best[node] = Distance(cost: 0, delay: 0, node: node) }
        while true {
            var nearest: Distance?
            for node in map.nodes.indices where !done[node] {
                if let distance = best[node], nearest.map({ distance < $0 }) ?? true { nearest = distance }
            }
            guard let here = nearest else {
                return Ways(hops: hops, choices: choices(best, destinations, in: map))
            }
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

    /// All hops of least cost of the nodes that spread packets, where there are several.
    private static func choices(
        _ best: [Distance?], _ destinations: [Int], in map: NetworkMap
    ) -> [Int: [Hop]] {
        var choices: [Int: [Hop]] = [:]
        for node in map.nodes.indices where map.nodes[node].router?.balancing != nil {
            guard let own = best[node], !destinations.contains(node) else { continue }
            let hops = map.nodes[node].interfaces.flatMap { outward in
                map.subnets[map.interfaces[outward].subnet].interfaces.compactMap { inward -> Hop? in
                    let next = map.interfaces[inward].node
                    // Strictly nearer, so that no two nodes hand packets to each other.
                    guard next != node, let way = map.way(from: outward, to: inward), let there = best[next],
                        there.cost < own.cost, there.cost &+ way.cost == own.cost,
                        map.nodes[next].isRouter || destinations.contains(next)
                    else { return nil }
                    return Hop(out: outward, next: inward)
                }
            }
            if hops.count > 1 { choices[node] = hops }
        }
        return choices
    }
}
