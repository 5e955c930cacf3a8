import LabModel
import SupportQuestions

/// Both sides of a question that no row answered.
enum Terms {
    /// The terms of the question on the row that comes nearest to it.
    static func nearest(_ question: BoundQuestion, _ rows: [Row]) -> [CheckResult.Term] {
        guard let nearest = question.nearest(in: rows) else { return [] }
        return nearest.outcomes.map { outcome in
            CheckResult.Term(
                text: outcome.expected, field: outcome.seen.map(\.name).joined(separator: ", "), found: outcome.found,
                holds: outcome.isAsWanted)
        }
    }
}
