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
    package var visibility = CheckVisibility.always
    /// What the names after `$` stand for, where they were written within a group or a `foreach`.
    package var names: [String: String] = [:]
    /// The values of those that are items of a `foreach` or parameters of a group.
    package var values: [String: Value] = [:]

    /// The question with what is known of its names.
    package func shown(_ references: [String: Value]) -> String {
        Template(text) { name in
            if let value = values[name] { return .literal(value.text) }
            let global = names[name] ?? name
            return references[global].map { .literal($0.text) }
        }.written
    }

    /// What the names after `$` in the question stand for.
    package var references: [String] { question.question.references.map { names[$0.value] ?? $0.value } }
}

/// Who is told of a check, and when. It counts all the same.
package enum CheckVisibility: String, Sendable, Hashable, CaseIterable, Codable {
    case always
    /// Not while the run goes on; in the summary and in all reports.
    case afterRun = "after-run"
    /// Only that there is one, and what it came to: neither its name nor its question nor why.
    case hidden
}
