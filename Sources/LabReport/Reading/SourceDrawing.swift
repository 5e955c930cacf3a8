import SupportDiagnostics

/// The line of the lab with the marks under it, taken from a check's drawn diagnostic: without its headline, which says
/// what the check's reason says, and cut to the room there is so that the first mark is seen.
struct SourceDrawing: Sendable, Hashable {
    struct Row: Sendable, Hashable {
        /// The line number, or empty under it.
        let gutter: String
        let text: String

        var isMark: Bool {
            guard gutter.isEmpty, let first = text.first(where: { $0 != " " }) else { return false }
            return first == "^" || first == "-"
        }
    }

    /// One row in the room there is: the line number or the blanks below it, and what stands behind.
    struct Shown: Sendable, Hashable {
        enum Kind: Sendable, Hashable { case source, primaryMark, otherMark }

        let gutter: String
        let text: String
        let kind: Kind

        var line: String { gutter + text }
        var isMark: Bool { kind != .source }
    }

    /// File, line and column of the first mark; empty where nothing was drawn.
    private(set) var place = ""
    private(set) var rows: [Row] = []
    /// What is said below the line: `expected ip.src == 198.51.100.10`.
    private(set) var notes: [String] = []

    /// No diagnostic about one question is longer.
    private static let mostLines = 40

    init(_ display: String) {
        for line in display.split(separator: "\n").prefix(Self.mostLines) {
            let text = line.drop { $0 == " " }
            if text.hasPrefix("--> ") { place = String(text.dropFirst(4)) }
            if text.isEmpty || text.hasPrefix("-->") || line.hasPrefix("error[") || line.hasPrefix("warning[") {
                continue
            }
            if text.hasPrefix("= ") {
                let note = text.dropFirst(2)
                let words = note.hasPrefix("note: ") ? note.dropFirst(6) : note
                if !words.hasPrefix("nearest was ") { notes.append(String(words)) }
            } else if let row = Self.row(line) {
                if !row.text.isEmpty { rows.append(row) }
            } else {
                rows.append(Row(gutter: "", text: String(line)))
            }
        }
    }

    private static func row(_ line: Substring) -> Row? {
        guard let bar = line.firstIndex(of: "|") else { return nil }
        let gutter = line[..<bar].filter { $0 != " " }
        guard gutter.allSatisfy(\.isNumber) else { return nil }
        return Row(gutter: gutter, text: String(line[line.index(after: bar)...].dropFirst()).trimmingEnd(" "))
    }

    /// How wide the widest line number is.
    var width: Int { rows.map(\.gutter.count).max() ?? 0 }

    /// `41 | alert: …` and what is under it, in at most so many columns.
    func lines(columns: Int) -> [Shown] {
        let width = width
        let room = max(8, columns - width - 3)
        let offset = offset(room: room)
        return rows.map { row in
            var text = row.text
            if offset > 0 {
                text = String(text.dropFirst(offset))
                if !row.isMark, !text.isEmpty { text = "…" + text.dropFirst() }
            }
            let gutter = String(repeating: " ", count: width - row.gutter.count) + row.gutter
            let isPrimary = row.text.first { $0 != " " } == "^"
            return Shown(
                gutter: gutter + " | ", text: TextFlow.clip(text, columns: room),
                kind: !row.isMark ? .source : isPrimary ? .primaryMark : .otherMark)
        }
    }

    /// How many characters are cut on the left: as few as let the marks be seen with what they say.
    private func offset(room: Int) -> Int {
        let marks = rows.filter(\.isMark)
        guard let start = marks.map({ $0.text.prefix { $0 == " " }.count }).min(),
            let end = marks.map(\.text.count).max()
        else { return 0 }
        return min(max(0, end - room), max(0, start - 8))
    }
}
