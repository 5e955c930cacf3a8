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
            executable: request.executable, now: request.environment.now(), captures: [request.host: capture])
        do {
            let home = try open.places.home(of: request.host)
            let environment = try prepare(home, request, open)
            try await runShell(request, home: home, environment, in: open.world)
            try await open.places.settle()
            let end = request.environment.now()
            let log = (try? Files.read("\(home)/\(ShellHook.log)")) ?? []
            let isNumbered = if case .terminal = request.source { true } else { false }
            let walk = Walk(
                commands: RecordedCommand.read(log, isNumbered: isNumbered, end: end), environment: environment,
                capture: (try? Files.read("\(request.folder)/\(capture)")) ?? [],
                keys: (try? Files.read("\(home)/\(ShellHook.keys)")) ?? [])
            await open.places.close()
            return walk
        } catch {
            await open.places.close()
            throw error
        }
    }

    private static func prepare(
        _ home: String, _ request: RecordingRequest, _ open: OpenWorld
    ) throws -> [String: String] {
        let programs = "\(home)/\(ShellHook.programs)"
        try Files.createDirectories(programs, mode: 0o755)
        try Files.replaceLink("\(programs)/lab", destination: request.executable)
        try Files.write(Array(ShellHook.interactive(host: request.host).utf8), to: "\(home)/\(ShellHook.startup)")
        for name in [ShellHook.log, ShellHook.keys] { try Files.write([], to: "\(home)/\(name)", mode: 0o600) }
        if OwnProcess.isRoot {
            let names = [ShellHook.log, ShellHook.keys, ShellHook.startup, ShellHook.programs]
            for name in names {
                try Files.setOwner(of: "\(home)/\(name)", uid: open.programUser.uid, gid: open.programUser.gid)
            }
        }
        var environment = open.places.environment(of: request.host)
        environment["PATH"] = programs + ":" + (environment["PATH"] ?? "")
        environment["HOME"] = home
        environment["LAB_WALK"] = "\(home)/\(ShellHook.log)"
        // Clients that honour it let the recording see what they were answered.
        environment["SSLKEYLOGFILE"] = "\(home)/\(ShellHook.keys)"
        return environment
    }

    private static func runShell(
        _ request: RecordingRequest, home: String, _ environment: [String: String], in world: World
    ) async throws {
        var plan = ProgramPlan(["bash"], environment: environment, directory: home)
        switch request.source {
        case .terminal:
            plan.command = ["bash", "--noprofile", "--rcfile", "\(home)/\(ShellHook.startup)", "-i"]
            plan.terminal = Terminal.size(of: STDOUT_FILENO) ?? .standard
            let shell = try await world.spawn(plan, on: request.host)
            guard let program = shell.terminal else { return }
            let terminal = try RawTerminal(input: STDIN_FILENO, output: STDOUT_FILENO)
            request.hold(terminal)
            defer { terminal.restore() }
            let end = try FileDescriptor.pipe()
            async let isOver: Void = {
                _ = await shell.exitStatus()
                end.write.close()
            }()
            try await Threads.perform(name: "terminal") {
                TerminalRelay.run(program: program, ended: end.read, on: terminal)
            }
            // A terminal that is gone has nobody to type `exit`.
            await shell.signal(SIGHUP)
            await isOver
            end.read.close()
        case .standardInput: try await drive(plan, lines: nil, request, in: world)
        case .command(let words): try await drive(plan, lines: ShellHook.line(words) + "\n", request, in: world)
        }
    }

    /// - Parameter lines: nil: this process's own standard input.
    private static func drive(
        _ plan: ProgramPlan, lines: String?, _ request: RecordingRequest, in world: World
    ) async throws {
        var plan = plan
        plan.command = ["bash", "--noprofile", "--norc", "-c", ShellHook.driven]
        plan.output = .descriptor(try .copy(of: STDOUT_FILENO))
        plan.errors = .descriptor(try .copy(of: STDERR_FILENO))
        let feed: FileDescriptor
        if let lines {
            let pipe = try FileDescriptor.pipe()
            feed = pipe.read
            try Threads.detach(name: "commands") {
                try? pipe.write.write(Array(lines.utf8))
                pipe.write.close()
            }
        } else {
            feed = try .copy(of: STDIN_FILENO)
        }
        plan.inherited = [feed]
        let shell = try await world.spawn(plan, on: request.host)
        feed.close()
        _ = await shell.exitStatus()
    }
}

extension FileDescriptor {
    fileprivate static func copy(of descriptor: Int32) throws(SystemError) -> FileDescriptor {
        FileDescriptor(owning: try checked("duplicate a descriptor") { fcntl(descriptor, F_DUPFD_CLOEXEC, 3) })
    }
}
