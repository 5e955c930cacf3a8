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

    private static func found(_ term: CheckResult.Term) -> String {
        if term.found.isEmpty || term.found == "absent" { return "nothing" }
        return term.found.hasPrefix("found ") ? String(term.found.dropFirst(6)) : term.found
    }

    init(_ check: CheckResult) {
        let forbids = check.polarity == "forbid"
        var rows: [Side] = []
        for term in check.terms {
            let fine = term.holds != forbids
            if fine, check.verdict != .passed, !forbids {
                rows.append(Side(label: "holds", text: term.text, isFine: true))
                continue
            }
            rows.append(Side(label: forbids ? "forbidden" : "expected", text: term.text, isFine: fine))
            rows.append(Side(label: "found", text: Self.found(term), isFine: fine))
        }
        if rows.isEmpty, !check.question.isEmpty {
            rows.append(Side(label: forbids ? "forbidden" : "expected", text: check.question, isFine: false))
        }
        self.rows = rows
        if check.table.isEmpty {
            looked = ""
        } else if check.rows <= 0 {
            looked = "there was no \(check.table) to look at"
        } else if check.rows == 1 {
            looked = "looked at the one \(check.table) there was"
        } else {
            let nearest = check.verdict == .failed && !check.terms.isEmpty && !forbids ? "; this is the nearest" : ""
            looked = "looked at \(check.rows) rows of \(check.table)\(nearest)"
        }
    }
}
