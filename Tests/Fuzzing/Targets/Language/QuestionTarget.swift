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
        tables = SharedTables.all + SampleKinds.all.flatMap { $0.tables }
        rows = Dictionary(tables.map { ($0.name, SampleRows.rows(of: $0)) }, uniquingKeysWith: { first, _ in first })
    }

    var dictionary: [String] { Self.allWords }

    private static let allWords: [String] = {
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
    }()

    private static let references: [String: QuestionReference] = [
        "port": QuestionReference(type: .unsigned, values: [.unsigned(80), .unsigned(443)]),
        "text": .text("80"), "path": QuestionReference(type: .list), "late": QuestionReference(),
        "address": QuestionReference(type: .ipv4),
    ]
    private static let values: [String: [FieldValue]] = [
        "path": [.list([.string("r1"), .string("r2")])], "late": [.string("192.0.2.1"), .unsigned(7)],
        "address": [.ipv4(0xC000_0201)],
    ]

    /// Changes of a question's tokens.
    func change(_ input: [UInt8], _ random: inout Mutations) -> [UInt8]? {
        Array(random.rearrange(Self.tokens(input), Self.newTokens).joined())
    }

    private static let newTokens = QuestionTarget.allWords.map { Array($0.utf8) }

    /// Runs of characters of words, with the space behind them; every other character alone.
    private static func tokens(_ input: [UInt8]) -> [ArraySlice<UInt8>] {
        var tokens: [ArraySlice<UInt8>] = []
        var start = 0
        while start < input.count {
            var end = start + 1
            if isWord(input[start]) {
                while end < input.count, isWord(input[end]) { end += 1 }
            }
            while end < input.count, input[end] == 0x20 { end += 1 }
            tokens.append(input[start..<end])
            start = end
        }
        return tokens
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"),
            UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: ":"), UInt8(ascii: "$"), 0x80...:
            true
        default: false
        }
    }

    func run(_ input: [UInt8]) {
        let source = SourceText(String(decoding: input, as: UTF8.self), name: "question")
        do {
            let question = try Question.parse(source)
            PlantedBug.spring(question)
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
        let rows = rows[compiled.table.name] ?? []
        do {
            let bound = try compiled.bound(to: Self.values)
            let holding = rows.filter(bound.holds)
            let analysis = QuestionAnalysis(compiled)
            precondition(analysis.impossibility == nil || holding.isEmpty, "no row satisfies the impossible")
            precondition(!analysis.isCertain || holding.count == rows.count, "every row satisfies the certain")
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
