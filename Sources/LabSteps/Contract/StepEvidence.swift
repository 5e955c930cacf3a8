import LabModel
import SupportLinux

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

    package init(
        step: String, kind: String, host: String, plan: StepPlan, results: [String: Value],
        window: ClosedRange<Int64>, run: String, redaction: Redaction = .none
    ) {
        self.step = step
        self.kind = kind
        self.host = host
        self.plan = plan
        self.results = results
        self.window = window
        self.run = run
        self.redaction = redaction
    }

    /// The path of one of the step's own artefacts, below the run folder.
    package func artefact(_ name: String) -> String { "evidence/\(step)/\(name)" }

    /// The bytes of a file below the run folder; nil where there is none, or where `path` leads out of the folder.
    package func bytes(_ path: String) -> [UInt8]? {
        guard RunFolder.isInside(path) else { return nil }
        guard let bytes = try? Files.read(run + "/" + path) else { return nil }
        return Redaction.isKeptAsItIs(path) ? bytes : redaction.bytes(bytes)
    }

    /// An artefact of the step, decoded from JSON; nil where it is missing or damaged.
    package func json<T: Decodable>(_ type: T.Type, _ name: String) -> T? {
        bytes(artefact(name)).flatMap { try? JSON.decode(type, from: $0) }
    }

    /// The lines of an artefact below the run folder, each decoded from JSON; damaged lines are left out.
    package func lines<T: Decodable>(_ type: T.Type, at path: String) -> [T] {
        guard let bytes = bytes(path) else { return [] }
        return bytes.split(separator: UInt8(ascii: "\n")).compactMap { try? JSON.decode(type, from: $0) }
    }
}
