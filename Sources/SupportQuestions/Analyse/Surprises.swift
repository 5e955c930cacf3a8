import SupportDiagnostics

extension QuestionAnalysis {
    /// Relations that no value the field can have satisfies, or that every one does.
    package var outsideDomain: [QuestionFinding] {
        sets.compactMap { term, slot, set in
            let field = compiled.table.fields[slot]
            guard let inside = compiled.table.domains[slot].intersection(set), inside.isEmpty, !set.isEmpty else {
                return nil
            }
            return QuestionFinding(span: span(of: term), text: field.valuesText, other: nil)
        }
    }

    /// What is right, and in Wireshark the same, but seldom what was meant.
    package var surprises: [Diagnostic] {
        guard compiled.language == .expect else { return [] }
        return tunnels + pairs + empty
    }

    /// Relations that hold whatever the field's value is: they ask for its presence alone.
    private var empty: [Diagnostic] {
        sets.compactMap { term, slot, set in
            let field = compiled.table.fields[slot]
            guard let left = compiled.table.domains[slot].intersection(set.complement), left.isEmpty else { return nil }
            return Diagnostic(
                "question.any-value", "this holds for every value: it asks only whether `\(field.name)` is there",
                severity: .warning, at: span(of: term), label: field.valuesText,
                help: ["write `\(field.name)` alone, or the value that is meant"])
        }
    }

    /// `http` matches what runs in a CONNECT tunnel too, and without keys there is nothing of HTTP to see in it.
    private var tunnels: [Diagnostic] {
        let names = compiled.slots.map { compiled.table.fields[$0].name }
        guard !names.contains(where: { $0.hasPrefix("http.") || $0.hasPrefix("http2.") }) else { return [] }
        return compiled.terms.compactMap { term in
            guard term.wanted, case .present(let slot) = compiled.program.tests[term.test],
                compiled.table.fields[slot].name == "http"
            else { return nil }
            return Diagnostic(
                "question.tunnel", "`http` also matches the frames of a CONNECT tunnel, though nothing of HTTP is seen",
                severity: .warning, at: span(of: term), label: "a capture without keys is enough for this",
                help: ["ask for what shows it, such as `http.response.code == 200` or `http.request.method == \"GET\"`"]
            )
        }
    }

    private static let pairs: Set<String> = ["ip.addr", "ipv6.addr", "eth.addr", "tcp.port", "udp.port"]

    /// Of two different ends one is always another.
    private var pairs: [Diagnostic] {
        compiled.terms.compactMap { term in
            guard term.wanted, case .fieldIs(.notEqual, all: false, let slot, _) = compiled.program.tests[term.test],
                Self.pairs.contains(compiled.table.fields[slot].name)
            else { return nil }
            let name = compiled.table.fields[slot].name
            return Diagnostic(
                "question.any-differs", "this holds where one of two differs, as it nearly always does",
                severity: .warning, at: span(of: term), label: "a packet has two `\(name)`",
                help: ["`!=` holds where both differ"])
        }
    }

    private func span(of term: Term) -> SourceSpan { compiled.question.source.span(of: term.range) }
}
