import SupportDiagnostics
import SupportQuestions
import SupportYAML

/// What routers let through, and under which addresses.
extension WorldReader {
    func readFirewall(
        _ router: inout FieldReader, _ behaviour: inout WorldDefinition.RouterBehaviour, _ world: WorldDefinition
    ) {
        for item in router.list("firewall") ?? [] {
            guard var rule = FieldReader(item, of: "the rule", declared: LabGrammar.rule.names, problems) else {
                continue
            }
            let action = rule.choice("action", as: WorldDefinition.Rule.Action.self, required: true)
            let subject = rule.choice("protocol", as: WorldDefinition.Rule.Subject.self)?.value
            let from = rule.string("from").map { prefixes($0, world) }
            let to = rule.string("to").map { prefixes($0, world) }
            let port = rule.integer("port", in: 0...65_535)
            let last = rule.integer("to-port", in: 0...65_535)
            let type = rule.integer("type", in: 0...255)?.value
            let words = rule.strings("state")
            let states = words?.compactMap {
                choice($0, of: WorldDefinition.Rule.State.self, "`state` of the rule")
            }
            rule.finish()
            if words?.isEmpty == true {
                problems.report(Diagnostic("world.rule", "`state` lists none", at: item.span))
            }
            if let port, let last, last.value < port.value {
                problems.report(
                    Diagnostic("world.rule", "`to-port` is not below `port`, found \(last.value)", at: last.span))
                continue
            }
            if let last, port == nil {
                problems.report(Diagnostic("world.rule", "`to-port` needs a `port` to begin with", at: last.span))
            }
            guard let action else { continue }
            behaviour.firewall.append(
                .init(
                    action: action.value, subject: subject, states: states, from: from, to: to,
                    ports: port.map { $0.value...(last?.value ?? $0.value) }, type: type, span: item.span))
        }
    }

    func readTranslation(
        _ router: inout FieldReader, _ behaviour: inout WorldDefinition.RouterBehaviour, _ world: WorldDefinition,
        _ index: Int
    ) {
        guard let node = router.node("nat"),
            var nat = FieldReader(node, of: "`nat`", declared: LabGrammar.nat.names, problems)
        else { return }
        let hidden = nat.strings("hide")
        let hidden6 = nat.strings("hide6")
        let forwards = nat.list("forward")
        nat.finish()
        if hidden == nil, hidden6 == nil, forwards == nil {
            problems.report(
                Diagnostic(
                    "world.forward", "`nat` has none of `hide`, `hide6` and `forward`", at: node.span,
                    help: ["write `nat: { hide: NETWORK }`"]))
        }
        behaviour.translation = .init(
            inside: (hidden ?? []).flatMap { hiddenPrefixes($0, isIPv6: false, world) }
                + (hidden6 ?? []).flatMap { hiddenPrefixes($0, isIPv6: true, world) },
            outside: world.routers[index].address, outside6: world.routers[index].address6)
        for item in forwards ?? [] {
            guard let forward = readForward(item, world) else { continue }
            let others = behaviour.translation?.forwards ?? []
            if let first = others.first(where: { $0.subject == forward.subject && $0.port == forward.port }) {
                problems.report(
                    Diagnostic(
                        "world.duplicate-forward",
                        "the \(forward.subject.rawValue) port \(forward.port) is forwarded to `\(first.host)` already",
                        at: item.span, secondary: [.init(first.span, "first here")]))
                continue
            }
            behaviour.translation?.forwards.append(forward)
        }
    }

    /// The prefixes of one family that a place stands for; one without any cannot be hidden.
    private func hiddenPrefixes(_ place: Located<String>, isIPv6: Bool, _ world: WorldDefinition) -> [String] {
        let all = prefixes(place, world)
        let own = all.filter { $0.contains(":") == isIPv6 }
        if own.isEmpty, !all.isEmpty {
            problems.report(
                Diagnostic(
                    "world.forward",
                    "`\(isIPv6 ? "hide6" : "hide")` hides nothing: `\(place.value)` has no IPv\(isIPv6 ? 6 : 4) addresses",
                    at: place.span,
                    help: [isIPv6 ? "give its network a `prefix6`, or leave `hide6` out" : "write it under `hide6`"]))
        }
        return own
    }

    private func readForward(_ item: YAMLNode, _ world: WorldDefinition) -> WorldDefinition.Forward? {
        guard var forward = FieldReader(item, of: "the forward", declared: LabGrammar.forward.names, problems) else {
            return nil
        }
        let subject = forward.string("protocol", required: true)
        let port = forward.integer("port", in: 1...65_535, required: true)
        let host = forward.string("to", required: true)
        let hostPort = forward.integer("to-port", in: 1...65_535)
        forward.finish()
        guard let subject, let host else { return nil }
        guard let known = WorldDefinition.Forward.Subject(rawValue: subject.value) else {
            problems.report(
                Diagnostic(
                    "world.forward", "a forward is of `tcp` or `udp`, which have ports, found `\(subject.value)`",
                    at: subject.span))
            return nil
        }
        guard let target = world.host(host.value) else {
            problems.report(
                .unknownNode(
                    "host", code: "world.unknown-host", host.value, known: world.hosts.map(\.name), at: host.span))
            return nil
        }
        guard let port else { return nil }
        return .init(
            subject: known, port: port.value, host: target.name, address: target.address,
            address6: target.address6, hostPort: hostPort?.value ?? port.value, span: item.span)
    }
}
