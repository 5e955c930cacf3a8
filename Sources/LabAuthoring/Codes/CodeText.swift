import SupportDiagnostics

/// Explanations of codes as a terminal and as programs read them.
package enum CodeText {
    package static func render(_ entry: CodeExplanation) -> String {
        var text = "\(entry.code): \(entry.title)\n"
        for (heading, body) in [
            ("What it means", entry.meaning), ("Why it matters", entry.reason), ("What to do", entry.advice),
        ] { text += "\n\(heading)\n" + wrapped(body) }
        if case .gallery(let file) = entry.example {
            text += "\nExample\n  Fixtures/Labs/broken/\(file), in the sources of lab\n"
        }
        return text
    }

    /// One line for each code, the codes lined up.
    package static func list(_ entries: [CodeExplanation]) -> String {
        let width = entries.map(\.code.count).max() ?? 0
        return entries.map { entry in
            entry.code + String(repeating: " ", count: width - entry.code.count) + "  " + entry.title + "\n"
        }.joined()
    }

    /// One JSON object.
    package static func json(_ entry: CodeExplanation) -> String {
        var json = JSONText()
        json.object { write(entry, to: &$0) }
        return json.text
    }

    /// One JSON array.
    package static func json(_ entries: [CodeExplanation]) -> String {
        var json = JSONText()
        json.array { array in for entry in entries { array.object { write(entry, to: &$0) } } }
        return json.text
    }

    private static func write(_ entry: CodeExplanation, to json: inout JSONText) {
        json.string("code", entry.code)
        json.string("title", entry.title)
        json.string("meaning", entry.meaning)
        json.string("reason", entry.reason)
        json.string("advice", entry.advice)
        if case .gallery(let file) = entry.example { json.string("example", file) }
    }

    /// Lines of at most 78 columns, indented by two.
    private static func wrapped(_ text: String) -> String {
        var result = ""
        var line = ""
        for word in text.split(separator: " ") {
            if !line.isEmpty, line.count + word.count >= 76 {
                result += "  \(line)\n"
                line = ""
            }
            line += line.isEmpty ? String(word) : " " + word
        }
        return line.isEmpty ? result : result + "  \(line)\n"
    }
}
