import LabModel

/// The properties of links and routers in few words.
enum MapWords {
    static func labels(of side: WorldDefinition.LinkSide) -> [WorldMap.Label] {
        var labels: [WorldMap.Label] = []
        func add(_ key: String, _ text: String?) {
            if let text { labels.append(WorldMap.Label(key: key, text: text)) }
        }
        let spread = side.jitter > 0 ? "± \(duration(side.jitter))" : nil
        add("delay", side.delay > 0 ? duration(side.delay) : nil)
        add("jitter", spread.map { side.distribution == .uniform ? $0 : "\($0) \(side.distribution.rawValue)" })
        add("loss", side.loss.flatMap(loss))
        add("duplicates", side.duplicate > 0 ? "\(percent(side.duplicate)) twice" : nil)
        add("reordering", side.reorder > 0 ? "\(percent(side.reorder)) late by \(duration(side.hold))" : nil)
        add("corruption", side.corrupt > 0 ? "\(percent(side.corrupt)) damaged" : nil)
        add("rate", side.rate.map { rate in "\(scaled(rate, ["bit/s", "kbit/s", "Mbit/s", "Gbit/s"], 1000))" })
        add("queue", side.queue.map { "queue \(scaled(Int64(clamping: $0), ["B", "KiB", "MiB"], 1024))" })
        add("MTU", side.mtu == 1500 ? nil : "MTU \(side.mtu)")
        add("cost", side.cost == 1 ? nil : "cost \(side.cost)")
        return labels
    }

    private static func loss(_ loss: WorldDefinition.LinkSide.Loss) -> String? {
        switch loss {
        case .random(0): nil
        case .random(let share): "\(percent(share)) loss"
        case .bursts(mean: 0, length: _): nil
        case .bursts(let mean, let length): "\(percent(mean)) loss in bursts of \(number(length))"
        case .channel(let enter, let leave, let good, let bad):
            "loss \(percent(good)) or \(percent(bad)) (\(percent(enter)) in, \(percent(leave)) out)"
        }
    }

    static func marks(of router: WorldDefinition.Router, in world: WorldDefinition) -> [WorldMap.Mark] {
        let behaviour = router.behaviour
        var marks: [WorldMap.Mark] = []
        func add(_ tone: WorldMap.Mark.Tone, _ key: String, _ text: String, _ details: [String] = []) {
            marks.append(WorldMap.Mark(tone: tone, label: .init(key: key, text: text), details: details))
        }
        if !behaviour.firewall.isEmpty {
            let count = behaviour.firewall.count
            add(
                .stops, "firewall", "firewall, \(count) \(count == 1 ? "rule" : "rules")",
                behaviour.firewall.map { rule($0, world) })
        }
        if let translation = behaviour.translation {
            let hiding = [(false, translation.outside), (true, translation.outside6)].compactMap { isIPv6, outside in
                let inside = translation.inside.filter { $0.contains(":") == isIPv6 }
                return inside.isEmpty ? nil : "hides \(places(inside, world)) behind \(outside)"
            }
            add(
                .changes, "NAT", hiding.isEmpty ? "forwards ports" : "NAT",
                hiding
                    + translation.forwards.map {
                        "\($0.subject.rawValue) port \($0.port) of \(translation.outside)"
                            + ($0.address6 == nil ? "" : " and \(translation.outside6)")
                            + " to port \($0.hostPort) of \($0.host)"
                    })
        }
        if router.isSilent { add(.hides, "silence", "silent") }
        if !behaviour.withheld.isEmpty {
            add(.hides, "withheld", "no " + behaviour.withheld.map(\.rawValue).joined(separator: ", "))
        }
        if let limit = behaviour.rateLimit {
            let every = "a report every \(duration(limit.every))"
            add(
                .hides, "rate limit", limit.limitsTotal ? "limits as Linux" : every,
                ["\(limit.burst) at once, \(every)"])
        }
        switch behaviour.voice {
        case .own: break
        case .interface: add(.differs, "voice", "answers from interfaces")
        case .addresses(let addresses): add(.differs, "voice", "answers as \(addresses.joined(separator: ", "))")
        }
        if behaviour.tellsInterface { add(.differs, "interfaces", "tells interfaces") }
        if let balance = behaviour.balance { add(.differs, "balancing", "balances by \(balance.rawValue)") }
        for (index, route) in behaviour.routes.enumerated() {
            let to = places(route.to, world)
            switch route.action {
            case .via(let next): add(.differs, "route \(index + 1)", "\(to) via \(next)")
            case .discard: add(.stops, "route \(index + 1)", "discards \(to)")
            case .refuse: add(.stops, "route \(index + 1)", "refuses \(to)")
            }
        }
        return marks
    }

    private static func rule(_ rule: WorldDefinition.Rule, _ world: WorldDefinition) -> String {
        var words = [rule.action.rawValue, rule.subject?.rawValue ?? "everything"]
        if let type = rule.type { words.append("type \(type)") }
        if let ports = rule.ports {
            words.append(
                ports.count == 1 ? "port \(ports.lowerBound)" : "ports \(ports.lowerBound) to \(ports.upperBound)")
        }
        if let states = rule.states { words.append(states.map(\.rawValue).joined(separator: " or ")) }
        if let from = rule.from { words.append("from \(places(from, world))") }
        if let to = rule.to { words.append("to \(places(to, world))") }
        return words.joined(separator: " ")
    }

    /// Prefixes as people call them: by the name of a network, or of a host or router, where they are just that.
    private static func places(_ prefixes: [String], _ world: WorldDefinition) -> String {
        var names: [String] = []
        for prefix in prefixes {
            let network = world.networks.first { $0.prefix == prefix || $0.prefix6 == prefix }?.name
            let address = ["/32", "/128"].first(where: prefix.hasSuffix).map { String(prefix.dropLast($0.count)) }
            let name = network ?? address.flatMap { world.nodesByAddress[$0] } ?? (prefix.isEmpty ? "anything" : prefix)
            if !names.contains(name) { names.append(name) }
        }
        return names.joined(separator: ", ")
    }

    // MARK: Figures

    /// `500 µs`, `1.5 ms`, `30 s`
    static func duration(_ nanoseconds: Int64) -> String {
        let units: [(Int64, String)] = [(1_000_000_000, "s"), (1_000_000, "ms"), (1000, "µs")]
        let unit = units.first { nanoseconds.magnitude >= UInt64($0.0) } ?? (1, "ns")
        return "\(number(Double(nanoseconds) / Double(unit.0))) \(unit.1)"
    }

    static func percent(_ share: Double) -> String { "\(number(share * 100)) %" }

    private static func scaled(_ value: Int64, _ units: [String], _ step: Int64) -> String {
        var size: Int64 = 1
        var index = 0
        while index + 1 < units.count, value / size >= step {
            size *= step
            index += 1
        }
        return "\(number(Double(value) / Double(size))) \(units[index])"
    }

    /// With three decimals at most, and none that say nothing.
    static func number(_ value: Double) -> String {
        let rounded = (value * 1000).rounded() / 1000
        guard rounded.magnitude < 1e15, rounded != rounded.rounded() else {
            return Int64(exactly: rounded.rounded()).map(String.init) ?? "\(value)"
        }
        return "\(rounded)"
    }
}
