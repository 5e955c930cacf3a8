import Glibc
import LabModel
import LabSteps
import LabWorld
import SupportLinux

/// A shell, or one command, on a host of a lab's world.
package struct ShellRequest: Sendable {
    package enum Source: Sendable {
        /// An interactive shell at this process's terminal.
        case terminal
        /// One command, at this process's terminal where it has one.
        case command([String], atTerminal: Bool)
        /// Commands from standard input, as a script.
        case standardInput
    }

    package var world: WorldDefinition
    package var references: [String: Value]
    package var seed: UInt64
    package var host: String
    /// A folder for what the shell leaves, absolute; it is there and readable for all, and somebody else removes it.
    package var folder: String
    /// Where programs start, where the world's programs may go there; absolute.
    package var directory: String
    package var executable: String
    package var source: Source
    package var captures: [WantedCapture] = []
    package var exposed: ExposedPorts?
    /// The way in for others of the same user. A world that is shared stays until the last of them has left.
    package var door: WorldDoor?
    /// Called with how many are in there still, when the shell has ended before them.
    package var waiting: @Sendable (Int) -> Void = { _ in }
    /// Further variables for programs.
    package var environment: [String: String] = [:]
    /// Files for the private home, by name, to be read by their owner alone.
    package var files: [String: [UInt8]] = [:]
    package var now: @Sendable () -> Int64 = RunEnvironment.system.now
    /// Given the terminal while it is in raw mode: to be put right by whoever ends this process before its time.
    package var hold: @Sendable (RawTerminal) -> Void = { _ in }
    /// Called once the world is up, before the shell.
    package var begun: @Sendable () -> Void = {}
    /// Given sentences while the shell goes on.
    package var tell: @Sendable (String) -> Void = { _ in }

    package init(
        world: WorldDefinition, references: [String: Value], seed: UInt64, host: String, folder: String,
        directory: String, executable: String, source: Source
    ) {
        self.world = world
        self.references = references
        self.seed = seed
        self.host = host
        self.folder = folder
        self.directory = directory
        self.executable = executable
        self.source = source
    }
}

/// Brings a world up for as long as a shell on one of its hosts.
package enum ShellSession {
    /// - Returns: the exit status that shells give for how the program ended.
    /// - Throws: `PreflightError` where this machine gives no worlds, `StepFailure`, `WorldError`, `SystemError`; of these, a
    ///   `WorldError.program` is about the command.
    package static func run(_ request: ShellRequest) async throws -> Int32 {
        defer { request.door?.close() }
        let evidence = "\(request.folder)/\(RunFolder.evidence)"
        try Files.createDirectories(evidence, mode: 0o755)
        let files = WantedCaptures(request.captures, folder: request.folder)
        let open = try await OpenWorld.open(
            request.world, references: request.references, seed: request.seed, run: request.folder,
            executable: request.executable, now: request.now(), captures: files.hosts,
            taps: files.taps(in: request.world), forBrowsers: true)
        let outcome: Result<Int32, any Error>
        do {
            try request.exposed?.serve(in: open.places, tell: request.tell)
            try request.door?.serve(open, executable: request.executable)
            outcome = .success(try await runProgram(request, in: open))
        } catch {
            outcome = .failure(error)
        }
        if case .success = outcome, let door = request.door, door.world.isShared {
            if door.guests > 0 { request.waiting(door.guests) }
            await door.waitUntilEmpty()
        }
        request.door?.close()
        request.exposed?.close()
        if !files.isEmpty { try? await open.places.settle() }
        let end = request.now()
        await open.places.close()
        try files.deliver(until: end)
        return try outcome.get()
    }

    private static func runProgram(_ request: ShellRequest, in open: OpenWorld) async throws -> Int32 {
        var shell = try HostShell(
            on: request.host, of: open, executable: request.executable,
            startup: HostShell.startupText(host: request.host))
        shell.environment.merge(request.environment) { $1 }
        for (name, bytes) in request.files { try shell.place(bytes, as: name, mode: 0o600) }
        let directory = shell.start(in: request.directory)
        request.begun()
        let status: SupportLinux.ExitStatus?
        switch request.source {
        case .terminal:
            status = try await shell.runAtTerminal(shell.interactive, in: directory, hold: request.hold)
        case .command(let words, atTerminal: true):
            status = try await shell.runAtTerminal(words, in: directory, hold: request.hold)
        case .command(let words, atTerminal: false):
            status = try await shell.run(words, in: directory, input: .descriptor(try .copy(of: STDIN_FILENO)))
        case .standardInput:
            status = try await shell.run(
                HostShell.script, in: directory, input: .descriptor(try .copy(of: STDIN_FILENO)))
        }
        guard let status else { throw WorldError.ended(nil) }
        return status.shellCode
    }
}

extension SupportLinux.ExitStatus {
    /// What shells give for how a program ended.
    var shellCode: Int32 {
        switch self {
        case .exited(let code): code
        case .signalled(let signal): 128 + signal
        }
    }
}
