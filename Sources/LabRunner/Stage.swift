import LabModel
import LabSteps

/// Where the steps of a run are performed: a running world, or the model of its network.
protocol Stage: Sendable {
    func facts(of host: String) -> HostFacts
    /// Has a host do something.
    func ask(
        _ operation: HostOperation, on host: String, progress: (@Sendable (String) -> Void)?
    ) async throws -> StepOutcome
    /// What the network did to packets of a host, or for it, that came to grief since this was asked last.
    func takeFates(of host: String) async -> [FateRows.Record]
    func change(_ link: LinkChange) async throws

    func start(_ program: ProgramStart, step: String, on host: String) async throws -> any StepProgram
    func program(startedBy step: String) -> (any StepProgram)?
    func setEnvironment(_ changes: [String: String?], of host: String)
    /// A host's home within the run.
    func home(of host: String) throws -> String

    /// Everything that happened by now is in the evidence when this returns.
    func settle() async throws
    /// How much each proxy has recorded so far, by step.
    var eventMarks: [String: Int] { get }
    /// Waits until a proxy has recorded more than it had when `marks` were taken; false when nothing comes in time.
    func waitForEvents(beyond marks: [String: Int], within nanoseconds: Int64) async -> Bool
    /// Lets time pass.
    func pass(_ nanoseconds: Int64) async throws
    func close() async
}
