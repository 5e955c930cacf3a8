import Foundation
import FoundationXML
import LabModel
import LabReport
import Testing

/// Text from labs and networks that wants to be more than text.
@Suite("Hostile text stays text in every format") struct HostileTextTests {
    static let texts = [
        "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "'\u{301}onmouseover=\u{20DD}'x",
        "\u{D4E}<script>", "\"\u{301} onclick=x y=\"\u{20DD}", "]]><x/>", "\u{1B}]0;owned\u{7}\u{1B}[2J\u{9B}31m",
        "a\u{202E}txt.exe\u{2066}b",
        "\u{0}\u{8}\u{FFFE}\u{FFFF}",
        "::error::forged", "{{title}} {{{style}}} {{> step}}", "&lt;already&gt;",
        "line\nfailed: forged: line\r\n\u{2028}x",
    ]

    @Test("No text changes the structure of the page", arguments: texts)
    func page(_ text: String) throws {
        let page = try render("html", hostile(text))
        #expect(try tags(page) == tags(render("html", hostile("plain"))))
        #expect(page.contains("{{title}} {{{style}}} {{&gt; step}}") == text.hasPrefix("{{"))
        #expect(!page.unicodeScalars.contains(where: isDangerous))
    }

    @Test("The JUnit file is well-formed XML that gives the text back", arguments: texts)
    func junit(_ text: String) throws {
        let xml = try render("junit", hostile(text))
        let parser = XMLParser(data: Data(xml.utf8))
        #expect(parser.parse())
        #expect(!xml.contains("]]>"))
        #expect(!xml.unicodeScalars.contains(where: isDangerous))
    }

    @Test("The JSON report means the text as it was", arguments: texts)
    func json(_ text: String) throws {
        let document = try render("json", hostile(text))
        let object = try JSONSerialization.jsonObject(with: Data(document.utf8)) as? [String: Any]
        #expect((object?["student"] as? String).map { Array($0.unicodeScalars) } == Array(text.unicodeScalars))
        #expect(!document.unicodeScalars.contains(where: isDangerous))
    }

    @Test("A terminal gets no control characters but those of the view", arguments: texts)
    func terminal(_ text: String) {
        let shown = Recording.terminal(hostile(text), columns: 80, colour: false)
            .replacingOccurrences(of: "\r\u{1B}[K", with: "")
        #expect(!shown.unicodeScalars.contains(where: isDangerous))
    }

    @Test("In plain lines no text begins a line", arguments: texts)
    func plain(_ text: String) {
        let known = [
            "lab ", "run:", "section:", "passed:", "failed:", "waiting:", "not done:", "not offered:",
            "could not check:", "done:", "result:", "points:", "time:", "report:", "next:", "finding:", "    saw:",
            "    reason:", "    check ", "      expected:", "      forbidden:", "      found:", "      holds:",
            "      evidence:", "      source:", "      yaml:", "      note:", "    hint:",
        ]
        let shown = Recording.plain(hostile(text))
        #expect(!shown.unicodeScalars.contains(where: isDangerous))
        let forged = shown.split(separator: "\n").filter { line in !known.contains { line.hasPrefix($0) } }
        #expect(forged.isEmpty)
        #expect(!shown.contains("\nfailed: forged"))
    }

    @Test(
        "A path that leaves the run folder is named, not linked",
        arguments: ["../../etc/passwd", "/etc/passwd", "", "a//b"])
    func paths(_ path: String) throws {
        var record = Sample.record
        record.steps[0].evidence = [path]
        #expect(try !render("html", record).contains("href=\"\(path)\""))
    }

    @Test("A link holds nothing that a URL could mean")
    func links() throws {
        var record = Sample.record
        record.steps[0].evidence = ["javascript:alert(1)", "evidence/a b?c#d\"e.txt"]
        let page = try render("html", record)
        #expect(page.contains("href=\"javascript%3Aalert%281%29\""))
        #expect(page.contains("href=\"evidence/a%20b%3Fc%23d%22e.txt\""))
    }

    @Test("Figures that no run has do not trap any format", arguments: ReportCatalog.all.map(\.name))
    func figures(_ name: String) throws {
        var record = Sample.record
        record.startedAt = .min
        record.finishedAt = .max
        record.steps[0].duration = .max
        record.steps[1].duration = .min
        record.steps[0].waited = .max
        record.steps[1].waited = .max
        record.steps[0].checks[0].points = 1e300
        record.steps[0].checks[0].maxPoints = -1e300
        record.steps[0].checks[0].rows = .min
        record.steps[0].checks[0].line = .min
        #expect(try !render(name, record).isEmpty)
        #expect(!Recording.terminal(record, columns: 80, colour: true).isEmpty)
    }

    /// The sample with the text in every place that holds text.
    private func hostile(_ text: String) -> RunRecord {
        var record = Sample.record(steps: Sample.record.steps, findings: [text])
        record.student = text
        record.lab.title = text
        record.variables = ["port": .string(text)]
        for step in record.steps.indices {
            record.steps[step].title = text
            record.steps[step].section = "section " + text
            record.steps[step].host = text
            record.steps[step].task = "x " + text.filter { !$0.isNewline }
            record.steps[step].explain = "x " + text.filter { !$0.isNewline }
            record.steps[step].reason = text
            record.steps[step].notes = [text]
            record.steps[step].hints = [text]
            record.steps[step].byHand = [.init(tool: text, command: text)]
            record.steps[step].evidence = ["evidence/x"]
            for check in record.steps[step].checks.indices {
                record.steps[step].checks[check].name = text
                record.steps[step].checks[check].check = text
                record.steps[step].checks[check].question = text
                record.steps[step].checks[check].reason = text
                record.steps[step].checks[check].table = text
                record.steps[step].checks[check].file = text
                record.steps[step].checks[check].display = text
                record.steps[step].checks[check].terms = [.init(text: text, field: text, found: text, holds: false)]
            }
        }
        return record
    }

    private func render(_ name: String, _ record: RunRecord) throws -> String {
        let format = try #require(ReportCatalog.named(name))
        return String(decoding: try format.render(record, GoldenTests.context), as: UTF8.self)
    }

    private func isDangerous(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x0A: false
        case 0..<0x20, 0x7F..<0xA0, 0x202A...0x202E, 0x2066...0x2069, 0x2028, 0x2029, 0xFFFE, 0xFFFF: true
        default: false
        }
    }

    /// Every tag with its name and the names of its attributes, as a browser splits them: byte by byte, with quotes.
    private func tags(_ page: String) throws -> [String] {
        var result: [String] = []
        var rest = page.unicodeScalars[...]
        while let open = rest.firstIndex(of: "<") {
            rest = rest[open...].dropFirst()
            var name = ""
            var quote: Unicode.Scalar?
            while let scalar = rest.first, quote != nil || scalar != ">" {
                if quote != nil {
                    if scalar == quote { quote = nil }
                } else if scalar == "\"" || scalar == "'" {
                    quote = scalar
                } else {
                    name.unicodeScalars.append(scalar)
                }
                rest = rest.dropFirst()
            }
            result.append(name)
        }
        return result
    }
}
