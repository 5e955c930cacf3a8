import SupportDiagnostics
import SupportQuestions
import SupportYAML

/// What is asked of the student: that it can be answered, and that the checks look at what such an answer gives.
struct AskChecks {
    let places: StepPlaces
    let problems: Problems

    func verify(_ steps: [StepDefinition]) {
        for step in steps {
            switch step.kind {
            case "ask": verifyQuestion(step)
            case "file": verifyName(step)
            default: break
            }
        }
    }

    private func verifyQuestion(_ step: StepDefinition) {
        guard case .value(let type)? = step.plan["type"], let kind = AnswerForm.Kind(rawValue: type.text) else {
            return
        }
        verifyOptions(step, kind)
        if step.plan["unit"] != nil, kind != .number {
            problems.report(
                Diagnostic(
                    "ask.unit", "only a number has a unit", at: place("unit", step),
                    help: ["`type: number`, or leave `unit` away"]))
        }
        for check in step.checks where check.question.table.name == "answer" {
            let fields = check.question.slots.map { check.question.table.fields[$0].name }
            guard let field = fields.first(where: { !kind.gives($0) }) else { continue }
            let known = check.question.table.fields.map(\.name).filter(kind.gives)
            problems.report(
                Diagnostic(
                    "ask.field", "an answer of the type `\(kind.rawValue)` has no `\(field)`", at: check.span,
                    label: "no row ever has it", help: ["it has " + known.map { "`\($0)`" }.joined(separator: ", ")]))
        }
    }

    private func verifyOptions(_ step: StepDefinition, _ kind: AnswerForm.Kind) {
        let options = step.asked?.options.map(\.source) ?? []
        guard kind == .choice || kind == .choices else {
            guard step.plan["options"] != nil else { return }
            problems.report(
                Diagnostic(
                    "ask.options", "`options` are chosen from, but this asks for a \(kind.rawValue)",
                    at: place("options", step), help: ["`type: choice` takes one of them, `type: choices` any"]))
            return
        }
        let plain = options.map { GivenAnswer.plain($0).lowercased() }
        let again = plain.indices.first { plain[..<$0].contains(plain[$0]) }
        guard options.count < 2 || again != nil else { return }
        problems.report(
            Diagnostic(
                "ask.options", "a choice needs two options at least, all of them different",
                at: again.flatMap { step.textSpans[.option($0)] }
                    ?? (step.plan["options"] == nil ? step.kindSpan : place("options", step)),
                label: again == nil ? "" : "an option like an earlier one", help: ["`options: [a router, a bridge]`"]))
    }

    private func verifyName(_ step: StepDefinition) {
        guard case .value(let name)? = step.plan["name"], !GivenFile.isName(name.text) else { return }
        problems.report(
            Diagnostic(
                "file.name", "`\(name.text)` names no file in the folder that is handed in", at: place("name", step),
                help: ["a path from there, such as `notes.txt` or `src/main.c`, without `..`"]))
    }

    private func place(_ field: String, _ step: StepDefinition) -> SourceSpan {
        let shorthand = step.kind == "file" ? "name" : "question"
        return places.field(field, of: step, shorthand: shorthand)?.span ?? step.kindSpan
    }
}

extension AnswerForm.Kind {
    /// Whether rows of answers of this type have a field.
    package func gives(_ field: String) -> Bool {
        let own: Set<String> =
            switch self {
            case .text: ["text", "sha256"]
            case .number: ["text", "sha256", "number", "duration"]
            case .choice: ["text", "sha256", "choice", "option"]
            case .choices: ["text", "sha256", "choice", "option", "choices"]
            case .secret: ["sha256"]
            }
        return field == "lab.answer.understood" || own.contains(String(field.dropFirst("lab.answer.".count)))
    }
}
