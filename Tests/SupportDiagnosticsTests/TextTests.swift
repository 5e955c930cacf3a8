import SupportDiagnostics
import Testing

@Suite("Text tools of diagnostics")
struct TextTests {
    @Test(
        "The nearest name is found",
        arguments: [
            ("cout", "count"), ("tcp.prot", "tcp.port"), ("ip.scr", "ip.src"), ("HTTP.code", "http.code"),
            ("a", "at"), ("by_hand", "by-hand"),
        ])
    func nearest(_ wrong: String, _ right: String) {
        let names = ["tcp.port", "count", "http.code", "ip.src", "ip.dst", "by-hand", "at"]
        #expect(Suggestion.nearest(to: wrong, among: names) == right)
    }

    @Test("What is passed over as too far by its letters is never near")
    func passedOver() {
        // Every name of up to four of these letters, against one of them changed in one or two places.
        let letters = ["a", "A", "_", "-", "z", "é"]
        let names = (1...4).reduce(into: [[""]]) { names, _ in
            names.append((names.last ?? []).flatMap { name in letters.map { name + $0 } })
        }.flatMap { $0 }
        for name in names where name.count > 1 {
            for wrong in ["x" + name, String(name.dropFirst()), name.lowercased() + "q", String(name.reversed())] {
                let (left, right) = (Array(wrong.lowercased()), Array(name.lowercased()))
                let reach = wrong.count <= 2 ? 1 : max(2, wrong.count / 3)
                let distance = Suggestion.distance(
                    String(left).replacing("_", with: "-"), String(right).replacing("_", with: "-"))
                let isNear = distance <= min(reach, max(left.count, right.count) - 1) && wrong != name && !wrong.isEmpty
                #expect((Suggestion.nearest(to: wrong, among: [name]) != nil) == isNear, "\(wrong) for \(name)")
            }
        }
    }

    @Test("A far name is no suggestion", arguments: ["", "zzzzzz", "q", "frame.number"])
    func far(_ name: String) {
        #expect(Suggestion.nearest(to: name, among: ["count", "tcp.port", "ab"]) == nil)
    }

    @Test(
        "A name that is another one misspelled may be replaced without thinking",
        arguments: [
            ("cuont", "count"), ("tcp.prot", "tcp.port"), ("HTTP.code", "http.code"), ("by_hand", "by-hand"),
            ("www.exmaple.test", "www.example.test"), ("lab.tls.root.sha25", "lab.tls.root.sha"), ("site", "sites"),
        ])
    func misspelling(_ wrong: String, _ right: String) throws {
        let isSure = wrong.contains("25") == right.contains("25")
        #expect(Suggestion.isMisspelling(wrong, of: right) == isSure)
        let span = SourceFile(name: "t", text: wrong).span
        let fix = Diagnostic.Fix.spelling(of: wrong, as: right, at: span, prefix: "$")
        #expect(fix?.replacement == (isSure ? "$" + right : nil))
        #expect(Diagnostic.Fix.spelling(of: wrong, as: right, at: span, taken: true) == nil)
    }

    @Test(
        "A short name, another number or a single letter is no misspelling",
        arguments: [("r9", "r1"), ("ab", "a"), ("r10", "r11"), ("host-a", "host-b"), ("vpn2", "vpn"), ("web", "www")])
    func otherName(_ name: String, _ other: String) {
        #expect(!Suggestion.isMisspelling(name, of: other))
        #expect(Diagnostic.Fix.spelling(of: name, as: other, at: SourceFile(name: "t", text: name).span) == nil)
    }

    @Test("Neighbours swapped count as one change")
    func distance() {
        #expect(Suggestion.distance("prot", "port") == 1)
        #expect(Suggestion.distance("kitten", "sitting") == 3)
        #expect(Suggestion.distance("", "abc") == 3)
    }

    @Test("JSON is escaped so that neither script elements nor terminals can be harmed")
    func json() {
        #expect(
            JSONText.quote("a\"\\\n\t\u{1}</script>\u{202E}é😀")
                == "\"a\\\"\\\\\\n\\t\\u0001\\u003c/script\\u003e\\u202eé😀\"")
    }

    @Test("Diagnostics as JSON carry places, labels, help and the fix")
    func diagnosticJSON() {
        let file = SourceFile(name: "a.yml", text: "x: é!\ny")
        let diagnostic = Diagnostic(
            "c.d", "m", at: file.span(5..<6), label: "l", help: ["h"],
            fix: .init(replace: file.span(5..<6), with: ""))
        #expect(
            DiagnosticJSON.render([diagnostic]) == """
                [{"code":"c.d","severity":"error","message":"m","at":{"file":"a.yml","line":1,"column":5,\
                "end_line":1,"end_column":6,"offset":5,"length":1,"label":"l"},"related":[],"notes":[],"help":["h"],\
                "fix":{"file":"a.yml","line":1,"column":5,"end_line":1,"end_column":6,"offset":5,"length":1,\
                "replacement":""}}]
                """)
    }

    @Test(
        "Broken UTF-8 is located",
        arguments: [
            ([0x61, 0xFF], 1), ([0xC0, 0x80], 0), ([0xED, 0xA0, 0x80], 0), ([0xF4, 0x90, 0x80, 0x80], 0),
            ([0x61, 0xE2, 0x82], 1), ([0xC3, 0xA9, 0x80], 2),
        ] as [([UInt8], Int)])
    func brokenUTF8(_ bytes: [UInt8], _ offset: Int) {
        #expect(UTF8Reading.firstBrokenOffset(in: bytes) == offset)
    }

    @Test("Well-formed UTF-8 is not broken")
    func goodUTF8() {
        #expect(UTF8Reading.firstBrokenOffset(in: Array("aé漢😀\u{10FFFF}\u{FEFF}".utf8)) == nil)
    }

    @Test("A text read out of quotes and folds still knows its place")
    func sourceText() {
        let file = SourceFile(name: "f", text: "a: \"x\\ny\"")
        let text = SourceText("x\ny", in: file, offsets: [4, 5, 7, 8], span: file.span(3..<9))
        #expect(text.span(of: 0..<1).text == "x")
        #expect(text.span(of: 1..<2).text == "\\n")
        #expect(text.span(of: 2..<3).text == "y")
        #expect(text.span(of: 3..<3).range == 8..<8)
        #expect(text.span(of: 9..<12).range.isEmpty)
    }
}
