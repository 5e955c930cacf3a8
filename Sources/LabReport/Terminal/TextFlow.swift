import SupportDiagnostics

/// Breaks text into lines of so many columns: between words where it can, within a word where it must.
enum TextFlow {
    /// - Parameter limit: the most lines; what is left over is told as a number of characters.
    static func wrap(_ text: String, columns: Int, limit: Int = 12) -> [String] {
        let columns = max(8, columns)
        var result: [String] = []
        var cut = Visible.text(clipped(text, to: columns * (limit + 1)))[...]
        while !cut.isEmpty {
            if result.count == limit {
                result[limit - 1] = clip(result[limit - 1], columns: columns - 1) + "…"
                break
            }
            let (line, rest) = firstLine(of: cut, columns: columns)
            result.append(line)
            cut = rest
        }
        return result
    }

    /// The text in at most so many columns, with `…` at its end where something is missing.
    static func clip(_ text: String, columns: Int) -> String {
        let visible = Visible.text(clipped(text, to: columns + 1))
        guard Visible.columns(visible) > columns else { return visible }
        guard columns > 0 else { return "" }
        return String(visible[..<end(of: visible[...], columns: columns - 1)]) + "…"
    }

    /// A bound on the work done for text of any length: more scalars than columns never show, beside marks of no width.
    private static func clipped(_ text: String, to scalars: Int) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.prefix(max(0, scalars) * 2)))
    }

    private static func firstLine(of text: Substring, columns: Int) -> (line: String, rest: Substring) {
        let limit = end(of: text, columns: columns)
        if limit == text.endIndex { return (String(text), "") }
        if let space = text[..<limit].lastIndex(of: " "), space > text.startIndex, text[limit] != " " {
            return (String(text[..<space]).trimmingEnd(" "), text[space...].drop { $0 == " " })
        }
        return (String(text[..<limit]).trimmingEnd(" "), text[limit...].drop { $0 == " " })
    }

    /// The index of the first character that does not fit; at least one character fits.
    private static func end(of text: Substring, columns: Int) -> String.Index {
        var used = 0
        var index = text.startIndex
        while index < text.endIndex {
            used += Visible.columns(String(text[index]))
            if used > columns, index > text.startIndex { return index }
            index = text.index(after: index)
        }
        return index
    }
}
