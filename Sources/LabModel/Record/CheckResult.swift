/// The verdict on one check, with both sides of it, as reports print it and `run.json` keeps it.
package struct CheckResult: Sendable, Hashable, Codable {
    /// `step.check`, stable when lines move.
    package var name: String
    package var step: String
    package var check: String
    /// `expect` or `forbid`.
    package var polarity: String
    /// The question with its references replaced by their values.
    package var question: String
    package var verdict: Verdict
    package var cause: Cause?
    package var provenance: Provenance
    package var points: Double
    package var maxPoints: Double
    /// Why, in one sentence a student understands; empty for a passed check.
    package var reason: String
    /// The same as a message, where it is one of ours.
    package var why: Reason?
    /// One line a relation of the question: what was expected of which field, and what the nearest row held.
    package var terms: [Term]
    /// How many rows of which table were looked at.
    package var table: String
    package var rows: Int
    package var file: String
    package var line: Int
    package var column: Int
    /// The check within the source, drawn with carets, for people.
    package var display: String
    /// True for a check of the key file, which students do not see; nil for all others.
    package var isHidden: Bool?
    /// When students are told of it; nil: always.
    package var visibility: CheckVisibility?
    /// False where `--only` did not ask for it: then it does not decide the exit status by being open. Nil otherwise.
    package var isSelected: Bool?

    package struct Term: Sendable, Hashable, Codable {
        package var text: String
        package var field: String
        package var found: String
        package var holds: Bool

        package init(text: String, field: String, found: String, holds: Bool) {
            self.text = text
            self.field = field
            self.found = found
            self.holds = holds
        }
    }

    package init(
        name: String, step: String, check: String, polarity: String, question: String, verdict: Verdict,
        cause: Cause? = nil, provenance: Provenance, points: Double, maxPoints: Double, reason: String,
        terms: [Term] = [], table: String, rows: Int, file: String, line: Int, column: Int, display: String,
        isHidden: Bool? = nil
    ) {
        self.name = name
        self.step = step
        self.check = check
        self.polarity = polarity
        self.question = question
        self.verdict = verdict
        self.cause = cause
        self.provenance = provenance
        self.points = points
        self.maxPoints = maxPoints
        self.reason = reason
        self.terms = terms
        self.table = table
        self.rows = rows
        self.file = file
        self.line = line
        self.column = column
        self.display = display
        self.isHidden = isHidden
    }
}
