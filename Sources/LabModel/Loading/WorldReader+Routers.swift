import SupportDiagnostics
import SupportQuestions
import SupportYAML

extension WorldReader {
    /// The routers' names; what they do is read when everything that it refers to is known.
    func readRouters(_ fields: inout FieldReader, _ world: inout WorldDefinition) {
        guard let node = fields.node("routers", required: true) else { return }
        // RFC 2544 and RFC 5180 keep these ranges for benchmarks.
        func add(_ name: String, at span: SourceSpan) {
            let number = world.routers.count + 1
            world.routers.append(
                .init(
                    name: name, address: "198.18.\(number / 256).\(number % 256)",
                    address6: "2001:2::" + String(number, radix: 16), isSilent: false, span: span))
        }
        if let items = node.sequence {
            for item in items {
                if let name = item.string("a router's name", problems) { add(name.value, at: name.span) }
            }
            return
        }
        for pair in node.pairs("`routers`", problems) ?? [] { add(pair.key.text, at: pair.key.span) }
    }

    func readBehaviours(_ fields: inout FieldReader, _ world: inout WorldDefinition) {
        guard let pairs = fields.node("routers")?.mapping else { return }
        for (index, pair) in pairs.enumerated() where !pair.value.isNull && index < world.routers.count {
            let owner = "the router `\(pair.key.text)`"
            guard var router = FieldReader(pair.value, of: owner, declared: LabGrammar.router.names, problems) else {
                continue
            }
            world.routers[index].isSilent = router.boolean("silent")?.value ?? false
            var behaviour = WorldDefinition.RouterBehaviour()
            for name in router.strings("withhold") ?? [] {
                if let answer = choice(name, of: WorldDefinition.RouterBehaviour.Answer.self, "`withhold` of \(owner)")
                {
                    behaviour.withheld.append(answer)
                }
            }
            readVoice(&router, &behaviour, world)
            readRateLimit(&router, &behaviour)
            behaviour.tellsInterface = router.boolean("tells-interface")?.value ?? false
            behaviour.balance = router.choice("balance", as: WorldDefinition.RouterBehaviour.Balance.self)?.value
            readRoutes(&router, &behaviour, world)
            readFirewall(&router, &behaviour, world)
            readTranslation(&router, &behaviour, world, index)
            router.finish()
            world.routers[index].behaviour = behaviour
        }
    }

    func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ text: Located<String>, of type: Choice.Type, _ name: String
    ) -> Choice? {
        if let value = Choice(rawValue: text.value) { return value }
        let names = Choice.allCases.map(\.rawValue)
        let nearest = Suggestion.nearest(to: text.value, among: names)
        problems.report(
            Diagnostic(
                "field.choice",
                "\(name) must be one of \(names.map { "`\($0)`" }.joined(separator: ", ")), found `\(text.value)`",
                at: text.span, label: nearest.map { "did you mean `\($0)`?" } ?? "",
                fix: .spelling(of: text.value, as: nearest, at: text.span)))
        return nil
    }

    private func readVoice(
        _ router: inout FieldReader, _ behaviour: inout WorldDefinition.RouterBehaviour, _ world: WorldDefinition
    ) {
        guard let voice = router.strings("answers-from"), !voice.isEmpty else { return }
        switch voice[0].value {
        case "own" where voice.count == 1: behaviour.voice = .own
        case "interface" where voice.count == 1: behaviour.voice = .interface
        default:
            behaviour.voice = .addresses(
                voice.flatMap { text -> [String] in
                    if let router = world.routers.first(where: { $0.name == text.value }) {
                        return [router.address, router.address6]
                    }
                    if let host = world.host(text.value) { return [host.address, host.address6].compactMap(\.self) }
                    if AddressText.ipv4(text.value) == nil, AddressText.ipv6(text.value) == nil {
                        problems.report(
                            .unknownNode(
                                "node", code: "world.unknown-node", text.value,
                                known: ["own", "interface"] + nodeNames(world), at: text.span))
                    }
                    return [text.value]
                })
        }
    }

    private func readRateLimit(_ router: inout FieldReader, _ behaviour: inout WorldDefinition.RouterBehaviour) {
        guard let node = router.node("rate-limit") else { return }
        guard node.mapping != nil,
            var limit = FieldReader(node, of: "`rate-limit`", declared: LabGrammar.rateLimit.names, problems)
        else {
            guard let text = node.string("`rate-limit` of the router", problems) else { return }
            if text.value == "linux" {
                behaviour.rateLimit = .init(every: 1_000_000_000, burst: 6, limitsTotal: true)
            } else {
                problems.report(
                    Diagnostic(
                        "field.choice", "`rate-limit` is `linux` or `{ every: 1s, burst: 6 }`, found `\(text.value)`",
                        at: text.span))
            }
            return
        }
        let every = limit.duration("every", required: true)?.value.wholeNanoseconds ?? 0
        let burst = limit.integer("burst", in: 1...1000)?.value ?? 6
        limit.finish()
        behaviour.rateLimit = .init(every: every, burst: burst, limitsTotal: false)
    }

    private func readRoutes(
        _ router: inout FieldReader, _ behaviour: inout WorldDefinition.RouterBehaviour, _ world: WorldDefinition
    ) {
        for item in router.list("routes") ?? [] {
            guard var route = FieldReader(item, of: "the route", declared: LabGrammar.route.names, problems) else {
                continue
            }
            let to = route.string("to", required: true).map { prefixes($0, world) }
            let via = route.string("via")
            let discard = route.boolean("discard")?.value ?? false
            let refuse = route.boolean("refuse")?.value ?? false
            let mayLoop = route.boolean("may-loop")?.value ?? false
            route.finish()
            guard [via != nil, discard, refuse].filter(\.self).count == 1 else {
                problems.report(
                    Diagnostic(
                        "world.route", "a route has one of `via`, `discard: true` and `refuse: true`", at: item.span))
                continue
            }
            if let via, !nodeNames(world).contains(via.value) {
                problems.report(
                    .unknownNode(
                        "node", code: "world.unknown-node", via.value, known: nodeNames(world), at: via.span))
            }
            behaviour.routes.append(
                .init(
                    to: to ?? [], action: via.map { .via($0.value) } ?? (discard ? .discard : .refuse),
                    mayLoop: mayLoop))
        }
    }

    func nodeNames(_ world: WorldDefinition) -> [String] {
        world.routers.map(\.name) + world.hosts.map(\.name) + world.networks.map(\.name)
    }

    /// The prefixes that a word stands for: a network's, a host's or router's addresses, or what is written; `any` for all.
    func prefixes(_ text: Located<String>, _ world: WorldDefinition) -> [String] {
        if text.value == "any" { return ["0.0.0.0/0", "::/0"] }
        if let network = world.network(text.value) { return [network.prefix, network.prefix6].compactMap(\.self) }
        if let host = world.host(text.value) {
            return [host.address + "/32"] + (host.address6.map { [$0 + "/128"] } ?? [])
        }
        if let router = world.routers.first(where: { $0.name == text.value }) {
            return [router.address + "/32", router.address6 + "/128"]
        }
        if AddressText.ipv4(text.value) != nil { return [text.value + "/32"] }
        if AddressText.ipv6(text.value) != nil { return [text.value + "/128"] }
        if AddressPlan.isPrefix(text.value) { return [text.value] }
        problems.report(
            .unknownNode(
                "node", code: "world.unknown-node", text.value, known: ["any"] + nodeNames(world), at: text.span))
        return []
    }
}
