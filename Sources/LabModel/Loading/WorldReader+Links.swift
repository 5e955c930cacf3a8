import SupportDiagnostics
import SupportQuestions
import SupportYAML

extension WorldReader {
    func readSwitches(_ fields: inout FieldReader, _ world: inout WorldDefinition) {
        world.switches = (fields.strings("switches") ?? []).map { name in
            if world.routers.contains(where: { $0.name == name.value }) || world.network(name.value) != nil {
                problems.report(
                    Diagnostic("world.duplicate-name", "`\(name.value)` is the name of something else", at: name.span))
            }
            return name.value
        }
    }

    func readLinks(_ fields: inout FieldReader, _ world: inout WorldDefinition) {
        let routers = world.routers.map(\.name)
        let ends = routers + world.switches + world.hosts.map(\.name) + world.networks.map(\.name)
        for item in fields.list("links") ?? [] {
            guard var link = FieldReader(item, of: "the link", declared: LabGrammar.link.names, problems) else {
                continue
            }
            let between = link.strings("between", required: true) ?? []
            var side = WorldDefinition.LinkSide()
            readSide(&link, &side)
            var back = side
            if let node = link.node("back"),
                var fields = FieldReader(node, of: "`back` of the link", declared: LabGrammar.linkBack.names, problems)
            {
                readSide(&fields, &back)
                fields.finish()
            }
            let isDown = link.boolean("down")?.value ?? false
            link.finish()
            guard between.count == 2 else {
                problems.report(
                    Diagnostic(
                        "world.link-ends", "a link is between two routers, found \(between.count)",
                        at: item.value(of: "between")?.span ?? item.span, help: ["write `between: [r1, r2]`"]))
                continue
            }
            for end in between where !ends.contains(end.value) {
                problems.report(
                    .unknownNode("router", code: "world.unknown-router", end.value, known: routers, at: end.span))
            }
            world.links.append(
                .init(
                    from: between[0].value, to: between[1].value, there: side, back: back, isDown: isDown,
                    span: item.span))
        }
        let networks = fields.node.value(of: "networks")
        for network in world.networks where !routers.contains(network.router) {
            guard let span = networks?.value(of: network.name)?.value(of: "router")?.span else { continue }
            problems.report(
                .unknownNode("router", code: "world.unknown-router", network.router, known: routers, at: span))
        }
    }

    /// What the mapping says of one direction; what it does not mention stays as it is.
    private func readSide(_ fields: inout FieldReader, _ side: inout WorldDefinition.LinkSide) {
        if let delay = fields.duration("delay")?.value.wholeNanoseconds { side.delay = delay }
        readJitter(&fields, &side)
        readLoss(&fields, &side)
        if let share = share(&fields, "duplicate") { side.duplicate = share }
        if let node = fields.node("reorder") {
            if node.mapping != nil,
                var reorder = FieldReader(node, of: "`reorder`", declared: LabGrammar.reorder.names, problems)
            {
                side.reorder = share(&reorder, "share", required: true) ?? 0
                side.hold = reorder.duration("hold")?.value.wholeNanoseconds ?? side.hold
                reorder.finish()
            } else {
                side.reorder = share(of: node, "`reorder` of the link") ?? 0
            }
        }
        if let share = share(&fields, "corrupt") { side.corrupt = share }
        if let node = fields.node("rate") { side.rate = rate(of: node) }
        if let queue = fields.size("queue") {
            side.queue = queue.value
            if queue.value < 64 || queue.value > 1 << 40 {
                problems.report(
                    Diagnostic(
                        "world.rate", "a queue has room for 64 bytes at least and for 1 TiB at most", at: queue.span))
            }
        }
        if let mtu = fields.integer("mtu", in: 68...65_535) { side.mtu = mtu.value }
        if let cost = fields.integer("cost", in: 1...65_535) { side.cost = cost.value }
    }

