import SupportDiagnostics
import SupportQuestions
import Testing

@Suite("Problems of questions")
struct QuestionProblemTests {
    private static let tables = [TestTables.frame, TestTables.exchange, TestTables.trace, TestTables.hop]
    private static let references: [String: QuestionReference] = [
        "port": .text("9000"), "word": .text("eighty"), "mitm.ca.sha256": .init(type: .bytes),
        "flag": .init(type: .boolean),
    ]

    /// A question with its one problem, the marked text and the label under it.
    struct Case: Sendable, CustomTestStringConvertible {
        let text: String
        let code: String
        let marked: String
        let message: String
        init(_ text: String, _ code: String, _ marked: String, _ message: String) {
            self.text = text
            self.code = "question." + code
            self.marked = marked
            self.message = message
        }
        var testDescription: String { text }
    }

    @Test(
        "Each is marked at the exact token",
        arguments: [
            Case("", "empty", "", "the question is empty"),
            Case("tcp.port = 80", "operator", "=", "there is no relation `=`"),
            Case("tcp.port => 80", "operator", "=>", "there is no relation `=>`"),
            Case("tcp | udp", "operator", "|", "there is no relation `|`"),
            Case("tcp AND udp", "syntax", "AND", "`AND` is unexpected here"),
            Case("tcp udp", "syntax", "udp", "`udp` is unexpected here"),
            Case("tcp and", "syntax", "", "the question ends too early, expected a field or a value"),
            Case("tcp and )", "syntax", ")", "`)` is unexpected here, expected a field or a value"),
            Case("(tcp or udp", "unclosed", "(", "this is never closed with `)`"),
            Case("tcp.port in {80", "unclosed", "{", "this is never closed with `}`"),
            Case("tcp.port in {80 81}", "syntax", "81", "`81` is unexpected here, expected `,` or `}`"),
            Case(
                "tcp.port in 80", "syntax", "80",
                "`80` is unexpected here, expected a set in braces, as in `in {80, 443}`"),
            Case(
                "tcp.port in $port+1", "types", "$port+1", "`in` takes a set in braces or the name of one"),
            Case("(tcp.port) == 80", "parentheses", "(tcp.port)", "parentheses group tests, not values"),
            Case("http.host == \"a", "unclosed-quote", "\"", "this quote is never closed"),
            Case("http.host == 'ab'", "character-constant", "'ab'", "single quotes hold one character, as in `'A'`"),
            Case("http.host == \"\\q\"", "escape", "\\q", "there is no such escape"),
            Case("http.host[] == \"a\"", "slice", "[]", "not a slice"),
            Case("tcp.port == ${port}", "reference", "${", "`${` is not how a question names a variable"),
            Case("tcp.port == $ 1", "reference", "$", "a name is expected after `$`"),
            Case("@tcp.port == 00:50", "character", "@", "`@` means nothing in a question"),
            Case(
                "all tcp", "syntax", "", "the question ends too early, expected a relation, as in `all tcp.port > 1024`"
            ),
            Case("tcp.prot == 80", "unknown-field", "tcp.prot", "there is no field `tcp.prot`"),
            Case("80 == tcp.prot", "unknown-field", "tcp.prot", "there is no field `tcp.prot`"),
            Case("tcp.port == 80 and foo", "unknown-field", "foo", "there is no field `foo`"),
            Case("http.host == http.hots", "unknown-field", "http.hots", "there is no field `http.hots`"),
            Case("len(http.hots) > 1", "unknown-field", "http.hots", "there is no field `http.hots`"),
            Case("5 == 5", "no-field", "5", "one side of a relation must be a field"),
            Case("$port == 80", "no-field", "$port", "one side of a relation must be a field"),
            Case("\"x\"", "presence", "\"x\"", "this is neither a field nor a comparison"),
            Case("len(http.host)", "presence", "len(http.host)", "a function is always there: compare its result"),
            Case("tcp.port == http", "types", "http", "`tcp.port` and `http` cannot be compared"),
            Case("ip.src == tcp.port", "types", "tcp.port", "`ip.src` and `tcp.port` cannot be compared"),
            Case("ip.src == 5", "types", "5", "`ip.src` is an IPv4 address, found `5`"),
            Case(
                "ip.src == \"10.0.0.1\"", "types", "\"10.0.0.1\"", "`ip.src` is an IPv4 address, found `\"10.0.0.1\"`"),
            Case("tcp.port == 65536", "range", "65536", "`65536` is too large for `tcp.port`, at most 65535"),
            Case("tcp.port == 8x", "types", "8x", "`tcp.port` is a whole number, found `8x`"),
            Case("tcp.port in {9..1}", "range", "9..1", "this range is empty: it begins after its end"),
            Case(
                "tcp.port contains 8", "types", "tcp.port",
                "`contains` looks into text or bytes, `tcp.port` is a whole number"),
            Case("http.host matches x", "pattern", "x", "`matches` needs a pattern in double quotes"),
            Case("http.host matches \"a(\"", "pattern", "\"", "not a regular expression: missing closing parenthesis"),
            Case(
                "tcp.analysis.retransmission == 1", "label", "tcp.analysis.retransmission",
                "`tcp.analysis.retransmission` is there or not, it has no value to compare"),
            Case(
                "tcp.port[0] == 1", "slice", "tcp.port[0]",
                "only text, bytes and addresses have slices, `tcp.port` is a whole number"),
            Case("ip.src[0]#1 == 0a", "layer", "ip.src[0]#1", "`#` stands behind a field, as in `ip.src#2`"),
            Case("uper(http.host) == \"X\"", "function", "uper", "there is no function `uper`"),
            Case("upper(tcp.port) == \"X\"", "function", "tcp.port", "`upper` does not work on a whole number"),
            Case("http.host + 1 == 2", "types", "http.host", "`+` does not work on text"),
            Case(
                "tls.alert_message.desc == unknwon_ca", "value-name", "unknwon_ca",
                "`tls.alert_message.desc` has no value named `unknwon_ca`"),
            Case("lab.hop.rtt < 50", "unit", "50", "a span of time needs a unit"),
            Case("lab.hop.rtt < 50sec", "unit", "50sec", "there is no unit `sec`"),
            Case("lab.hop.rtt < 50MB", "types", "50MB", "`lab.hop.rtt` is a span of time, found `50MB`"),
            Case(
                "lab.trace.path > [r1]", "list", "lab.trace.path",
                "`lab.trace.path` is a list: lists are equal or not, none is more"),
            Case("tcp.port == [80, 81]", "list", "[80, 81]", "`tcp.port` is a whole number, not a list"),
            Case("tcp.port == $prot", "unknown-reference", "$prot", "nothing is named `$prot` here"),
            Case("tcp.port == $word", "reference-type", "$word", "`$word` is `eighty`, expected a whole number"),
            Case("ip.src == $flag", "types", "$flag", "`$flag` cannot be compared with `ip.src`"),
            Case("tcp.port in {$port..$port}", "range", "$port", "a range lies between two literals"),
            Case(
                "lab.http.code == 200 and tcp.port == 80", "two-tables", "lab.http.code",
                "no single row has all of these fields"),
        ])
    func problem(_ example: Case) throws {
        let result = compile(example.text, Self.tables, references: Self.references, language: .expect)
        guard case .failure(let problems) = result else {
            Issue.record("accepted: \(example.text)")
            return
        }
        let shown = DiagnosticText().render(problems.all)
        #expect(problems.all.map(\.code) == [example.code], "\(shown)")
        #expect(problems.all.first?.primary?.span.text == example.marked, "\(shown)")
        #expect(problems.all.first?.message == example.message, "\(shown)")
    }

