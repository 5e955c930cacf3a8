import SupportLinux

/// A program that runs on a host.
package final class RunningProgram: Sendable {
    /// Its number, as seen on the hosts of the world.
    package let pid: Int32
    /// Our end of its terminal, when the plan gave it one.
    package let terminal: FileDescriptor?
    /// Our ends of the pipes that the plan asked for. Close `input` to let the program see its end.
    package let input: FileDescriptor?
    package let output: FileDescriptor?
    package let errors: FileDescriptor?
    private let awaitEnd: @Sendable () async -> ExitStatus?
    private let sendSignal: @Sendable (Int32) async -> Void

    init(
        pid: Int32, streams: ProgramStreams, exitStatus: @escaping @Sendable () async -> ExitStatus?,
        signal: @escaping @Sendable (Int32) async -> Void
    ) {
        self.pid = pid
        terminal = streams.terminal
        input = streams.input
        output = streams.output
        errors = streams.errors
        awaitEnd = exitStatus
        sendSignal = signal
    }

    /// Waits for its end; nil when the world ended first, and the program with it.
    package func exitStatus() async -> ExitStatus? { await awaitEnd() }

    /// Signals the program and its process group; nothing happens when it has ended.
    package func signal(_ number: Int32) async { await sendSignal(number) }
}
