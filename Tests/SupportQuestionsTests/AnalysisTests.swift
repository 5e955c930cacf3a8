import SupportDiagnostics
import SupportQuestions
import Testing

@Suite("What can be said of a question before any row")
struct AnalysisTests {
    private static let table = Table(
        "thing", "a thing",
        fields: [
            Field("lab.thing.code", .unsigned, "single", bits: 16),
            Field("lab.thing.kind", .string, "single", choices: ["reply", "timeout"]),
            Field("lab.thing.name", .string, "single"), Field("lab.thing.addr", .ipv4, "single"),
            Field("lab.thing.rtt", .duration, "single"), Field("lab.thing.ok", .boolean, "single"),
            Field("lab.thing.grade", .unsigned, "single", range: 1...6),
            Field("lab.thing.number", .unsigned, "always", isAlwaysThere: true),
            Field("tcp.port", .unsigned, "several", bits: 16), Field("tcp.payload", .bytes, "several"),
            Field("tls", .label, "several"),
        ])

    private func analysis(_ text: String) throws -> QuestionAnalysis {
        QuestionAnalysis(try compile(text, [Self.table], language: .expect).get())
    }

    private static let impossibleTexts = [
        "lab.thing.code == 1 and lab.thing.code == 2", "lab.thing.code > 5 and lab.thing.code < 3",
        "lab.thing.code > 5 and lab.thing.code < 6", "lab.thing.code > 65535", "lab.thing.code < 0",
        "lab.thing.code == 1 and not lab.thing.code", "lab.thing.code == 1 and lab.thing.code != 1",
        "lab.thing.code in {1, 2} and lab.thing.code in {3..9}", "tcp.port == 80 and tcp.port != 80",
        "tcp.port === 80 and tcp.port == 443", "all tcp.port > 1024 and tcp.port == 80", "tls and not tls",
        "lab.thing.name == \"a\" and lab.thing.name == \"b\"", "lab.thing.name == \"a\" and lab.thing.name != \"a\"",
        "lab.thing.addr == 192.0.2.0/24 and lab.thing.addr == 198.51.100.1",
        "lab.thing.rtt < 5ms and lab.thing.rtt > 10ms", "lab.thing.ok == 1 and lab.thing.ok == 0",
        "(lab.thing.code == 1 or lab.thing.code == 2) and lab.thing.code == 3", "lab.thing.grade > 6",
        "lab.thing.name contains \"x\" and not lab.thing.name", "not lab.thing.number",
        "tls xor tls", "lab.thing.name contains \"x\" and not lab.thing.name contains \"x\"",
        "lab.thing.code == 3 and not (lab.thing.code > 1)",
    ]

    @Test("what no row can satisfy is found", arguments: impossibleTexts)
    func impossible(text: String) throws {
        #expect(try analysis(text).impossibility != nil)
        #expect(try !analysis(text).isCertain)
    }

    private static let certainTexts = [
        "lab.thing.number", "lab.thing.number >= 0", "tls or not tls",
        "not (lab.thing.code == 1 and lab.thing.code == 2)",
        "not tcp.port > 65535", "lab.thing.number == 1 or lab.thing.number != 1",
        "lab.thing.number < 5 or lab.thing.number >= 5", "not lab.thing.code or lab.thing.code <= 65535",
    ]

    @Test("what every row satisfies is found", arguments: certainTexts)
    func certain(text: String) throws {
        #expect(try analysis(text).isCertain)
        #expect(try analysis(text).impossibility == nil)
    }

    private static let openTexts = [
        "tcp.port == 80 and tcp.port == 443", "lab.thing.code == 1 or lab.thing.code != 1", "lab.thing.code == 1",
        "tcp.port > 5 and tcp.port < 3", "tcp.port == 80 and tcp.port !== 80", "not tls", "lab.thing.name == \"a\"",
        "lab.thing.name matches \"a\" and not lab.thing.name matches \"b\"", "lab.thing.code >= 0",
        "upper(lab.thing.name) == \"a\" and lab.thing.name == \"a\"", "tcp.payload contains 16 and tcp.payload == 17",
        "max(lab.thing.code, lab.thing.number) == 3 and not lab.thing.code",
    ]

    @Test("of what rows decide nothing is said", arguments: openTexts)
    func open(text: String) throws {
        #expect(try analysis(text).impossibility == nil)
        #expect(try !analysis(text).isCertain)
    }

    @Test(
        "one question may follow from another",
        arguments: [
            ("lab.thing.code == 200", "lab.thing.code", true), ("lab.thing.code == 200", "lab.thing.code >= 200", true),
            ("lab.thing.code >= 200", "lab.thing.code == 200", false), ("tcp.port === 80", "tcp.port == 80", true),
            ("tcp.port == 80", "tcp.port === 80", false), ("lab.thing.code == 5 and tls", "tls", true),
            ("tls", "tls or lab.thing.ok == 1", true),
            ("lab.thing.addr == 192.0.2.1", "lab.thing.addr == 192.0.2.0/24", true),
            ("lab.thing.name matches \"a\"", "lab.thing.name matches \"b\"", false),
            ("lab.thing.name contains \"ab\"", "lab.thing.name", true),
        ])
    func implication(first: String, second: String, follows: Bool) throws {
        #expect(try analysis(first).implies(analysis(second)) == follows)
    }