    @Test("Spans of time are not multiplied, whoever stands first")
    func spans() {
        for text in ["frame.time_relative > 2ms * 2", "frame.time_relative > $port * 2"] {
            let result = compile(text, Self.tables, references: Self.references, language: .expect)
            guard case .failure(let problems) = result else {
                Issue.record("accepted: \(text)")
                continue
            }
            #expect(problems.all.map(\.message) == ["`*` does not work on a span of time"])
            #expect(problems.all.first?.help == ["spans of time are added and subtracted: `2ms + 2ms`"])
        }
    }

    @Test("All problems of a line are told at once")
    func several() {
        let result = compile(
            "tcp.prot == 80 and (ip.src == 5 or not http.host matches \"(\") and tcp.port == 99999", Self.tables)
        guard case .failure(let problems) = result else { return #expect(Bool(false)) }
        #expect(
            problems.all.map(\.code) == [
                "question.unknown-field", "question.types", "question.pattern", "question.range",
            ])
    }

    @Test("A line that is joined across two tables says which field lives where")
    func twoTables() {
        let result = compile(
            "lab.http.code == 200 and tcp.port == 80 and ip.src == 10.0.0.1", Self.tables, language: .expect)
        guard case .failure(let problems) = result else { return #expect(Bool(false)) }
        #expect(
            DiagnosticText().render(problems.all) == """
                error[question.two-tables]: no single row has all of these fields
                 --> question:1:1
                  |
                1 | lab.http.code == 200 and tcp.port == 80 and ip.src == 10.0.0.1
                  | ^^^^^^^^^^^^^ recorded in `exchange`
                  |                          -------- recorded in `frame`
                  |                                             ------ recorded in `frame`
                  |
                  = note: a question is judged on one row of one table at a time
                  = help: ask two questions, or look for the same fact in `frame`

                """)
    }

