import ArgumentParser
import Glibc
import LabJudge
import LabModel
import LabRecording
import LabRunner
import LabWorld
import SupportDiagnostics
import SupportLinux

struct RecordCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "record", abstract: "Drafts a lab from what you do in a shell of its world.",
        discussion: """
            Browse, ping and decrypt as a student would; what you typed and what was on the wire becomes the steps and \
            checks of a draft, which is then run once. Without a terminal, commands are read from standard input.
            """)

    @Option(help: "The world to walk through, a YAML file.")
    var world: String?

    @Option(help: "The lab whose world and variables to take: a name in Labs/ or $LAB_PATH, or a file.")
    var lab: String?

    @Option(help: "The host to be on; otherwise the lab's own, or the world's first.")
    var at: String?

    @Option(name: .shortAndLong, help: "The file of the draft.")
    var output = "draft.yml"

    @Option(help: "Whose values the lab draws.")
    var student: String?

    @Flag(help: "Writes the draft without running it.")
    var noVerify = false

    @Flag(help: "Replaces a file that is there already.")
    var force = false

    @Argument(parsing: .postTerminator, help: "A command to record in place of a shell.")
    var command: [String] = []

    func run() async throws {
        guard force || !Files.exists(output) else {
            Standard.error("lab: `\(output)` is there already; choose another file with -o, or --force\n")
            throw LabModel.ExitStatus.usage.exit
        }
        let source = try RecordingSource.load(world: world, lab: lab, at: at, student: student, beside: output)
        let terminal = HeldTerminal()
        Interruption.endProcess(
            restoring: STDERR_FILENO, saying: "no draft was written", last: { terminal.restore() })
        let passing = try PassingFolder("lab-record-")
        defer { passing.remove() }
        let folder = passing.path
        let walk = try await record(source, in: folder, terminal)
        let draft = Draft(
            walk, name: source.name, world: source.place, host: source.host, variables: source.variables,
            in: Surroundings(world: source.world, references: source.loaded.references))
        guard draft.steps > 0 else {
            Standard.error("lab: nothing was done that a lab could look at; no draft was written\n")
            throw LabModel.ExitStatus.inconclusive.exit
        }
        try Files.writeAtomically(Array(draft.text.utf8), to: output)
        Standard.output("\(output): a draft of \(draft.steps) \(draft.steps == 1 ? "step" : "steps")\n")
        try await verify(in: folder)
    }

    private func record(
        _ source: RecordingSource, in folder: String, _ terminal: HeldTerminal
    ) async throws -> Walk {
        let isTerminal = Terminal.isTerminal(STDIN_FILENO) && Terminal.isTerminal(STDOUT_FILENO)
        let commands: RecordingRequest.Source =
            !command.isEmpty ? .command(command) : isTerminal ? .terminal : .standardInput
        if case .terminal = commands {
            Standard.error("You are on `\(source.host)` now. Do the walkthrough, then leave with `exit`.\n")
        }
        do {
            var request = RecordingRequest(
                world: source.world, references: source.loaded.references, seed: source.loaded.seed.number,
                host: source.host, folder: folder, executable: try OwnProcess.executable(), source: commands)
            request.hold = { terminal.hold($0) }
            return try await Recorder.record(request)
        } catch {
            throw WorldFailure.told(error, purpose: "run the world")
        }
    }

    /// Reads the draft as any lab, and runs it once.
    private func verify(in folder: String) async throws {
        let settings = LabSettings(student: student ?? OwnProcess.environment()["USER"] ?? "", language: .english)
        let loaded = LabLoader.standard.load(output, settings: settings)
        Problem.show(loaded.problems)
        guard let lab = loaded.lab, !loaded.hasErrors else {
            Standard.error("lab: the draft has mistakes of ours; mend them as above, and tell us\n")
            throw LabModel.ExitStatus.software.exit
        }
        if noVerify { return Standard.output("not run: `lab run \(output)` does\n") }
        let (record, _) = try await Run.perform(
            RunRequest(
                loaded: loaded, lab: lab, source: output, student: settings.student, runs: "\(folder)/runs", only: [],
                executable: try OwnProcess.executable(), version: LabProgram.version), observer: SilentView())
        let passed = record.count(.passed)
        Standard.output("ran it once: \(passed) of \(record.checks.count) checks passed\n")
        for check in record.checks where check.verdict != .passed {
            Standard.output("  \(check.name): \(check.reason)\n")
        }
        throw record.exitStatus.exit
    }
}
