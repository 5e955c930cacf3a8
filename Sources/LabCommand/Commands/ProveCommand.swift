import ArgumentParser
import Glibc
import LabModel
import LabProof
import LabRunner
import LabWorld
import SupportDiagnostics
import SupportLinux

struct ProveCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prove",
        abstract:
            "Shows that a lab judges as it should: right runs earn everything, wrong runs fail where they are wrong.")

    @OptionGroup var options: LabOptions

    @Option(help: "How many runs go on at a time; as many as there are processors without it.")
    var jobs: Int?

    @Option(help: "Also shows that this many students' variants are solvable and equal in structure.")
    var seeds: Int?

    @Flag(
        help:
            "Performs and judges all of --seeds on the model of the lab's network, on a virtual clock, and nothing else."
    )
    var simulated = false

    @Option(help: "Makes only these wrong runs (names, separated by commas).")
    var wrong: String?

    @Option(help: "Prints the result as text or as JSON.")
    var format = OutputFormat.text

    func validate() throws {
        if let jobs, jobs < 1 { throw ValidationError("--jobs is at least 1") }
        if simulated, seeds == nil { throw ValidationError("--simulated takes --seeds, how many variants to judge") }
        if simulated, wrong != nil {
            throw ValidationError("--wrong makes runs in a world, and --simulated makes none")
        }
        if let seeds, seeds < 1 { throw ValidationError("--seeds is at least 1") }
    }

    func run() async throws {
        var options = options
        // The same proof on every machine.
        options.values.student = options.values.student ?? "prove"
        let read = try options.load(format)
        guard let lab = ProofLab(read.path, settings: read.settings) else {
            throw LabModel.ExitStatus.invalidInput.exit
        }
        let start = Clocks.monotonic()
        if simulated { throw try await judgeVariants(of: lab, since: start).exit }
        Interruption.endProcess(restoring: STDERR_FILENO, saying: "nothing was proved, and nothing is left of it")
        let folder = try PassingFolder("lab-prove-")
        defer { folder.remove() }
        let progress = ProofProgress()
        let runner = ProofRunner(
            lab: lab, folder: folder.path, executable: try OwnProcess.executable(), version: LabProgram.version,
            jobs: jobs ?? Int(clamping: sysconf(Int32(_SC_NPROCESSORS_ONLN))), report: { progress.show($0) })
        var result = try await prove(lab, runner)
        progress.end()
        result.duration = Int64(clamping: Clocks.monotonic() &- start)
        try show(result, lab)
        throw result.exitStatus.exit
    }

    private func judgeVariants(of lab: ProofLab, since start: UInt64) async throws -> LabModel.ExitStatus {
        do {
            let result = try await SimulatedVariants(
                lab: lab, version: LabProgram.version,
                jobs: jobs ?? Int(clamping: sysconf(Int32(_SC_NPROCESSORS_ONLN)))
            ).judge(seeds ?? 1)
            switch format {
            case .json: Standard.write(try JSON.encode(result, pretty: true) + [0x0A], to: STDOUT_FILENO)
            case .text:
                let seconds = Double(Clocks.monotonic() &- start) / 1e9
                let troubles = result.troubles.map {
                    Visible.text("\($0.outcome): \($0.check): \($0.reason)") + "\n"
                }
                Standard.output(
                    troubles.joined() + "simulated variants: \(result.variants), troubles: \(result.troubleCount)\n"
                        + "digest of evidence and verdicts: \(result.digest)\n"
                        + "time: \((seconds * 10).rounded() / 10) s\n")
            }
            return result.exitStatus
        } catch {
            throw WorldFailure.told(error, purpose: "simulate the lab")
        }
    }

    private func prove(_ lab: ProofLab, _ runner: ProofRunner) async throws -> ProofResult {
        let names = wrong?.split(separator: ",").map { String($0.drop { $0 == " " }) } ?? []
        do {
            let proof = Proof(lab: lab, runner: runner)
            let evidence = try await proof.perform(only: names)
            var result = await proof.assess(evidence, by: lab)
            await proof.repeatUnexpected(&result, evidence)
            if let seeds { result.seeds = try await proof.vary(seeds) }
            return result
        } catch let error as Proof.UnknownRuns {
            let nearest = error.names.compactMap { Suggestion.nearest(to: $0, among: error.known) }.first
            Standard.error(
                "lab: --wrong names no wrong run of this lab: " + error.names.joined(separator: ", ")
                    + (nearest.map { "; did you mean `\($0)`?" } ?? "") + "\n")
            throw LabModel.ExitStatus.usage.exit
        } catch let error as SystemError {
            Standard.error("lab: a run could not be recorded: \(error)\n")
            throw LabModel.ExitStatus.preflight.exit
        } catch {
            throw WorldFailure.told(error, purpose: "prove the lab")
        }
    }

    private func show(_ result: ProofResult, _ lab: ProofLab) throws {
        let survivors = Survivors.diagnostics(result, of: lab)
        switch format {
        case .json: Standard.write(try JSON.encode(result, pretty: true) + [0x0A], to: STDOUT_FILENO)
        case .text:
            let title = lab.lab.title.rendered(lab.loaded.references)
            Standard.output(ProofText.render(result, title: title))
        }
        if !survivors.isEmpty { Problem.show(survivors, format) }
    }
}
