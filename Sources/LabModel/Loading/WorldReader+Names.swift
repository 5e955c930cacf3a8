import SupportDiagnostics
import SupportYAML

extension WorldReader {
    func readNames(_ fields: inout FieldReader, _ world: inout WorldDefinition) {
        var aliases: [(index: Int, target: Located<String>)] = []
        for pair in fields.map("names") ?? [] {
            var name = WorldDefinition.Name(name: pair.key.text, host: "", family: .any, span: pair.key.span)
            var host: Located<String>?
            if pair.value.mapping != nil,
                var reader = FieldReader(
                    pair.value, of: "the name `\(pair.key.text)`", declared: LabGrammar.name.names, problems)
            {
                let alias = reader.string("alias")
                let fails = reader.choice("fails", as: WorldDefinition.Name.Failure.self)
                host = reader.string("host", required: alias == nil && fails == nil)
                name.family = reader.choice("family", as: WorldDefinition.Name.Family.self)?.value ?? .any
                name.timeToLive = reader.duration("ttl").map { UInt32(clamping: $0.value.components.seconds) }
                name.delay = max(0, reader.duration("delay")?.value.wholeNanoseconds ?? 0)
                reader.finish()
                if let fails {
                    if let other = host ?? alias {
                        problems.report(.failureWithAddress(pair.key.text, other: other, fails: fails.span))
                    }
                    name.failure = fails.value
                    world.names.append(name)
                    continue
                }
                if let alias {
                    if let host { problems.report(.aliasWithHost(pair.key.text, host: host, alias: alias)) }
                    name.alias = alias.value
                    aliases.append((world.names.count, alias))
                    world.names.append(name)
                    continue
                }
            } else {
                host = pair.value.string("the host of `\(pair.key.text)`", problems)
            }
            guard let host else { continue }
            if world.host(host.value) == nil {
                problems.report(
                    .unknownNode(
                        "host", code: "world.unknown-host", host.value, known: world.hosts.map(\.name), at: host.span))
            }
            name.host = host.value
            world.names.append(name)
        }
        for (index, target) in aliases { settle(index, target, &world) }
    }

    /// Follows an alias to the host that it leads to.
    private func settle(_ index: Int, _ target: Located<String>, _ world: inout WorldDefinition) {
        var next: String? = target.value
        // Longer chains than there are names go round in a circle.
        for _ in 0...world.names.count {
            guard let name = next, let found = world.names.first(where: { $0.name == name }) else { break }
            guard found.alias != nil else {
                world.names[index].host = found.host
                return
            }
            next = found.alias
        }
        let others = world.names.filter { $0.alias == nil }.map(\.name)
        let nearest = Suggestion.nearest(to: target.value, among: others)
        problems.report(
            Diagnostic(
                "world.unknown-name", "the alias leads to no name of this world that has a host", at: target.span,
                label: nearest.map { "did you mean `\($0)`?" } ?? "",
                help: others.isEmpty
                    ? [] : ["names with a host are " + others.map { "`\($0)`" }.joined(separator: ", ")],
                fix: .spelling(of: target.value, as: nearest, at: target.span)))
    }
}

extension Diagnostic {
    fileprivate static func failureWithAddress(
        _ name: String, other: Located<String>, fails: SourceSpan
    ) -> Diagnostic {
        Diagnostic(
            "world.failing-name",
            "`\(name)` fails, so nothing of `\(Visible.text(other.value))` is ever answered for it",
            at: other.span, secondary: [.init(fails, "it fails here")],
            help: ["keep `fails` alone, or leave it out"])
    }

    fileprivate static func aliasWithHost(
        _ name: String, host: Located<String>, alias: Located<String>
    ) -> Diagnostic {
        Diagnostic(
            "world.alias-with-host", "`\(name)` is an alias, so it has no host of its own", at: host.span,
            secondary: [.init(alias.span, "the name it stands for")],
            help: ["an alias (CNAME) takes everything from the other name (RFC 1034 §3.6.2); keep one of the two"])
    }
}
