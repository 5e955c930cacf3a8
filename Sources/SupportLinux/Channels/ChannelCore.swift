import Glibc

/// The queues of a message channel and the loops of its two threads.
final class ChannelCore: Sendable {
    fileprivate struct State {
        var incoming: [Message] = []
        var incomingBytes = 0
        var outgoing: [Message] = []
        var outgoingBytes = 0
        var closed = false
        var sendingFailed = false
        var ended = false
        var nextWaiter = 0
        var receivers: [(id: Int, continuation: CheckedContinuation<Message?, Never>)] = []
        var cancelled: Set<Int> = []
        var senders: [(limit: Int, continuation: CheckedContinuation<Void, any Error>)] = []
    }

    private static let bound = 1 << 20
    private let socket: FileDescriptor
    private let onClose: (@Sendable () -> Void)?
    private let state = Monitor(State())

    init(socket: FileDescriptor, onClose: (@Sendable () -> Void)?) {
        self.socket = socket
        self.onClose = onClose
    }

    // MARK: Callers

    func send(_ message: Message) async throws {
        let closed = state.change { state -> Bool in
            if state.closed || state.sendingFailed { return true }
            state.outgoing.append(message)
            state.outgoingBytes += message.bytes.count + 1
            return false
        }
        if closed { throw SystemError("send a message", code: EPIPE) }
        try await waitUntilSent(below: Self.bound)
    }

    func waitUntilSent(below limit: Int) async throws {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            let outcome = state.change { state -> Result<Void, any Error>? in
                if state.outgoingBytes < limit { return .success(()) }
                if state.closed || state.sendingFailed { return .failure(SystemError("send a message", code: EPIPE)) }
                state.senders.append((limit, continuation))
                return nil
            }
            if let outcome { continuation.resume(with: outcome) }
        }
    }

    func receive() async -> Message? {
        let id = state.change { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let outcome = state.change { state -> Message?? in
                    if let message = state.takeIncoming() { return .some(message) }
                    if state.ended || state.cancelled.remove(id) != nil { return .some(nil) }
                    state.receivers.append((id, continuation))
                    return nil
                }
                if let outcome { continuation.resume(returning: outcome) }
            }
        } onCancel: {
            let waiting = state.change { state -> CheckedContinuation<Message?, Never>? in
                guard let index = state.receivers.firstIndex(where: { $0.id == id }) else {
                    state.cancelled.insert(id)
                    return nil
                }
                return state.receivers.remove(at: index).continuation
            }
            waiting?.resume(returning: nil)
        }
    }

    func close() {
        let senders = state.change { state in
            state.closed = true
            state.outgoing = []
            defer { state.senders = [] }
            return state.senders
        }
        // Wakes both threads out of their system calls; the descriptor itself goes when they are done with it.
        shutdown(socket.number, Int32(SHUT_RDWR))
        for sender in senders { sender.continuation.resume(throwing: SystemError("send a message", code: EPIPE)) }
    }

    // MARK: Threads

    func readMessages() {
        while true {
            let goOn = state.await { state in
                state.closed ? false : state.incomingBytes < Self.bound ? true : nil
            }
            // An unreadable frame ends the channel as the peer's end does: nothing after it can be trusted.
            guard goOn, let message = try? MessageFraming.receive(from: socket.number) else { break }
            let receiver = state.change { state -> CheckedContinuation<Message?, Never>? in
                if !state.receivers.isEmpty { return state.receivers.removeFirst().continuation }
                state.incoming.append(message)
                state.incomingBytes += message.bytes.count + 1
                return nil
            }
            receiver?.resume(returning: message)
        }
        close()
        let receivers = state.change { state in
            state.ended = true
            defer { state.receivers = [] }
            return state.receivers
        }
        for receiver in receivers { receiver.continuation.resume(returning: nil) }
        onClose?()
    }

    func writeMessages() {
        while true {
            let message = state.await { state -> Message?? in
                if state.closed { return .some(nil) }
                return state.outgoing.isEmpty ? nil : .some(state.outgoing.removeFirst())
            }
            guard let message else { return }
            do {
                try MessageFraming.send(message, to: socket.number)
            } catch {
                // What the peer sent before it went is still to be read, so only this direction ends here.
                return failSenders(error)
            }
            let released = state.change { state in
                state.outgoingBytes -= message.bytes.count + 1
                let bytes = state.outgoingBytes
                defer { state.senders.removeAll { bytes < $0.limit } }
                return state.senders.filter { bytes < $0.limit }
            }
            for sender in released { sender.continuation.resume() }
        }
    }

    private func failSenders(_ error: SystemError) {
        let senders = state.change { state in
            state.sendingFailed = true
            state.outgoing = []
            defer { state.senders = [] }
            return state.senders
        }
        for sender in senders { sender.continuation.resume(throwing: error) }
    }
}

extension ChannelCore.State {
    fileprivate mutating func takeIncoming() -> Message? {
        if incoming.isEmpty { return nil }
        let message = incoming.removeFirst()
        incomingBytes -= message.bytes.count + 1
        return message
    }
}
