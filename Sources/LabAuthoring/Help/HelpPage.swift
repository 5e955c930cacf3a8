/// A page of help as blocks, made once and written for the terminal or as Markdown.
package struct HelpPage: Sendable {
    package enum Block: Sendable {
        case heading(String)
        /// Markdown paragraphs, separated by empty lines.
        case text(String)
        /// Things of one sort with what they are.
        case entries([Entry])
        case list([String])
        case code(String, language: String)
    }

    package struct Entry: Sendable {
        package let name: String
        /// Its type, default and the like; empty where there is nothing to say.
        package let detail: String
        package let text: String

        package init(_ name: String, _ detail: String, _ text: String) {
            self.name = name
            self.detail = detail
            self.text = text
        }
    }

    /// What `lab explain` finds it by.
    package let name: String
    /// One sentence, lower case, without a full stop.
    package let summary: String
    package let blocks: [Block]

    package init(_ name: String, _ summary: String, _ blocks: [Block]) {
        self.name = name
        self.summary = summary
        self.blocks = blocks
    }
}

extension HelpPage {
    /// The page for a terminal, no line wider than `columns` but where a word or an example is.
    package func text(columns: Int = 80) -> String {
        var lines = Self.wrap("\(name): \(summary)", columns, indent: "  ").dropFirstIndent
        var previous: Block?
        for block in blocks {
            defer { previous = block }
            switch block {
            case .heading(let heading): lines += ["", heading]
            case .text(let text):
                lines.append("")
                lines += Self.paragraphs(text).map { Self.wrap($0, columns, indent: "  ") }.joined(separator: [""])
            case .entries(let entries):
                if case .text? = previous { lines.append("") }
                for entry in entries {
                    lines += Self.wrap(
                        entry.name + (entry.detail.isEmpty ? "" : ": \(entry.detail)"), columns, indent: "    "
                    ).dropFirstIndent.enumerated().map { $0.offset == 0 ? "  " + $0.element : $0.element }
                    if !entry.text.isEmpty { lines += Self.wrap(entry.text, columns, indent: "      ") }
                }
            case .list(let items):
                for item in items {
                    let wrapped = Self.wrap(item, columns, indent: "    ")
                    lines += wrapped.enumerated().map { $0.offset == 0 ? "  - " + $0.element.dropFirst(4) : $0.element }
                }
            case .code(let code, _):
                lines.append("")
                lines += code.lines.map { $0.isEmpty ? "" : "    " + $0 }
            }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// The page as Markdown; headings are of the given level and one below.
    package func markdown(title: String, level: Int = 1) -> String {
        let mark = String(repeating: "#", count: level)
        let parts = ["\(mark) \(title)", summary.capitalizedFirst + "."] + self.parts(level: level)
        return parts.joined(separator: "\n\n") + "\n"
    }

    /// The blocks as Markdown; headings are one below the level.
    func parts(level: Int) -> [String] {
        let mark = String(repeating: "#", count: level)
        var parts: [String] = []
        for block in blocks {
            switch block {
            case .heading(let heading): parts.append("\(mark)# \(heading)")
            case .text(let text): parts.append(Self.paragraphs(text).map(Self.filled).joined(separator: "\n\n"))
            case .entries(let entries):
                let rows = entries.map {
                    "| `\($0.name)` | \(Self.cell($0.detail)) | \(Self.cell($0.text)) |"
                }
                parts.append((["| name | holds | what it is |", "| --- | --- | --- |"] + rows).joined(separator: "\n"))
            case .list(let items):
                parts.append(items.map { Self.wrap($0, 120, indent: "  ").asItem }.joined(separator: "\n"))
            case .code(let code, let language):
                parts.append("```\(language)\n\(code.lines.joined(separator: "\n"))\n```")
            }
        }
        return parts
    }

    private static func filled(_ paragraph: String) -> String {
        wrap(paragraph, 120, indent: "").joined(separator: "\n")
    }

    /// Text within a table: one line, its bars escaped.
    private static func cell(_ text: String) -> String {
        text.replacing("\n", with: " ").replacing("|", with: "\\|")
    }

    /// Paragraphs with their own line breaks taken out.
    private static func paragraphs(_ text: String) -> [String] {
        var paragraphs: [[String]] = [[]]
        for line in text.lines {
            if line.isEmpty { paragraphs.append([]) } else { paragraphs[paragraphs.count - 1].append(line) }
        }
        return paragraphs.filter { !$0.isEmpty }.map { $0.joined(separator: " ") }
    }

    /// Breaks a paragraph between words.
    static func wrap(_ text: String, _ columns: Int, indent: String) -> [String] {
        var lines: [String] = []
        var line = indent
        for word in text.split(whereSeparator: \.isWhitespace) {
            if line.count > indent.count, line.count + 1 + word.count > columns {
                lines.append(line)
                line = indent
            }
            if line.count > indent.count { line += " " }
            line += word
        }
        return lines + [line]
    }
}

extension [String] {
    /// Wrapped lines without the indent of the first.
    fileprivate var dropFirstIndent: [String] {
        guard let first else { return [] }
        return [String(first.drop { $0 == " " })] + dropFirst()
    }

    /// Lines that were wrapped with an indent of two, as one item of a list.
    fileprivate var asItem: String {
        guard let first else { return "" }
        return (["- " + first.dropFirst(2)] + dropFirst()).joined(separator: "\n")
    }
}

extension String {
    /// The lines without the empty one that a final line break begins.
    var lines: [String] {
        var lines = split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        if lines.last == "" { lines.removeLast() }
        return lines
    }

    var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
