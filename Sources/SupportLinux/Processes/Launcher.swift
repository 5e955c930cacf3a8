import Glibc

/// Starts programs that end with this process, however it ends: the kernel kills them.
///
/// The kernel counts by threads: a program is killed when the thread that started it ends. So one thread starts them all,
/// and it lives until `stop`, or until the last reference to the launcher goes.
package final class Launcher: Sendable {
    private struct State {
        var wanted: [@Sendable () -> Void] = []
        var children: [ChildProcess] = []
        var stopped = false
    }

    private let state: Monitor<State>

    package init() throws(SystemError) {
        let state = Monitor(State())
        self.state = state
        try Threads.detach(name: "launcher") {
            while true {
                let next = state.await { state -> (@Sendable () -> Void)?? in
                    if !state.wanted.isEmpty { return .some(state.wanted.removeFirst()) }
                    return state.stopped ? .some(nil) : nil
                }
                guard let next else { return }
                next()
            }
        }
    }

    deinit { state.change { $0.stopped = true } }

    /// Starts a program. `kept` are held until it has its copies of them.
    ///
    /// - Throws: `LaunchError`; ECANCELED after `stop`.
    package func start(_ launch: Launch, keeping kept: [FileDescriptor]) async throws -> ChildProcess {
        var launch = launch
        launch.diesWithThread = true
        let program = launch
        return try await withCheckedThrowingContinuation { continuation in
            let stopped = state.change { [state] content -> Bool in
                if content.stopped { return true }
                content.wanted.append {
                    do throws(LaunchError) {
                        let child = try ChildProcess(program)
                        withExtendedLifetime(kept) {}
                        state.change { $0.children.append(child) }
                        continuation.resume(returning: child)
                    } catch {
                        continuation.resume(throwing: error)
                    }
                }
                return false
            }
            if stopped {
                continuation.resume(
                    throwing: LaunchError(program: program.command.first ?? "", stage: .clone, code: ECANCELED))
            }
        }
    }

    /// Kills what still runs and waits until it is gone; nothing can be started afterwards.
    package func stop() async {
        let children = state.change { state in
            state.stopped = true
            return state.children
        }
        for child in children { child.signalGroup(SIGKILL) }
        for child in children { _ = await child.exitStatus() }
    }
}
