import Synchronization

/// Bytes that arrive from a program while others wait for something in them.
package final class Transcript: Sendable {
    private struct Waiter {
        let id: Int
        let isSatisfied: @Sendable ([UInt8]) -> Bool
        let continuation: CheckedContinuation<Bool, Never>
    }

    private struct State {
        var bytes: [UInt8] = []
        var isEnded = false
        var dropped = 0
        var nextID = 0
        var waiters: [Waiter] = []
    }

    /// A program that prints without end fills no memory: what comes after this many bytes is counted, not kept.
    package static let limit = 16 << 20

    private let state = Mutex(State())

    package init() {}

    package func append(_ new: [UInt8]) {
        let ready = state.withLock { state in
            let room = Self.limit - state.bytes.count
            state.bytes += new.prefix(max(0, room))
            state.dropped += max(0, new.count - room)
            return Self.takeSatisfied(&state)
        }
        for waiter in ready { waiter.continuation.resume(returning: true) }
    }

    /// No more will come.
    package func end() {
        let (ready, left) = state.withLock { state in
            state.isEnded = true
            let ready = Self.takeSatisfied(&state)
            defer { state.waiters = [] }
            return (ready, state.waiters)
        }
        for waiter in ready { waiter.continuation.resume(returning: true) }
        for waiter in left { waiter.continuation.resume(returning: false) }
    }

    package var bytes: [UInt8] { state.withLock { $0.bytes } }
    package var count: Int { state.withLock { $0.bytes.count } }

    /// Waits until the bytes satisfy a condition; false when no more will come or time is up.
    package func wait(within nanoseconds: Int64, until condition: @escaping @Sendable ([UInt8]) -> Bool) async -> Bool {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        let timeout = Task {
            try await Task.sleep(for: .nanoseconds(nanoseconds))
            self.cancel(id)
        }
        defer { timeout.cancel() }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let answer = state.withLock { state -> Bool? in
                    if condition(state.bytes) { return true }
                    if state.isEnded || Task.isCancelled { return false }
                    state.waiters.append(Waiter(id: id, isSatisfied: condition, continuation: continuation))
                    return nil
                }
                if let answer { continuation.resume(returning: answer) }
            }
        } onCancel: {
            cancel(id)
        }
    }

    private func cancel(_ id: Int) {
        let waiter = state.withLock { state in
            state.waiters.firstIndex { $0.id == id }.map { state.waiters.remove(at: $0) }
        }
        waiter?.continuation.resume(returning: false)
    }

    private static func takeSatisfied(_ state: inout State) -> [Waiter] {
        let bytes = state.bytes
        let ready = state.waiters.filter { $0.isSatisfied(bytes) }
        let ids = Set(ready.map(\.id))
        state.waiters.removeAll { ids.contains($0.id) }
        return ready
    }
}
