import SupportDiagnostics
import SupportQuestions
import SupportYAML

/// Reads `when`: questions about variables, the world and results of earlier steps, and what became of earlier checks.
struct ConditionReader {
    let scope: Scope
    let problems: Problems

    /// A question, `{ passed: step.check }`, `{ not-passed: step.check }`, or a list of which all must hold.
    func read(_ node: YAMLNode) -> [ConditionDefinition] {
        (node.sequence ?? [node]).compactMap { item in
            item.mapping == nil ? question(item) : verdict(item)
        }
    }

    // MARK: What became of a check

    private func verdict(_ node: YAMLNode) -> ConditionDefinition? {
        guard var fields = FieldReader(node, of: "the condition", declared: LabGrammar.condition.names, problems) else {
            return nil
        }
        let passed = fields.string("passed")
        let notPassed = fields.string("not-passed")
        fields.finish(help: "a condition is a question, `{ passed: step.check }` or `{ not-passed: step.check }`")
        guard let name = passed ?? notPassed else {
            if fields.rest.isEmpty {
                problems.report(Diagnostic("when.empty", "this condition says nothing", at: node.span))
            }
            return nil
        }
        if let passed, let notPassed {
            problems.report(
                Diagnostic(
                    "when.two", "`passed` and `not-passed` are two conditions", at: notPassed.span,
                    secondary: [.init(passed.span)], help: ["write a list of both"]))
            return nil
        }
        let target = scope.id(name.value)
        let (step, check) = Scope.split(target)
        guard scope.declarations.kinds[step] != nil else {
            let known = scope.declarations.mayGuess() ? Array(scope.declarations.kinds.keys) : []
            problems.report(.unknownStep(step, among: known, at: name.span))
            return nil
        }
        if !check.isEmpty, let known = scope.declarations.checks[step], !known.contains(String(check.dropFirst())) {
            let nearest = Suggestion.nearest(to: String(check.dropFirst()), among: known)
            problems.report(
                Diagnostic(
                    "when.unknown-check", "the step `\(step)` has no check `\(check.dropFirst())`", at: name.span,
                    label: nearest.map { "did you mean `\(step).\($0)`?" } ?? "",
                    help: [
                        known.isEmpty
                            ? "it has none at all" : "its checks are " + known.map { "`\($0)`" }.joined(separator: ", ")
                    ]))
            return nil
        }
        return ConditionDefinition(
            text: (passed == nil ? "not-passed: " : "passed: ") + target, span: name.span,
            test: .passed(target, wanted: passed != nil), steps: [step])
    }

    // MARK: A question about values

    /// The names of the question become the fields of a table with one row, so that conditions are written, checked and
    /// judged as all other questions.
    private func question(_ node: YAMLNode) -> ConditionDefinition? {
        guard let source = node.text("`when`", problems) else { return nil }
        var fields: [Field] = []
        var operands: [ConditionDefinition.Operand] = []
        var steps: [String] = []
        var text: [UInt8] = []
        var offsets: [Int] = []
        let bytes = Array(source.text.utf8)
        guard bytes.count <= Question.longest else {
            do { _ = try Question.parse(source) } catch { problems.report(error) }
            return nil
        }
        var index = 0
        var isKnown = true
        while index < bytes.count {
            guard bytes[index] == UInt8(ascii: "$") else {
                text.append(bytes[index])
                offsets.append(index)
                index += 1
                continue
            }
            let name = Self.name(in: bytes, after: index)
            let range = index..<(index + 1 + name.utf8.count)
            guard let (operand, type, step) = operand(name, source.span(of: range)) else {
                isKnown = false
                index = range.upperBound
                continue
            }
            let field = "var." + name
            if !fields.contains(where: { $0.name == field }) {
                fields.append(Field(field, type, "the value of `$\(name)`"))
                operands.append(operand)
                if let step { steps.append(step) }
            }
            for (position, byte) in field.utf8.enumerated() {
                text.append(byte)
                offsets.append(min(range.lowerBound + max(0, position - 3), range.upperBound - 1))
            }
            index = range.upperBound
        }
        guard isKnown else { return nil }
        guard !fields.isEmpty else {
            problems.report(
                Diagnostic(
                    "when.constant", "this condition looks at nothing that may change", at: source.span,
                    help: ["a condition is about `$names`: `$mode == \"fast\"`, or `{ passed: step.check }`"]))
            return nil
        }
        offsets.append(bytes.count)
        let places = offsets.map { source.span(of: $0..<$0).range.lowerBound }
        let shifted = SourceText(
            String(decoding: text, as: UTF8.self), in: source.file, offsets: places, span: source.span)
        guard let compiled = compile(shifted, Table("condition", "what a condition looks at", fields: fields)) else {
            return nil
        }
        return ConditionDefinition(
            text: source.text, span: source.span, test: .question(compiled, operands), steps: steps)
    }

