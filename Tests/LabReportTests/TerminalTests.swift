import LabModel
import SupportDiagnostics
import Testing

@testable import LabReport

@Suite("Lines of a terminal") struct TerminalTests {
    @Test(
        "Text breaks between words, and within a word where it must",
        arguments: [
            ("one two three", 8, ["one two", "three"]), ("abcdefghijkl", 8, ["abcdefgh", "ijkl"]),
            ("日本語日本語 ab", 8, ["日本語日", "本語 ab"]), ("", 8, []), ("exactly8 x", 8, ["exactly8", "x"]),
        ])
    func wraps(_ text: String, _ columns: Int, _ lines: [String]) {
        #expect(TextFlow.wrap(text, columns: columns) == lines)
    }

    @Test("What is too long ends with an ellipsis and never exceeds its columns")
    func clips() {
        #expect(TextFlow.clip("abcdef", columns: 4) == "abc…")
        #expect(TextFlow.clip("日本語", columns: 4) == "日…")
        #expect(TextFlow.clip("abc", columns: 3) == "abc")
        #expect(TextFlow.clip("abc", columns: 0) == "")
        #expect(TextFlow.wrap(String(repeating: "x ", count: 100_000), columns: 20, limit: 3).count == 3)
    }

    @Test("A line that runs fits the terminal whatever its width and text")
    func live() {
        for columns in [12, 20, 40, 80, 200] {
            let live = LiveLine(
                title: String(repeating: "日本", count: 60), text: String(repeating: "GET /", count: 60), position: 7,
                steps: 24, elapsed: 12_000_000_000)
            #expect(live.line(columns: columns).columns < columns)
        }
        let live = LiveLine(title: "Trace", text: "hop 3", position: 7, steps: 24, elapsed: 3_000_000_000)
        #expect(live.line(columns: 80).text(colour: false) == "  ⠋ 7/24 Trace  hop 3  3 s")
    }

