import Wire

extension Topology {
    /// Everything that is wrong, in the order of the drawing; empty when it can be run.
    ///
    /// Reachability is asked only of a drawing that is sound otherwise. An isolated part may be meant (a lab about a missing
    /// route), so callers decide what ``TopologyProblem/unreachable(from:to:family:)`` is worth.
    package func problems() -> [TopologyProblem] {
        let problems =
            nodeProblems() + linkProblems() + conditionProblems() + hostProblems() + addressProblems() + nameProblems()
            + changeProblems()
        guard problems.isEmpty else { return problems }
        let routing = overlapProblems() + routerProblems() + tunnelProblems() + loopProblems()
        return gatewayProblems() + routing + (routing.isEmpty ? reachabilityProblems() : [])
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
            for mtu in [link.mtu, link.mtuBack ?? link.mtu].prefix(link.mtuBack == nil ? 1 : 2) where mtu < minimum {
                problems.append(.mtuTooSmall(link: link.name, mtu: mtu, minimum: minimum))
            }
            return problems
        }
    }

    private func conditionProblems() -> [TopologyProblem] {
        links.flatMap { link in
            [link.conditions, link.conditionsBack].compactMap(\.self).flatMap { problems(of: $0, on: link.name) }
        }
    }

    private func problems(of conditions: LinkConditions, on link: String) -> [TopologyProblem] {
        var shares = [("duplication", conditions.duplication), ("corruption", conditions.corruption)]
        switch conditions.loss {
        case nil: break
        case .random(let share): shares.append(("loss", share))
        case .bursts(let channel):
            shares += [
                ("loss enter", channel.enter), ("loss leave", channel.leave), ("loss good", channel.good),
                ("loss bad", channel.bad),
            ]
        }
        if let reordering = conditions.reordering { shares.append(("reordering", reordering.share)) }
        var problems = shares.filter { !(0...1).contains($0.1) }.map {
            TopologyProblem.impossibleShare(link: link, what: $0.0, value: $0.1)
        }
        if conditions.jitter?.deviation ?? 0 < 0 || conditions.reordering?.hold ?? 0 < 0 {
            problems.append(.negativeDelay(link: link))
        }
        if let rate = conditions.rate, rate.bitsPerSecond <= 0 || rate.queue <= 0 {
            problems.append(.impossibleRate(link: link, bitsPerSecond: rate.bitsPerSecond, queue: rate.queue))
        }
        return problems
    }

    private func changeProblems() -> [TopologyProblem] {
        let known = Set(links.flatMap { [$0.name, "\($0.b.node)-\($0.a.node)"] })
        return changes.flatMap { change -> [TopologyProblem] in
            switch change.change {
            case .link(let name, _): return known.contains(name) ? [] : [.unknownChange(name)]
            case .conditions(let name, let there, let back):
                let conditions = [there, back].compactMap(\.self).flatMap { problems(of: $0, on: name) }
                return (known.contains(name) ? [] : [.unknownChange(name)]) + conditions
            case .host(let name, _): return hosts.contains { $0.name == name } ? [] : [.unknownChange(name)]
            }
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
        let heading = heading(for: address, in: map)
        var node = start
        for _ in 0...map.nodes.count {
            if owner(heading) == node { return true }
            switch step(from: node, heading, in: map) {
            case .forward(let hop): node = map.interfaces[hop.next].node
            case .choose(let hops, _): node = map.interfaces[hops[0].next].node
            case .noSuchHost, .noRoute, .discard: return false
            }
        }
        return false
    }
}
