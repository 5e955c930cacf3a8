import LabModel
import SupportLinux
import SupportQuestions

/// All that deriving may look at: one finished step, and the files of its run.
package struct StepEvidence: Sendable {
    package let step: String
    package let kind: String
    package let host: String
    package let plan: StepPlan
    package let results: [String: Value]
    /// When the step began and ended, in nanoseconds since 1970.
    package let window: ClosedRange<Int64>
    /// The run folder, absolute.
    package let run: String
    /// What is kept from whoever looks, where a file was not masked yet.
    package let redaction: Redaction
    /// The tables that somebody asks about; nil: all of them.
    private let wanted: Set<String>?
    /// Where the files of a run lie that has no folder.
    private let memory: EvidenceMemory?

    package init(
        step: String, kind: String, host: String, plan: StepPlan, results: [String: Value],
        window: ClosedRange<Int64>, run: String, redaction: Redaction = .none, wanted: Set<String>? = nil,
        memory: EvidenceMemory? = nil
    ) {
        self.step = step
        self.kind = kind
        self.host = host
        self.plan = plan
        self.results = results
        self.window = window
        self.run = run
        self.redaction = redaction
        self.wanted = wanted
        self.memory = memory
    }

    /// Whether rows of a table are asked about: what nobody asks about may be left out.
    package func wants(_ table: Table) -> Bool { wanted?.contains(table.name) ?? true }

    /// The path of one of the step's own artefacts, below the run folder.
    package func artefact(_ name: String) -> String { RunFolder.artefact(name, of: step) }

    /// The bytes of a file below the run folder; nil where there is none, or where `path` leads out of the folder.
    package func bytes(_ path: String) -> [UInt8]? {
        guard RunFolder.isInside(path) else { return nil }
        guard let bytes = memory.map({ $0.bytes(path) }) ?? (try? Files.read(run + "/" + path)) else { return nil }
        return Redaction.isKeptAsItIs(path) ? bytes : redaction.bytes(bytes)
    }

    /// An artefact of the step, decoded from JSON; nil where it is missing or damaged.
    package func json<T: Decodable>(_ type: T.Type, _ name: String) -> T? {
        // What was written needs no reading.
        if redaction.isEmpty, let value = memory?.value(type, at: artefact(name)) { return value }
        return bytes(artefact(name)).flatMap { try? JSON.decode(type, from: $0) }
    }

    /// The lines of an artefact below the run folder, each decoded from JSON; damaged lines are left out.
    package func lines<T: Decodable>(_ type: T.Type, at path: String) -> [T] {
        guard let bytes = bytes(path) else { return [] }
        return bytes.split(separator: UInt8(ascii: "\n")).compactMap { try? JSON.decode(type, from: $0) }
    }
}
