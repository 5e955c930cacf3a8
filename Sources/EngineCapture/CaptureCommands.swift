import Glibc
import SupportLinux
import Synchronization

/// What others ask of a capture's thread: a queue, a pipe that wakes the thread, and for each caller a pipe that ends
/// when the answer is there.
final class CaptureCommands: Sendable {
    enum Request: Sendable {
        case drain
        case secrets([UInt8])
        case stop
    }

    struct Command: Sendable {
        let request: Request
        let answer: Answer
    }

    /// Set once by the thread; the caller sleeps on the pipe until then.
    final class Answer: Sendable {
        private let stored = Mutex<Result<CaptureStatistics, CaptureFailure>?>(nil)
        private let ends: (read: FileDescriptor, write: FileDescriptor)

        init() throws(SystemError) { ends = try FileDescriptor.pipe() }

        func give(_ result: Result<CaptureStatistics, CaptureFailure>) {
            stored.withLock { $0 = result }
            ends.write.close()
        }

        func await() throws(CaptureFailure) -> CaptureStatistics {
            _ = try? ends.read.read(upTo: 1)
            guard let result = stored.withLock({ $0 }) else { throw .stopped }
            return try result.get()
        }
    }

    private struct State: Sendable {
        var queue: [Command] = []
        var isClosed = false
    }

    private let state = Mutex(State())
    private let wake: (read: FileDescriptor, write: FileDescriptor)

    init() throws(CaptureFailure) {
        do {
            wake = try FileDescriptor.pipe()
            _ = fcntl(wake.read.number, F_SETFL, O_NONBLOCK)
        } catch {
            throw .interface("any", reason: error.description)
        }
    }

    /// Readable when there is something to do.
    var descriptor: Int32 { wake.read.number }

    func perform(_ request: Request) throws(CaptureFailure) -> CaptureStatistics {
        let answer: Answer
        do { answer = try Answer() } catch { throw .interface("any", reason: error.description) }
        let isAccepted = state.withLock { state in
            guard !state.isClosed else { return false }
            state.queue.append(Command(request: request, answer: answer))
            if case .stop = request { state.isClosed = true }
            return true
        }
        guard isAccepted else { throw .stopped }
        try? wake.write.write([1])
        return try answer.await()
    }

    /// Nobody holds the capture any more: ends the thread without waiting for it.
    func abandon() {
        guard let answer = try? Answer() else { return }
        let isFirst = state.withLock { state in
            defer { state.isClosed = true }
            if !state.isClosed { state.queue.append(Command(request: .stop, answer: answer)) }
            return !state.isClosed
        }
        if isFirst { try? wake.write.write([1]) }
    }

    func take() -> [Command] {
        _ = try? wake.read.read(upTo: 64)
        return state.withLock { state in
            defer { state.queue = [] }
            return state.queue
        }
    }
}
