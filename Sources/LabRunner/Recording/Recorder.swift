import Glibc
import LabModel
import LabRecording
import LabSteps
import LabWorld
import SupportLinux

/// A walkthrough to be recorded.
package struct RecordingRequest: Sendable {
    /// Where commands come from.
    package enum Source: Sendable {
        /// This process's terminal.
        case terminal
        /// Lines of standard input.
        case standardInput
        case command([String])
    }

    package var world: WorldDefinition
    package var references: [String: Value]
    package var seed: UInt64
    package var host: String
    /// A folder for what the recording leaves, absolute; it is there and readable for all.
    package var folder: String
    package var executable: String
    package var source: Source
    package var environment: RunEnvironment
    /// Given the terminal while it is in raw mode: to be put right by whoever ends this process before its time.
    package var hold: @Sendable (RawTerminal) -> Void = { _ in }

    package init(
        world: WorldDefinition, references: [String: Value], seed: UInt64, host: String, folder: String,
        executable: String, source: Source, environment: RunEnvironment = .system
    ) {
        self.world = world
        self.references = references
        self.seed = seed
        self.host = host
        self.folder = folder
        self.executable = executable
        self.source = source
        self.environment = environment
    }
}

/// Brings a world up, gives a shell in it, and tells afterwards what was typed and what was on the wire.
package enum Recorder {
    /// - Throws: `PreflightError` where this machine gives no worlds, `StepFailure`, `WorldError`, `SystemError`.
    package static func record(_ request: RecordingRequest) async throws -> Walk {
        let capture = RunFolder.capture(host: request.host, main: request.host)
        try Files.createDirectories("\(request.folder)/\(RunFolder.evidence)", mode: 0o755)
        let open = try await OpenWorld.open(
            request.world, references: request.references, seed: request.seed, run: request.folder,
            executable: request.executable, now: request.environment.now(), captures: [request.host: capture],
            forBrowsers: true)
        do {
            let shell = try prepare(request, open)
            try await runShell(request, shell)
            try await open.places.settle()
            let end = request.environment.now()
            let log = (try? Files.read(shell.path(of: ShellHook.log))) ?? []
            let isNumbered = if case .terminal = request.source { true } else { false }
            let walk = Walk(
                commands: RecordedCommand.read(log, isNumbered: isNumbered, end: end),
                environment: shell.environment,
                capture: (try? Files.read("\(request.folder)/\(capture)")) ?? [],
                keys: (try? Files.read(shell.path(of: ShellHook.keys))) ?? [])
            await open.places.close()
            return walk
        } catch {
            await open.places.close()
            throw error
        }
    }

    private static func prepare(_ request: RecordingRequest, _ open: OpenWorld) throws -> HostShell {
        var shell = try HostShell(
            on: request.host, of: open, executable: request.executable,
            startup: ShellHook.interactive(host: request.host))
        for name in [ShellHook.log, ShellHook.keys] { try shell.place([], as: name, mode: 0o600) }
        shell.environment["LAB_WALK"] = shell.path(of: ShellHook.log)
        // Clients that honour it let the recording see what they were answered.
        shell.environment["SSLKEYLOGFILE"] = shell.path(of: ShellHook.keys)
        return shell
    }

    private static func runShell(_ request: RecordingRequest, _ shell: HostShell) async throws {
        switch request.source {
        case .terminal: _ = try await shell.runAtTerminal(shell.interactive, in: shell.home, hold: request.hold)
        case .standardInput: try await drive(shell, feed: try .copy(of: STDIN_FILENO))
        case .command(let words):
            let pipe = try FileDescriptor.pipe()
            let lines = ShellHook.line(words) + "\n"
            try Threads.detach(name: "commands") {
                try? pipe.write.write(Array(lines.utf8))
                pipe.write.close()
            }
            try await drive(shell, feed: pipe.read)
        }
    }

    /// - Parameter feed: commands, a line each.
    private static func drive(_ shell: HostShell, feed: FileDescriptor) async throws {
        _ = try await shell.run(
            ["bash", "--noprofile", "--norc", "-c", ShellHook.driven], in: shell.home, input: .null, inheriting: [feed])
    }
}
