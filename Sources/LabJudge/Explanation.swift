import LabModel
import LabSteps
import SupportDiagnostics
import SupportQuestions

/// What a student reads about a check that did not pass.
enum Explanation {
    /// Why nothing fitted: what the step itself says went wrong comes first.
    static func ofAbsence(
        _ check: CheckDefinition, rows: [Row], derived: Derived?, failure: StepFailure?, into result: inout CheckResult
    ) {
        if let failure {
            result.reason = failure.message
        } else if let words = derived?.explanations, !words.isEmpty {
            result.reason = words.indices.filter { !words[..<$0].contains(words[$0]) }.map { words[$0] }
                .joined(separator: "; ")
        } else if rows.isEmpty {
            result.explain(.nothingSeen(table: check.question.table.name, summary: check.question.table.summary))
        } else if let missed = result.terms.first(where: { !$0.holds }) {
            result.explain(.doesNotHold(relation: missed.text, found: missed.found))
        } else {
            result.explain(.noneFits(rows: rows.count))
        }
    }

    /// The question in its file with carets and what was found, drawn as every other problem.
    static func display(_ problem: Diagnostic) -> String { DiagnosticText(color: false, columns: 100).render(problem) }
}