    @Test("the places of a contradiction are both relations")
    func places() throws {
        let finding = try #require(try analysis("tls and lab.thing.code == 1 and lab.thing.code == 2").impossibility)
        #expect(finding.span.text == "lab.thing.code == 2")
        #expect(finding.other?.text == "lab.thing.code == 1")
        let alone = try #require(try analysis("tls and lab.thing.grade == 7 or lab.thing.grade > 8").impossibility)
        #expect(alone.span.text == "lab.thing.grade == 7")
        #expect(alone.text == "`lab.thing.grade` is from 1 to 6")
    }

    // MARK: Verdicts against rows

    @Test("no row contradicts what was said of random questions")
    func brute() throws {
        var draws = Draws(state: 11)
        let rows = (0..<200).map { _ in Self.row(&draws) }
        var said = 0
        var questions: [QuestionAnalysis] = []
        for _ in 0..<1_200 {
            let analysis = try analysis(Self.question(&draws, depth: 2))
            questions.append(analysis)
            let bound = try analysis.compiled.bound()
            let holding = rows.count { bound.holds(on: $0) }
            if analysis.impossibility != nil {
                said += 1
                #expect(holding == 0, "\(analysis.compiled.question.text)")
            }
            if analysis.isCertain {
                said += 1
                #expect(holding == rows.count, "\(analysis.compiled.question.text)")
            }
        }
        #expect(said > 40)
        var implied = 0
        for index in 1..<questions.count where questions[index - 1].implies(questions[index]) {
            implied += 1
            let (first, second) = (try questions[index - 1].compiled.bound(), try questions[index].compiled.bound())
            let counter = rows.filter { first.holds(on: $0) && !second.holds(on: $0) }
            #expect(
                counter.isEmpty,
                "\(questions[index - 1].compiled.question.text) ⇒ \(questions[index].compiled.question.text)")
        }
        #expect(implied > 10)
    }

    private static func row(_ draws: inout Draws) -> Row {
        var row = Row()
        func add(_ name: String, _ value: FieldValue) {
            if let slot = table.slot(of: name) { row.append(value, at: slot) }
        }
        func sometimes() -> Bool { Int.random(in: 0..<3, using: &draws) > 0 }
        if sometimes() { add("lab.thing.code", .unsigned(.random(in: 0...4, using: &draws))) }
        if sometimes() { add("lab.thing.kind", .string(["reply", "timeout"].randomElement(using: &draws) ?? "")) }
        if sometimes() { add("lab.thing.name", .string(["a", "b", "ab"].randomElement(using: &draws) ?? "")) }
        if sometimes() { add("lab.thing.addr", .ipv4(0xC000_0200 + .random(in: 0...3, using: &draws))) }
        if sometimes() { add("lab.thing.ok", .boolean(.random(using: &draws))) }
        if sometimes() { add("lab.thing.grade", .unsigned(.random(in: 1...6, using: &draws))) }
        add("lab.thing.number", .unsigned(.random(in: 0...4, using: &draws)))
        for _ in 0..<Int.random(in: 0...3, using: &draws) {
            add("tcp.port", .unsigned(.random(in: 0...3, using: &draws)))
        }
        if sometimes() { add("tls", .label) }
        return row
    }

    private static func question(_ draws: inout Draws, depth: Int) -> String {
        if depth > 0, Int.random(in: 0..<4, using: &draws) > 0 {
            let left = question(&draws, depth: depth - 1)
            let right = question(&draws, depth: depth - 1)
            switch Int.random(in: 0..<5, using: &draws) {
            case 0: return "not (\(left))"
            case 1: return "(\(left)) xor (\(right))"
            case 2: return "(\(left)) or (\(right))"
            default: return "(\(left)) and (\(right))"
            }
        }
        let relation = ["==", "!=", "===", "!==", "<", ">", "<=", ">="].randomElement(using: &draws) ?? "=="
        let number = Int.random(in: 0...4, using: &draws)
        let quantifier = ["", "", "all ", "any "].randomElement(using: &draws) ?? ""
        switch Int.random(in: 0..<9, using: &draws) {
        case 0: return "\(quantifier)lab.thing.code \(relation) \(number)"
        case 1: return "\(quantifier)tcp.port \(relation) \(number)"
        case 2: return "tcp.port"
        case 3: return "tls"
        case 4: return "\(quantifier)lab.thing.number \(relation) \(number)"
        case 5: return "\(quantifier)tcp.port not in {\(number), 1..2}"
        case 6: return "lab.thing.name \(["==", "!=", "contains"].randomElement(using: &draws) ?? "==") \"a\""
        case 7: return "lab.thing.addr \(relation) 192.0.2.\(number)/31"
        default: return "lab.thing.grade \(relation) \(number)"
        }
    }
}

/// Deterministic draws (SplitMix64).
struct Draws: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
