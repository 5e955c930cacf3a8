import Wire

/// What is wrong with the ways of packets.
extension Topology {
    func routerProblems() -> [TopologyProblem] {
        let map = NetworkMap(self)
        let numbers = Dictionary(map.nodes.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
        return routers.flatMap { router -> [TopologyProblem] in
            guard let node = numbers[router.name] else { return [] }
            var problems = router.routes.compactMap { route -> TopologyProblem? in
                guard case .via(let name) = route.action else { return nil }
                if let next = numbers[name], next != node, map.areNeighbors(node, next) { return nil }
                return .routeByStranger(router: router.name, prefix: route.prefix, neighbor: name)
            }
            for family in [IPFamily.v4, .v6] {
                if let outside = router.translation?.ownAddress(of: family), map.owners[outside] != node {
                    problems.append(.foreignTranslation(router: router.name, address: outside))
                }
            }
            return problems + forwardProblems(of: router, node, map)
        }
    }

    /// Forwards to hosts from which no way to any other subnet leads through the router.
    private func forwardProblems(of router: Router, _ node: Int, _ map: NetworkMap) -> [TopologyProblem] {
        var routes = Routes()
        var told: Set<Int> = []
        return (router.translation?.forwards ?? []).compactMap { forward -> TopologyProblem? in
            let address = forward.to.address
            guard let server = map.owners[address], !told.contains(server) else { return nil }
            let subnets = Set(map.nodes[server].interfaces.map { map.interfaces[$0].subnet })
            let others = hosts.indices.filter { index in
                !map.nodes[map.nodeOfHost[index]].interfaces.contains { subnets.contains(map.interfaces[$0].subnet) }
            }
            let ways = others.flatMap { hosts[$0].addresses.map(\.address) }.filter { $0.family == address.family }
            let leadsThrough = ways.contains { routes.path(from: server, to: $0, in: map).contains(node) }
            guard !ways.isEmpty, !leadsThrough else { return nil }
            told.insert(server)
            return .forwardAround(router: router.name, to: address)
        }
    }

    func overlapProblems() -> [TopologyProblem] {
        let subnets = Subnets(self).subnets.map { subnet in
            var prefixes: [IPPrefix] = []
            for prefix in subnet.members.flatMap(\.addresses).map(\.prefix) where !prefixes.contains(prefix) {
                prefixes.append(prefix)
            }
            return prefixes
        }
        var problems: [TopologyProblem] = []
        for (index, first) in subnets.enumerated() {
            for second in subnets[(index + 1)...] {
                for prefix in first {
                    for other in second where prefix.contains(other.address) || other.contains(prefix.address) {
                        problems.append(.overlappingSubnets(prefix, other))
                    }
                }
            }
        }
        return problems
    }

    func tunnelProblems() -> [TopologyProblem] {
        let map = NetworkMap(self)
        let routerNames = Set(routers.map(\.name))
        let numbers = Dictionary(map.nodes.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
        return tunnels.flatMap { tunnel -> [TopologyProblem] in
            var problems: [TopologyProblem] = []
            for (first, second) in zip(tunnel.path, tunnel.path.dropFirst()) {
                guard let a = numbers[first], let b = numbers[second], routerNames.isSuperset(of: [first, second]),
                    map.areNeighbors(a, b)
                else {
                    problems.append(.brokenTunnel(first, second))
                    continue
                }
            }
            if tunnel.labels.count >= max(1, tunnel.path.count) || tunnel.labels.contains(where: { $0 > 0xF_FFFF }) {
                problems.append(.impossibleLabels(tunnel: tunnel.path.joined(separator: "-")))
            }
            return problems
        }
    }

    /// Ways to hosts on which packets go round, unless one of the routes concerned says that it may be so.
    func loopProblems() -> [TopologyProblem] {
        guard routers.contains(where: { !$0.routes.isEmpty }) else { return [] }
        let map = NetworkMap(self)
        var routes = Routes()
        var problems: [TopologyProblem] = []
        for host in hosts {
            for address in host.addresses.map(\.address) {
                for start in map.nodes.indices where map.nodes[start].isRouter {
                    guard let loop = routes.loop(from: start, to: address, in: map) else { continue }
                    let isMeant = loop.contains { node in
                        map.nodes[node].router?.routes.contains { $0.mayLoop && $0.prefix.contains(address) } ?? false
                    }
                    // Told from where the loop begins in the order of the nodes, so that it is told once.
                    guard !isMeant, let first = loop.min(), let place = loop.firstIndex(of: first) else { continue }
                    let nodes = loop[place...] + loop[..<place] + [first]
                    let problem = TopologyProblem.loop(to: host.name, through: nodes.map { map.nodes[$0].name })
                    if !problems.contains(problem) { problems.append(problem) }
                }
            }
        }
        return problems
    }
}

extension NetworkMap {
    /// Whether two nodes meet in a subnet, up or down.
    fileprivate func areNeighbors(_ first: Int, _ second: Int) -> Bool {
        let subnets = Set(nodes[first].interfaces.map { interfaces[$0].subnet })
        return nodes[second].interfaces.contains { subnets.contains(interfaces[$0].subnet) }
    }
}

extension Routes {
    /// The nodes on the way to an address, as far as it leads.
    fileprivate mutating func path(from start: Int, to address: IPAddress, in map: NetworkMap) -> [Int] {
        let heading = heading(for: address, in: map)
        var path = [start]
        while let node = path.last, owner(heading) != node, path.count <= map.nodes.count {
            switch step(from: node, heading, in: map) {
            case .forward(let hop): path.append(map.interfaces[hop.next].node)
            case .choose(let hops, _): path.append(map.interfaces[hops[0].next].node)
            case .noSuchHost, .noRoute, .discard: return path
            }
        }
        return path
    }

    /// The nodes that a packet goes round through; nil where it arrives or ends.
    fileprivate mutating func loop(from start: Int, to address: IPAddress, in map: NetworkMap) -> [Int]? {
        let heading = heading(for: address, in: map)
        var node = start
        var path: [Int] = []
        while true {
            if let place = path.firstIndex(of: node) { return Array(path[place...]) }
            path.append(node)
            if owner(heading) == node || !map.nodes[node].isRouter { return nil }
            switch step(from: node, heading, in: map) {
            case .forward(let hop): node = map.interfaces[hop.next].node
            // Equal ways lead strictly nearer.
            case .choose(let hops, _): node = map.interfaces[hops[0].next].node
            case .noSuchHost, .noRoute, .discard: return nil
            }
        }
    }
}