    @Test("The first table that has every field is taken")
    func firstTable() throws {
        let first = Table("first", "", fields: [Field("a", .unsigned, "")])
        let second = Table("second", "", fields: [Field("b", .unsigned, ""), Field("a", .unsigned, "")])
        #expect(try compile("a == 1", [first, second]).get().table.name == "first")
        #expect(try compile("a == 1 and b == 2", [first, second]).get().table.name == "second")
        guard case .failure = compile("a == 1", []) else { return #expect(Bool(false)) }
    }

    @Test("A field that only other steps record is told as that")
    func elsewhere() throws {
        let question = try Question.parse(SourceText("lab.hop.ttl == 3", name: "q"))
        #expect {
            try CompiledQuestion.compile(question, against: [TestTables.frame], elsewhere: [TestTables.hop])
        } throws: { error in
            guard let problem = (error as? Diagnostics)?.all.first else { return false }
            return problem.code == "question.unrecorded-field" && problem.notes == ["it is a field of `hop`"]
        }
    }

    @Test(
        "A filter is Wireshark's language exactly",
        arguments: [
            ("frame.time_relative < 50ms", "question.unit"), ("http.content_length > 10MB", "question.unit"),
            ("tcp.port == $port", "question.reference"), ("tcp.port in $port", "question.reference"),
            ("tls.alert_message.desc == unknown_ca", "question.value-name"), ("http.host == [a]", "question.list"),
        ])
    func filter(_ text: String, _ code: String) {
        guard case .failure(let problems) = compile(text, Self.tables, references: Self.references) else {
            Issue.record("accepted: \(text)")
            return
        }
        #expect(problems.all.map(\.code) == [code])
    }

    @Test("Nothing nested, long or damaged traps")
    func damage() {
        _ = compile(String(repeating: "(", count: 60_000))
        _ = compile(String(repeating: "!", count: 60_000))
        _ = compile("tcp.port == " + String(repeating: "-", count: 60_000) + "1")
        _ = compile("tcp.port == " + String(repeating: "{", count: 60_000))
        _ = compile(String(repeating: "tcp and ", count: 8000) + "tcp")
        _ = compile(String(repeating: "tcp and ", count: 990) + "tcp")
        _ = compile("tcp.port == 1" + String(repeating: "+1", count: 990))
        _ = compile(String(repeating: "a", count: 70_000))
        let text =
            "any tcp.port in {80, 0x50..'z'} and not (http.host[0:2,-3--1] ~ r\"a\\\"b\" or ip.src == 10.0.0.0/8) xor "
            + "lab.hop.rtt < 50ms && lab.trace.path == [r1, $port, \"é\\u00e9\\x41\"] || len(tcp.payload) & {1 + 2} * 3 !== 4"
        let bytes = Array(text.utf8)
        for length in 0...bytes.count { attempt(Array(bytes[..<length])) }
        var state: UInt64 = 1
        func random(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }
        let pieces = Array("(){}[]$#@!&|=<>~\"'\\.,:-+*/% 09aéx\n\0".utf8)
        for _ in 0..<4000 {
            var damaged = bytes
            for _ in 0...random(4) {
                let place = random(damaged.count)
                switch random(3) {
                case 0: damaged[place] = pieces[random(pieces.count)]
                case 1: damaged.remove(at: place)
                default: damaged.insert(pieces[random(pieces.count)], at: place)
                }
            }
            attempt(damaged)
        }
    }

    private func attempt(_ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        for language in [QuestionLanguage.filter, .expect] {
            switch compile(text, Self.tables, references: Self.references, language: language) {
            case .success(let question):
                guard let bound = try? question.bound(to: ["mitm.ca.sha256": [], "flag": []]) else { continue }
                let row = TestTables.row(question.table, [("tcp.port", .unsigned(80)), ("http.host", .string("aé"))])
                _ = bound.holds(on: row)
                _ = DiagnosticText().render(bound.failure(of: [row]))
            case .failure(let problems): _ = DiagnosticText().render(problems.all)
            }
        }
    }
}
