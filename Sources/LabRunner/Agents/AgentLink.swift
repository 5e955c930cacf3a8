import LabModel
import LabSteps
import SupportLinux
import Synchronization

/// The runner's end of the channel to one host's agent: operations out, outcomes back.
final class AgentLink: Sendable {
    private struct State {
        var nextID = 0
        var waiting: [Int: CheckedContinuation<StepOutcome, any Error>] = [:]
        var progress: [Int: @Sendable (String) -> Void] = [:]
        var isClosed = false
    }

    private let host: String
    private let channel: MessageChannel
    private let state = Mutex(State())

    /// - Parameter onVisit: called in order for each line of a site's log.
    init(host: String, run: String, channel: MessageChannel, onVisit: @escaping @Sendable (Value) -> Void) async throws
    {
        self.host = host
        self.channel = channel
        try await channel.send(try JSON.encode(AgentMessage.Introduction(host: host, run: run)))
        Task { [self] in
            while let message = await channel.receive() {
                guard let reply = try? JSON.decode(AgentMessage.Reply.self, from: message.bytes) else { continue }
                switch reply {
                case .progress(let id, let text): state.withLock { $0.progress[id] }?(text)
                case .done(let id, let outcome): take(id)?.resume(returning: outcome)
                case .failed(let id, let failure): take(id)?.resume(throwing: failure)
                case .visit(let visit): onVisit(visit)
                }
            }
            close()
        }
    }

    /// Has the agent do something.
    ///
    /// - Parameter descriptors: what the agent gets along with it.
    /// - Throws: `StepFailure`; of fault `machine` when the agent is gone.
    func ask(
        _ operation: HostOperation, facts: HostFacts, descriptors: [FileDescriptor] = [],
        progress: (@Sendable (String) -> Void)? = nil
    ) async throws -> StepOutcome {
        let id = state.withLock { state in
            state.nextID += 1
            if let progress { state.progress[state.nextID] = progress }
            return state.nextID
        }
        let bytes = try JSON.encode(AgentMessage.Request(id: id, operation: operation, facts: facts))
        return try await withCheckedThrowingContinuation { continuation in
            let isClosed = state.withLock { state in
                if !state.isClosed { state.waiting[id] = continuation }
                return state.isClosed
            }
            guard !isClosed else { return continuation.resume(throwing: gone) }
            Task {
                do {
                    try await channel.send(bytes, descriptors: descriptors)
                } catch {
                    take(id)?.resume(throwing: gone)
                }
            }
        }
    }

    func close() {
        channel.close()
        let waiting = state.withLock { state in
            state.isClosed = true
            defer { state.waiting = [:] }
            return state.waiting.values
        }
        for continuation in waiting { continuation.resume(throwing: gone) }
    }

    private func take(_ id: Int) -> CheckedContinuation<StepOutcome, any Error>? {
        state.withLock { state in
            state.progress[id] = nil
            return state.waiting.removeValue(forKey: id)
        }
    }

    private var gone: StepFailure {
        StepFailure(.machine, "the agent on `\(host)` ended unexpectedly", help: "this is a bug of lab")
    }
}
