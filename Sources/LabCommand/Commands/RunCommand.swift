import ArgumentParser
import Glibc
import LabModel
import LabReport
import LabRunner
import LabWorld
import SupportDiagnostics
import SupportLinux

struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Performs a lab: the runner takes every step and checks what happened.")

    @OptionGroup var options: LabOptions
    @OptionGroup var runs: RunsOption
    @OptionGroup var student: StudentOptions
    @OptionGroup var exposing: ExposeOption

    @Option(
        help: ArgumentHelp(
            "Captures all packets of a host, or of a link such as r2-r3, into a pcapng file, complete when the run has "
                + "ended; repeatable.", valueName: "[place=]file"))
    var capture: [String] = []

    @Option(help: "Only these steps or checks (STEP or STEP.CHECK, separated by commas) and what they build on.")
    var only: String?

    @Option(help: "Writes a report: FILE by its extension, or FORMAT:FILE; repeatable.")
    var report: [String] = []

    @Option(help: "Prints the result as text or as JSON.")
    var format = OutputFormat.text

    @Flag(
        help: """
            Performs the steps on a model of the lab's network, on a virtual clock: without namespaces, without packets, in \
            no time. For labs that only probe and look names up.
            """)
    var simulate = false

    @Flag(help: "Plain lines, also on a terminal.")
    var plain = false

    func run() async throws {
        if simulate, !exposing.wanted.isEmpty {
            throw ValidationError("--expose needs a world that is there, and --simulate makes none")
        }
        if simulate, !capture.isEmpty {
            throw ValidationError("--capture needs a world that is there, and --simulate makes none")
        }
        let targets = try report.map(ReportArgument.parse)
        let read = try options.load(format)
        let names = only?.split(separator: ",").map(String.init) ?? []
        if only != nil { try checkSelection(names, read.lab) }
        try SecretCheck.check(read.loaded)
        var request = RunRequest(
            loaded: read.loaded, lab: read.lab, source: read.path, student: read.settings.student,
            language: read.settings.language ?? .english,
            runs: try runs.absolute(), only: names,
            executable: try OwnProcess.executable(), version: LabProgram.version, carriesKey: true)
        request.isSimulated = simulate
        request.respondent = try student.respondent(for: read.lab, format)
        if simulate, SimulationRefusal(of: request) == nil {
            Standard.error("lab: simulated: a model of the network answers, and no packet is sent\n")
        }
        request.captures = try captures(of: read.lab)
        let exposed = try exposing.open(in: read.lab.world, lab: options.lab, at: read.lab.host)
        request.exposed = exposed
        Standard.error(ShellGreeting.lines(of: exposed?.exposures ?? []))
        let door = door(of: read)
        defer { door?.close() }
        request.door = door
        request.tell = { Standard.error("lab: \(Visible.text($0))\n") }
        Interruption.endProcess(restoring: STDOUT_FILENO, last: { door?.close() })
        let observer = format == .json ? SilentView() : Views.live(plain: plain)
        do {
            let (record, folder) = try await Run.perform(request, observer: observer)
            try Reports.write(record, folder: folder, targets: targets)
            if format == .json { try Reports.printJSON(record, folder: folder) }
            throw record.exitStatus.exit
        } catch let error as SystemError {
            Standard.error(
                "lab: the run could not be recorded: \(error)\n  what to do: choose a folder you may write to with --runs\n"
            )
            throw LabModel.ExitStatus.preflight.exit
        } catch {
            throw WorldFailure.told(error, purpose: "run the lab")
        }
    }

    /// The way into the run's world for a shell that asks for it; nil where there is none to be had.
    private func door(of read: ReadLab) -> WorldDoor? {
        guard !simulate, let world = read.lab.world,
            let key = try? RunningWorld.Key(path: read.path, read.loaded, read.lab)
        else { return nil }
        let (redaction, lab) = (read.loaded.redaction, options.lab)
        let entry = RunningWorld(
            lab: lab, key: key, student: read.settings.student, world: world, opener: .run, pid: getpid(),
            openedAt: Int64(clamping: Clocks.realtime()), isShared: false)
        let entrance = try? WorldDoor.open(entry, in: WorldRegistry()) {
            var greeting = ShellGreeting(world: world, lab: lab, host: $0)
            greeting.company = .guest(of: .run, isShared: false)
            return redaction.text(greeting.text)
        }
        guard case .opened(let door)? = entrance else { return nil }
        return door
    }

    private func captures(of lab: LabDefinition) throws -> [WantedCapture] {
        guard !capture.isEmpty else { return [] }
        guard let world = lab.world else {
            Standard.error(
                "lab: the lab has no world that --capture could look at\n  what to do: leave the option out\n")
            throw LabModel.ExitStatus.usage.exit
        }
        let needsHost = lab.host.isEmpty && capture.contains { CaptureArgument.split($0).place == nil }
        let host =
            needsHost ? try WorldHosts(world, lab: options.lab, preferred: lab.host).choose(nil) : lab.host
        return try CaptureArgument.parse(capture, in: world, lab: options.lab, at: host)
    }

    private func checkSelection(_ names: [String], _ lab: LabDefinition) throws {
        let unknown = Run.unknownSelections(names, in: lab)
        guard names.isEmpty || !unknown.isEmpty else { return }
        let listed = unknown.map { "`\($0)`" }.joined(separator: ", ")
        Standard.error(
            names.isEmpty
                ? "lab: --only names nothing\n"
                : "lab: --only names no step or check of `\(lab.name)`: \(listed)\n")
        throw LabModel.ExitStatus.usage.exit
    }
}

/// Shows nothing: the result is printed whole at the end.
struct SilentView: RunObserver {
    func handle(_ update: RunUpdate) {}
}
