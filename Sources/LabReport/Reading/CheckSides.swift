internal import LabModel

/// Both sides of a check, a label and a text each: what the lab says, and what the evidence held.
struct CheckSides: Sendable, Hashable {
    struct Side: Sendable, Hashable {
        let label: String
        let text: String
        /// The relation came out as the lab wants it.
        let isFine: Bool
    }

    let rows: [Side]
    /// `the nearest of 31 rows of frame`, or what was looked at in vain; empty where no table was.
    let looked: String

    init(_ check: CheckResult, _ words: Words) {
        let forbids = check.polarity == "forbid"
        let wanted = words(forbids ? .forbidden : .expected)
        var rows: [Side] = []
        for term in check.terms {
            let fine = term.holds != forbids
            if fine, check.verdict != .passed, !forbids {
                rows.append(Side(label: words(.holds), text: term.text, isFine: true))
                continue
            }
            let found = Found(term.found).value
            rows.append(Side(label: wanted, text: term.text, isFine: fine))
            rows.append(Side(label: words(.found), text: found.isEmpty ? words(.nothing) : found, isFine: fine))
        }
        if rows.isEmpty, !check.question.isEmpty {
            rows.append(Side(label: wanted, text: check.question, isFine: false))
        }
        self.rows = rows
        looked = check.table.isEmpty ? "" : words(Self.looked(check, forbids: forbids))
    }

    private static func looked(_ check: CheckResult, forbids: Bool) -> Sentence {
        if check.rows <= 0 { return .noRows(table: check.table) }
        if check.rows == 1 { return .oneRow(table: check.table) }
        return check.verdict == .failed && !check.terms.isEmpty && !forbids
            ? .rowsNearest(check.rows, table: check.table) : .rows(check.rows, table: check.table)
    }
}
