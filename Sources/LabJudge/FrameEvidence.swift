import LabModel
import LabSteps
import SupportLinux
import SupportQuestions
import Synchronization
import Wire
import WireSessions

/// The packets that the runner captured on each host, opened with its own clients' secrets, read once per host and only
/// as far as the lab's questions ask.
final class FrameEvidence: Sendable {
    private struct Frames: Sendable {
        var rows: [Row] = []
        var times: [Int64] = []
    }

    private let run: String
    private let memory: EvidenceMemory?
    private let mainHost: String
    private let fields: FrameFieldSet
    private let read = Mutex<[String: Frames]>([:])

    init(lab: LabDefinition, run: String, memory: EvidenceMemory?) {
        self.run = run
        self.memory = memory
        mainHost = lab.host
        let slots = lab.steps.flatMap(\.checks).map(\.question).filter { $0.table.name == FrameTable.table.name }
            .flatMap(\.slots)
        fields = FrameFieldSet(slots: slots)
    }

    /// The frames that a host saw during a step.
    func rows(host: String, during window: ClosedRange<Int64>) -> [Row] {
        let frames = read.withLock { read in
            if let frames = read[host] { return frames }
            let fresh = self.frames(of: host)
            read[host] = fresh
            return fresh
        }
        return frames.rows.indices.filter { window.contains(frames.times[$0]) }.map { frames.rows[$0] }
    }

    private func frames(of host: String) -> Frames {
        guard let capture = bytes(RunFolder.capture(host: host, main: mainHost)) else { return Frames() }
        let keys = bytes(RunFolder.clientKeys) ?? []
        let (rows, _) = Sessions.read(capture, .frames(fields, keyLog: KeyLog(keys)))
        return Frames(rows: rows.frames, times: rows.frameTimes)
    }

    private func bytes(_ path: String) -> [UInt8]? {
        memory.map { $0.bytes(path) } ?? (try? Files.read("\(run)/\(path)"))
    }
}
