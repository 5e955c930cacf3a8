import Glibc
import LabModel
import SupportDiagnostics
import SupportQuestions
import WireSessions

/// Prints the frames that a filter takes, as they come.
final class FramePrinter: SessionSink {
    private let question: BoundQuestion?
    private let form: DecryptCommand.Form
    private let fields: [String]
    private let slots: [Int]
    private var buffer: [UInt8] = []
    private var printed = 0
    private var streams: [Row] = []

    init(question: BoundQuestion?, form: DecryptCommand.Form, fields: [String], slots: [Int]) {
        self.question = question
        self.form = form
        self.fields = fields
        self.slots = slots
    }

    func frame(_ row: Row, summary: FrameSummary?, at time: Int64) {
        if let question, !question.holds(on: row) { return }
        switch form {
        case .text: print((summary?.line ?? "") + "\n")
        case .fields:
            print(slots.map { row.values(at: $0).map(\.text).joined(separator: ",") }.joined(separator: "\t") + "\n")
        case .json: print((printed == 0 ? "[\n" : ",\n") + object(row))
        }
        printed += 1
    }

    func exchange(_ row: Row, at time: Int64) {}
    func stream(_ row: Row, at time: Int64) { streams.append(row) }

    func finish() {
        if form == .json { print(printed == 0 ? "[]\n" : "\n]\n") }
        flush()
    }

    /// Says on standard error which TLS connections stayed closed, and why.
    func explainStreams(_ report: SessionReport) {
        for problem in report.keyLogProblems.prefix(10) { Standard.error("key log: \(problem)\n") }
        var told = Set<String>()
        for row in streams {
            guard case .string(let status)? = row.first(at: StreamField.tlsStatus.slot), status != "decrypted",
                case .string(let reason)? = row.first(at: StreamField.tlsReason.slot), told.insert(reason).inserted
            else { continue }
            Standard.error("\(status): \(Visible.text(reason))\n")
        }
    }

    private func object(_ row: Row) -> String {
        var json = JSONText()
        json.object { json in
            let wanted = slots.isEmpty ? Array(FrameTable.table.namedFields.indices) : slots
            for slot in wanted {
                let values = row.values(at: slot)
                guard !values.isEmpty else { continue }
                json.array(FrameTable.table.fields[slot].name) { list in
                    for value in values { list.string(nil, value.text) }
                }
            }
        }
        return json.text
    }

    private func print(_ text: String) {
        // A field of hostile bytes must not reach the terminal as a control sequence.
        for scalar in text.unicodeScalars {
            let isControl =
                scalar.value < 0x20 && scalar != "\n" && scalar != "\t" || (0x7F...0x9F).contains(scalar.value)
            buffer += Array(String(isControl ? "\u{FFFD}" : scalar).utf8)
        }
        if buffer.count > 1 << 16 { flush() }
    }

    private func flush() {
        Standard.write(buffer, to: STDOUT_FILENO)
        buffer.removeAll(keepingCapacity: true)
    }
}

/// The nearest right name of a field.
enum Suggestions {
    static func field(_ name: String) -> String? {
        Suggestion.nearest(to: name, among: FrameTable.table.namedFields.map(\.name))
    }
}
