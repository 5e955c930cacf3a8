import Foundation
import LabTestSupport
import SupportDiagnostics
import SupportQuestions
import Wire
import WireSessions

/// The filters of `Fixtures/Filters` with tshark's answers and ours.
struct FilterFixture {
    /// The frames that match as ranges (`1-3,7`), `none`, or `refused`.
    typealias Answer = String

    /// A reason to differ, with the expressions it is about and our answers.
    struct Difference {
        let reason: String
        var answers: [(expression: String, ours: Answer)] = []
    }

    let filters: [(expression: String, theirs: Answer)]
    let differences: [Difference]
    private let rows: [Row]

    static func path(_ name: String) -> String { Repository.fixture("Filters/" + name) }

    init() throws {
        filters = try Self.lines("wireshark.txt").compactMap { line in
            line.hasPrefix("#") ? nil : try Self.columns(line)
        }.map { ($0.1, $0.0) }
        differences = try Self.lines("differences.txt").reduce(into: []) { found, line in
            if line.hasPrefix("#") { return }
            if line.hasPrefix("= ") {
                found.append(Difference(reason: String(line.dropFirst(2))))
            } else if !found.isEmpty {
                let (ours, expression) = try Self.columns(line)
                found[found.count - 1].answers.append((expression, ours))
            }
        }
        let capture = [UInt8](try Data(contentsOf: URL(fileURLWithPath: Self.path("capture.pcap"))))
        let keys = [UInt8](try Data(contentsOf: URL(fileURLWithPath: Self.path("keys.log"))))
        rows = Sessions.read(capture, SessionConfiguration(keyLog: KeyLog(keys))).0.frames
    }

    private static func lines(_ name: String) throws -> [String] {
        // By line feeds alone: an expression may have other blanks.
        try String(contentsOfFile: path(name), encoding: .utf8).utf8.split(separator: UInt8(ascii: "\n"))
            .map { String(decoding: $0, as: UTF8.self) }
    }

    private static func columns(_ line: String) throws -> (String, String) {
        guard let tab = line.firstIndex(of: "\t") else { throw CocoaError(.fileReadCorruptFile) }
        return (String(line[..<tab]), String(line[line.index(after: tab)...]))
    }

    func ours(_ expression: String) -> Answer {
        do {
            let question = try Question.parse(SourceText(expression, name: "filter"))
            let bound = try CompiledQuestion.compile(question, against: [FrameTable.table], language: .filter).bound()
            return Self.ranges(rows.indices.filter { bound.holds(on: rows[$0]) }.map { $0 + 1 })
        } catch {
            return "refused"
        }
    }

    private static func ranges(_ frames: [Int]) -> Answer {
        var parts: [ClosedRange<Int>] = []
        for frame in frames {
            if let last = parts.last, last.upperBound + 1 == frame {
                parts[parts.count - 1] = last.lowerBound...frame
            } else {
                parts.append(frame...frame)
            }
        }
        let texts = parts.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }
        return texts.isEmpty ? "none" : texts.joined(separator: ",")
    }

    /// Every expression put to one run of tshark, which has a listener for each.
    func askTshark(_ tshark: RealTool) async throws -> [Answer] {
        let folder = TemporaryFolder()
        let list = folder.path + "/filters.txt"
        try Data((filters.map(\.expression).joined(separator: "\n") + "\n").utf8).write(to: URL(fileURLWithPath: list))
        let outcome = try await tshark.run(
            [
                "-n", "-q", "-r", Self.path("capture.pcap"), "-o", "tls.keylog_file:" + Self.path("keys.log"), "-o",
                "tcp.reassemble_out_of_order:TRUE", "-X", "lua_script:" + Self.path("frames.lua"),
            ], environment: ["LAB_FILTERS": list, "TZ": "UTC"])
        return outcome.output.split(separator: "\n").dropFirst().map(String.init)
    }

    /// The list of differences as the documentation shows it.
    var documentation: String {
        let theirs = Dictionary(filters.map { ($0.expression, $0.theirs) }, uniquingKeysWith: { first, _ in first })
        return differences.map { difference in
            var lines = ["- " + difference.reason, ""]
            for (expression, ours) in difference.answers {
                lines.append(
                    "      \(expression)    (Wireshark 4.0: \(Self.word(theirs[expression] ?? "?")); here: \(Self.word(ours)))"
                )
            }
            return lines.joined(separator: "\n")
        }.joined(separator: "\n\n")
    }

    private static func word(_ answer: Answer) -> String {
        switch answer {
        case "refused": "refused"
        case "none": "no frame"
        default: "frames"
        }
    }
}
