import SupportDiagnostics
import SupportQuestions
import SupportYAML

/// Reads one item of `steps`, after groups and repetitions are in place.
struct StepReader {
    let catalogue: [StepSchema]
    let sharedTables: [Table]
    let world: WorldDefinition?
    let defaultHost: String
    let item: StepItem
    let names: NameCheck
    /// Questions of this step that are compiled already.
    let compiled: [CompiledQuestion]
    let problems: Problems

    private var scope: Scope { item.scope }
    private var declarations: Declarations { item.scope.declarations }

    func read(section: String, position: Int) -> (step: StepDefinition, schema: StepSchema)? {
        guard var fields = FieldReader(item.node, of: "the step", problems) else { return nil }
        fields.expect(LabGrammar.step.names)
        guard let (schema, pair) = kind(of: fields) else { return nil }
        let (id, span) = identifier(&fields, pair, position: position)
        _ = fields.pair(schema.name)
        let plan = PlanReader(schema: schema, scope: scope, world: world, names: names, problems: problems)
            .read(pair.value)
        let checks = CheckReader(
            schema: schema, catalogue: catalogue, sharedTables: sharedTables, scope: scope, compiled: compiled,
            problems: problems
        ).read(&fields)
        var step = StepDefinition(
            id: id, section: section, kind: schema.name, kindSpan: pair.key.span,
            title: template(&fields, "title"), task: template(&fields, "task"), explain: template(&fields, "explain"),
            host: host(&fields), plan: plan, byHand: byHand(&fields), checks: checks, hints: hints(&fields),
            isOptional: fields.boolean("optional")?.value ?? false, needs: [], idSpan: span, span: item.node.span)
        step.needs = NeedReader(scope: scope, names: names, problems: problems).read(&fields, plan: plan)
        step.conditions =
            item.conditions.flatMap { ConditionReader(scope: $0.scope, problems: problems).read($0.node) }
            + (fields.node("when").map { ConditionReader(scope: scope, problems: problems).read($0) } ?? [])
        step.retry = fields.node("retry").flatMap { RetryReader(problems: problems).read($0, kind: schema) }
        step.givesPartialCredit = fields.boolean("partial-credit")?.value ?? true
        step.asked = schema.asked(plan)
        step.textSpans = TextSpans(item.node, schema)
        fields.finish(help: "`lab explain steps` lists what every step may have")
        return (step, schema)
    }

    /// The one key that names a kind.
    private func kind(of fields: FieldReader) -> (StepSchema, YAMLPair)? {
        let found = fields.rest.compactMap { pair in
            catalogue.firstIndex { $0.name == pair.key.text }.map { (catalogue[$0], pair) }
        }
        if found.count == 1 { return found[0] }
        if found.count > 1 {
            problems.report(
                Diagnostic(
                    "step.two-kinds",
                    "a step has one kind, but this one has `\(found[0].0.name)` and `\(found[1].0.name)`",
                    at: found[1].1.key.span, secondary: [.init(found[0].1.key.span, "the first")],
                    help: ["make two steps of it"]))
            return nil
        }
        let kinds = catalogue.map(\.name)
        let listed = kinds.map { "`\($0)`" }.joined(separator: ", ")
        if let unknown = fields.rest.first {
            let nearest = Suggestion.nearest(
                to: unknown.key.text, among: kinds + LabGrammar.step.names + ["use", "include", "section"])
            problems.report(
                Diagnostic(
                    "step.unknown-kind", "there is no step kind `\(unknown.key.text)`", at: unknown.key.span,
                    label: nearest.map { "did you mean `\($0)`?" } ?? "", help: ["the kinds are \(listed)"],
                    fix: .spelling(
                        of: unknown.key.text, as: nearest, at: unknown.key.span,
                        taken: item.node.mapping?.contains { $0.key.text == nearest } ?? false)))
        } else if !item.node.isFlawed {
            problems.report(
                Diagnostic(
                    "step.no-kind", "this step does nothing: no key names its kind",
                    at: item.node.mapping?.first?.key.span ?? item.node.span, help: ["the kinds are \(listed)"]))
        }
        return nil
    }

    private func identifier(
        _ fields: inout FieldReader, _ kind: YAMLPair, position: Int
    ) -> (id: String, span: SourceSpan) {
        guard let written = fields.string("id") else {
            return ("\(scope.prefix)\(kind.key.text)-\(position)", kind.key.span)
        }
        let id = written.value
        if !Names.isIdentifier(id) || Names.reserved[id] != nil {
            problems.report(.badIdentifier(written, noun: "an id"))
        } else if let first = declarations.places[id] {
            problems.report(
                Diagnostic(
                    "step.duplicate-id", "`\(id)` is the id of an earlier step", at: written.span,
                    secondary: [.init(first, "the earlier one")]))
        } else if declarations.contains(id) {
            problems.report(
                Diagnostic(
                    "step.duplicate-id", "`\(id)` is the name of a variable, so `$\(id)` could mean either",
                    at: written.span, label: "give the step another id"))
        }
        return (id, written.span)
    }

    private func template(_ fields: inout FieldReader, _ key: String) -> Template {
        fields.text(key).map(template) ?? Template("", isDeclared: { _ in false })
    }

    private func template(_ source: SourceText) -> Template {
        names.check(source, in: scope, problems)
        return scope.template(source.text)
    }

    /// Known before the run, because the world is made before the first step.
    private func host(_ fields: inout FieldReader) -> String {
        guard let written = fields.string("at") else { return defaultHost }
        guard let name = scope.template(written.value).resolve({ declarations[$0]?.value })?.text else {
            problems.report(
                Diagnostic(
                    "step.host-unknown", "where a step happens is known before the run, but `\(written.value)` is not",
                    at: written.span))
            return defaultHost
        }
        if let world, world.host(name).map(\.isVirtual) ?? true {
            problems.report(.unknownHost(name, in: world, at: written.span))
        }
        return name
    }

    private func byHand(_ fields: inout FieldReader) -> [(tool: String, command: Template)] {
        (fields.map("by-hand") ?? []).compactMap { pair in
            guard let text = pair.value.text("`\(pair.key.text)` of `by-hand`", problems) else { return nil }
            return (pair.key.text, scope.template(text.text))
        }
    }

    private func hints(_ fields: inout FieldReader) -> [HintDefinition] {
        guard let node = fields.node("hint") else { return [] }
        return (node.sequence ?? [node]).compactMap { item in
            guard item.mapping != nil else {
                return item.text("a hint", problems).map { HintDefinition(text: template($0), costs: 0) }
            }
            guard var hint = FieldReader(item, of: "the hint", declared: LabGrammar.hint.names, problems) else {
                return nil
            }
            let text = hint.text("text", required: true)
            let costs = hint.double("costs", atLeast: 0)
            hint.finish()
            return text.map { HintDefinition(text: template($0), costs: costs?.value ?? 0) }
        }
    }
}
