import LabModel
import SupportDiagnostics
import Testing

@Suite("Reading answers") struct AnswerFormTests {
    private func number(_ text: String, unit: String = "") -> Double? {
        AnswerForm(kind: .number, unit: unit).read(GivenAnswer(text)).number
    }

    @Test("numbers are read as people write them")
    func numbers() {
        #expect(number(" 8 ") == 8)
        #expect(number("-3.5") == -3.5)
        #expect(number("3,5") == 3.5)
        #expect(number("1e3") == 1000)
        #expect(number("+0,25") == 0.25)
    }

    @Test(
        "what is no number, or could be two, is not understood",
        arguments: [
            "", "eight", "8 hops", "1,000", "1.000,5", "1,2,3", "nan", "inf", "0x10", "1e999", "--1", "1-2", ",5", "5,",
            "e", "\u{0661}",
        ])
    func noNumbers(text: String) {
        #expect(number(text) == nil)
        #expect(!AnswerForm(kind: .number).read(GivenAnswer(text)).isUnderstood)
    }

    @Test("units of time and size are converted to the one that was asked for, others are words")
    func units() {
        #expect(number("0.012 s", unit: "ms") == 12)
        #expect(number("12ms", unit: "ms") == 12)
        #expect(number("12", unit: "ms") == 12)
        #expect(number("1.5 MiB", unit: "KiB") == 1536)
        #expect(number("3 Routers", unit: "routers") == 3)
        #expect(number("12 MB", unit: "ms") == nil)
        #expect(number("12 bananas", unit: "ms") == nil)
        let reading = AnswerForm(kind: .number, unit: "ms").read(GivenAnswer("0.05 s"))
        #expect(reading.duration == 50_000_000)
        #expect(AnswerForm(kind: .number, unit: "h").read(GivenAnswer("9e300")).duration == nil)
    }

    private let kinds = AnswerForm(kind: .choices, options: ["A router", "A bridge", "Yes, both"])

    @Test("options are chosen by number or by their words, in any case")
    func choices() {
        let one = AnswerForm(kind: .choice, options: kinds.options)
        #expect(one.read(GivenAnswer("2")).choices == [2])
        #expect(one.read(GivenAnswer("  a   BRIDGE ")).choices == [2])
        #expect(one.read(GivenAnswer("Yes, both")).choices == [3])
        #expect(one.read(GivenAnswer("1, 2")).choices == [])
        for wrong in ["0", "4", "-1", "999999999999999999999", "a rout", ""] {
            #expect(!one.read(GivenAnswer(wrong)).isUnderstood, "\(wrong)")
        }
        #expect(kinds.read(GivenAnswer("3, 1;1")).choices == [1, 3])
        #expect(kinds.read(GivenAnswer(["A router", "yes, both"])).choices == [1, 3])
        #expect(!kinds.read(GivenAnswer("1, 4")).isUnderstood)
        #expect(!kinds.read(GivenAnswer("")).isUnderstood)
    }

    @Test("an answer has no blanks at its ends and no runs of them, and its digest is that of this text")
    func texts() {
        let given = GivenAnswer(" \t a  b\n")
        #expect(given.text == "a b")
        #expect(given.sha256 == GivenAnswer("a b").sha256)
        #expect(GivenAnswer([" ", ""]).isEmpty)
    }

    @Test(
        "names of files stay in their folder",
        arguments: [
            ("notes.txt", true), ("src/main.c", true), ("..", false), ("../a", false), ("a/../b", false),
            ("/etc", false),
            ("", false), ("a//b", false), ("./a", false), ("a/", false), ("a\u{1B}[2J", false), ("a\0b", false),
            ("a..b", true),
        ])
    func names(name: String, isOne: Bool) {
        #expect(GivenFile.isName(name) == isOne)
    }
}

@Suite("A file of answers") struct AnswerFileTests {
    private static let ask = StepSchema(
        "ask", "asks", fields: [PlanField("question", .string, required: true, prose: true, "what is asked")],
        shorthand: "question", tables: [], guide: StepGuide(why: "", example: "", pitfalls: []))

    private func read(_ text: String) throws -> (answers: [String: GivenAnswer], problems: [String]) {
        let lab = """
            format: 1
            lab: small
            title: Small
            steps:
            - { id: hops, title: Hops, ask: How many? }
            - { id: name, title: Name, ask: Which? }
            """
        let loaded = LabLoader(catalogue: [Self.ask], sharedTables: [], readFile: { _ in Array(lab.utf8) }).load(
            "a.yml")
        let (answers, problems) = AnswerFile.read(
            SourceFile(name: "answers.yml", bytes: Array(text.utf8)), for: try #require(loaded.lab))
        return (answers, problems.map { "\($0.code) \($0.primary.map { "\($0.span.start)" } ?? "")" })
    }

    @Test("holds answers by step, as they are written")
    func answers() throws {
        let (answers, problems) = try read("hops: 010\nname: [no, 'a, b']\n")
        #expect(problems == [])
        #expect(answers["hops"] == GivenAnswer("010"))
        #expect(answers["name"] == GivenAnswer(["no", "a, b"]))
        #expect(try read("hops:\n").answers == [:])
    }

    @Test("a file of answers that fits no question is refused with its places")
    func refused() throws {
        #expect(try read("hop: 8\n").problems == ["answers.unknown-step 1:1"])
        #expect(try read("hops: { a: 1 }\n").problems == ["answers.value 1:7"])
        #expect(try read("hops: \(String(repeating: "x", count: 4097))\n").problems == ["answers.value 1:7"])
        #expect(try !read("- a\n").problems.isEmpty)
        #expect(try !read("hops: [\n").problems.isEmpty)
    }
}
