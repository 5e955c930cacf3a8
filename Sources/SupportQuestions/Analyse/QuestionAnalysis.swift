import SupportDiagnostics

/// What can be said of a question before there is any row. Sound: where nothing is said, rows decide.
package struct QuestionAnalysis: Sendable {
    package let compiled: CompiledQuestion
    private let holding: [[SignedAtom]]?
    private let failing: [[SignedAtom]]?
    private let rules: Satisfiability
    /// Each relation that is a set of a field's values.
    let sets: [(term: Term, slot: Int, set: ValueSet)]

    package init(_ compiled: CompiledQuestion) {
        self.compiled = compiled
        let form = NormalForm(compiled)
        holding = form.ways()
        failing = form.ways(holding: false)
        rules = Satisfiability(table: compiled.table)
        sets = compiled.terms.compactMap { term in
            guard let atom = form.atoms[term.test] else { return nil }
            switch atom {
            case .some(let slot, let set), .every(let slot, let set): return (term, slot, set)
            case .present, .opaque: return nil
            }
        }
    }

    /// Where the reason lies that no row can satisfy the question; nil where one may.
    package var impossibility: QuestionFinding? {
        guard let holding else { return nil }
        var first: (SignedAtom, SignedAtom)?
        for way in holding {
            guard let conflict = rules.conflict(way) else { return nil }
            first = first ?? conflict
        }
        return first.map { finding($0.0, $0.1) }
    }

    /// Whether every row of the table satisfies the question.
    package var isCertain: Bool {
        failing?.allSatisfy { rules.isImpossible($0) } ?? false
    }

    /// Whether every row that satisfies this question satisfies the other.
    package func implies(_ other: QuestionAnalysis) -> Bool {
        guard compiled.table.name == other.compiled.table.name, let holding, let against = other.failing,
            let both = NormalForm.both(holding, against)
        else { return false }
        return both.allSatisfy { rules.isImpossible($0) }
    }

    /// Whether the question is the name of a field that every row has: it asks whether anything was recorded.
    package var asksForAnyRow: Bool {
        if case .present = compiled.program.tests[compiled.program.root] { isCertain } else { false }
    }

    private func finding(_ first: SignedAtom, _ second: SignedAtom) -> QuestionFinding {
        let last = span(second)
        guard first != second else {
            let field = field(second)
            return QuestionFinding(
                span: last, text: field.map { "\($0.valuesText)" } ?? "this never holds", other: nil)
        }
        let name = field(second).map { "of `\($0.name)` " } ?? ""
        return QuestionFinding(
            span: last, text: "asks something else \(name)than the other", other: span(first))
    }

    private func span(_ atom: SignedAtom) -> SourceSpan {
        let term = compiled.terms.first { $0.test == atom.test }
        return compiled.question.source.span(of: term?.range ?? compiled.question.root.range)
    }

    private func field(_ atom: SignedAtom) -> Field? {
        switch atom.atom {
        case .present(let slot), .some(let slot, _), .every(let slot, _): compiled.table.fields[slot]
        case .opaque: nil
        }
    }
}

/// The places in a question on which a verdict rests.
package struct QuestionFinding: Sendable, Hashable {
    package let span: SourceSpan
    package let text: String
    /// The other of two relations that exclude each other.
    package let other: SourceSpan?
}

extension Field {
    /// What its values are, for a label: `` `ip.ttl` is at most 255 ``.
    package var valuesText: String {
        if !choices.isEmpty { return "`\(name)` is " + choices.map { "`\($0)`" }.joined(separator: " or ") }
        if let range { return "`\(name)` is from \(range.lowerBound) to \(range.upperBound)" }
        switch type {
        case .unsigned where bits < 64: return "`\(name)` is from 0 to \((UInt64(1) << UInt64(max(1, bits))) - 1)"
        case .unsigned: return "`\(name)` is never less than 0"
        default: return "`\(name)` has no such value"
        }
    }
}
