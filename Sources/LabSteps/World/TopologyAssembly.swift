import EngineNetwork
import LabModel
import Wire

/// The network of a lab's world, as the engine that emulates it wants it.
package enum TopologyAssembly {
    /// - Throws: `StepFailure` with fault `lab` for addresses that the loader let through and the engine does not take.
    package static func topology(of world: WorldDefinition) throws -> Topology {
        var topology = Topology()
        topology.routers = try world.routers.map { try router($0) }
        topology.switches = world.switches.map { Switch(name: $0) }
        for network in world.networks {
            // A hub between the router and its hosts, in the router's own name space of nodes.
            topology.switches.append(Switch(name: hub(of: network.name)))
            let own = Link.End(network.router, addresses: try gatewayAddresses(of: network))
            if !world.links.contains(where: { Set([$0.from, $0.to]) == [network.router, network.name] }) {
                topology.links.append(Link(own, .init(hub(of: network.name))))
            }
        }
        for link in world.links { topology.links.append(try self.link(link, in: world)) }
        for host in world.hosts {
            guard let network = world.network(host.network) else { continue }
            topology.hosts.append(
                Host(
                    name: host.name, kind: host.isVirtual ? .virtual : .namespace,
                    addresses: try addresses(of: host, in: network), condition: host.isDown ? .silent : .up))
            // A link of the author's takes the place of the plain cable.
            if !world.links.contains(where: { $0.from == host.name || $0.to == host.name }) {
                topology.links.append(Link(.init(host.name), .init(hub(of: network.name))))
            }
        }
        topology.tunnels = world.tunnels.map {
            EngineNetwork.Tunnel(path: $0.path, labels: $0.labels.map { UInt32(clamping: $0) }, showsHops: !$0.isHidden)
        }
        topology.changes = world.changes.map { change in
            switch change.subject {
            case .link(let name): TimedChange(at: change.at, .link(linkName(name, in: world), isUp: change.isUp))
            case .host(let name): TimedChange(at: change.at, .host(name, change.isUp ? .up : .silent))
            }
        }
        try addResolver(of: world, to: &topology)
        topology.names = try world.names.compactMap { name in
            let delay = name.delay > 0 ? name.delay : nil
            if let failure = name.failure {
                return NameRecord(
                    name.name, failure: NameRecord.Failure(rawValue: failure.rawValue) ?? .servfail, delay: delay)
            }
            if let alias = name.alias {
                return NameRecord(name.name, alias: alias, timeToLive: name.timeToLive, delay: delay)
            }
            guard let host = world.host(name.host) else { return nil }
            var addresses = name.family == .ipv6 ? [] : [host.address]
            if name.family != .ipv4, let address6 = host.address6 { addresses.append(address6) }
            return NameRecord(
                name.name, addresses: try addresses.map(address), timeToLive: name.timeToLive, delay: delay)
        }
        // Routers and hosts without a name of their own answer reverse look-ups with the node's name.
        for router in world.routers {
            topology.names.append(
                NameRecord(router.name + ".net.example", addresses: try [router.address, router.address6].map(address)))
        }
        return topology
    }

    private static func hub(of network: String) -> String { "network " + network }

    private static func link(_ link: WorldDefinition.Link, in world: WorldDefinition) throws -> Link {
        func end(_ name: String, _ other: String) throws -> Link.End {
            if world.network(name) != nil { return .init(hub(of: name)) }
            if let network = world.network(other), network.router == name {
                return .init(name, addresses: try gatewayAddresses(of: network))
            }
            return .init(name)
        }
        return Link(
            try end(link.from, link.to), try end(link.to, link.from), delay: link.there.delay,
            delayBack: link.back.delay, mtu: link.there.mtu, mtuBack: link.back.mtu, cost: link.there.cost,
            costBack: link.back.cost, conditions: conditions(link.there), conditionsBack: conditions(link.back),
            isUp: !link.isDown)
    }

    /// The name that the engine knows a link by, where ends may be networks.
    /// What a step's change is in the network; nil where the world has no such link.
    package static func change(_ change: LinkChange, in world: WorldDefinition) -> NetworkChange? {
        world.link(change.link).map { .link(linkName($0.name, in: world), isUp: change.isUp) }
    }

    /// What the network calls a link of the world.
    package static func linkName(_ name: String, in world: WorldDefinition) -> String {
        guard let link = world.link(name) else { return name }
        return [link.from, link.to].map { world.network($0) == nil ? $0 : hub(of: $0) }.joined(separator: "-")
    }

    /// A link's name in the network as the author knows it.
    package static func shownLink(_ name: String, in world: WorldDefinition) -> String {
        world.networks.reduce(name) { $0.replacing(hub(of: $1.name), with: $1.name) }
    }

    static func conditions(_ side: WorldDefinition.LinkSide) -> LinkConditions {
        var conditions = LinkConditions(duplication: side.duplicate, corruption: side.corrupt)
        if side.jitter > 0, let shape = LinkConditions.Jitter.Distribution(rawValue: side.distribution.rawValue) {
            conditions.jitter = LinkConditions.Jitter(side.jitter, shape)
        }
        conditions.loss = side.loss.map { loss in
            switch loss {
            case .random(let share): .random(share)
            case .bursts(let mean, let length): .bursts(LinkConditions.GilbertElliott(mean: mean, length: length))
            case .channel(let enter, let leave, let good, let bad):
                .bursts(LinkConditions.GilbertElliott(enter: enter, leave: leave, good: good, bad: bad))
            }
        }
        if side.reorder > 0 { conditions.reordering = .init(share: side.reorder, hold: side.hold) }
        conditions.rate = side.rate.map {
            LinkConditions.Rate(bitsPerSecond: $0, queue: side.queue ?? LinkConditions.Rate.usualQueue)
        }
        return conditions
    }

    private static func router(_ router: WorldDefinition.Router) throws -> Router {
        let behaviour = router.behaviour
        var made = Router(
            name: router.name, addresses: try [router.address, router.address6].map(address), silent: router.isSilent,
            withholds: Set(behaviour.withheld.compactMap { Router.Answer(rawValue: $0.rawValue) }),
            tellsInterfaces: behaviour.tellsInterface,
            balancing: behaviour.balance.flatMap { Router.Balancing(rawValue: $0.rawValue) })
        switch behaviour.voice {
        case .own: made.voice = .own
        case .interface: made.voice = .interface
        case .addresses(let texts): made.voice = .other(try texts.map(address))
        }
        made.limit = behaviour.rateLimit.map { limit in
            limit.limitsTotal
                ? ReportLimit(interval: limit.every, burst: limit.burst, perSecond: 1000, totalBurst: 50)
                : ReportLimit(interval: limit.every, burst: limit.burst)
        }
        made.routes = try behaviour.routes.flatMap { route in
            let action: StaticRoute.Action =
                switch route.action {
                case .via(let name): .via(name)
                case .discard: .discard
                case .refuse: .refuse
                }
            return try route.to.map { StaticRoute(try prefix($0), action, mayLoop: route.mayLoop) }
        }
        made.filters = try behaviour.firewall.enumerated().flatMap { try rules($1, number: $0) }
        if let translation = behaviour.translation, case .v4(let outside) = try address(translation.outside) {
            let inside = try translation.inside.map(prefix)
            let forwards = try translation.forwards.flatMap(forwards)
            made.translation = AddressTranslation(inside: inside, outside: outside, forwards: forwards)
            let families = inside.map(\.address.family) + forwards.map(\.to.address.family)
            // Without anything to translate, IPv6 goes through untouched, pieces and all.
            if families.contains(.v6), case .v6(let outside6) = try address(translation.outside6) {
                made.translation?.outside6 = outside6
            }
        }
        return made
    }

    /// One rule for each pair of prefixes of one family.
    private static func rules(_ rule: WorldDefinition.Rule, number: Int) throws -> [FilterRule] {
        guard let action = FilterRule.Action(rawValue: rule.action.rawValue) else { return [] }
        let from = try rule.from.map { try $0.map(prefix) }.map { $0.map(Optional.some) } ?? [nil]
        let to = try rule.to.map { try $0.map(prefix) }.map { $0.map(Optional.some) } ?? [nil]
        return from.flatMap { source in
            to.compactMap { destination in
                if let source, let destination, source.address.family != destination.address.family { return nil }
                return FilterRule(
                    action, rule.subject.flatMap { FilterRule.Subject(rawValue: $0.rawValue) }, from: source,
                    to: destination,
                    ports: rule.ports.map { UInt16(clamping: $0.lowerBound)...UInt16(clamping: $0.upperBound) },
                    type: rule.type.map { UInt8(clamping: $0) },
                    states: rule.states.map { Set($0.compactMap { ConnectionState(rawValue: $0.rawValue) }) },
                    number: number)
            }
        }
    }

    /// One for each address that the host has.
    private static func forwards(_ forward: WorldDefinition.Forward) throws -> [PortForward] {
        guard let subject = PortForward.Subject(rawValue: forward.subject.rawValue) else { return [] }
        return try [forward.address, forward.address6].compactMap(\.self).map { text in
            PortForward(
                subject, port: UInt16(clamping: forward.port),
                to: TransportAddress(try address(text), UInt16(clamping: forward.hostPort)))
        }
    }

    private static func prefix(_ text: String) throws -> IPPrefix {
        guard let prefix = IPPrefix(text) else { throw StepFailure(.lab, "`\(text)` is no prefix") }
        return prefix
    }

    /// The resolver lives in the network whose prefix holds its address.
    private static func addResolver(of world: WorldDefinition, to topology: inout Topology) throws {
        guard !world.resolver.isEmpty else { return }
        let resolver = try address(world.resolver)
        for network in world.networks {
            guard let prefix = IPPrefix(network.prefix), prefix.contains(resolver),
                let own = InterfaceAddress(resolver, length: prefix.length)
            else { continue }
            topology.hosts.append(Host(name: "resolver", kind: .virtual, addresses: [own], resolver: true))
            topology.links.append(Link(.init("resolver"), .init(hub(of: network.name))))
            return
        }
        throw StepFailure(.lab, "the resolver \(world.resolver) lies in none of the world's networks")
    }

    private static func gatewayAddresses(of network: WorldDefinition.Network) throws -> [InterfaceAddress] {
        var addresses = [try interface(network.gateway, in: network.prefix)]
        if let gateway6 = network.gateway6, let prefix6 = network.prefix6 {
            addresses.append(try interface(gateway6, in: prefix6))
        }
        return addresses
    }

    private static func addresses(
        of host: WorldDefinition.Host, in network: WorldDefinition.Network
    ) throws -> [InterfaceAddress] {
        var addresses = [try interface(host.address, in: network.prefix)]
        if let address6 = host.address6, let prefix6 = network.prefix6 {
            addresses.append(try interface(address6, in: prefix6))
        }
        return addresses
    }

    private static func address(_ text: String) throws -> IPAddress {
        guard let address = IPAddress(text) else { throw StepFailure(.lab, "`\(text)` is no IP address") }
        return address
    }

    private static func interface(_ text: String, in prefix: String) throws -> InterfaceAddress {
        guard let prefix = IPPrefix(prefix), let address = InterfaceAddress(try address(text), length: prefix.length),
            prefix.contains(address.address)
        else { throw StepFailure(.lab, "the address `\(text)` does not lie in the network `\(prefix)`") }
        return address
    }
}
