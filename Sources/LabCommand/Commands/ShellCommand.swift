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
        discussion: """
            curl, ping, traceroute, dig, tcpdump and your own programs work there as they are, without root and without \
            the internet. The world ends with the shell; what you write into your own folders stays. With a command after \
            `--` that is run alone, and its exit status is that of `lab shell`.
            """)

    @OptionGroup var options: LabOptions

    @Argument(help: "The host; may be left out where the world has one that runs programs.")
    var host: String?

    @OptionGroup var exposing: ExposeOption

    @Option(
        help: ArgumentHelp(
            "Captures all packets of a host, or of a link such as r2-r3, into a pcapng file, complete when the shell has "
                + "ended; repeatable.", valueName: "[place=]file"))
    var capture: [String] = []

    @Argument(parsing: .postTerminator, help: "A command to run in place of a shell.")
    var command: [String] = []

    func run() async throws {
        let read = try options.load()
        try SecretCheck.check(read.loaded)
        let world = try world(of: read)
        let place = try WorldHosts(world, lab: options.lab, preferred: read.lab.host).choose(host)
        let captures = try CaptureArgument.parse(capture, in: world, lab: options.lab, at: place)
        let source = try source(place)
        let exposed = try exposing.open(in: world, lab: options.lab, at: place)
        let terminal = HeldTerminal()
        Interruption.endProcess(
            restoring: STDERR_FILENO, saying: "the world has ended", last: { terminal.restore() })
        let passing = try PassingFolder("lab-shell-")
        defer { passing.remove() }
        var request = ShellRequest(
            world: world, references: read.loaded.references, seed: read.loaded.seed.number, host: place,
            folder: passing.path, directory: try OwnProcess.workingDirectory(),
            executable: try OwnProcess.executable(), source: source)
        request.captures = captures
        request.exposed = exposed
        request.environment = ShellSurroundings.variables(OwnProcess.environment())
        request.files = ShellSurroundings.files(OwnProcess.environment())
        request.hold = { terminal.hold($0) }
        request.tell = { terminal.say("lab: \(Visible.text($0))") }
        let greeting = ShellGreeting(
            world: world, lab: options.lab, host: place, exposures: exposed?.exposures ?? [],
            captures: captures.map { ($0.name, $0.file) })
        let isInteractive = if case .terminal = source { true } else { false }
        let text = read.loaded.redaction.text(
            isInteractive ? greeting.text : ShellGreeting.lines(of: greeting.exposures))
        request.begun = { Standard.error(text) }
        throw ExitCode(try await perform(request))
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
                    + "  what to do: give a command, `lab shell \(Visible.text(options.lab)) \(place) -- COMMAND`\n")
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
