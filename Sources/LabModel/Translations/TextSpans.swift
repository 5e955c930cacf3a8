import SupportDiagnostics
import SupportYAML

/// Where the texts of a step are written.
package struct TextSpans: Sendable {
    /// A few for each of many steps: a dictionary would take twice the room.
    private let spans: [(part: LabText.Part, span: SourceSpan)]

    init() { spans = [] }

    init(_ step: YAMLNode, _ schema: StepSchema) {
        func part(_ part: LabText.Part, _ node: YAMLNode?) -> (LabText.Part, SourceSpan)? {
            node.map { (part, $0.span) }
        }
        let asked = schema.askedNodes(step)
        let hint = step.value(of: "hint")
        let hints = hint.map { $0.sequence ?? [$0] } ?? []
        let single = [
            part(.title, step.value(of: "title")), part(.task, step.value(of: "task")),
            part(.explain, step.value(of: "explain")), part(.question, asked.question),
        ]
        spans =
            single.compactMap { $0 }
            + (step.value(of: "by-hand")?.mapping ?? []).map { (.byHand($0.key.text), $0.value.span) }
            + asked.options.enumerated().map { (.option($0), $1.span) }
            + hints.enumerated().map { (.hint($0), ($1.value(of: "text") ?? $1).span) }
    }

    package subscript(part: LabText.Part) -> SourceSpan? { spans.first { $0.part == part }?.span }
}
