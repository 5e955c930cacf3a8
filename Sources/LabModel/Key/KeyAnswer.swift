import SupportDiagnostics
import SupportYAML

/// What the key says is given to a step that asks: the right answer of an `ask` step, or the reference of a `file` step.
/// Texts may hold `$names`, which have their values when the step is performed.
package enum KeyAnswer: Sendable, Hashable {
    /// Nobody answers.
    case nothing
    case texts([String])
    /// A file beside the key, by its path.
    case file(String)
    /// A file with this content.
    case content(String)

    /// Nil for what is none of these.
    init?(_ node: YAMLNode) {
        if node.isNull {
            self = .nothing
        } else if let scalar = node.scalar {
            self = .texts([scalar.text])
        } else if let items = node.sequence {
            let texts = items.compactMap { $0.scalar?.text }
            guard texts.count == items.count, !texts.isEmpty else { return nil }
            self = .texts(texts)
        } else if let pairs = node.mapping, pairs.count == 1, pairs[0].key.text == "text",
            let scalar = pairs[0].value.scalar
        {
            self = .content(scalar.text)
        } else {
            return nil
        }
    }

    /// What a step of this kind takes it for.
    func meant(for kind: String) -> KeyAnswer {
        if kind == "file", case .texts(let texts) = self, texts.count == 1 { return .file(texts[0]) }
        return self
    }
}

/// Holds the answers of a key against the steps that ask for them.
struct KeyAnswerChecks {
    let lab: LabDefinition
    let references: [String: Value]
    let problems: Problems
    /// The bytes of a file beside the key; nil where there is none, or where its path leads elsewhere.
    let readFile: (String) -> [UInt8]?

    /// The kinds that students answer.
    private static let asking = ["ask", "file"]

    /// What is meant, and the file that it names; nil after reporting.
    func verify(_ answer: Located<KeyAnswer>, of id: Located<String>, mayBeNothing: Bool) -> (KeyAnswer, [UInt8]?)? {
        guard let step = lab.step(id.value) else {
            let asking = lab.steps.filter { Self.asking.contains($0.kind) }
            problems.report(.unknownStep(id, "an answer", among: asking.map(\.id)))
            return nil
        }
        guard Self.asking.contains(step.kind) else {
            problems.report(
                Diagnostic(
                    "key.no-question", "`\(id.value)` is a `\(step.kind)` step, which asks for no answer",
                    at: id.span, help: ["steps with answers are `ask` and `file`"]))
            return nil
        }
        let meant = answer.value.meant(for: step.kind)
        switch (step.kind, meant) {
        case (_, .nothing):
            if mayBeNothing { return (meant, nil) }
            report(answer, "`\(id.value)` has no answer here", "leave the line away, or say what is right")
        case ("ask", .texts(let texts)):
            if let problem = misfit(texts, step) {
                report(answer, "this is no answer to `\(id.value)`", problem)
                return nil
            }
            return (meant, nil)
        case ("file", .content): return (meant, nil)
        case ("file", .file(let path)):
            if let bytes = readFile(path) { return (meant, bytes) }
            report(
                answer, "there is no file `\(path)` beside the key",
                "write its path from the folder of the lab, or its content: `{ text: … }`")
        case ("file", _):
            report(
                answer, "`\(id.value)` takes one file", "write its path from the folder of the lab, or `{ text: … }`")
        default:
            report(answer, "this is no answer to `\(id.value)`", "an answer is a text, a number, or a list of options")
        }
        return nil
    }

    private func report(_ answer: Located<KeyAnswer>, _ message: String, _ help: String) {
        problems.report(Diagnostic("key.answer", message, at: answer.span, help: [help]))
    }

    /// Why an answer is not what the step asks for; nil where it is, and where that shows only in a run.
    private func misfit(_ texts: [String], _ step: StepDefinition) -> String? {
        var plan: [String: Value] = [:]
        for (name, node) in step.plan where name != "question" {
            guard let value = try? node.resolve(references) else { return nil }
            plan[name] = value
        }
        var resolved: [String] = []
        for text in texts {
            let template = Template(text, isDeclared: { references[$0] != nil || isResult($0) })
            guard let value = template.resolve(references) else { return nil }
            resolved.append(value.text)
        }
        let form = AnswerForm(plan: plan)
        if resolved.count > 1, !form.takesSeveral { return "`\(step.id)` takes one answer" }
        guard !form.read(GivenAnswer(resolved)).isUnderstood else { return nil }
        switch form.kind {
        case .text, .secret: return "it is empty"
        case .number:
            return form.unit.isEmpty ? "it asks for a number" : "it asks for a number, in `\(form.unit)`"
        case .choice, .choices:
            return "its options are " + form.options.map { "`\($0)`" }.joined(separator: ", ")
        }
    }

    /// Whether a name stands for what an earlier step gives.
    private func isResult(_ name: String) -> Bool {
        lab.step(String(name.prefix { $0 != "." })) != nil
    }
}
