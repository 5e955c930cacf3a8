/// The quoted lines of a diagnostic with marks under them, grouped by file, the primary file first.
struct SnippetText {
    private(set) var text = ""
    /// How wide the widest line number is.
    private(set) var marginWidth = 1

    private let style: Style
    private let severity: Diagnostic.Severity
    private let columns: Int

    private struct Mark {
        let label: Diagnostic.Label
        let isPrimary: Bool
        let line: Int
    }

    init(_ diagnostic: Diagnostic, style: Style, columns: Int) {
        self.style = style
        self.severity = diagnostic.severity
        self.columns = columns
        var marks: [Mark] = []
        if let primary = diagnostic.primary {
            marks.append(Mark(label: primary, isPrimary: true, line: primary.span.start.line))
        }
        marks += diagnostic.secondary.map { Mark(label: $0, isPrimary: false, line: $0.span.start.line) }
        guard let widest = marks.map(\.line).max() else { return }
        marginWidth = String(widest).count
        var files: [SourceFile] = []
        for mark in marks where !files.contains(mark.label.span.file) { files.append(mark.label.span.file) }
        for (index, file) in files.enumerated() {
            write(file, marks.filter { $0.label.span.file === file }, arrow: index == 0 ? "-->" : ":::")
        }
    }

    private mutating func write(_ file: SourceFile, _ marks: [Mark], arrow: String) {
        guard let first = marks.first else { return }
        let margin = String(repeating: " ", count: marginWidth)
        let place = "\(Visible.text(file.name)):\(first.label.span.start)"
        text += "\(margin)\(style.paint(arrow, .margin)) \(place)\n"
        text += "\(margin) \(style.paint("|", .margin))\n"
        var previous: Int?
        for line in Set(marks.map(\.line)).sorted() {
            if let previous, line > previous + 1 { text += style.paint("...", .margin) + "\n" }
            write(file, line: line, marks.filter { $0.line == line })
            previous = line
        }
    }

    private mutating func write(_ file: SourceFile, line: Int, _ marks: [Mark]) {
        let bounds = file.bounds(ofLine: line)
        let display = DisplayLine(file.bytes[bounds])
        let focus = marks.first { $0.isPrimary } ?? marks.first
        let caret = focus.map { extent(of: $0, in: display, bounds) } ?? 0..<1
        let window = window(around: caret, in: display)
        let number = String(line)
        let gutter = String(repeating: " ", count: marginWidth - number.count) + number
        let left = window.lowerBound > 0
        let right = window.upperBound < display.columns
        let shown = (left ? "…" : "") + display.text(columns: window) + (right ? "…" : "")
        text += style.paint("\(gutter) |", .margin) + (shown.isEmpty ? "" : " " + shown) + "\n"
        let margin = String(repeating: " ", count: marginWidth) + " " + style.paint("|", .margin) + " "
        for mark in marks {
            let extent = extent(of: mark, in: display, bounds).clamped(to: window.lowerBound..<(window.upperBound + 1))
            let indent = extent.lowerBound - window.lowerBound + (left ? 1 : 0)
            let line = String(repeating: mark.isPrimary ? "^" : "-", count: max(1, extent.count))
            let label = mark.label.text.isEmpty ? "" : " " + DiagnosticText.shown(mark.label.text)
            let role = mark.isPrimary ? Style.of(severity) : .blue
            text += margin + String(repeating: " ", count: max(0, indent)) + style.paint(line + label, role) + "\n"
        }
    }

    /// The columns that a mark underlines: at least one, and no more than the first line of the span.
    private func extent(of mark: Mark, in display: DisplayLine, _ bounds: Range<Int>) -> Range<Int> {
        let range = mark.label.span.range
        let lower = display.column(ofByte: range.lowerBound - bounds.lowerBound)
        let upper = display.column(ofByte: min(range.upperBound, bounds.upperBound) - bounds.lowerBound)
        return lower..<max(lower + 1, upper)
    }

    private func window(around caret: Range<Int>, in display: DisplayLine) -> Range<Int> {
        let room = columns - marginWidth - 5
        guard display.columns > room else { return 0..<display.columns }
        let wanted = min(caret.count, room * 2 / 3)
        var lower = max(0, caret.lowerBound - (room - wanted) / 2)
        lower = max(0, min(lower, display.columns - room))
        if caret.lowerBound < room * 2 / 3, caret.lowerBound + wanted < room { lower = 0 }
        return lower..<min(display.columns, lower + room)
    }
}
