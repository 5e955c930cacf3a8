import Glibc
import LabWorld
import SupportLinux

/// A person's place on a host of a running world: a private home, an environment, and ways to run programs there with the
/// streams or the terminal of this process.
struct HostShell: Sendable {
    let host: String
    let home: String
    /// The whole environment of programs.
    var environment: [String: String]
    private let world: World
    private let user: Launch.User

    private static let startup = ".lab-shell"
    /// Where `lab` is found within the world.
    private static let programs = ".lab-bin"

    /// - Parameter startup: what bash reads first when it is interactive.
    init(on host: String, of open: OpenWorld, executable: String, startup: String) throws {
        self.host = host
        world = open.world
        user = open.programUser
        home = try open.places.home(of: host)
        environment = open.places.environment(of: host)
        let programs = path(of: Self.programs)
        // A second shell of the host finds all that as the first has it, perhaps while that one reads it.
        if !Files.exists(programs) {
            try Files.createDirectories(programs, mode: 0o755)
            try give(Self.programs)
        }
        try Files.replaceLink("\(programs)/lab", destination: executable)
        try place(Array(startup.utf8), as: Self.startup)
        environment["PATH"] = programs + ":" + (environment["PATH"] ?? "")
        environment["HOME"] = home
    }

    /// The setting of bash's prompt that names the host.
    static func prompt(host: String) -> String { "PS1='\\[\\e[1m\\]\(host)\\[\\e[0m\\]:\\w\\$ '\n" }

    /// What a shell reads first of which nothing is recorded.
    static func startupText(host: String) -> String {
        """
        # Written by `lab shell`.
        unset HISTFILE
        shopt -s checkwinsize
        alias ls='ls --color=auto' grep='grep --color=auto'
        \(prompt(host: host))
        """
    }

    /// The absolute path of what lies in the home.
    func path(of name: String) -> String { "\(home)/\(name)" }

    /// Puts a file into the home, for the user that programs run as.
    func place(_ bytes: [UInt8], as name: String, mode: mode_t = 0o644) throws(SystemError) {
        if let old = try? Files.read(path(of: name)), old == bytes { return }
        try Files.write(bytes, to: path(of: name), mode: mode)
        try give(name)
    }

    private func give(_ name: String) throws(SystemError) {
        guard OwnProcess.isRoot else { return }
        try Files.setOwner(of: path(of: name), uid: user.uid, gid: user.gid)
    }

    /// Where a program starts: in this folder of the machine, where the world's programs may go there.
    func start(in directory: String) -> String {
        let mayEnter =
            !OwnProcess.isRoot || user.uid == 0 || Files.owner(of: directory)?.uid == user.uid
            || ProgramUser.isReachable(directory + "/.")
        // The machine's folder may lie where a world has one of its own.
        let isCovered = directory == "/run" || directory.hasPrefix("/run/")
        return mayEnter && !isCovered ? directory : home
    }

    /// A shell that reads commands from standard input.
    static let script = ["bash", "--noprofile", "--norc", "-s"]

    /// An interactive shell.
    var interactive: [String] { ["bash", "--noprofile", "--rcfile", path(of: Self.startup), "-i"] }

    /// Runs a program at a terminal of its own, joined with this process's until the program has ended.
    ///
    /// - Parameter hold: given this process's terminal while it is in raw mode.
    /// - Returns: how it ended; nil when the world ended first.
    /// - Throws: `WorldError`; `SystemError` where standard input or output is no terminal.
    func runAtTerminal(
        _ command: [String], in directory: String, hold: @Sendable (RawTerminal) -> Void
    ) async throws -> ExitStatus? {
        var plan = plan(command, directory)
        plan.terminal = Terminal.size(of: STDOUT_FILENO) ?? .standard
        let running = try await world.spawn(plan, on: host)
        guard let program = running.terminal else { return nil }
        let terminal = try RawTerminal(input: STDIN_FILENO, output: STDOUT_FILENO)
        hold(terminal)
        defer { terminal.restore() }
        let end = try FileDescriptor.pipe()
        async let status: ExitStatus? = {
            let status = await running.exitStatus()
            end.write.close()
            return status
        }()
        try await Threads.perform(name: "terminal") {
            TerminalRelay.run(program: program, ended: end.read, on: terminal)
        }
        // A terminal that is gone has nobody to type `exit`.
        await running.signal(SIGHUP)
        let ended = await status
        end.read.close()
        return ended
    }

    /// Runs a program with this process's standard output and error.
    ///
    /// - Parameter inherited: further descriptors, from 3 on; they are closed here once the program has them.
    /// - Returns: how it ended; nil when the world ended first.
    func run(
        _ command: [String], in directory: String, input: ProgramPlan.Stream,
        inheriting inherited: [FileDescriptor] = []
    ) async throws -> ExitStatus? {
        var plan = plan(command, directory)
        plan.input = input
        plan.output = .descriptor(try .copy(of: STDOUT_FILENO))
        plan.errors = .descriptor(try .copy(of: STDERR_FILENO))
        plan.inherited = inherited
        let running = try await world.spawn(plan, on: host)
        for descriptor in inherited { descriptor.close() }
        return await running.exitStatus()
    }

    /// Starts a program with somebody else's terminal, which is one descriptor, or three standard streams.
    func start(
        _ command: [String], in directory: String, descriptors: [FileDescriptor]
    ) async throws -> RunningProgram {
        var plan = plan(command, directory)
        plan.controlsInput = descriptors.count == 1
        let streams = descriptors.count == 1 ? Array(repeating: descriptors[0], count: 3) : descriptors
        plan.input = .descriptor(streams[0])
        plan.output = .descriptor(streams[1])
        plan.errors = .descriptor(streams[2])
        return try await world.spawn(plan, on: host)
    }

    private func plan(_ command: [String], _ directory: String) -> ProgramPlan {
        var plan = ProgramPlan(command, environment: environment, directory: directory)
        plan.power = .shell
        return plan
    }
}

extension FileDescriptor {
    /// A descriptor of what this process has under that number.
    static func copy(of descriptor: Int32) throws(SystemError) -> FileDescriptor {
        FileDescriptor(owning: try checked("duplicate a descriptor") { fcntl(descriptor, F_DUPFD_CLOEXEC, 3) })
    }
}
