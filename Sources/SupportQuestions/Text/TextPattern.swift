import SupportDiagnostics

/// A regular expression outside a question: the same language as `matches`, with the same limits on the work.
package struct TextPattern: Sendable {
    package let text: String
    private let pattern: Pattern

    /// - Throws: what is wrong with the expression, at the exact place in the file.
    package init(_ source: SourceText) throws(Diagnostic) {
        text = source.text
        do {
            pattern = try Pattern(Array(source.text.utf8))
        } catch {
            let end = source.text.utf8.count
            let offset = min(error.offset, end)
            throw Diagnostic(
                "question.pattern", "not a regular expression: \(error.message)",
                at: source.span(of: offset..<min(offset + 1, max(end, offset))))
        }
    }

    /// Whether the expression is found anywhere in the text, without regard to case.
    package func isFound(in subject: String) -> Bool { pattern.matches(Array(subject.utf8)) }
}
