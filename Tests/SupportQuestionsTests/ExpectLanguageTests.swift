import SupportDiagnostics
import SupportQuestions
import Testing

@Suite("Units, references and lists in expect and forbid")
struct ExpectLanguageTests {
    private static let tables = [TestTables.frame, TestTables.exchange, TestTables.trace, TestTables.hop]
    private static let references: [String: QuestionReference] = [
        "port": .init(values: [.string("9000")]), "site": .text("www.example.test"), "late": .init(),
        "mitm": .text("laptop:9000"), "mitm.ca.sha256": .init(type: .bytes), "world.r3.address": .init(type: .ipv4),
        "far.addresses": .init(type: .ipv4), "far.path": .init(type: .list), "middle": .text("r2"),
        "flag": .init(type: .boolean),
    ]

    private func bind(
        _ text: String, _ values: [String: [FieldValue]] = [:]
    ) throws -> BoundQuestion {
        try compile(text, Self.tables, references: Self.references, language: .expect).get().bound(to: values)
    }

    @Test(
        "Units are values of their kind",
        arguments: [
            ("lab.hop.rtt < 50ms", true), ("lab.hop.rtt > 49.5ms", false), ("lab.hop.rtt == 0.02s", true),
            ("lab.hop.rtt in {10ms..30ms}", true), ("lab.hop.rtt in {1ms, 20ms}", true), ("lab.hop.rtt > 0", true),
            ("lab.hop.rtt + 1ms > 20ms", true), ("lab.hop.rtt == 20000us", true), ("lab.hop.rtt < 1min", true),
        ])
    func durations(_ text: String, _ expected: Bool) throws {
        let row = TestTables.row(TestTables.hop, [("lab.hop.rtt", .duration(20_000_000))])
        #expect(try bind(text).holds(on: row) == expected)
    }

    @Test(
        "Sizes are numbers of bytes",
        arguments: [
            ("> 10MB", true), ("> 10MiB", false), ("== 10.2MB", true), ("in {10MB..11MB}", true), ("< 20GB", true),
        ])
    func sizes(_ relation: String, _ expected: Bool) throws {
        let row = TestTables.row(TestTables.exchange, [("lab.http.size", .unsigned(10_200_000))])
        #expect(try bind("lab.http.size \(relation)").holds(on: row) == expected)
    }

    @Test("A variable given as text takes the type of its field when the question is compiled")
    func variables() throws {
        let row = TestTables.row(
            TestTables.frame, [("tcp.dstport", .unsigned(9000)), ("http.host", .string("www.example.test"))])
        #expect(try bind("tcp.dstport == $port and http.host == $site").holds(on: row))
        #expect(try !bind("tcp.dstport != $port").holds(on: row))
        #expect(try bind("tcp.dstport == $port + 0").holds(on: row))
        #expect(try bind("tcp.dstport > $port - 1").holds(on: row))
        #expect(try bind("http.host contains $site").holds(on: row))
    }

    @Test("The results of steps come at evaluation, with any number of values")
    func results() throws {
        let row = TestTables.row(
            TestTables.exchange,
            [("lab.tls.root.sha256", .bytes([0xAB, 1])), ("lab.http.proxy", .string("laptop:9000"))])
        let question = try compile(
            "lab.tls.root.sha256 == $mitm.ca.sha256", Self.tables, references: Self.references, language: .expect
        ).get()
        #expect(question.unboundReferences == ["mitm.ca.sha256"])
        #expect(try question.evaluate(row, references: ["mitm.ca.sha256": [.bytes([0xAB, 1])]]))
        #expect(try question.evaluate(row, references: ["mitm.ca.sha256": [.string("ab:01")]]))
        #expect(try !question.evaluate(row, references: ["mitm.ca.sha256": [.bytes([0xAB, 2])]]))
        #expect(throws: ReferenceProblem.self) { try question.evaluate(row, references: ["mitm.ca.sha256": []]) }
        #expect(try bind("lab.http.proxy == $mitm").holds(on: row))
    }

