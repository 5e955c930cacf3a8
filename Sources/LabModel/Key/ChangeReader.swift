import SupportDiagnostics
import SupportYAML

/// Reads the `change` of a wrong run.
struct ChangeReader {
    let run: String
    let problems: Problems

    func read(_ node: YAMLNode) -> WrongChange? {
        guard
            var fields = FieldReader(
                node, of: "the change of `\(run)`", declared: LabGrammar.wrongChange.names, problems)
        else { return nil }
        var change = WrongChange()
        let before = problems.all.count
        for pair in fields.map("vars") ?? [] {
            change.spans[pair.key.text] = pair.key.span
            change.variables[pair.key.text] = pair.value.string("`\(pair.key.text)` of `vars`", problems)?.value
        }
        for pair in fields.map("steps") ?? [] {
            change.spans[pair.key.text] = pair.key.span
            if pair.value.pairs("the plan of `\(pair.key.text)`", problems) != nil {
                change.plans.append((pair.key.text, pair.value))
            }
        }
        for step in fields.strings("skip") ?? [] {
            change.spans[step.value] = step.span
            change.skipped.append(step.value)
        }
        for pair in fields.map("move") ?? [] {
            change.spans[pair.key.text] = pair.key.span
            if let place = place(pair.value) { change.moves.append((pair.key.text, place)) }
        }
        for item in fields.list("insert") ?? [] {
            if let insertion = insertion(item) { change.insertions.append(insertion) }
        }
        for pair in fields.map("answers") ?? [] {
            change.spans[pair.key.text] = pair.key.span
            guard let answer = KeyAnswer(pair.value) else {
                problems.report(.noAnswer(at: pair.value.span))
                continue
            }
            change.answers[pair.key.text] = answer
            change.answerSpans[pair.key.text] = pair.value.span
        }
        change.world = fields.node("world")
        for pair in fields.map("evidence") ?? [] {
            if let source = evidence(pair) {
                change.evidence.append(
                    EvidenceChange(result: pair.key.text, source: source, span: pair.key.span))
            }
        }
        fields.finish(help: "`lab explain key` lists what a change may have; it may not touch checks")
        change.isPartial = problems.all.count > before
        return change
    }

    private func place(_ node: YAMLNode) -> WrongChange.Place? {
        guard var fields = FieldReader(node, of: "the place", declared: LabGrammar.place.names, problems) else {
            return nil
        }
        let place = place(&fields, node)
        fields.finish()
        return place
    }

    private func place(_ fields: inout FieldReader, _ node: YAMLNode) -> WrongChange.Place? {
        switch (fields.string("before")?.value, fields.string("after")?.value) {
        case (let step?, nil): return .before(step)
        case (nil, let step?): return .after(step)
        default:
            problems.report(
                Diagnostic(
                    "key.place", "a place is either `before` or `after` a step",
                    at: node.mapping?.first?.key.span ?? node.span, help: ["`{ before: browse }`"]))
            return nil
        }
    }

    private func insertion(_ node: YAMLNode) -> (steps: [YAMLNode], place: WrongChange.Place)? {
        guard var fields = FieldReader(node, of: "the insertion", declared: LabGrammar.insertion.names, problems) else {
            return nil
        }
        let place = place(&fields, node)
        let steps = fields.list("steps", required: true) ?? []
        fields.finish()
        for step in steps {
            for key in ["expect", "forbid"] {
                guard let pair = step.mapping?.first(where: { $0.key.text == key }) else { continue }
                problems.report(
                    Diagnostic(
                        "key.inserted-check", "a wrong run changes what is done, never what is checked",
                        at: pair.key.span, help: ["checks stand in the lab, or under `checks` of this file"]))
            }
            if step.value(of: "id") == nil {
                problems.report(
                    Diagnostic(
                        "key.inserted-id", "an inserted step needs an `id` of its own",
                        at: step.mapping?.first?.key.span ?? step.span))
            }
        }
        return place.map { (steps, $0) }
    }

    private func evidence(_ pair: YAMLPair) -> EvidenceChange.Source? {
        let name = "`\(pair.key.text)` of `evidence`"
        guard pair.value.mapping != nil else {
            guard let word = pair.value.string(name, problems) else { return nil }
            switch word.value {
            case "earlier-run": return .earlierRun
            case "empty": return .nothing
            default:
                problems.report(
                    Diagnostic(
                        "key.evidence",
                        "\(name) is `earlier-run`, `empty`, `{ from: step.result }` or `{ keep: PERCENT }`, "
                            + "found `\(word.value)`",
                        at: word.span))
                return nil
            }
        }
        guard var fields = FieldReader(pair.value, of: name, problems) else { return nil }
        let from = fields.string("from")
        let keep = fields.integer("keep", in: 0...99)
        fields.finish()
        switch (from, keep) {
        case (let from?, nil): return .result(from.value)
        case (nil, let keep?): return .kept(keep.value)
        default:
            problems.report(
                Diagnostic(
                    "key.evidence", "\(name) has either `from` or `keep`",
                    at: pair.key.span, help: ["`{ from: other.keylog }`, or `{ keep: 40 }` for its first 40 percent"]))
            return nil
        }
    }
}
