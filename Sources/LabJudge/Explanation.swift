import LabModel
import LabSteps
import SupportDiagnostics
import SupportQuestions

/// What a student reads about a check that did not pass.
enum Explanation {
    /// Why nothing fitted: what the step itself says went wrong comes first.
    static func ofAbsence(
        _ check: CheckDefinition, rows: [Row], terms: [CheckResult.Term], derived: Derived?, failure: StepFailure?
    ) -> String {
        if let failure { return failure.message }
        if let words = derived?.explanations, !words.isEmpty {
            return words.indices.filter { !words[..<$0].contains(words[$0]) }.map { words[$0] }.joined(separator: "; ")
        }
        if rows.isEmpty {
            return "no \(check.question.table.name) was seen: \(check.question.table.summary)"
        }
        if let missed = terms.first(where: { !$0.holds }) {
            return "`\(missed.text)` does not hold: \(missed.found)"
        }
        return "of \(rows.count) rows none fits"
    }

    /// The question in its file with carets and what was found, drawn as every other problem.
    static func display(_ problem: Diagnostic) -> String { DiagnosticText(color: false, columns: 100).render(problem) }
}
