import CLinux
import Glibc
import Synchronization

/// Threads for calls that block: the concurrency pool is as wide as the machine has cores, and must not wait.
package enum Threads {
    /// Runs the body on a new thread of its own and does not wait for it.
    package static func detach(name: String, _ body: @escaping @Sendable () -> Void) throws(SystemError) {
        var attributes = pthread_attr_t()
        pthread_attr_init(&attributes)
        defer { pthread_attr_destroy(&attributes) }
        pthread_attr_setdetachstate(&attributes, Int32(PTHREAD_CREATE_DETACHED))
        let argument = Unmanaged.passRetained(ThreadBody(name: name, body: body)).toOpaque()
        var thread = pthread_t()
        let code = pthread_create(&thread, &attributes, runThread, argument)
        if code != 0 {
            Unmanaged<ThreadBody>.fromOpaque(argument).release()
            throw SystemError("start the thread \(name)", code: code)
        }
    }

    /// Runs the body on a new thread and waits for it on this one. What the body changes for its thread alone, such
    /// as namespaces, ends with it.
    package static func run<Value: Sendable>(
        name: String, _ body: @escaping @Sendable () throws(SystemError) -> Value
    ) throws(SystemError) -> Value {
        let box = ThreadResult<Value>()
        var thread = pthread_t()
        let argument = Unmanaged.passRetained(
            ThreadBody(name: name) {
                do throws(SystemError) { box.set(.success(try body())) } catch { box.set(.failure(error)) }
            }
        ).toOpaque()
        let code = pthread_create(&thread, nil, runThread, argument)
        if code != 0 {
            Unmanaged<ThreadBody>.fromOpaque(argument).release()
            throw SystemError("start the thread \(name)", code: code)
        }
        pthread_join(thread, nil)
        guard let result = box.value else { throw SystemError("run the thread \(name)", code: ECANCELED) }
        return try result.get()
    }

    /// Runs a blocking body on a thread of its own; the caller is suspended, not blocked.
    package static func perform<Value: Sendable>(
        name: String, _ body: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            do {
                try detach(name: name) { continuation.resume(with: Result { try body() }) }
            } catch {
                continuation.resume(throwing: error)
            }
        }
    }
}

private final class ThreadResult<Value: Sendable>: Sendable {
    private let stored = Mutex<Result<Value, SystemError>?>(nil)
    var value: Result<Value, SystemError>? { stored.withLock { $0 } }
    func set(_ result: Result<Value, SystemError>) { stored.withLock { $0 = result } }
}

private final class ThreadBody: Sendable {
    let name: String
    let body: @Sendable () -> Void

    init(name: String, body: @escaping @Sendable () -> Void) {
        self.name = name
        self.body = body
    }
}

private func runThread(_ argument: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let argument else { return nil }
    let thread = Unmanaged<ThreadBody>.fromOpaque(argument).takeRetainedValue()
    lab_name_thread(thread.name)
    thread.body()
    return nil
}
