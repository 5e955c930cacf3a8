import ArgumentParser
import Glibc
import LabModel
import LabRunner
import LabWorld
import SupportDiagnostics
import SupportLinux

struct ShellCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "shell", abstract: "Opens a shell on a host of a lab's world.",
        usage: """
            lab shell <lab> [<host>] [<options>] [-- <command> ...]
            lab shell --world <id> [<host>] [<options>] [-- <command> ...]
            lab shell --list
            """,
        discussion: """
            curl, ping, traceroute, dig, tcpdump and your own programs work there as they are, without root and without \
            the internet. A second shell for the same lab joins the world that the first has opened. The world ends with \
            the last of them; what you write into your own folders stays. With a command after `--` that is run alone, and \
            its exit status is that of `lab shell`.
            """)

    @Argument(help: "A lab's name in Labs/ or $LAB_PATH, or the path of its file.")
    var lab: String?

    @Argument(help: "The host; may be left out where the world has one that runs programs.")
    var host: String?

    @OptionGroup var values: LabValues
    @OptionGroup var sharing: SharingOptions
    @OptionGroup var exposing: ExposeOption

    @Option(
        help: ArgumentHelp(
            "Captures all packets of a host, or of a link such as r2-r3, into a pcapng file, complete when the shell has "
                + "ended; repeatable.", valueName: "[place=]file"))
    var capture: [String] = []

    @Option(help: "Prints the list of --list as text or as JSON.")
    var format = OutputFormat.text

    @Argument(parsing: .postTerminator, help: "A command to run in place of a shell.")
    var command: [String] = []

    func validate() throws {
        if lab == nil, sharing.world == nil, !sharing.list {
            throw ValidationError("Missing expected argument '<lab>'")
        }
    }

    func run() async throws {
        if sharing.list { return try RunningWorlds(sharing).list(format) }
        if let id = sharing.world {
            let worlds = RunningWorlds(sharing)
            let world = try worlds.named(id)
            let (lab, host) = try worlds.place(lab, host, in: world)
            throw ExitCode(try await join(world, at: host, definition: nil, lab: lab, isAsked: true) ?? 1)
        }
        guard let lab else { return }
        let read = try values.load(lab)
        try SecretCheck.check(read.loaded)
        let world = try world(of: read)
        let place = try WorldHosts(world, lab: lab, preferred: read.lab.host).choose(host)
        let captures = try CaptureArgument.parse(capture, in: world, lab: lab, at: place)
        let source = try source(place)
        let worlds = RunningWorlds(sharing)
        let key = try RunningWorld.Key(path: read.path, read.loaded, read.lab)
        if sharing.join {
            let found = try worlds.joinable(key, lab: lab)
            throw ExitCode(try await join(found, at: place, definition: world, lab: lab, isAsked: true) ?? 1)
        }
        let isShared = sharing.isShared
        // A world that goes in the very moment when it is joined is as good as none.
        while true {
            switch try worlds.open(
                RunningWorld(
                    lab: lab, key: key, student: read.settings.student, world: world, opener: .shell,
                    pid: getpid(), openedAt: Int64(clamping: Clocks.realtime()), isShared: isShared),
                unless: isShared, greeting: { greeting($0, in: world, read, .guest(of: .shell, isShared: isShared)) })
            {
            case .found(let found):
                if let status = try await join(found, at: place, definition: world, lab: lab, isAsked: false) {
                    throw ExitCode(status)
                }
            case .opened(let door):
                throw ExitCode(try await open(world, read, at: place, captures: captures, source: source, door: door))
            case nil:
                throw ExitCode(try await open(world, read, at: place, captures: captures, source: source, door: nil))
            }
        }
    }

    /// What somebody reads who comes to a host.
    private func greeting(
        _ place: String, in world: WorldDefinition, _ read: ReadLab, _ company: ShellGreeting.Company,
        exposures: [ExposedPorts.Exposure] = [], captures: [WantedCapture] = []
    ) -> String {
        let greeting = ShellGreeting(
            world: world, lab: lab ?? "", host: place, exposures: exposures,
            captures: captures.map { ($0.name, $0.file) }, company: company)
        return read.loaded.redaction.text(greeting.text)
    }

    /// Opens the world.
    private func open(
        _ world: WorldDefinition, _ read: ReadLab, at place: String, captures: [WantedCapture],
        source: ShellRequest.Source, door: WorldDoor?
    ) async throws -> Int32 {
        let exposed = try exposing.open(in: world, lab: lab ?? "", at: place)
        let terminal = HeldTerminal()
        Interruption.endProcess(
            restoring: STDERR_FILENO, saying: "the world has ended",
            last: {
                terminal.restore()
                door?.close()
            })
        let passing = try PassingFolder("lab-shell-")
        defer { passing.remove() }
        var request = ShellRequest(
            world: world, references: read.loaded.references, seed: read.loaded.seed.number, host: place,
            folder: passing.path, directory: try OwnProcess.workingDirectory(),
            executable: try OwnProcess.executable(), source: source)
        request.captures = captures
        request.exposed = exposed
        request.door = door
        request.environment = ShellSurroundings.variables(OwnProcess.environment())
        request.files = ShellSurroundings.files(OwnProcess.environment())
        request.hold = { terminal.hold($0) }
        request.tell = { terminal.say("lab: \(Visible.text($0))") }
        request.waiting = { guests in
            let others = guests == 1 ? "another shell is" : "\(guests) other shells are"
            Standard.error("lab: \(others) still in this world: it ends with the last, or now with Ctrl-C\n")
        }
        let exposures = exposed?.exposures ?? []
        let isInteractive = if case .terminal = source { true } else { false }
        let text =
            isInteractive
            ? greeting(
                place, in: world, read, door?.world.isShared == true ? .shared : .alone, exposures: exposures,
                captures: captures)
            : read.loaded.redaction.text(ShellGreeting.lines(of: exposures))
        request.begun = { Standard.error(text) }
        return try await perform(request)
    }

    /// Runs in a world that is up; nil where it has gone meanwhile and nobody asked for that very one.
    ///
    /// - Parameter definition: of the world, where the lab was read.
    private func join(
        _ world: RunningWorld, at place: String, definition: WorldDefinition?, lab: String, isAsked: Bool
    ) async throws -> Int32? {
        guard capture.isEmpty else {
            Standard.error(
                "lab: --capture begins with the world, and this one (\(Visible.text(world.id))) is up already\n"
                    + "  what to do: capture within it, with `lab capture` or tcpdump, or open a world of your own with "
                    + "--new\n")
            throw LabModel.ExitStatus.usage.exit
        }
        let terminal = HeldTerminal()
        var session = GuestSession(
            world, in: WorldRegistry(), host: place, source: try source(place),
            directory: try OwnProcess.workingDirectory())
        let exposed = try exposing.open(at: place, among: world.hosts, definition, lab: lab)
        session.exposed = exposed
        session.environment = ShellSurroundings.variables(OwnProcess.environment())
        session.files = ShellSurroundings.files(OwnProcess.environment())
        session.hold = { terminal.hold($0) }
        session.tell = { terminal.say("lab: \(Visible.text($0))") }
        session.begun = { greeting in
            Standard.error(greeting + ShellGreeting.lines(of: exposed?.exposures ?? []))
        }
        do {
            return try await session.run()
        } catch is GuestSession.Gone {
            exposed?.close()
            guard isAsked else { return nil }
            Standard.error("lab: the world \(Visible.text(world.id)) has just ended\n")
            throw LabModel.ExitStatus.inconclusive.exit
        } catch let failure as GuestFailure {
            throw RunningWorlds.told(failure)
        } catch WorldError.ended {
            terminal.restore()
            Standard.error("lab: the world has ended, since \(RunningWorlds.opener(world)) has\n")
            throw LabModel.ExitStatus.inconclusive.exit
        }
    }

    private func world(of read: ReadLab) throws -> WorldDefinition {
        if let world = read.lab.world { return world }
        Standard.error(
            "lab: the lab `\(Visible.text(read.lab.name))` has no world to be in\n"
                + "  what to do: choose a lab whose file has `world`; `lab list` shows the labs\n")
        throw LabModel.ExitStatus.usage.exit
    }

    private func source(_ place: String) throws -> ShellRequest.Source {
        let isTyped = Terminal.isTerminal(STDIN_FILENO)
        let isSeen = Terminal.isTerminal(STDOUT_FILENO)
        guard command.isEmpty else { return .command(command, atTerminal: isTyped && isSeen) }
        if isTyped, isSeen { return .terminal }
        guard !isTyped else {
            Standard.error(
                "lab: a shell needs a terminal to write to\n"
                    + "  what to do: give a command, `lab shell \(Visible.text(lab ?? "")) \(place) -- COMMAND`\n")
            throw LabModel.ExitStatus.usage.exit
        }
        return .standardInput
    }

    private func perform(_ request: ShellRequest) async throws -> Int32 {
        do {
            return try await ShellSession.run(request)
        } catch WorldError.program(let error) {
            // The statuses that shells give.
            Standard.error("lab: \(Visible.text("\(error)"))\n")
            return error.code == ENOENT ? 127 : 126
        } catch let error as SystemError {
            Standard.error("lab: \(Visible.text("\(error)"))\n")
            throw LabModel.ExitStatus.preflight.exit
        } catch {
            throw WorldFailure.told(error, purpose: "run the world")
        }
    }
}
