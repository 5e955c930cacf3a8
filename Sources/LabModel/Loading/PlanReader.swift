import SupportDiagnostics
import SupportYAML

/// Reads the value under a kind's key against the kind's fields.
struct PlanReader {
    let schema: StepSchema
    let scope: Scope
    let world: WorldDefinition?
    let names: NameCheck
    let problems: Problems

    private var declarations: Declarations { scope.declarations }

    func read(_ node: YAMLNode) -> [String: PlanNode] {
        let owner = "`\(schema.name)`"
        guard node.mapping != nil else { return readShorthand(node) }
        guard var fields = FieldReader(node, of: owner, problems) else { return [:] }
        var plan: [String: PlanNode] = [:]
        for field in schema.fields {
            guard let value = fields.node(field.name, required: field.isRequired) else {
                plan[field.name] = field.fallback.map(PlanNode.value)
                continue
            }
            plan[field.name] = self.value(value, field.type, name: fields.name(field.name))
        }
        fields.finish(help: "`lab explain \(schema.name)` lists the fields of this kind")
        return plan
    }

    private func readShorthand(_ node: YAMLNode) -> [String: PlanNode] {
        guard let name = schema.shorthand, let field = schema.field(name) else {
            let _: Int? = node.mismatch("a mapping of its fields", "`\(schema.name)`", problems)
            return [:]
        }
        var plan: [String: PlanNode] = [:]
        for other in schema.fields where other.name != name {
            plan[other.name] = other.fallback.map(PlanNode.value)
        }
        plan[name] = value(node, field.type, name: "`\(schema.name)`")
        return plan
    }

    private func value(_ node: YAMLNode, _ type: PlanType, name: String) -> PlanNode? {
        switch type {
        case .list(let element):
            let items = node.sequence ?? [node]
            return .list(items.compactMap { value($0, element, name: "each item of \(name)") })
        case .map(let element):
            guard let pairs = node.pairs(name, problems) else { return nil }
            var map: [String: PlanNode] = [:]
            for pair in pairs { map[pair.key.text] = value(pair.value, element, name: "`\(pair.key.text)` of \(name)") }
            return .map(map)
        default: return scalar(node, type, name: name)
        }
    }

    private func scalar(_ node: YAMLNode, _ type: PlanType, name: String) -> PlanNode? {
        guard let source = node.text(name, problems) else { return nil }
        let template = scope.template(source.text)
        if case .step(let kinds) = type { return step(template, node, kinds: kinds, name: name) }
        names.check(source, in: scope, problems)
        if !template.isPlain {
            checkKnown(template, type, node, name: name)
            return .scalar(template, type, node.span)
        }
        return literal(node, source.text, type, name: name)
    }

    private func literal(_ node: YAMLNode, _ text: String, _ type: PlanType, name: String) -> PlanNode? {
        switch type {
        case .string, .filter: return .value(.string(text))
        case .integer(let range):
            let bounds = Int(clamping: range.lowerBound)...Int(clamping: range.upperBound)
            return node.integer(name, in: bounds, problems).map { .value(.int(Int64($0.value))) }
        case .boolean: return node.boolean(name, problems).map { .value(.bool($0.value)) }
        case .duration: return node.duration(name, problems).map { .value(.int($0.value.wholeNanoseconds)) }
        case .choice(let names):
            if names.contains(text) { return .value(.string(text)) }
            let nearest = Suggestion.nearest(to: text, among: names)
            problems.report(
                Diagnostic(
                    "field.choice", "\(name) must be \(type.description), found `\(text)`", at: node.span,
                    label: nearest.map { "did you mean `\($0)`?" } ?? "",
                    fix: .spelling(of: text, as: nearest, at: node.span)))
            return nil
        case .host:
            guard let world else { return .value(.string(text)) }
            if let host = world.host(text), !host.isVirtual { return .value(.string(text)) }
            problems.report(.unknownHost(text, in: world, at: node.span))
            return nil
        case .link:
            guard LinkChange(text) != nil else {
                problems.report(
                    Diagnostic(
                        "field.type", "\(name) must be \(type.description), found `\(text)`", at: node.span))
                return nil
            }
            return checkLink(text, node) ? .value(.string(text)) : nil
        case .step, .list, .map: return nil
        }
    }