    @Test("Membership in a column of another step")
    func columns() throws {
        let row = TestTables.row(TestTables.hop, [("lab.hop.addr", .ipv4(0xC633_6401))])
        let addresses: [FieldValue] = [.ipv4(1), .ipv4(0xC633_6401)]
        #expect(try bind("lab.hop.addr in $far.addresses", ["far.addresses": addresses]).holds(on: row))
        #expect(try !bind("lab.hop.addr not in $far.addresses", ["far.addresses": addresses]).holds(on: row))
        // An empty column must not let a negation pass.
        for values: [FieldValue] in [[], [.list([])]] {
            #expect(throws: ReferenceProblem.self) {
                try bind("lab.hop.addr not in $far.addresses", ["far.addresses": values])
            }
        }
        #expect(try bind("lab.hop.addr in $far.addresses", ["far.addresses": [.list(addresses)]]).holds(on: row))
        #expect(
            try bind("lab.hop.addr == $world.r3.address", ["world.r3.address": [.string("198.51.100.0/24")]]).holds(
                on: row))
    }

    @Test(
        "Lists of names and addresses",
        arguments: [
            ("lab.trace.path == [r1, r2, 192.0.2.7]", true), ("lab.trace.path == [r1, $middle, \"192.0.2.7\"]", true),
            ("lab.trace.path == [r1, $late, 192.0.2.7]", true), ("lab.trace.path == [r2, r1, 192.0.2.7]", false),
            ("lab.trace.path == [r1, r2]", false), ("lab.trace.path != [r1, r2]", true),
            ("lab.trace.path == []", false),
            ("lab.trace.path == $far.path", true), ("lab.trace.path contains r2", true),
            ("lab.trace.path contains r9", false),
            ("lab.trace.path contains 192.0.2.7", true), ("len(lab.trace.path) == 3", true),
        ])
    func lists(_ text: String, _ expected: Bool) throws {
        let path: [FieldValue] = [.string("r1"), .string("r2"), .ipv4(0xC000_0207)]
        let row = TestTables.row(TestTables.trace, [("lab.trace.path", .list(path))])
        let values: [String: [FieldValue]] = ["late": [.string("r2")], "far.path": path]
        #expect(try bind(text, values).holds(on: row) == expected)
    }

    @Test("References among the literals of a set")
    func sets() throws {
        let row = TestTables.row(TestTables.frame, [("tcp.dstport", .unsigned(9000))])
        #expect(try bind("tcp.dstport in {80, $port}").holds(on: row))
        #expect(
            try bind("tcp.dstport in {80..90, $late, 1}", ["late": [.unsigned(7), .unsigned(9000)]]).holds(on: row))
        #expect(try !bind("tcp.dstport in {80, $late}", ["late": [.string("81")]]).holds(on: row))
        let question = try compile(
            "tcp.dstport in {$port, $late}", Self.tables, references: Self.references, language: .expect
        ).get()
        #expect(question.unboundReferences == ["late"])
        let outcome = try question.bound(to: ["late": [.unsigned(5)]]).explain(row)
        #expect(outcome.map(\.expected) == ["tcp.dstport in {9000, 5}"])
    }

    @Test("A count that can never be zero warns")
    func counts() throws {
        let question = try compile("count(tcp.port) == 0", Self.tables, language: .expect).get()
        #expect(question.warnings.map(\.fix?.replacement) == ["not tcp.port"])
    }

    @Test("Names of values need no quotes")
    func valueNames() throws {
        let row = TestTables.row(TestTables.frame, [("tls.alert_message.desc", .unsigned(48))])
        #expect(try bind("tls.alert_message.desc == unknown_ca").holds(on: row))
        #expect(try bind("tls.alert_message.desc in {bad_certificate, unknown_ca, 46}").holds(on: row))
    }

    @Test("A value that does not fit its field is a typed error when the question is bound")
    func conversion() throws {
        let question = try compile("tcp.dstport == $late", Self.tables, references: Self.references, language: .expect)
            .get()
        #expect(throws: ReferenceProblem.self) { try question.bound(to: ["late": [.string("eighty")]]) }
        #expect(throws: ReferenceProblem.self) { try question.bound(to: ["late": [.unsigned(1), .list([.label])]]) }
        #expect(throws: ReferenceProblem.self) { try question.bound() }
        do {
            _ = try question.bound(to: ["late": [.string("eighty")]])
        } catch {
            #expect(error.reason == .conversion(.string("eighty"), .unsigned))
            #expect(error.diagnostic.message == "`$late` is `eighty`, expected a whole number")
        }
    }

    @Test("A bare boolean warns, since it asks only whether the field is there")
    func warnings() throws {
        let question = try compile("tcp.flags.syn and tcp", Self.tables, language: .expect).get()
        #expect(
            question.warnings.map(\.message) == [
                "`tcp.flags.syn` alone asks whether the field is there, also when it is false"
            ])
        #expect(try compile("tcp.flags.syn").get().warnings.isEmpty)
    }

    @Test("The references of a question are known before it is compiled")
    func references() throws {
        let question = try Question.parse(
            SourceText("a == $x.y and b in $z and c == [$x.y, $w] and d == $e-f", name: "q"))
        #expect(question.references.map(\.value) == ["x.y", "z", "w", "e-f"])
    }
}
