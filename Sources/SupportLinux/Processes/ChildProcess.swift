import CLinux
import Glibc

/// A program started by this process; a thread of its own waits for its end.
package final class ChildProcess: Sendable {
    private struct State {
        var status: ExitStatus?
        var waiting: [CheckedContinuation<ExitStatus, Never>] = []
    }

    package let pid: Int32
    private let pidfd: FileDescriptor
    private let state: Monitor<State>

    package init(_ launch: Launch) throws(LaunchError) {
        let (pid, pidfd) = try launch.start()
        let state = Monitor(State())
        self.pid = pid
        self.pidfd = pidfd
        self.state = state
        do throws(SystemError) {
            try Threads.detach(name: "wait-\(pid)") { ChildProcess.wait(pidfd, state) }
        } catch {
            lab_signal_pidfd(pidfd.number, SIGKILL)
            _ = try? ExitStatus.wait(for: pidfd)
            throw LaunchError(program: launch.command[0], stage: .clone, code: error.code)
        }
    }

    /// Sends a signal; nothing happens when the program has ended.
    package func signal(_ number: Int32) { lab_signal_pidfd(pidfd.number, number) }

    /// Sends a signal to the program and to its process group, which it leads when it got a session of its own.
    package func signalGroup(_ number: Int32) {
        let group = state.change { state -> Bool in
            // Not after the end: the number may be someone else's by then.
            if state.status == nil { kill(-pid, number) }
            return state.status == nil
        }
        if group { signal(number) }
    }

    /// Waits for the end without blocking a thread of the pool.
    package func exitStatus() async -> ExitStatus {
        await withCheckedContinuation { continuation in
            let status = state.change { state -> ExitStatus? in
                if state.status == nil { state.waiting.append(continuation) }
                return state.status
            }
            if let status { continuation.resume(returning: status) }
        }
    }

    /// Waits for the end, blocking this thread.
    package func wait() -> ExitStatus { state.await { $0.status } }

    private static func wait(_ pidfd: FileDescriptor, _ state: Monitor<State>) {
        // Its end is awaited first and it is reaped under the lock, so that its number stays its own while it is signalled.
        while lab_poll_one(pidfd.number, .max) == 0 {}
        let (status, waiting) = state.change { state in
            // Someone else can have reaped it only against the rules; its status is then not to be had.
            let status = (try? ExitStatus.wait(for: pidfd)) ?? .signalled(0)
            state.status = status
            defer { state.waiting = [] }
            return (status, state.waiting)
        }
        for continuation in waiting { continuation.resume(returning: status) }
    }
}