    /// Reports a link that the world does not have.
    private func checkLink(_ text: String, _ node: YAMLNode) -> Bool {
        guard let world, let change = LinkChange(text), world.link(change.link) == nil else { return true }
        let names = world.links.map(\.name)
        let nearest = Suggestion.nearest(to: change.link, among: names)
        problems.report(
            Diagnostic(
                "world.unknown-link", "there is no link `\(change.link)` in this world", at: node.span,
                label: nearest.map { "did you mean `\($0)`?" } ?? "",
                help: names.isEmpty ? [] : ["there are " + names.map { "`\($0)`" }.joined(separator: ", ")],
                fix: nearest.map { .init(replace: node.span, with: "\($0) \(change.isUp ? "up" : "down")") }))
        return false
    }

    private func step(_ template: Template, _ node: YAMLNode, kinds: [String], name: String) -> PlanNode? {
        let id = template.references.first ?? scope.id(String(template.source.drop { $0 == "$" }))
        let earlier = declarations.kinds
        if let kind = earlier[id] {
            if kinds.contains(kind) { return .step(id) }
            problems.report(
                Diagnostic(
                    "step.wrong-kind",
                    "\(name) must be \(PlanType.step(kinds).description), but `\(id)` is a `\(kind)` step",
                    at: node.span))
            return nil
        }
        let nearest =
            declarations.mayGuess()
            ? Suggestion.nearest(to: id, among: earlier.filter { kinds.contains($0.value) }.keys.sorted()) : nil
        problems.report(
            Diagnostic(
                "reference.unknown-step",
                "\(name) must be \(PlanType.step(kinds).description), found `\(template.source)`",
                at: node.span, label: nearest.map { "did you mean `$\($0)`?" } ?? "no earlier step has this id"))
        return nil
    }

    /// A value that is known already is checked already.
    private func checkKnown(_ template: Template, _ type: PlanType, _ node: YAMLNode, name: String) {
        // What a secret is shows only in a run, and there only to the step.
        guard !template.references.contains(where: { declarations[$0]?.isSecret ?? false }),
            let known = template.resolve({ declarations[$0]?.value })
        else { return }
        do {
            _ = try type.read(known, source: template.source)
            if type == .host, let world, world.host(known.text).map(\.isVirtual) ?? true {
                problems.report(.unknownHost(known.text, in: world, at: node.span))
            }
            if type == .link { _ = checkLink(known.text, node) }
        } catch {
            problems.report(
                Diagnostic(
                    "field.type", "\(name) must be \(type.description), but `\(template.source)` is `\(known.text)`",
                    at: node.span))
        }
    }
}

extension Duration {
    /// The whole duration in nanoseconds, cut at what 64 bits hold.
    var wholeNanoseconds: Int64 {
        let (seconds, overflow) = components.seconds.multipliedReportingOverflow(by: 1_000_000_000)
        return overflow ? Int64.max : seconds &+ components.attoseconds / 1_000_000_000
    }
}

extension Diagnostic {
    static func unknownHost(_ name: String, in world: WorldDefinition, at span: SourceSpan) -> Diagnostic {
        let usable = world.hosts.filter { !$0.isVirtual }.map(\.name)
        if world.host(name) != nil {
            return Diagnostic(
                "world.virtual-host", "the host `\(name)` lives in the emulation alone and runs nothing", at: span,
                help: ["hosts that run steps are " + usable.map { "`\($0)`" }.joined(separator: ", ")])
        }
        let nearest = Suggestion.nearest(to: name, among: usable)
        return Diagnostic(
            "world.unknown-host", "the world `\(world.name)` has no host `\(name)`", at: span,
            label: nearest.map { "did you mean `\($0)`?" } ?? "",
            help: ["its hosts are " + usable.map { "`\($0)`" }.joined(separator: ", ")],
            fix: .spelling(of: name, as: nearest, at: span))
    }
}
