import SupportDiagnostics
import SupportQuestions
import Testing

@Suite("Why a question does not hold")
struct ExplainTests {
    private func bound(
        _ text: String, references: [String: QuestionReference] = [:], _ values: [String: [FieldValue]] = [:]
    ) throws -> BoundQuestion {
        try compile(text, [TestTables.frame, TestTables.exchange], references: references, language: .expect).get()
            .bound(to: values)
    }

    private static let rows = [
        TestTables.row(TestTables.frame, [("ip", .label), ("ip.src", .ipv4(1))]),
        TestTables.row(
            TestTables.frame,
            [("tcp.port", .unsigned(40_000)), ("tcp.port", .unsigned(8080)), ("tls.alert_message.desc", .unsigned(42))]),
        TestTables.row(TestTables.frame, [("tcp.port", .unsigned(9000))]),
    ]

    @Test("Each relation tells what was seen")
    func outcomes() throws {
        let question = try bound(
            "tcp.port == $port and not tls.alert_message.desc in {42, 46} or udp", references: ["port": .text("9000")])
        let outcomes = question.explain(Self.rows[1])
        #expect(outcomes.map(\.text) == ["tcp.port == $port", "tls.alert_message.desc in {42, 46}", "udp"])
        #expect(outcomes.map(\.expected) == ["tcp.port == 9000", "tls.alert_message.desc in {42, 46}", "udp"])
        #expect(outcomes.map(\.holds) == [false, true, false])
        #expect(outcomes.map(\.wanted) == [true, false, true])
        #expect(outcomes.map(\.found) == ["found 40000, 8080", "found 42 (Bad Certificate)", "absent"])
    }

    @Test("The nearest row has most parts of the question, then most of its fields")
    func nearest() throws {
        let question = try bound("tcp.port == 9000 and tls.alert_message.desc == 48")
        #expect(question.nearest(in: Self.rows)?.index == 2)
        #expect(question.nearest(in: Self.rows.prefix(2))?.index == 1)
        #expect(question.nearest(in: []) == nil)
    }

    @Test("A failed check shows both sides under the line of the lab file")
    func failure() throws {
        let question = try bound(
            "tls.alert_message.desc == unknown_ca and tcp.port == $port", references: ["port": .init()],
            ["port": [.string("9000")]])
        let text = DiagnosticText().render(question.failure(of: [Self.rows[1]]))
        #expect(
            text == """
                error[check.failed]: the frame is not as expected
                 --> question:1:1
                  |
                1 | tls.alert_message.desc == unknown_ca and tcp.port == $port
                  | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ found 42 (Bad Certificate)
                  |                                          ----------------- found 40000, 8080
                  |
                  = note: expected `tcp.port == 9000`

                """)
        #expect(
            DiagnosticText().render(question.failure(of: Self.rows) { "frame \($0 + 1)" }) == """
                error[check.failed]: none of 3 rows of `frame` is as expected
                 --> question:1:1
                  |
                1 | tls.alert_message.desc == unknown_ca and tcp.port == $port
                  | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ absent here, found on 1 other row
                  |
                  = note: nearest was frame 3

                """)
    }

    @Test("Without any row that is what is told")
    func nothing() throws {
        let text = DiagnosticText().render(try bound("lab.http.code == 200").failure(of: []))
        #expect(text.contains("^ no exchange was recorded"))
    }

    @Test("What is forbidden is shown where it was seen")
    func violation() throws {
        let row = TestTables.row(TestTables.exchange, [("lab.http.body", .string("a \u{1B}[2J token"))])
        let text = DiagnosticText().render(
            try bound("lab.http.body contains \"token\"").violation(
                on: row, place: "the exchange with www.example.test"))
        #expect(
            text == """
                error[check.forbidden]: this must not be seen, but the exchange with www.example.test shows it
                 --> question:1:1
                  |
                1 | lab.http.body contains "token"
                  | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ found "a ␛[2J token"

                """)
    }

    @Test(
        "Values are printed as Wireshark prints them",
        arguments: [
            (FieldValue.label, "present"), (.boolean(true), "True"), (.unsigned(5), "5"), (.signed(-5), "-5"),
            (.float(1.5), "1.5"),
            (.float(3), "3"), (.string("x"), "x"), (.bytes([0x16, 3]), "16:03"), (.ipv4(0xC000_0201), "192.0.2.1"),
            (.ipv6(0x2001_0DB8_0000_0000, 1), "2001:db8::1"), (.ether(0x0200_0000_0001), "02:00:00:00:00:01"),
            (.duration(0), "0s"), (.duration(50_000_000), "50ms"), (.duration(1_500_000_000), "1.5s"),
            (.duration(-20), "-20ns"),
            (.duration(12_340), "12.34us"), (.time(0), "1970-01-01T00:00:00Z"),
            (.time(1_700_000_000_250_000_000), "2023-11-14T22:13:20.25Z"),
            (.time(-1), "1969-12-31T23:59:59.999999999Z"),
            (.list([.string("r1"), .ipv4(1)]), "[r1, 0.0.0.1]"),
        ])
    func text(_ value: FieldValue, _ text: String) {
        #expect(value.text == text)
    }

    @Test(
        "Times are read in UTC",
        arguments: [
            ("1970-01-01", 0), ("1970-01-01 00:00:01.5", 1_500_000_000),
            ("2023-11-14T22:13:20Z", 1_700_000_000_000_000_000),
            ("2023-11-14 23:13:20+01:00", 1_700_000_000_000_000_000),
            ("Nov 14, 2023 22:13:20", 1_700_000_000_000_000_000),
            ("2024-02-29 12:00", 1_709_208_000_000_000_000), ("2023-13-01", nil), ("2023-11-14 25:00", nil),
            ("soon", nil),
            ("", nil), ("2023-11-14 22:13:20 ", nil), ("9999-01-01", nil),
        ] as [(String, Int64?)])
    func times(_ text: String, _ nanoseconds: Int64?) {
        #expect(TimeText.nanoseconds(text) == nanoseconds)
    }
}
