import LabModel

/// What a kind has at hand while it is performed by the runner.
package protocol RunnerContext: Sendable {
    var step: String { get }
    var host: String { get }
    /// The run folder, absolute.
    var run: String { get }
    /// The `lab` executable, which is also the proxy.
    var executable: String { get }
    /// Names of the hosts' nodes, environment and store, as the agent of the step's host has them.
    var facts: HostFacts { get }

    func progress(_ text: String)
    /// Writes an artefact of this step whole or not at all; gives its path below the run folder.
    @discardableResult
    func record(_ bytes: [UInt8], as name: String) throws -> String
    /// Starts a program on the step's host. It stays known under the step's id until it is stopped.
    func start(_ program: ProgramStart) async throws -> any StepProgram
    /// The program that an earlier step started.
    func program(startedBy step: String) -> (any StepProgram)?
    /// Has the agent of a host do something.
    func ask(_ operation: HostOperation, on host: String) async throws -> StepOutcome
    /// Changes what programs on the step's host find in their environment; nil removes a name.
    func setEnvironment(_ changes: [String: String?])
    /// Takes a link of the world down or up; returns once packets see it.
    func change(_ link: LinkChange) async throws
    /// The host that an earlier step ran on, its kind and its plan.
    func earlier(_ step: String) -> (host: String, kind: String, plan: StepPlan)?
    /// A private folder of this run for a host's home, which later steps on the host see again.
    func home() throws -> String
}

/// A program to be started.
package struct ProgramStart: Sendable {
    package var arguments: [String]
    package var environment: [String: String]
    package var workingDirectory: String
    /// On a terminal of its own, to be typed at; otherwise output is recorded apart and input is empty.
    package var onTerminal: Bool
    /// Lines that the program writes to descriptor 3 are kept in this artefact as they come.
    package var eventsArtefact: String?

    package init(
        arguments: [String], environment: [String: String] = [:], workingDirectory: String, onTerminal: Bool = false,
        eventsArtefact: String? = nil
    ) {
        self.arguments = arguments
        self.environment = environment
        self.workingDirectory = workingDirectory
        self.onTerminal = onTerminal
        self.eventsArtefact = eventsArtefact
    }
}

/// A program that a step started and a later one may stop.
package protocol StepProgram: Sendable {
    /// Waits for the first line on descriptor 3 that names this event; nil when the program ends first or time is up.
    func waitForEvent(_ name: String, within nanoseconds: Int64) async -> Value?
    /// Types at its terminal.
    func type(_ text: String) async throws
    /// Waits until it has printed something new since the last key was typed, or has ended, or time is up.
    func waitForChange(within nanoseconds: Int64) async
    /// The exit status (128 + signal for a signal), or nil when it has not ended in time.
    func waitForExit(within nanoseconds: Int64) async -> Int?
    /// All that it has printed so far: its terminal, or standard output and standard error.
    func output() async -> (output: [UInt8], error: [UInt8])
    func terminate() async
}

/// What the agent of a host can be asked for, besides performing a step.
package enum HostOperation: Sendable, Codable {
    /// Perform a step of a kind that is performed on hosts.
    case perform(kind: String, step: String, plan: StepPlan)
    /// Start the web sites and services that live on this host.
    case serve(SitePlan)
    /// Begin the runner's own capture of this host.
    case watch(path: String)
    /// Everything the kernel has captured by now is in the file when this returns.
    case drain
    /// End the capture that a step began.
    case stopCapture(step: String)
    /// Who listens on a port of this host.
    case probeListener(port: Int, step: String)
    /// Join the connection that comes with this as a descriptor with a port of this host; done once it is.
    case relay(port: Int)
}