    private func readJitter(_ fields: inout FieldReader, _ side: inout WorldDefinition.LinkSide) {
        guard let node = fields.node("jitter") else { return }
        if node.mapping != nil,
            var jitter = FieldReader(node, of: "`jitter`", declared: LabGrammar.jitter.names, problems)
        {
            side.jitter = jitter.duration("by", required: true)?.value.wholeNanoseconds ?? 0
            side.distribution =
                jitter.choice("distribution", as: WorldDefinition.LinkSide.Distribution.self)?.value ?? .uniform
            jitter.finish()
        } else {
            side.jitter = node.duration("`jitter` of the link", problems)?.value.wholeNanoseconds ?? 0
        }
    }

    private func readLoss(_ fields: inout FieldReader, _ side: inout WorldDefinition.LinkSide) {
        guard let node = fields.node("loss") else { return }
        guard node.mapping != nil,
            var loss = FieldReader(node, of: "`loss`", declared: LabGrammar.loss.names, problems)
        else {
            side.loss = share(of: node, "`loss` of the link").flatMap { $0 > 0 ? .random($0) : nil }
            return
        }
        let (mean, burst) = (share(&loss, "mean"), loss.double("burst"))
        let (enter, leave) = (share(&loss, "enter"), share(&loss, "leave"))
        let (good, bad) = (share(&loss, "good"), share(&loss, "bad"))
        loss.finish()
        if let mean, let burst, enter == nil, leave == nil {
            if burst.value < 1 || burst.value > 10_000 {
                problems.report(
                    Diagnostic(
                        "world.share", "a burst has from 1 to 10000 packets on average, found \(burst.value)",
                        at: burst.span))
            }
            side.loss = .bursts(mean: mean, length: burst.value)
        } else if let enter, let leave, mean == nil, burst == nil {
            side.loss = .channel(enter: enter, leave: leave, good: good ?? 0, bad: bad ?? 1)
        } else {
            problems.report(
                Diagnostic(
                    "world.loss", "`loss` has either `mean` and `burst`, or `enter` and `leave`", at: node.span,
                    help: ["`{ mean: 2%, burst: 5 }`: 2 % are lost, five at a time on average"]))
        }
    }

    private func share(_ fields: inout FieldReader, _ key: String, required: Bool = false) -> Double? {
        fields.node(key, required: required).flatMap { share(of: $0, fields.name(key)) }
    }

    /// `2%`; nil after reporting anything else.
    func share(of node: YAMLNode, _ name: String) -> Double? {
        guard let text = node.string(name, problems) else { return nil }
        guard text.value.hasSuffix("%"), let number = Double(text.value.dropLast().trimmed), number.isFinite else {
            problems.report(
                Diagnostic(
                    "world.share", "\(name) is a share such as `2%` or `0.1%`, found `\(text.value)`", at: text.span))
            return nil
        }
        guard (0...100).contains(number) else {
            problems.report(
                Diagnostic("world.share", "\(name) lies between `0%` and `100%`, found `\(text.value)`", at: text.span))
            return nil
        }
        return number / 100
    }

    /// `10Mbit/s`; nil after reporting anything else.
    private func rate(of node: YAMLNode) -> Int64? {
        guard let text = node.string("`rate` of the link", problems) else { return nil }
        let units = ["Gbit/s": 1e9, "Mbit/s": 1e6, "kbit/s": 1e3, "bit/s": 1]
        // The longest that fits: "bit/s" ends them all.
        let unit = units.keys.sorted { ($0.count, $0) > ($1.count, $1) }.first { text.value.hasSuffix($0) }
        guard let unit, let factor = units[unit], let number = Double(text.value.dropLast(unit.count).trimmed) else {
            problems.report(
                Diagnostic(
                    "world.rate", "`rate` is a number of bits a second such as `10Mbit/s`, found `\(text.value)`",
                    at: text.span, help: ["units are `bit/s`, `kbit/s`, `Mbit/s`, `Gbit/s`"]))
            return nil
        }
        guard number * factor >= 1000, number * factor <= 1e12 else {
            problems.report(
                Diagnostic(
                    "world.rate", "a link passes from `1kbit/s` to `1000Gbit/s`, found `\(text.value)`", at: text.span))
            return nil
        }
        return Int64(number * factor)
    }
}

extension Substring {
    fileprivate var trimmed: Substring {
        var text = self
        while text.last == " " { text.removeLast() }
        return text
    }
}
