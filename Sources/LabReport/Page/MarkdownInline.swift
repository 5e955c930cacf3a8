/// The marks within a paragraph: `code`, **strong**, *emphasis*, [links](…) and ![pictures](…).
enum MarkdownInline {
    static func html(_ text: String) -> String { html(text[...], depth: 0) }

    /// Marks nest this deep; beyond it they are text.
    private static let deepest = 4

    private static func html(_ text: Substring, depth: Int) -> String {
        var result = ""
        var plain = ""
        var rest = text
        func flush() {
            result += PageText.escaped(plain)
            plain = ""
        }
        while let first = rest.first {
            if first == "\\", let next = rest.dropFirst().first, next.isPunctuation || next.isSymbol {
                plain.append(next)
                rest = rest.dropFirst(2)
            } else if let span = span(rest) {
                flush()
                let inner =
                    depth < deepest ? html(span.content, depth: depth + 1) : PageText.escaped(String(span.content))
                switch span.kind {
                case .code: result += "<code>\(PageText.escaped(String(span.content)))</code>"
                case .strong: result += "<strong>\(inner)</strong>"
                case .emphasis: result += "<em>\(inner)</em>"
                case .link(let target):
                    let address = PageText.escaped(String(target))
                    result += inner == address ? "<code>\(address)</code>" : "\(inner) (<code>\(address)</code>)"
                case .picture: result += inner
                }
                rest = text[span.end...]
            } else {
                plain.append(first)
                rest = rest.dropFirst()
            }
        }
        flush()
        return result
    }

    private enum Kind {
        case code
        case strong
        case emphasis
        case link(Substring)
        case picture
    }

    private struct Span {
        let kind: Kind
        let content: Substring
        let end: String.Index
    }

    private static func span(_ text: Substring) -> Span? {
        switch text.first {
        case "`": delimited(text, "`", .code)
        case "*": delimited(text, "**", .strong) ?? delimited(text, "*", .emphasis)
        case "_": delimited(text, "_", .emphasis).flatMap { endsWord(text, $0.end) ? $0 : nil }
        case "[": link(text)
        case "!":
            text.dropFirst().first == "["
                ? link(text.dropFirst()).map { Span(kind: .picture, content: $0.content, end: $0.end) } : nil
        default: nil
        }
    }

    /// How far the end of a mark is looked for: the work stays linear in the length of the text.
    private static let farthest = 600

    private static func delimited(_ text: Substring, _ mark: String, _ kind: Kind) -> Span? {
        guard text.hasPrefix(mark) else { return nil }
        let content = text.dropFirst(mark.count)
        guard let first = content.first, first != " ", !content.hasPrefix(mark) else { return nil }
        var index = content.startIndex
        for _ in 0..<farthest {
            guard index < content.endIndex else { return nil }
            if content[index...].hasPrefix(mark), index > content.startIndex {
                return Span(kind: kind, content: content[..<index], end: content.index(index, offsetBy: mark.count))
            }
            index = content.index(after: index)
        }
        return nil
    }

    private static func endsWord(_ text: Substring, _ end: String.Index) -> Bool {
        end == text.endIndex || !(text[end].isLetter || text[end].isNumber)
    }

    private static func link(_ text: Substring) -> Span? {
        guard let close = text.prefix(farthest).firstIndex(of: "]") else { return nil }
        let content = text[text.index(after: text.startIndex)..<close]
        let rest = text[text.index(after: close)...]
        guard rest.first == "(", !content.isEmpty, let end = rest.prefix(farthest).firstIndex(of: ")") else {
            return nil
        }
        let target = rest[rest.index(after: rest.startIndex)..<end]
        return Span(kind: .link(target), content: content, end: rest.index(after: end))
    }
}
