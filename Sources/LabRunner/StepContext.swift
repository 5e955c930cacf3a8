import LabModel
import LabSteps
import SupportLinux

/// One step's view of the runner.
struct StepContext: RunnerContext {
    let step: String
    let host: String
    let run: String
    let executable: String
    let stage: any Stage
    let performed: [String: PerformedStep]
    let memory: EvidenceMemory?
    let report: @Sendable (String) -> Void

    var facts: HostFacts { stage.facts(of: host) }

    func progress(_ text: String) { report(text) }

    func record(_ bytes: [UInt8], as name: String) throws -> String {
        if let memory {
            let path = RunFolder.artefact(name, of: step)
            memory.write(bytes, to: path)
            return path
        }
        let folder = "evidence/\(step)"
        try Files.createDirectories("\(run)/\(folder)", mode: 0o755)
        try Files.writeAtomically(bytes, to: "\(run)/\(folder)/\(name)")
        return "\(folder)/\(name)"
    }

    func start(_ program: ProgramStart) async throws -> any StepProgram {
        try await stage.start(program, step: step, on: host)
    }

    func program(startedBy step: String) -> (any StepProgram)? { stage.program(startedBy: step) }

    func ask(_ operation: HostOperation, on host: String) async throws -> StepOutcome {
        try await stage.ask(operation, on: host, progress: report)
    }

    func setEnvironment(_ changes: [String: String?]) { stage.setEnvironment(changes, of: host) }

    func change(_ link: LinkChange) async throws { try await stage.change(link) }

    func earlier(_ step: String) -> (host: String, kind: String, plan: StepPlan)? {
        performed[step].map { ($0.host, $0.kind, $0.plan) }
    }

    func home() throws -> String { try stage.home(of: host) }
}
