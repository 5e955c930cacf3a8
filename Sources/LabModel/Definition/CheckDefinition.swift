import SupportDiagnostics
import SupportQuestions

/// One line of `expect` or `forbid`.
package struct CheckDefinition: Sendable {
    package enum Polarity: String, Sendable {
        case expect
        case forbid
    }

    package var name: String
    package var polarity: Polarity
    package var text: String
    /// The question's own place: where a caret within it points.
    package var span: SourceSpan
    package var question: CompiledQuestion
    package var points: Double
    /// For `forbid`: the check, as `step.check`, that must have passed for an absence to mean anything.
    package var control: String?
    /// From the key file: students do not see it.
    package var isHidden = false
    /// Where the control is named.
    package var controlSpan: SourceSpan?

    /// The names after `$` in the question.
    package var references: [String] { question.question.references.map(\.value) }
}
