import SupportDiagnostics
import Testing

@Suite("Diagnostics as text")
struct DiagnosticTextTests {
    private func span(_ file: SourceFile, _ wanted: String) throws -> SourceSpan {
        let bytes = Array(wanted.utf8)
        let starts = 0...max(0, file.bytes.count - bytes.count)
        let start = try #require(starts.first { Array(file.bytes[$0..<($0 + bytes.count)]) == bytes })
        return file.span(start..<(start + bytes.count))
    }

    @Test("An unknown field looks as rustc would print it")
    func unknownField() throws {
        let file = SourceFile(name: "Labs/latency.yml", text: "steps:\n- ping:\n    cout: 5\n")
        let diagnostic = Diagnostic(
            "step.unknown-field", "`ping` has no field `cout`", at: try span(file, "cout"),
            label: "did you mean `count`?", help: ["`lab explain ping` lists all fields"])
        #expect(
            DiagnosticText().render(diagnostic) == """
                error[step.unknown-field]: `ping` has no field `cout`
                 --> Labs/latency.yml:3:5
                  |
                3 |     cout: 5
                  |     ^^^^ did you mean `count`?
                  |
                  = help: `lab explain ping` lists all fields

                """)
    }

    @Test("A second place is shown with dashes, far lines with an ellipsis between them, other files apart")
    func secondary() throws {
        let file = SourceFile(name: "a.yml", text: "id: x\n1\n2\n3\n4\n5\n6\n7\n8\nid: y\n")
        let other = SourceFile(name: "b.yml", text: "key: here\n")
        let diagnostic = Diagnostic(
            "yaml.duplicate-key", "key `id` is given twice", severity: .warning, at: try span(file, "id: y"),
            secondary: [.init(try span(file, "id: x"), "first here"), .init(try span(other, "here"), "and there")],
            notes: ["one note"])
        #expect(
            DiagnosticText().render(diagnostic) == """
                warning[yaml.duplicate-key]: key `id` is given twice
                  --> a.yml:10:1
                   |
                 1 | id: x
                   | ----- first here
                ...
                10 | id: y
                   | ^^^^^
                  ::: b.yml:1:6
                   |
                 1 | key: here
                   |      ---- and there
                   |
                   = note: one note

                """)
    }

    @Test("Tabs, wide characters and broken bytes keep the caret in its column")
    func alignment() {
        let bytes = Array("\tá漢字\u{1B}[31m ".utf8) + [0xFF] + Array("x".utf8)
        let file = SourceFile(name: "t", bytes: bytes)
        let diagnostic = Diagnostic("c", "m", at: file.span((bytes.count - 1)..<bytes.count))
        #expect(
            DiagnosticText().render(diagnostic) == """
                error[c]: m
                 --> t:1:12
                  |
                1 |     á漢字␛[31m \u{FFFD}x
                  |                 ^

                """)
    }

    @Test("A message from a hostile file cannot move the cursor or reverse the text")
    func hostile() {
        let text = DiagnosticText().render(Diagnostic("c", "bad \u{1B}[2J\n\u{202E}name"))
        #expect(text == "error[c]: bad ␛[2J␊<U+202E>name\n")
    }

    @Test("A long line is clipped around the caret", arguments: [0, 10, 60, 500, 1990])
    func clipping(at place: Int) throws {
        var line = String(repeating: "漢.", count: 1000)
        line.insert("!", at: line.index(line.startIndex, offsetBy: place))
        let file = SourceFile(name: "t", text: line)
        let text = DiagnosticText(columns: 80).render(Diagnostic("c", "m", at: try span(file, "!")))
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(Visible.columns(lines[3]) <= 80)
        let caret = try #require(lines[4].firstIndex(of: "^"))
        let bang = try #require(lines[3].firstIndex(of: "!"))
        #expect(Visible.columns(lines[3][..<bang]) == Visible.columns(lines[4][..<caret]))
    }

    @Test("An empty file, an empty line and a span beyond the end are shown without harm")
    func edges() {
        for text in ["", "\n", "a", "a\r\n", "\r", "\u{FEFF}"] {
            let file = SourceFile(name: "t", text: text)
            for lower in 0...5 {
                let shown = DiagnosticText().render(Diagnostic("c", "m", at: file.span(lower..<(lower + 3))))
                #expect(shown.contains("^"))
            }
        }
    }

    @Test("Colour wraps only what it means and never leaks")
    func color() {
        let file = SourceFile(name: "t", text: "abc")
        let text = DiagnosticText(color: true).render(Diagnostic("c", "m", at: file.span, label: "here"))
        #expect(text.contains("\u{1B}[1;31merror[c]\u{1B}[0m"))
        #expect(text.contains("\u{1B}[1;31m^^^ here\u{1B}[0m"))
        for line in text.split(separator: "\n") where line.contains("\u{1B}") {
            #expect(line.components(of: "\u{1B}[0m") * 2 == line.components(of: "\u{1B}["))
        }
    }

    @Test("A fix without words of its own is told as help")
    func fix() {
        let file = SourceFile(name: "t", text: "a: no")
        let diagnostic = Diagnostic(
            "c", "m", at: file.span(3..<5), fix: .init(replace: file.span(3..<5), with: "false"))
        #expect(DiagnosticText().render(diagnostic).hasSuffix("= help: write `false`\n"))
    }

    @Test("Problems are told in the order of the file")
    func order() {
        let file = SourceFile(name: "t", text: "abcdef")
        let problems = Problems()
        problems.report(Diagnostic("none", "m"))
        problems.report(Diagnostic("late", "m", at: file.span(4..<5)))
        problems.report(Diagnostic("early", "m", severity: .warning, at: file.span(1..<2)))
        #expect(problems.inFileOrder.map(\.code) == ["early", "late", "none"])
        #expect(problems.hasErrors)
    }

    @Test("Problems of several files stay together, file by file, however they were reported")
    func orderOfFiles() {
        let files = ["b", "a", "c"].map { SourceFile(name: $0, text: "abcdef") }
        let reported: [(file: Int, place: Int)] = [(0, 4), (1, 0), (0, 1), (2, 3), (1, 5), (0, 2), (2, 0), (1, 2)]
        let expected = ["b1", "b2", "b4", "a0", "a2", "a5", "c0", "c3", "none"]
        let problems = Problems()
        for (file, place) in reported {
            let name = files[file].name + "\(place)"
            problems.report(Diagnostic(name, "m", at: files[file].span(place..<(place + 1))))
            if name == "a0" { problems.report(Diagnostic("none", "m")) }
        }
        #expect(problems.inFileOrder.map(\.code) == expected)
    }
}

extension Substring {
    fileprivate func components(of needle: String) -> Int {
        var count = 0
        var rest = self[...]
        while let range = rest.firstRange(of: needle) {
            count += 1
            rest = rest[range.upperBound...]
        }
        return count
    }
}
