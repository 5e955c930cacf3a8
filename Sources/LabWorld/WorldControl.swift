import EngineNetwork
import SupportLinux

/// The runner's side of the channel to pid 1 of a world: who waits for which event.
final class WorldControl: Sendable {
    /// What the first process tells when it is ready.
    struct Started: Sendable {
        let conditions: WorldConditions
        let outside: OutsideAgents?
    }

    private struct State {
        var nextID: UInt64 = 0
        var start: CheckedContinuation<Started, any Error>?
        var spawns: [UInt64: CheckedContinuation<Int32, any Error>] = [:]
        var changes: [UInt64: CheckedContinuation<Void, any Error>] = [:]
        var fates: [UInt64: CheckedContinuation<[PacketFate], any Error>] = [:]
        var running: Set<UInt64> = []
        var statuses: [UInt64: ExitStatus] = [:]
        var waiting: [UInt64: [CheckedContinuation<ExitStatus?, Never>]] = [:]
        var ended = false
    }

    private let channel: MessageChannel
    private let state = Monitor(State())

    init(channel: MessageChannel) { self.channel = channel }

    /// Hands events on until the world is gone.
    func handleEvents() async {
        while let message = await channel.receive() {
            guard let event = try? ControlCoding.decode(ControlEvent.self, from: message.bytes) else { break }
            handle(event, message.descriptors)
        }
        channel.close()
        end()
    }

    func close() { channel.close() }

    func request(_ request: ControlRequest, descriptors: [FileDescriptor] = []) async throws {
        try await channel.send(try ControlCoding.encode(request), descriptors: descriptors)
    }

    func start(_ plan: WorldPlan, rootMode: Bool) async throws -> Started {
        let bytes = try ControlCoding.encode(ControlRequest.start(plan, rootMode: rootMode))
        return try await withCheckedThrowingContinuation { continuation in
            let ended = state.change { state in
                if !state.ended { state.start = continuation }
                return state.ended
            }
            if ended { return continuation.resume(throwing: WorldError.ended(nil)) }
            // When sending fails the world is gone, which ends the wait.
            Task { try? await channel.send(bytes) }
        }
    }

    func spawn(_ make: (UInt64) -> SpawnRequest, descriptors: [FileDescriptor]) async throws -> (UInt64, Int32) {
        let id = state.change { state in
            state.nextID += 1
            return state.nextID
        }
        let bytes = try ControlCoding.encode(ControlRequest.spawn(make(id)))
        let pid = try await withCheckedThrowingContinuation { continuation in
            let ended = state.change { state in
                if !state.ended { state.spawns[id] = continuation }
                return state.ended
            }
            if ended { return continuation.resume(throwing: WorldError.ended(nil)) }
            Task { try? await channel.send(bytes, descriptors: descriptors) }
        }
        return (id, pid)
    }

    /// Returns once packets see the change.
    func change(_ change: NetworkChange) async throws {
        let id = state.change { state in
            state.nextID += 1
            return state.nextID
        }
        let bytes = try ControlCoding.encode(ControlRequest.change(id: id, change))
        try await withCheckedThrowingContinuation { continuation in
            let ended = state.change { state in
                if !state.ended { state.changes[id] = continuation }
                return state.ended
            }
            if ended { return continuation.resume(throwing: WorldError.ended(nil)) }
            Task { try? await channel.send(bytes) }
        }
    }

    func takeFates(of host: String) async throws -> [PacketFate] {
        let id = state.change { state in
            state.nextID += 1
            return state.nextID
        }
        let bytes = try ControlCoding.encode(ControlRequest.fates(id: id, host: host))
        return try await withCheckedThrowingContinuation { continuation in
            let ended = state.change { state in
                if !state.ended { state.fates[id] = continuation }
                return state.ended
            }
            if ended { return continuation.resume(throwing: WorldError.ended(nil)) }
            Task { try? await channel.send(bytes) }
        }
    }

    func exitStatus(of id: UInt64) async -> ExitStatus? {
        await withCheckedContinuation { continuation in
            let known = state.change { state -> ExitStatus?? in
                if let status = state.statuses[id] { return .some(status) }
                if state.ended { return .some(nil) }
                state.waiting[id, default: []].append(continuation)
                return nil
            }
            if let known { continuation.resume(returning: known) }
        }
    }

    private func handle(_ event: ControlEvent, _ descriptors: [FileDescriptor]) {
        switch event {
        case .ready(let conditions, let hosts):
            let outside = OutsideAgents(hosts: hosts, descriptors: descriptors)
            takeStart()?.resume(returning: Started(conditions: conditions, outside: outside))
        case .failed(let error): takeStart()?.resume(throwing: WorldError.setup(error))
        case .spawned(let id, let pid): takeSpawn(id)?.resume(returning: pid)
        case .spawnFailed(let id, let program, let stage, let code):
            let error = LaunchError(program: program, stage: LaunchError.Stage(rawValue: stage) ?? .clone, code: code)
            takeSpawn(id)?.resume(throwing: WorldError.program(error))
        case .unknownHost(let id): takeSpawn(id)?.resume(throwing: WorldError.unknownHost(""))
        case .changed(let id): state.change { $0.changes.removeValue(forKey: id) }?.resume()
        case .fates(let id, let fates): state.change { $0.fates.removeValue(forKey: id) }?.resume(returning: fates)
        case .exited(let id, let status):
            let waiting = state.change { state in
                state.statuses[id] = status
                return state.waiting.removeValue(forKey: id) ?? []
            }
            for continuation in waiting { continuation.resume(returning: status) }
        }
    }

    private func takeStart() -> CheckedContinuation<Started, any Error>? {
        state.change { state in
            defer { state.start = nil }
            return state.start
        }
    }

    private func takeSpawn(_ id: UInt64) -> CheckedContinuation<Int32, any Error>? {
        state.change { $0.spawns.removeValue(forKey: id) }
    }

    private func end() {
        let left = state.change { state in
            state.ended = true
            defer {
                (state.start, state.spawns, state.changes, state.waiting, state.fates) = (nil, [:], [:], [:], [:])
            }
            return (
                state.start, state.spawns.values.map { $0 }, state.waiting.values.flatMap { $0 },
                state.changes.values.map { $0 }, state.fates.values.map { $0 }
            )
        }
        left.0?.resume(throwing: WorldError.ended(nil))
        for continuation in left.1 { continuation.resume(throwing: WorldError.ended(nil)) }
        for continuation in left.2 { continuation.resume(returning: nil) }
        for continuation in left.3 { continuation.resume(throwing: WorldError.ended(nil)) }
        for continuation in left.4 { continuation.resume(throwing: WorldError.ended(nil)) }
    }
}
