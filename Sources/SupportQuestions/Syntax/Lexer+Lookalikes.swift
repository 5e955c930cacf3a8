import SupportDiagnostics

extension Lexer {
    private static let lookalikes: [Lookalike.Kind] = [.space, .quote, .relation]

    /// Refuses what only looks like a part of the language: “ ”, U+00A0, `≤`.
    func refuseLookalike(from start: Int) throws(Diagnostic) {
        guard let found = Lookalike.first(of: Self.lookalikes, in: bytes, start..<index) else { return }
        switch found.kind {
        case .space: throw Diagnostic.noBreakSpace(found, at: source.span(of: found.range))
        case .relation:
            let sign = String(decoding: bytes[found.range], as: UTF8.self)
            var result = problem(
                "question.operator", "there is no relation `\(sign)`", found.range,
                label: "write `\(found.replacement)`")
            result.fix = .init(replace: source.span(of: found.range), with: found.replacement)
            throw result
        case .quote:
            let rest = found.range.upperBound..<bytes.count
            guard let close = Lookalike.first(of: [.quote], in: bytes, rest) else {
                throw Diagnostic.smartQuote(nil, at: source.span(of: found.range))
            }
            let inner = String(decoding: bytes[found.range.upperBound..<close.range.lowerBound], as: UTF8.self)
            throw Diagnostic.smartQuote(
                inner, at: source.span(of: found.range.lowerBound..<close.range.upperBound))
        }
    }
}
