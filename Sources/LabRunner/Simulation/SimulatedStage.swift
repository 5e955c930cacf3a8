import Glibc
import LabModel
import LabSteps
import SupportLinux

/// The model of a lab's network in the place of a world. It has packets, names and links; programs, files and environments
/// it has not, and steps that need them are refused before the run (``SimulationRefusal``).
final class SimulatedStage: Stage {
    private let network: SimulatedNetwork
    private let run: String
    private let mainHost: String
    private let nodes: [String: String]
    private let resources = HostResources()
    /// In the place of the run folder, where there is none.
    private let memory: EvidenceMemory?

    init(_ network: SimulatedNetwork, run: String, mainHost: String, memory: EvidenceMemory?) {
        self.network = network
        self.memory = memory
        self.run = run
        self.mainHost = mainHost
        nodes = network.nodes
    }

    func facts(of host: String) -> HostFacts {
        HostFacts(environment: [:], bundle: "", nodes: nodes, clientKeys: RunFolder.clientKeys)
    }

    func ask(
        _ operation: HostOperation, on host: String, progress: (@Sendable (String) -> Void)?
    ) async throws -> StepOutcome {
        guard case .perform(let name, let step, let plan) = operation,
            let kind = StepCatalog.kind(named: name) as? any HostStepKind.Type
        else { throw Self.absent("connections") }
        return try await kind.perform(
            plan,
            on: HostContext(
                step: step, host: host, run: run, facts: facts(of: host), resources: resources,
                network: network.network(of: host), memory: memory, report: progress))
    }

    func takeFates(of host: String) async -> [FateRows.Record] { network.takeFates(of: host) }
    func change(_ link: LinkChange) async throws { try network.change(link) }
    func pass(_ nanoseconds: Int64) async throws { network.pass(nanoseconds) }

    /// Writes down what the captures grew by.
    func settle() async throws {
        for host in network.capturedHosts {
            guard let bytes = network.takeCapture(of: host), !bytes.isEmpty else { continue }
            let path = RunFolder.capture(host: host, main: mainHost)
            if let memory {
                memory.append(bytes, to: path)
                continue
            }
            let file = try FileDescriptor.open("\(run)/\(path)", O_WRONLY | O_CREAT | O_APPEND, mode: 0o644)
            try file.write(bytes)
        }
    }

    func close() async {}

    // MARK: What it has not

    var eventMarks: [String: Int] { [:] }
    func waitForEvents(beyond marks: [String: Int], within nanoseconds: Int64) async -> Bool { false }
    func setEnvironment(_ changes: [String: String?], of host: String) {}
    func program(startedBy step: String) -> (any StepProgram)? { nil }

    func start(_ program: ProgramStart, step: String, on host: String) async throws -> any StepProgram {
        throw Self.absent("programs")
    }

    func home(of host: String) throws -> String { throw Self.absent("files") }

    private static func absent(_ what: String) -> StepFailure {
        StepFailure(.machine, "a simulated network has no \(what)", help: "run the lab without `--simulate`")
    }
}
