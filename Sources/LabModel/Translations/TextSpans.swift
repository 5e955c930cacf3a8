import SupportDiagnostics
import SupportYAML

/// Where the texts of a step are written.
enum TextSpans {
    static func of(_ step: YAMLNode, _ schema: StepSchema) -> [LabText.Part: SourceSpan] {
        var spans: [LabText.Part: SourceSpan] = [:]
        spans[.title] = step.value(of: "title")?.span
        spans[.task] = step.value(of: "task")?.span
        spans[.explain] = step.value(of: "explain")?.span
        for pair in step.value(of: "by-hand")?.mapping ?? [] { spans[.byHand(pair.key.text)] = pair.value.span }
        let asked = schema.askedNodes(step)
        spans[.question] = asked.question?.span
        for (index, option) in asked.options.enumerated() { spans[.option(index)] = option.span }
        guard let hint = step.value(of: "hint") else { return spans }
        for (index, item) in (hint.sequence ?? [hint]).enumerated() {
            spans[.hint(index)] = (item.value(of: "text") ?? item).span
        }
        return spans
    }
}
