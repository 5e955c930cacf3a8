import SupportDiagnostics
import SupportQuestions
import SupportYAML

/// Reads one item of `steps`.
struct StepReader {
    let catalogue: [StepSchema]
    let sharedTables: [Table]
    let declarations: Declarations
    let world: WorldDefinition?
    let defaultHost: String
    let earlier: [String: String]
    /// Ids of all steps of the lab, for references forward.
    let all: Set<String>
    let problems: Problems

    func read(_ node: YAMLNode, section: String, position: Int) -> StepDefinition? {
        guard var fields = FieldReader(node, of: "the step", problems) else { return nil }
        fields.expect(LabGrammar.step.names)
        guard let (schema, pair) = kind(of: fields, node) else { return nil }
        let id = identifier(&fields, kind: schema.name, position: position)
        _ = fields.pair(schema.name)
        let plan = PlanReader(
            schema: schema, declarations: declarations, world: world, earlier: earlier, problems: problems
        ).read(pair.value)
        let checks = CheckReader(
            schema: schema, catalogue: catalogue, sharedTables: sharedTables, declarations: declarations,
            problems: problems
        ).read(&fields)
        var step = StepDefinition(
            id: id, section: section, kind: schema.name, kindSpan: pair.key.span,
            title: template(&fields, "title"), task: template(&fields, "task"), explain: template(&fields, "explain"),
            host: host(&fields), plan: plan, byHand: byHand(&fields), checks: checks, hints: hints(&fields),
            isOptional: fields.boolean("optional")?.value ?? false, needs: [], span: node.span)
        step.needs = needs(&fields, plan: plan)
        step.textSpans = TextSpans.of(node)
        fields.finish(help: "`lab explain steps` lists what every step may have")
        return step
    }

    /// The one key that names a kind.
    private func kind(of fields: FieldReader, _ node: YAMLNode) -> (StepSchema, YAMLPair)? {
        let found = fields.rest.compactMap { pair in
            catalogue.first { $0.name == pair.key.text }.map { ($0, pair) }
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
            let nearest = Suggestion.nearest(to: unknown.key.text, among: kinds + LabGrammar.step.names)
            problems.report(
                Diagnostic(
                    "step.unknown-kind", "there is no step kind `\(unknown.key.text)`", at: unknown.key.span,
                    label: nearest.map { "did you mean `\($0)`?" } ?? "", help: ["the kinds are \(listed)"],
                    fix: nearest.map { .init(replace: unknown.key.span, with: $0) }))
        } else if !node.isFlawed {
            problems.report(
                Diagnostic(
                    "step.no-kind", "this step does nothing: no key names its kind",
                    at: node.mapping?.first?.key.span ?? node.span, help: ["the kinds are \(listed)"]))
        }
        return nil
    }

    private func identifier(_ fields: inout FieldReader, kind: String, position: Int) -> String {
        guard let id = fields.string("id") else { return "\(kind)-\(position)" }
        let isName = id.value.unicodeScalars.allSatisfy {
            $0.isASCII && ($0.properties.isAlphabetic || ("0"..."9").contains($0) || $0 == "-" || $0 == "_")
        }
        if !isName || id.value.first?.isLetter != true || id.value == "world" {
            problems.report(
                Diagnostic(
                    "step.bad-id", "an id is made of letters, digits and hyphens and begins with a letter", at: id.span,
                    help: ["ids name steps in reports, references and evidence folders"]))
        } else if earlier[id.value] != nil || declarations.contains(id.value) {
            problems.report(
                Diagnostic(
                    "step.duplicate-id", "`\(id.value)` is the name of an earlier step or a variable", at: id.span))
        }
        return id.value
    }

    private func template(_ fields: inout FieldReader, _ key: String) -> Template {
        Template(fields.text(key)?.text ?? "", isDeclared: declarations.contains)
    }

    private func host(_ fields: inout FieldReader) -> String {
        guard let name = fields.string("at") else { return defaultHost }
        if let world, world.host(name.value).map(\.isVirtual) ?? true {
            problems.report(.unknownHost(name.value, in: world, at: name.span))
        }
        return name.value
    }

    private func byHand(_ fields: inout FieldReader) -> [(tool: String, command: Template)] {
        (fields.map("by-hand") ?? []).compactMap { pair in
            guard let text = pair.value.text("`\(pair.key.text)` of `by-hand`", problems) else { return nil }
            return (pair.key.text, Template(text.text, isDeclared: declarations.contains))
        }
    }

    private func hints(_ fields: inout FieldReader) -> [HintDefinition] {
        guard let node = fields.node("hint") else { return [] }
        return (node.sequence ?? [node]).compactMap { item in
            guard item.mapping != nil else {
                return item.text("a hint", problems).map {
                    HintDefinition(text: Template($0.text, isDeclared: declarations.contains), costs: 0)
                }
            }
            guard var hint = FieldReader(item, of: "the hint", declared: LabGrammar.hint.names, problems) else {
                return nil
            }
            let text = hint.text("text", required: true)
            let costs = hint.double("costs", atLeast: 0)
            hint.finish()
            return text.map {
                HintDefinition(
                    text: Template($0.text, isDeclared: declarations.contains), costs: costs?.value ?? 0)
            }
        }
    }

    private func needs(_ fields: inout FieldReader, plan: [String: PlanNode]) -> [String] {
        var ids: [String] = []
        for need in fields.strings("needs") ?? [] {
            if earlier[need.value] == nil {
                let nearest = Suggestion.nearest(to: need.value, among: earlier.keys)
                problems.report(
                    Diagnostic(
                        "reference.unknown-step", "no earlier step has the id `\(need.value)`", at: need.span,
                        label: nearest.map { "did you mean `\($0)`?" } ?? "",
                        help: all.contains(need.value) ? ["`\(need.value)` comes later; a step needs earlier ones"] : []
                    ))
            } else {
                ids.append(need.value)
            }
        }
        for name in plan.values.flatMap(\.references) {
            if let step = declarations[name]?.step { ids.append(step) }
        }
        ids += plan.values.flatMap(\.steps)
        var seen = Set<String>()
        return ids.filter { seen.insert($0).inserted }
    }
}
