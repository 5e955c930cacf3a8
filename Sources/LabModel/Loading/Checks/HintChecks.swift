import SupportDiagnostics
import SupportQuestions
import SupportYAML

/// Hints that say what the checks look for. A hint that costs something may: that is what it is for.
struct HintChecks {
    let places: StepPlaces
    let problems: Problems

    func verify(_ steps: [StepDefinition]) {
        // A group that is used twice has its hints once.
        var told: Set<SourceSpan> = []
        for step in steps where !step.hints.isEmpty && !step.checks.isEmpty {
            guard let node = places.node(of: step), let hint = node.value(of: "hint") else { continue }
            let texts = free(hint).filter { !told.contains($0.span) }
            guard !texts.isEmpty else { continue }
            let wanted = wanted(of: step)
            for text in texts {
                guard let (range, check) = answer(in: text.text, among: wanted, of: step, node) else { continue }
                told.insert(text.span)
                report(step.checks[check], text.source.span(of: range))
            }
        }
    }

    private struct Wanted {
        let text: String
        /// Its place among the checks of the step.
        let check: Int
    }

    /// What the checks want to see.
    private func wanted(of step: StepDefinition) -> [Wanted] {
        var result: [Wanted] = []
        for index in step.checks.indices where step.checks[index].polarity == .expect {
            let picks = step.checks[index].references.map { "$" + $0 }
            for text in step.checks[index].question.question.wantedTexts + picks where Self.isTelling(text) {
                if !result.contains(where: { $0.text == text }) { result.append(Wanted(text: text, check: index)) }
            }
        }
        return result
    }

    /// The first that stands in the hint and that the rest of the step does not tell.
    private func answer(
        in hint: String, among wanted: [Wanted], of step: StepDefinition, _ node: YAMLNode
    ) -> (range: Range<Int>, check: Int)? {
        for answer in wanted {
            guard let range = Self.range(of: answer.text, in: hint) else { continue }
            let isTold = ["title", "task", "explain", "by-hand", step.kind].contains { key in
                Self.texts(node.value(of: key)).contains { $0.text.contains(answer.text) }
            }
            if !isTold { return (range, answer.check) }
        }
        return nil
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

    /// Whether something was told.
    private func report(_ check: CheckDefinition, _ place: SourceSpan) {
        problems.report(
            Diagnostic(
                "step.hint-answer", "this hint gives away what `\(check.name)` looks for", severity: .warning,
                at: place, label: "the answer", secondary: [.init(check.span, "the check")],
                help: ["let it cost something: `{ text: …, costs: 1 }`, or lead to the answer instead"]))
    }

    private static func texts(_ node: YAMLNode?) -> [YAMLScalar] {
        switch node?.content {
        case nil: []
        case .scalar(let scalar): [scalar]
        case .sequence(let items): items.flatMap { texts($0) }
        case .mapping(let pairs): pairs.flatMap { texts($0.value) }
        }
    }

    /// The first place where a text stands as whole words, in bytes.
    private static func range(of wanted: String, in text: String) -> Range<Int>? {
        let (wanted, text) = (Array(wanted.utf8), Array(text.utf8))
        guard let first = wanted.first, wanted.count <= text.count else { return nil }
        for start in 0...(text.count - wanted.count)
        where text[start] == first && text[start...].starts(with: wanted) {
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
