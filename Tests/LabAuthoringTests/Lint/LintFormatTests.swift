import Foundation
import LabAuthoring
import LabReport
import LabTestSupport
import SupportDiagnostics
import Testing

/// `LAB_UPDATE_GOLDEN=1` writes the outputs under `Fixtures/lint` anew.
@Suite("The formats of lint") struct LintFormatTests {
    /// A field with a fix, a problem with a second place, a warning, one without a place, and hostile text.
    private static let report: LintReport = {
        let shown = ["field-unknown", "world-duplicate-name", "yaml-comment-in-question"]
        let hostile = SourceFile(name: "labs/a,b: 100%\n::error::.yml", text: "title: \u{1B}[2J\u{202E}evil\n")
        let problems =
            BrokenLab.all.filter { shown.contains($0.name) }.flatMap { $0.problems() } + [
                Diagnostic("lab.no-file", "there is no file `second.yml`"),
                Diagnostic(
                    "yaml.control-character", "found \u{1B}[31m\r\n::set-env name=PATH::<script>",
                    at: hostile.span(7..<11), help: ["100% sure"], fix: .init(replace: hostile.span(7..<11), with: "")),
            ]
        return LintReport(labs: 4, problems: problems, version: "0.0.0")
    }()

    @Test("each format gives its golden file", arguments: LintFormats.names)
    func golden(name: String) throws {
        let format = try #require(LintFormats.named(name))
        let result = format.render(Self.report)
        #expect(format.render(Self.report) == result)
        let path = Repository.fixture("lint/sample.\(name)")
        let text = result.errors + result.output
        if ProcessInfo.processInfo.environment["LAB_UPDATE_GOLDEN"] != nil {
            try AtomicFile.write(Array(text.utf8), to: path)
        }
        let golden = try #require(FileManager.default.contents(atPath: path))
        #expect(text == String(decoding: golden, as: UTF8.self))
    }

    @Test("no format lets a file write to the terminal", arguments: LintFormats.names)
    func hostile(name: String) throws {
        let result = try #require(LintFormats.named(name)).render(Self.report)
        for text in [result.output, result.errors] {
            #expect(
                !text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" || $0 == "\u{202E}" || $0.value == 0x7F })
        }
    }

    @Test("nothing in a file begins a command of GitHub")
    func commands() throws {
        let output = try #require(LintFormats.named("github")).render(Self.report).output
        let lines = output.split(separator: "\n")
        #expect(lines.count == Self.report.problems.count + 1)
        for line in lines.dropLast() {
            #expect(line.hasPrefix("::error ") || line.hasPrefix("::warning "))
            // The command, its properties, and a message that no line break ends.
            let properties = line.dropFirst(2).prefix { $0 != ":" }
            #expect(properties.contains("title="))
        }
        #expect(output.contains("file=labs/a%2Cb%3A 100%25␊%3A%3Aerror%3A%3A.yml"))
    }

    @Test("a lab without problems is said to have none", arguments: ["text", "github"])
    func none(name: String) throws {
        let result = try #require(LintFormats.named(name)).render(LintReport(labs: 1, problems: [], version: "1"))
        #expect(result.output == "1 lab: no problems\n")
        #expect(result.errors.isEmpty)
    }
}
