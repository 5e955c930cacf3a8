import Foundation
import LabModel
import LabSteps
import SupportDiagnostics
import SupportQuestions
import WireSessions

/// Questions: parser, compiler and evaluator, as a filter and as a check.
struct QuestionTarget: FuzzTarget {
    let name = "question"
    let longestInput = 400
    private let tables: [Table]
    private let rows: [String: [Row]]

    init() {
        tables = SharedTables.all + StepCatalog.schemas.flatMap(\.tables)
        rows = Dictionary(tables.map { ($0.name, SampleRows.rows(of: $0)) }, uniquingKeysWith: { first, _ in first })
    }

    var dictionary: [String] {
        let words = [
            "and", "or", "xor", "not", "any", "all", "in", "contains", "matches", "==", "!=", "===", "!==", "~=", ">=",
            "<=", "&&", "||", "^^", "..", "{80, 443}", "[0:2]", "[1-3]", "[-1]", "#1", "#[1-2]", "$port", "$path",
            "upper(", "lower(", "len(", "count(", "string(", "max(", "min(", "abs(", "50ms", "10MB", "0x1f", "0b1",
            "'A'", "r\"\\d\"", "\"\\x41\"", "192.0.2.0/24", "2001:db8::/32", "02:00:00:00:00:01",
            "\"2026-11-23 06:00:00\"", "true",
        ]
        let fields = [
            "frame", "frame.time", "frame.time_relative", "frame.protocols", "eth.src", "ip", "ip.src", "ip.addr",
            "ipv6.src", "tcp", "tcp.port", "tcp.flags.syn", "tcp.payload", "tls.handshake.type", "http.host",
            "lab.trace.path", "lab.http.code", "lab.hop.rtt", "lab.probe.rtt", "lab.handshake.alert", "ssl",
        ]
        return words + fields
    }

    private static let references: [String: QuestionReference] = [
        "port": QuestionReference(type: .unsigned, values: [.unsigned(80), .unsigned(443)]),
        "text": .text("80"), "path": QuestionReference(type: .list), "late": QuestionReference(),
        "address": QuestionReference(type: .ipv4),
    ]
    private static let values: [String: [FieldValue]] = [
        "path": [.list([.string("r1"), .string("r2")])], "late": [.string("192.0.2.1"), .unsigned(7)],
        "address": [.ipv4(0xC000_0201)],
    ]

    func run(_ input: [UInt8]) {
        let source = SourceText(String(decoding: input, as: UTF8.self), name: "question")
        do {
            let question = try Question.parse(source)
            for language in [QuestionLanguage.filter, .expect] { evaluate(question, language) }
        } catch {
            Checks.hold(for: error)
        }
    }

    private func evaluate(_ question: Question, _ language: QuestionLanguage) {
        let compiled: CompiledQuestion
        do {
            compiled = try CompiledQuestion.compile(
                question, against: language == .filter ? [FrameTable.table] : tables, references: Self.references,
                language: language)
        } catch {
            return error.all.forEach(Checks.hold)
        }
        compiled.warnings.forEach(Checks.hold)
        PlantedBug.spring(question, compiled)
        let rows = rows[compiled.table.name] ?? []
        do {
            let bound = try compiled.bound(to: Self.values)
            let holding = rows.filter(bound.holds)
            if let first = holding.first {
                Checks.hold(for: bound.violation(on: first))
            } else {
                Checks.hold(for: bound.failure(of: rows))
            }
        } catch {
            Checks.hold(for: error.diagnostic)
        }
    }
}

/// Rows that have something in every field, and rows that have little.
enum SampleRows {
    static func rows(of table: Table) -> [Row] {
        (0..<6).map { number in
            var row = Row()
            for (slot, field) in table.fields.enumerated() where number != 0 && (slot + number) % 4 != 0 {
                let values = values(of: field.type)
                row.append(values[(slot + number) % values.count], at: slot)
                if number > 3 { row.append(values[(slot + number + 1) % values.count], at: slot, layer: 2) }
            }
            return row
        }
    }

    private static func values(of type: FieldType) -> [FieldValue] {
        switch type {
        case .label: [.label]
        case .boolean: [.boolean(true), .boolean(false)]
        case .unsigned: [.unsigned(0), .unsigned(80), .unsigned(.max)]
        case .signed: [.signed(.min), .signed(-1), .signed(.max)]
        case .float: [.float(0.5), .float(-1e300), .float(0)]
        case .string: [.string(""), .string("www.example.test"), .string("é\u{0}\u{1B}[31m")]
        case .bytes: [.bytes([]), .bytes([0x16, 3, 1]), .bytes(Array("GET / HTTP/1.1".utf8))]
        case .ipv4: [.ipv4(0xC000_0201), .ipv4(.max), .ipv4(0)]
        case .ipv6: [.ipv6(0x2001_0DB8_0000_0000, 1), .ipv6(.max, .max)]
        case .ether: [.ether(0x0200_0000_0001), .ether(0xFFFF_FFFF_FFFF)]
        case .duration: [.duration(.min), .duration(50_000_000), .duration(.max)]
        case .time: [.time(.min), .time(1_793_600_000_000_000_000), .time(.max)]
        case .list: [.list([]), .list([.string("r1"), .ipv4(0xC000_0201)])]
        }
    }
}
