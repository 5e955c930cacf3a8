import Wire

extension Topology {
    /// Everything that is wrong, in the order of the drawing; empty when it can be run.
    ///
    /// Reachability is asked only of a drawing that is sound otherwise. An isolated part may be meant (a lab about a missing
    /// route), so callers decide what ``TopologyProblem/unreachable(from:to:family:)`` is worth.
    package func problems() -> [TopologyProblem] {
        let problems = nodeProblems() + linkProblems() + hostProblems() + addressProblems() + nameProblems()
        return problems.isEmpty ? gatewayProblems() + reachabilityProblems() : problems
    }

    private var nodeNames: [String] { hosts.map(\.name) + routers.map(\.name) + switches.map(\.name) }

    private func nodeProblems() -> [TopologyProblem] {
        var seen: Set<String> = []
        return nodeNames.filter { !seen.insert($0).inserted }.map { .duplicateNode($0) }
    }

    private func linkProblems() -> [TopologyProblem] {
        let names = Set(nodeNames)
        return links.flatMap { link -> [TopologyProblem] in
            var problems: [TopologyProblem] = []
            for end in [link.a, link.b] where !names.contains(end.node) {
                problems.append(.unknownLinkEnd(link: link.name, node: end.node))
            }
            if link.a.node == link.b.node { problems.append(.linkToItself(link: link.name)) }
            if link.delay < 0 || link.delayBack ?? 0 < 0 { problems.append(.negativeDelay(link: link.name)) }
            let addresses = [link.a, link.b].flatMap { end in
                end.addresses + hosts.filter { $0.name == end.node }.flatMap(\.addresses)
            }
            let minimum = addresses.contains { $0.address.family == .v6 } ? 1280 : 68
            if link.mtu < minimum {
                problems.append(.mtuTooSmall(link: link.name, mtu: link.mtu, minimum: minimum))
            }
            return problems
        }
    }

    private func hostProblems() -> [TopologyProblem] {
        hosts.flatMap { host -> [TopologyProblem] in
            var problems: [TopologyProblem] = []
            let count = links.filter { $0.a.node == host.name || $0.b.node == host.name }.count
            if count == 0 { problems.append(.hostWithoutLink(host.name)) }
            if count > 1 { problems.append(.hostWithSeveralLinks(host.name)) }
            if host.addresses.isEmpty { problems.append(.hostWithoutAddress(host.name)) }
            if host.resolver, host.kind != .virtual { problems.append(.resolverNotVirtual(host.name)) }
            return problems
        }
    }

    private func addressProblems() -> [TopologyProblem] {
        var problems: [TopologyProblem] = []
        var owners: [IPAddress: String] = [:]
        var hardwareOwners: [MACAddress: String] = [:]
        func claim(_ address: IPAddress, _ node: String) {
            // A router may name an interface's address as the one it speaks from.
            if let owner = owners[address], owner != node {
                problems.append(.duplicateAddress(address, owner, node))
            } else {
                owners[address] = node
            }
        }
        func claim(_ address: MACAddress?, _ node: String) {
            guard let address else { return }
            if let owner = hardwareOwners[address] {
                problems.append(.duplicateHardwareAddress(address, owner, node))
            } else {
                hardwareOwners[address] = node
            }
        }
        for host in hosts {
            for address in host.addresses { claim(address.address, host.name) }
            claim(hardwareAddress(ofHost: host.name), host.name)
        }
        for router in routers {
            for address in router.addresses { claim(address, router.name) }
        }
        let routerNames = Set(routers.map(\.name))
        for (index, link) in links.enumerated() {
            for (end, isA) in [(link.a, true), (link.b, false)] where routerNames.contains(end.node) {
                for address in end.addresses { claim(address.address, end.node) }
                claim(hardwareAddress(ofLink: index, atEndA: isA), end.node)
            }
        }
        return problems
    }

    private func nameProblems() -> [TopologyProblem] {
        var problems: [TopologyProblem] = []
        var seen: Set<DNSName> = []
        for record in names {
            guard let name = DNSName(record.name) else {
                problems.append(.badName(record.name))
                continue
            }
            if !seen.insert(name).inserted { problems.append(.duplicateName(record.name)) }
        }
        for record in names {
            guard let alias = record.alias else { continue }
            if let target = DNSName(alias), seen.contains(target) { continue }
            problems.append(.aliasWithoutTarget(name: record.name, target: alias))
        }
        return problems
    }

    private func gatewayProblems() -> [TopologyProblem] {
        let subnets = Subnets(self)
        return hosts.flatMap { host -> [TopologyProblem] in
            guard let subnet = subnets.subnet(ofHost: host.name) else { return [] }
            let inReach = Set(
                subnet.members.filter(\.isRouter).flatMap { member in
                    member.addresses.map(\.address)
                        + routers.filter { $0.name == member.node }.flatMap(\.addresses)
                })
            guard !inReach.isEmpty else { return [] }
            if let gateways = host.gateways {
                return gateways.filter { !inReach.contains($0) }.map {
                    .gatewayNotInReach(host: host.name, gateway: $0)
                }
            }
            let found = Set(subnet.defaultGateways(for: host).map(\.family))
            let families = Set(host.addresses.map(\.address.family))
            return IPFamily.allCases.filter { families.contains($0) && !found.contains($0) }.map {
                .noGateway(host: host.name, family: $0)
            }
        }
    }

    /// Hosts that the first host cannot reach in a family both have.
    private func reachabilityProblems() -> [TopologyProblem] {
        guard let first = hosts.first else { return [] }
        let map = NetworkMap(self)
        var routes = Routes()
        return hosts.dropFirst().flatMap { host in
            IPFamily.allCases.compactMap { family -> TopologyProblem? in
                guard first.addresses.contains(where: { $0.address.family == family }),
                    let target = host.addresses.first(where: { $0.address.family == family })?.address,
                    !routes.leads(from: map.nodeOfHost[0], to: target, in: map)
                else { return nil }
                return .unreachable(from: first.name, to: host.name, family: family)
            }
        }
    }
}

extension Routes {
    /// Whether steps lead from a node to the owner of an address.
    fileprivate mutating func leads(from start: Int, to address: IPAddress, in map: NetworkMap) -> Bool {
        var node = start
        for _ in 0...map.nodes.count {
            if map.owners[address] == node { return true }
            guard case .forward(let hop) = step(from: node, to: address, in: map) else { return false }
            node = map.interfaces[hop.next].node
        }
        return false
    }
}
