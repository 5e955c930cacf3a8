import Glibc
import LabModel
import SupportLinux
import Synchronization

/// The one writer of `events.jsonl`: each line carries the hash of the line before and is in the file when `record`
/// returns. A run without a folder has the lines' hashes and no file.
package final class EventRecorder: Sendable {
    private struct State {
        var count = 0
        var head = Event.start
        var events: [Event] = []
        var failure: SystemError?
    }

    private let file: FileDescriptor?
    private let clock: @Sendable () -> Int64
    private let redaction: Redaction
    private let state = Mutex(State())

    /// - Parameter path: nil where nothing is written.
    /// - Parameter redaction: what no event may hold.
    package init(path: String?, clock: @escaping @Sendable () -> Int64, redaction: Redaction = .none) throws {
        self.redaction = redaction
        file = try path.map {
            try FileDescriptor.open($0, O_WRONLY | O_CREAT | O_EXCL | O_APPEND, mode: 0o644)
        }
        self.clock = clock
    }

    @discardableResult
    package func record(
        _ event: String, step: String? = nil, actor: Actor = .runner, _ data: Value = .map([:])
    ) throws -> Event {
        try state.withLock { state in
            let entry = Event(
                seq: state.count, time: clock(), actor: actor, step: step, event: event,
                data: redaction.value(data),
                previous: state.head)
            let line = try JSON.encode(entry)
            try file?.write(line + [UInt8(ascii: "\n")])
            state.count += 1
            state.head = Event.hash(of: line)
            state.events.append(entry)
            return entry
        }
    }

    package var chain: RunRecord.Chain {
        state.withLock { RunRecord.Chain(events: $0.count, head: $0.head) }
    }

    package var events: [Event] { state.withLock { $0.events } }

    /// The events as whoever reads the file finds them.
    package var log: EventLog {
        state.withLock { EventLog(events: $0.events, brokenAt: nil, head: $0.head) }
    }
}
