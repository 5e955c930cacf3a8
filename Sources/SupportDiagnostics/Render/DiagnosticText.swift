/// Diagnostics as people read them, in the manner of rustc: the place, the line, carets under what is meant, then notes
/// and help.
package struct DiagnosticText: Sendable {
    package var color: Bool
    /// Lines of source longer than this are clipped around the caret.
    package var columns: Int

    package init(color: Bool = false, columns: Int = 120) {
        self.color = color
        self.columns = max(40, columns)
    }

    /// All of them, an empty line between two, each ending with a line break.
    package func render(_ diagnostics: some Sequence<Diagnostic>) -> String {
        diagnostics.map(render).joined(separator: "\n")
    }

    package func render(_ diagnostic: Diagnostic) -> String {
        let style = Style(color: color)
        let severity = Style.of(diagnostic.severity)
        var result = style.paint("\(diagnostic.severity.rawValue)[\(Visible.text(diagnostic.code))]", severity)
        result += style.paint(": " + Self.shown(diagnostic.message), .bold) + "\n"
        let snippet = SnippetText(diagnostic, style: style, columns: columns)
        result += snippet.text
        let margin = String(repeating: " ", count: snippet.marginWidth)
        let remarks =
            diagnostic.notes.map { ("note", $0) } + diagnostic.help.map { ("help", $0) } + fixRemark(diagnostic)
        if !snippet.text.isEmpty, !remarks.isEmpty { result += margin + " " + style.paint("|", .margin) + "\n" }
        for (kind, text) in remarks {
            result += "\(margin) \(style.paint("=", .margin)) \(style.paint(kind + ":", .bold)) \(Self.shown(text))\n"
        }
        return result
    }

    /// Visible, and no longer than anybody reads: names in it may come from a hostile file.
    static func shown(_ text: String) -> String {
        let longest = 800
        return Visible.text(
            text.unicodeScalars.count > longest ? String(text.unicodeScalars.prefix(longest)) + "…" : text)
    }

    private func fixRemark(_ diagnostic: Diagnostic) -> [(String, String)] {
        guard let fix = diagnostic.fix, diagnostic.help.isEmpty, diagnostic.primary?.text.isEmpty ?? true else {
            return []
        }
        if fix.replacement.isEmpty { return [("help", "remove `\(fix.span.text)`")] }
        return [("help", fix.span.range.isEmpty ? "write `\(fix.replacement)` here" : "write `\(fix.replacement)`")]
    }
}

/// The colours of a terminal, or none.
struct Style: Sendable {
    enum Role: String { case bold = "1", red = "1;31", yellow = "1;33", blue = "1;34", cyan = "1;36" }

    let color: Bool

    static func of(_ severity: Diagnostic.Severity) -> Role {
        switch severity {
        case .error: .red
        case .warning: .yellow
        case .note: .cyan
        }
    }

    func paint(_ text: String, _ role: Role) -> String {
        color && !text.isEmpty ? "\u{1B}[\(role.rawValue)m\(text)\u{1B}[0m" : text
    }
}

extension Style.Role {
    static var margin: Style.Role { .blue }
}
