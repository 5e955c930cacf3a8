import SupportDiagnostics

/// Checks that came out wrong, told like every other problem: the line of the lab file, carets, what was found.
extension BoundQuestion {
    /// Why an expectation failed on these rows: the row that came nearest, and under each relation that does not hold
    /// what was found instead.
    ///
    /// - Parameter place: what to call the row with an index: `"frame 7"`; nil for "row 8 of 12".
    package func failure(
        of rows: [Row], code: String = "check.failed", place: (Int) -> String? = { _ in nil }
    ) -> Diagnostic {
        let source = compiled.question.source
        let table = compiled.table
        guard let nearest = nearest(in: rows) else {
            return Diagnostic(
                code, "nothing was recorded that could answer this", at: source.span(of: compiled.question.root.range),
                label: "no \(table.name) was recorded")
        }
        let wrong = nearest.outcomes.filter { !$0.isAsWanted }
        var result = Diagnostic(code, message(rows, table), at: wrong.first?.span ?? source.span)
        if let first = wrong.first { result.primary = .init(first.span, label(first, rows)) }
        result.secondary = wrong.dropFirst().map { .init($0.span, label($0, rows)) }
        if rows.count > 1 {
            let name = place(nearest.index) ?? "row \(nearest.index + 1) of \(rows.count)"
            result.notes.append("nearest was \(name)")
        }
        result.notes += wrong.filter { $0.expected != $0.text }.map { "expected `\($0.expected)`" }
        return result
    }

    /// Why something forbidden counts as seen: the relations with what was found on the row that holds.
    package func violation(
        on row: Row, code: String = "check.forbidden", place: String? = nil
    ) -> Diagnostic {
        let outcomes = explain(row).filter(\.isAsWanted)
        let name = place ?? "a \(compiled.table.name)"
        var result = Diagnostic(code, "this must not be seen, but \(name) shows it", at: compiled.question.source.span)
        if let first = outcomes.first { result.primary = .init(first.span, first.found) }
        result.secondary = outcomes.dropFirst().map { .init($0.span, $0.found) }
        result.notes = outcomes.filter { $0.expected != $0.text }.map { "that is `\($0.expected)`" }
        return result
    }

    private func message(_ rows: [Row], _ table: Table) -> String {
        switch rows.count {
        case 1: "the \(table.name) is not as expected"
        default: "none of \(rows.count) rows of `\(table.name)` is as expected"
        }
    }

    /// What was found, and where the field is absent whether any row has it.
    private func label(_ outcome: TermOutcome, _ rows: [Row]) -> String {
        guard rows.count > 1, outcome.seen.count == 1, outcome.seen[0].values.isEmpty,
            let slot = compiled.table.slot(of: outcome.seen[0].name)
        else { return outcome.found }
        let count = rows.reduce(0) { $0 + ($1.has(slot) ? 1 : 0) }
        return count == 0 ? "absent on every row" : "absent here, found on \(count) other row\(count == 1 ? "" : "s")"
    }
}
