/// The Markdown that explanations are written in, as HTML: paragraphs, lists, fenced and inline code, emphasis. Links
/// and pictures become their text; markup within the text stays text. All of it is safe to insert as it is, for every
/// piece of text is escaped here and every tag is written here.
package enum Markdown {
    package static func html(_ source: String) -> String {
        var result = ""
        for block in blocks(source) {
            switch block {
            case .paragraph(let text): result += "<p>\(MarkdownInline.html(text))</p>\n"
            case .heading(let text): result += "<p><strong>\(MarkdownInline.html(text))</strong></p>\n"
            case .code(let lines):
                result += "<pre><code>\(lines.map(PageText.escaped).joined(separator: "\n"))</code></pre>\n"
            case .list(let ordered, let items):
                let tag = ordered ? "ol" : "ul"
                result += "<\(tag)>\(items.map { "<li>\(MarkdownInline.html($0))</li>" }.joined())</\(tag)>\n"
            }
        }
        return result
    }

    private enum Block {
        case paragraph(String)
        case heading(String)
        case code([String])
        case list(ordered: Bool, items: [String])
    }

    private static func blocks(_ source: String) -> [Block] {
        var blocks: [Block] = []
        var paragraph: [String] = []
        var list: (ordered: Bool, items: [String])?
        var code: [String]?
        func flush() {
            if !paragraph.isEmpty { blocks.append(.paragraph(paragraph.joined(separator: " "))) }
            if let list { blocks.append(.list(ordered: list.ordered, items: list.items)) }
            paragraph = []
            list = nil
        }
        for line in source.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
            let text = line.drop { $0 == " " || $0 == "\t" }
            if text.hasPrefix("```") {
                if let lines = code {
                    blocks.append(.code(lines))
                    code = nil
                } else {
                    flush()
                    code = []
                }
            } else if code != nil {
                code?.append(String(line))
            } else if text.isEmpty {
                flush()
            } else if let heading = headingText(text) {
                flush()
                blocks.append(.heading(heading))
            } else if let item = listItem(text) {
                if !paragraph.isEmpty || list.map({ $0.ordered != item.ordered }) ?? false { flush() }
                list = (item.ordered, (list?.items ?? []) + [item.text])
            } else if var open = list, line.first == " " || line.first == "\t", let last = open.items.last {
                open.items[open.items.count - 1] = last + " " + text
                list = open
            } else {
                if list != nil { flush() }
                paragraph.append(String(text))
            }
        }
        if let code { blocks.append(.code(code)) }
        flush()
        return blocks
    }

    private static func headingText(_ line: Substring) -> String? {
        let hashes = line.prefix { $0 == "#" }
        let rest = line[hashes.endIndex...]
        return (1...6).contains(hashes.count) && rest.hasPrefix(" ") ? String(rest.drop { $0 == " " }) : nil
    }

    private static func listItem(_ line: Substring) -> (ordered: Bool, text: String)? {
        if let first = line.first, "-*+".contains(first), line.dropFirst().hasPrefix(" ") {
            return (false, String(line.dropFirst(2)))
        }
        let digits = line.prefix { ("0"..."9").contains($0) }
        let rest = line[digits.endIndex...]
        guard !digits.isEmpty, digits.count < 6, rest.hasPrefix(". ") || rest.hasPrefix(") ") else { return nil }
        return (true, String(rest.dropFirst(2)))
    }
}