    private func compile(_ source: SourceText, _ table: Table) -> CompiledQuestion? {
        let question: Question
        do { question = try Question.parse(source) } catch {
            problems.report(error)
            return nil
        }
        do {
            let compiled = try CompiledQuestion.compile(question, against: [table])
            problems.report(compiled.warnings)
            return compiled
        } catch {
            problems.report(error.all)
            return nil
        }
    }

    /// The name behind a `$`, without what ends a sentence rather than a name.
    private static func name(in bytes: [UInt8], after dollar: Int) -> String {
        var end = dollar + 1
        while end < bytes.count, Names.isAlphanumeric(bytes[end]) || [0x5F, 0x2D, 0x2E].contains(bytes[end]) {
            end += 1
        }
        while end > dollar + 1, bytes[end - 1] == UInt8(ascii: ".") || bytes[end - 1] == UInt8(ascii: "-") { end -= 1 }
        return String(decoding: bytes[(dollar + 1)..<end], as: UTF8.self)
    }

    private func operand(
        _ name: String, _ span: SourceSpan
    ) -> (operand: ConditionDefinition.Operand, type: FieldType, step: String?)? {
        switch scope.lookUp(name) {
        case .value(let value)?: return (.value(value), Self.type(of: value), nil)
        case .name(let global)?:
            guard let entry = scope.declarations[global] else { return nil }
            if entry.isSecret {
                problems.report(
                    Diagnostic(
                        "when.secret", "whether a step is taken would tell something of the secret `$\(name)`", at: span
                    ))
                return nil
            }
            if entry.isList || entry.type == .list {
                problems.report(
                    Diagnostic(
                        "when.list", "`$\(name)` has several values, and a condition looks at one", at: span,
                        help: ["ask about it in a check, and write `{ passed: step.check }`"]))
                return nil
            }
            let type = entry.rule?.type == .duration ? .duration : entry.type ?? entry.value.map(Self.type) ?? .string
            return (.name(global), type, entry.step)
        case nil:
            let nearest = scope.declarations.nearest(to: name)
            problems.report(
                Diagnostic(
                    "question.unknown-reference", "nothing is named `$\(name)` here", at: span,
                    label: nearest.map { "did you mean `$\($0)`?" } ?? "",
                    fix: .spelling(of: name, as: nearest, at: span, prefix: "$")))
            return nil
        }
    }

    private static func type(of value: Value) -> FieldType {
        switch value {
        case .int: .signed
        case .bool: .boolean
        case .double: .float
        default: .string
        }
    }
}

extension Diagnostic {
    static func unknownStep(_ id: String, among known: some Sequence<String>, at span: SourceSpan) -> Diagnostic {
        let nearest = Suggestion.nearest(to: id, among: known.sorted())
        return Diagnostic(
            "reference.unknown-step", "no earlier step has the id `\(id)`", at: span,
            label: nearest.map { "did you mean `\($0)`?" } ?? "")
    }
}