    @Test("No line of a finished step exceeds the columns", arguments: [40, 60, 80, 100])
    func fits(_ columns: Int) {
        for step in Sample.record.steps {
            for line in StepLines(columns: columns).lines(step) { #expect(line.columns <= columns) }
        }
        for line in RunLines(columns: columns).closing(Sample.record, folder: "runs/week2/x") {
            #expect(line.columns <= columns)
        }
    }

    @Test("The last thing on the screen is a whole line, in colour and without")
    func leavesOrder() {
        for colour in [true, false] {
            let text = Recording.terminal(Sample.record, columns: 80, colour: colour)
            #expect(text.hasSuffix("\n"))
            #expect(!text.contains("\u{1B}[?25l"))
            #expect(text.contains("\u{1B}[1;31m") == colour)
        }
    }

    @Test("A run that ends without its record leaves no live line behind")
    func ended() {
        let recording = Recording()
        let view = TerminalView(output: recording.output, width: { 80 }, colour: false, animated: false, clock: { 0 })
        view.handle(.stepStarted(id: "a", title: "A", section: "S", position: 1))
        #expect(view.tick())
        view.end()
        #expect(recording.text.hasSuffix("\r\u{1B}[K"))
        #expect(!view.tick())
    }

    @Test("Passed by the runner where only hands earn points reads demonstrated")
    func demonstrated() {
        var step = Sample.mitm
        step.checks[0].points = 0
        #expect(StepLines(columns: 60).lines(step)[0].text(colour: false).hasSuffix("demonstrated"))
        #expect(PlainText(.english).step(step, credit: .handsOn)[0].hasPrefix("demonstrated: mitm"))
    }

    @Test("A check whose control comes later waits, and is told at the end")
    func judgedLater() {
        var early = Sample.outside
        early.checks[1] = Sample.pending(
            "outside", "says-no", .notDone, "waiting for its control, `browse.page`", points: 1, line: 22)
        let record = Sample.record(steps: [Sample.outside])
        let terminal = Recording()
        let plain = Recording()
        let views: [any RunObserver] = [
            TerminalView(output: terminal.output, width: { 62 }, colour: false, animated: false, clock: { 0 }),
            PlainView(output: plain.output),
        ]
        for view in views {
            view.handle(.stepFinished(early))
            view.handle(.finished(record, folder: "/x"))
        }
        #expect(
            terminal.text.hasPrefix(
                """

                  Proxy servers

                  … Visit mitm.it without the proxy            0.12 s    1/2
                      200 OK from 203.0.113.80, 1432 bytes, without TLS
                      1 check judged later, beside `browse.page`

                  Judged at the end

                  ✓ Visit mitm.it without the proxy            0.12 s    2/2

                """))
        #expect(
            plain.text.contains(
                "\nsection: Judged at the end\npassed: outside: Visit mitm.it without the proxy (0.12 s, 2 of 2 points)\n"
            ))
    }

    @Test("A folder below the one where people stand is told without it")
    func paths() {
        #expect(ShownPath.relative("/home/ada/runs/x", to: "/home/ada") == "runs/x")
        #expect(ShownPath.relative("/home/adam/runs/x", to: "/home/ada") == "/home/adam/runs/x")
        #expect(ShownPath.relative("runs/x", to: "/") == "runs/x")
    }

    @Test(
        "A failed check shows its line as lint shows one: place, numbers, carets, notes and colours",
        arguments: [false, true])
    func asLint(colour: Bool) throws {
        let file = SourceFile(
            name: "Labs/week2.yml", text: "steps:\n\n- expect:\n    hello: tcp.dstport == 443 and ip.src == 192.0.2.1\n"
        )
        let start = 31
        let problem = Diagnostic(
            "check.failed", "none of 2 rows of `frame` is as expected", at: file.span((start + 26)..<(start + 45)),
            label: "found 192.0.2.7", secondary: [.init(file.span(start..<(start + 18)), "found 80")],
            notes: ["expected `ip.src == 192.0.2.1`"])
        var step = try #require(Sample.record.steps.first { $0.checks.contains { $0.verdict == .failed } })
        step.checks = step.checks.filter { $0.verdict == .failed }.prefix(1).map { check in
            var check = check
            check.display = DiagnosticText(color: false, columns: 100).render(problem)
            return check
        }
        let lint = DiagnosticText(color: colour).render(problem).split(separator: "\n").dropFirst().map(String.init)
        let shown = StepLines(columns: 100).lines(step).map { $0.text(colour: colour) }
        let first = try #require(shown.firstIndex { $0.contains("-->") })
        // Eight columns further to the right, and in colours of the same meaning.
        #expect(shown[first...].prefix(lint.count).map { $0.dropFirst(8) } == lint.map { $0[...] })
    }

    @Test("A drawn line is cut so that its first mark is seen with what it says")
    func drawing() {
        let drawing = SourceDrawing(
            """
            error[check.failed]: none of 28 rows of `frame` is as expected
              --> Labs/week2.yml:46:12
               |
            46 |     hello: tls.handshake.type == 1 and tcp.dstport == 443 and ip.src == $world.laptop.address
               |                                                               ^^^^^^ absent here
               |
               = note: nearest was row 8 of 28
               = note: expected `ip.src == 198.51.100.10`

            """)
        #expect(
            drawing.lines(columns: 60).map(\.line) == [
                "46 | …ype == 1 and tcp.dstport == 443 and ip.src == $world.…",
                "   |                                      ^^^^^^ absent here",
            ])
        #expect(drawing.lines(columns: 60).map(\.isMark) == [false, true])
        #expect(drawing.lines(columns: 120)[0].text.hasSuffix("$world.laptop.address"))
        #expect(drawing.notes == ["expected `ip.src == 198.51.100.10`"])
        #expect(SourceDrawing("").rows.isEmpty)
        #expect(SourceDrawing("no bar\n| x").rows.map(\.text) == ["no bar", "x"])
    }
}
