import SupportDiagnostics

/// What became of one relation of a question on one row.
package struct TermOutcome: Sendable, Hashable {
    /// As the question writes it: `tcp.dstport == $port`.
    package let text: String
    package let span: SourceSpan
    /// The same with the values of its references: `tcp.dstport == 9000`.
    package let expected: String
    /// False under `not`: then the relation should not hold.
    package let wanted: Bool
    package let holds: Bool
    package let seen: [Seen]

    /// What one side of the relation was on the row.
    package struct Seen: Sendable, Hashable {
        /// A field, or a calculation with one, as written.
        package let name: String
        /// Every occurrence as Wireshark prints it, text in quotes; empty where the row has no such field.
        package let values: [String]
    }

    package var isAsWanted: Bool { holds == wanted }

    /// `found 404`, `absent`, `found 40000, 443`: for a label under the relation.
    package var found: String {
        guard let first = seen.first else { return holds ? "holds" : "does not hold" }
        let parts = seen.map { side -> String in
            let shown = side.values.prefix(5).joined(separator: ", ") + (side.values.count > 5 ? ", …" : "")
            if seen.count == 1 { return side.values.isEmpty ? "absent" : "found \(shown)" }
            return side.values.isEmpty ? "\(side.name) is absent" : "\(side.name) is \(shown)"
        }
        return first.values == ["present"] ? "present" : parts.joined(separator: ", ")
    }
}

extension BoundQuestion {
    /// Each relation of the question on a row, in the order of the text.
    package func explain(_ row: Row) -> [TermOutcome] {
        compiled.terms.map { outcome(of: $0, on: row) }
    }

    /// The row on which most of the question holds, by the parts that are joined with `and`; of equals the first.
    ///
    /// `index` counts the rows as they came. Nil where there are none.
    package func nearest(in rows: some Sequence<Row>) -> (index: Int, row: Row, outcomes: [TermOutcome])? {
        let conjuncts = program.conjuncts
        var best: (index: Int, row: Row, score: Int)?
        for (index, row) in rows.enumerated() {
            // A field that is there with another value is nearer than one that is absent.
            let holding = conjuncts.reduce(0) { $0 + (program.holds($1, row) ? 1 : 0) }
            let present = compiled.slots.reduce(0) { $0 + (row.has($1) ? 1 : 0) }
            let score = holding * (compiled.slots.count + 1) + present
            if score > best?.score ?? -1 { best = (index, row, score) }
        }
        return best.map { ($0.index, $0.row, explain($0.row)) }
    }

    private func outcome(of term: Term, on row: Row) -> TermOutcome {
        let seen = term.subjects.map { subject -> TermOutcome.Seen in
            let field = subject.slot.map { compiled.table.fields[$0] }
            let values = program.values(of: subject.value, row).prefix(6)
            return TermOutcome.Seen(
                name: text(subject.range),
                values: values.map { value in field.map { value.quoted(in: $0) } ?? value.quoted })
        }
        return TermOutcome(
            text: text(term.range), span: compiled.question.source.span(of: term.range), expected: expected(term),
            wanted: term.wanted, holds: program.holds(term.test, row), seen: seen)
    }

    private func expected(_ term: Term) -> String {
        var result = ""
        var place = term.range.lowerBound
        for reference in term.references.sorted(by: { $0.range.lowerBound < $1.range.lowerBound }) {
            guard reference.range.lowerBound >= place else { continue }
            let values = program.constants[reference.constants].prefix(5).map(\.text)
            result += text(place..<reference.range.lowerBound)
            result += values.count == 1 ? values[0] : "{" + values.joined(separator: ", ") + "}"
            place = reference.range.upperBound
        }
        return result + text(place..<term.range.upperBound)
    }

    private func text(_ range: Range<Int>) -> String {
        String(decoding: compiled.question.text.utf8.dropFirst(range.lowerBound).prefix(range.count), as: UTF8.self)
    }
}

extension Program {
    /// The tests that are joined with `and` at the top.
    fileprivate var conjuncts: [Int] {
        var result: [Int] = []
        var open = [root]
        while let index = open.popLast() {
            if case .and(let left, let right) = tests[index] {
                open += [right, left]
            } else {
                result.append(index)
            }
        }
        return result
    }
}
