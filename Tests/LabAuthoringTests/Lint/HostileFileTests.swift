import LabModel
import LabSteps
import SupportDiagnostics
import Testing

/// `Benchmarks/lint/run` measures what these cost.
@Suite("Files made to exhaust the machine") struct HostileFileTests {
    private static func problems(_ bytes: [UInt8]) -> [Diagnostic] {
        LabLoader(
            catalogue: StepCatalog.schemas, sharedTables: SharedTables.all,
            readFile: { $0 == "hostile.yml" ? bytes : nil }
        )
        .load("hostile.yml").problems
    }

    private static let bomb: String = {
        var text = "a: &a [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1...20 {
            let below = repeatElement("*" + letter(level - 1), count: 10).joined(separator: ", ")
            text += "\(letter(level)): &\(letter(level)) [\(below)]\n"
        }
        return text
    }()

    private static func letter(_ level: Int) -> String {
        String(Character(Unicode.Scalar(UInt8(ascii: "a") + UInt8(level))))
    }

    private static func repeated(_ text: String, _ count: Int) -> String { String(repeating: text, count: count) }

    private static let keys: String = (0..<210_000).map { "k\($0): 1" }.joined(separator: "\n")
    private static let stairs: String = (0..<500).map { repeated(" ", $0) + "a:" }.joined(separator: "\n")

    private static let files: [(code: String, text: String)] = [
        (code: "yaml.too-many-nodes", text: bomb),
        (code: "yaml.too-many-nodes", text: keys),
        (code: "yaml.too-many-nodes", text: "a: [\(repeated("x, ", 210_000))x]"),
        (code: "yaml.too-deep", text: "a: \(repeated("[", 100_000))"),
        (code: "yaml.too-deep", text: repeated("- ", 100_000)),
        (code: "yaml.too-deep", text: stairs),
        (code: "yaml.tab", text: "a:\n\(repeated("\t", 100_000))b: 1"),
    ]

    @Test("are refused with one problem", arguments: files.indices)
    func refused(index: Int) {
        let (code, text) = Self.files[index]
        #expect(Self.problems(Array(text.utf8)).map(\.code) == [code])
    }

    @Test("a file beyond the limit is refused by its size alone")
    func large() {
        let bytes = [UInt8](repeating: 0xFF, count: 10 * 1024 * 1024 + 1)
        #expect(Self.problems(bytes).map(\.code) == ["yaml.too-large"])
    }

    @Test("a misspelled name in every step is told every time, and the right one looked for a hundred times at most")
    func guesses() {
        let steps = (0..<150).map {
            "- { id: step-\($0), request: http://a.test/, expect: { same: lab.http.code == $first.cdoe } }\n"
        }
        let first = "- { id: first, request: http://a.test/ }\n"
        let text = "format: 1\nlab: hostile\ntitle: Hostile\nsteps:\n" + first + steps.joined()
        let problems = Self.problems(Array(text.utf8))
        #expect(problems.map(\.code) == Array(repeating: "question.unknown-reference", count: 150))
        let guessed = problems.count { $0.primary?.text.isEmpty == false }
        #expect((1...100).contains(guessed))
        #expect(problems.first?.primary?.text.isEmpty == false && problems.last?.primary?.text.isEmpty == true)
    }

    @Test("a name that never ends is a text like others")
    func longName() {
        let text = """
            format: 1
            lab: hostile
            title: $\(String(repeating: "site.", count: 20_000))
            vars: { site: www.example.test }
            steps:
            - wait: 80
              expect:
                open: lab.listen.open == true
            """
        #expect(Self.problems(Array(text.utf8)).isEmpty)
    }

    @Test("a text full of misspelled names is told, and not for ever")
    func names() {
        let text = """
            format: 1
            lab: hostile
            title: \(String(repeating: "$sit ", count: 20_000))
            vars: { site: www.example.test }
            steps:
            - wait: 80
              expect:
                open: lab.listen.open == true
            """
        let problems = Self.problems(Array(text.utf8))
        #expect(Set(problems.map(\.code)) == ["reference.unknown-name"])
        #expect((1...100).contains(problems.count))
    }
}
