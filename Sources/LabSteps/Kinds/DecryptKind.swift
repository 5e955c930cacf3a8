import LabModel
import SupportQuestions
import Wire
import WireSessions

/// `decrypt`: opens a capture with a key log and selects with a display filter.
package enum DecryptKind: RunnerStepKind {
    package static let schema = StepSchema(
        "decrypt", "opens a capture with a key log, and selects frames with a display filter",
        fields: [
            PlanField("capture", .string, required: true, "the capture file, as the step that stopped it gave it"),
            PlanField("keylog", .string, "the key log file; without one, nothing encrypted is opened"),
            PlanField("filter", .filter, "which frames to look at, in Wireshark's language"),
        ],
        shorthand: "capture",
        results: [ResultField("capture", .string, "the capture file")],
        tables: [FrameTable.table, ExchangeField.table, StreamField.table],
        guide: .decrypt)

    package static func perform(_ plan: StepPlan, by runner: any RunnerContext) async throws -> StepOutcome {
        let capture = try plan.required("capture")
        guard RunFolder.isInside(capture) else { throw StepFailure(.lab, "`\(capture)` is not a file of this run") }
        try runner.record(
            try JSON.encode(
                Value.map(["capture": .string(capture), "keylog": plan.string("keylog").map { .string($0) } ?? .null])),
            as: "inputs.json")
        return StepOutcome(results: ["capture": .string(capture)])
    }

    package static func derive(_ evidence: StepEvidence) -> Derived {
        guard let capture = evidence.plan.string("capture"), let bytes = evidence.bytes(capture) else {
            return Derived(explanations: ["the capture file is missing"])
        }
        var explanations: [String] = []
        var keyLog = KeyLog()
        if let path = evidence.plan.string("keylog") {
            if let text = evidence.bytes(path) {
                keyLog = KeyLog(text)
                if text.isEmpty { explanations.append("the key log is empty") }
            } else {
                explanations.append("the key log `\(path)` is missing")
            }
        }
        let (rows, report) = Sessions.read(bytes, SessionConfiguration(keyLog: keyLog, wantsSummaries: false))
        let frames = filtered(rows.frames, by: evidence.plan.string("filter"), &explanations)
        explanations += StreamWords.explanations(rows.streams)
        if rows.frames.isEmpty { explanations.append("the capture holds no packets") }
        return Derived(
            tables: [
                TableRows(FrameTable.table, frames, provenance: .recomputed),
                TableRows(ExchangeField.table, rows.exchanges, provenance: .recomputed),
                TableRows(StreamField.table, rows.streams, provenance: .recomputed),
            ],
            notes: [
                "\(report.frames) frames, of which the filter takes \(frames.count)",
                StreamWords.summary(rows.streams), "\(rows.exchanges.count) exchanges readable",
            ],
            explanations: explanations)
    }

    private static func filtered(_ frames: [Row], by filter: String?, _ explanations: inout [String]) -> [Row] {
        guard let filter, !filter.isEmpty else { return frames }
        do {
            let question = try FilterCompilation.compile(filter, name: "`filter`").bound()
            return frames.filter { question.holds(on: $0) }
        } catch {
            explanations.append("the filter cannot be read: \(error)")
            return []
        }
    }
}

/// What became of the TLS connections of a capture, in words.
enum StreamWords {
    static func summary(_ streams: [Row]) -> String {
        var counts: [(status: String, count: Int)] = []
        for row in streams {
            guard case .string(let status)? = row.first(at: StreamField.tlsStatus.slot) else { continue }
            if let index = counts.firstIndex(where: { $0.status == status }) {
                counts[index].count += 1
            } else {
                counts.append((status, 1))
            }
        }
        let parts = counts.map { "\($0.count) \($0.status)" }.joined(separator: ", ")
        return "\(streams.count) TLS connections" + (parts.isEmpty ? "" : ": \(parts)")
    }

    /// The reasons for which connections stayed closed, each once.
    static func explanations(_ streams: [Row]) -> [String] {
        var seen = Set<String>()
        return streams.compactMap { row -> String? in
            guard case .string(let status)? = row.first(at: StreamField.tlsStatus.slot), status != "decrypted",
                status != "plaintext", case .string(let reason)? = row.first(at: StreamField.tlsReason.slot),
                seen.insert(reason).inserted
            else { return nil }
            return reason
        }
    }
}
