import SupportDiagnostics
import SupportQuestions
import SupportYAML

/// Hints that say what the checks look for. A hint that costs something may: that is what it is for.
struct HintChecks {
    let places: StepPlaces
    let problems: Problems

    func verify(_ steps: [StepDefinition], _ declarations: Declarations) {
        for step in steps where !step.hints.isEmpty && !step.checks.isEmpty {
            guard let node = places.node(of: step), let hint = node.value(of: "hint") else { continue }
            let answers = answers(of: step, node)
            guard !answers.isEmpty else { continue }
            for text in free(hint) { check(text, answers) }
        }
    }

    private struct Answer {
        let text: String
        let check: CheckDefinition
    }

    /// What the checks want to see and the rest of the step does not tell.
    private func answers(of step: StepDefinition, _ node: YAMLNode) -> [Answer] {
        var told = ""
        for key in ["title", "task", "explain", "by-hand", step.kind] {
            if let value = node.value(of: key) { told += " " + Self.texts(value).map(\.text).joined(separator: " ") }
        }
        var answers: [Answer] = []
        for check in step.checks where check.polarity == .expect {
            let picks = check.references.map { "$" + $0 }
            for text in check.question.question.wantedTexts + picks where Self.isTelling(text) {
                if !told.contains(text), !answers.contains(where: { $0.text == text }) {
                    answers.append(Answer(text: text, check: check))
                }
            }
        }
        return answers
    }

    /// Numbers and short words stand in any sentence.
    private static func isTelling(_ text: String) -> Bool {
        text.count >= 4 && !text.allSatisfy { $0.isNumber || $0 == "." && text.count < 7 }
            && !["true", "false"].contains(text)
    }

    private func free(_ hint: YAMLNode) -> [YAMLScalar] {
        (hint.sequence ?? [hint]).compactMap { item in
            guard item.mapping != nil else { return item.scalar }
            let costs = item.value(of: "costs")?.scalar.flatMap { Double($0.text) } ?? 0
            return costs > 0 ? nil : item.value(of: "text")?.scalar
        }
    }

    private func check(_ hint: YAMLScalar, _ answers: [Answer]) {
        for answer in answers {
            guard let range = Self.range(of: answer.text, in: hint.text) else { continue }
            problems.report(
                Diagnostic(
                    "step.hint-answer", "this hint gives away what `\(answer.check.name)` looks for",
                    severity: .warning, at: hint.source.span(of: range), label: "the answer",
                    secondary: [.init(answer.check.span, "the check")],
                    help: ["let it cost something: `{ text: …, costs: 1 }`, or lead to the answer instead"]))
            return
        }
    }

    private static func texts(_ node: YAMLNode) -> [YAMLScalar] {
        switch node.content {
        case .scalar(let scalar): [scalar]
        case .sequence(let items): items.flatMap(texts)
        case .mapping(let pairs): pairs.flatMap { texts($0.value) }
        }
    }

    /// The first place where a text stands as whole words, in bytes.
    private static func range(of wanted: String, in text: String) -> Range<Int>? {
        let (wanted, text) = (Array(wanted.utf8), Array(text.utf8))
        guard wanted.count <= text.count else { return nil }
        for start in 0...(text.count - wanted.count) where text[start...].starts(with: wanted) {
            let end = start + wanted.count
            if start > 0, isWord(text[start - 1]), isWord(wanted[0]) { continue }
            if end < text.count, isWord(text[end]), isWord(wanted[wanted.count - 1]) { continue }
            return start..<end
        }
        return nil
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        byte >= 0x80 || byte == UInt8(ascii: "_") || (byte >= 0x30 && byte <= 0x39)
            || (byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z"))
    }
}
