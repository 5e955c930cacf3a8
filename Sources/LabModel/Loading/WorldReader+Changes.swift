import SupportDiagnostics
import SupportYAML

extension WorldReader {
    func readTunnels(_ fields: inout FieldReader, _ world: inout WorldDefinition) {
        let routers = world.routers.map(\.name)
        for item in fields.list("tunnels") ?? [] {
            guard var tunnel = FieldReader(item, of: "the tunnel", declared: LabGrammar.tunnel.names, problems) else {
                continue
            }
            let path = tunnel.strings("path", required: true) ?? []
            let labels = tunnel.list("labels")?.compactMap { $0.integer("a label", in: 16...0xF_FFFF, problems)?.value }
            let isHidden = tunnel.boolean("hidden")?.value ?? false
            tunnel.finish()
            for router in path where !routers.contains(router.value) {
                problems.report(
                    .unknownNode("router", code: "world.unknown-router", router.value, known: routers, at: router.span))
            }
            guard path.count >= 3 else {
                problems.report(
                    Diagnostic(
                        "world.tunnel", "a tunnel leads over three routers at least, found \(path.count)",
                        at: item.span))
                continue
            }
            // The last router but one takes the label off, so that the last receives none.
            let usual = (0..<(path.count - 2)).map { 16_000 + 100 * world.tunnels.count + $0 }
            world.tunnels.append(
                .init(path: path.map(\.value), labels: labels ?? usual, isHidden: isHidden, span: item.span))
        }
    }

    func readChanges(_ fields: inout FieldReader, _ world: inout WorldDefinition) {
        enum State: String, CaseIterable {
            case up
            case down
        }
        for item in fields.list("changes") ?? [] {
            guard var change = FieldReader(item, of: "the change", declared: LabGrammar.change.names, problems) else {
                continue
            }
            let at = change.duration("at", required: true)?.value.wholeNanoseconds
            let link = change.string("link")
            let host = change.string("host")
            let state = change.choice("state", as: State.self, required: true)
            change.finish()
            guard (link == nil) != (host == nil) else {
                problems.report(
                    Diagnostic("world.change", "a change is about either a `link` or a `host`", at: item.span))
                continue
            }
            let names = world.links.flatMap { ["\($0.from)-\($0.to)", "\($0.to)-\($0.from)"] }
            if let link, !names.contains(link.value) {
                problems.report(
                    .unknownNode(
                        "link", code: "world.unknown-link", link.value, known: world.links.map(\.name), at: link.span))
            }
            if let host, world.host(host.value) == nil {
                problems.report(
                    .unknownNode(
                        "host", code: "world.unknown-host", host.value, known: world.hosts.map(\.name), at: host.span))
            }
            guard let at, let state,
                let subject = link.map({ .link($0.value) }) ?? host.map({ .host($0.value) })
                    as WorldDefinition.Change.Subject?
            else {
                continue
            }
            world.changes.append(.init(at: at, subject: subject, isUp: state.value == .up, span: item.span))
        }
    }
}
