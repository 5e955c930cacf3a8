import LabModel
import SupportLinux

/// What one run is to be: the lab, and everything that the lab's text does not decide.
package struct RunRequest: Sendable {
    package var loaded: LoadedLab
    package var lab: LabDefinition
    /// The lab's main file as people are shown it.
    package var source: String
    package var student: String
    /// What the lab and the runner speak with the student.
    package var language: LanguageTag
    /// Where run folders go, absolute.
    package var runs: String
    /// Only these steps or checks (`step` or `step.check`); empty: all.
    package var only: [String]
    /// This program's own file, which worlds and agents are started from.
    package var executable: String
    package var version: String
    package var environment: RunEnvironment
    /// Whether this is an instructor's own run: then hidden checks are judged, and the run folder holds the key file so
    /// that they can be judged again. No other run may hold it, or a word of what it hides.
    package var carriesKey: Bool
    /// Steps that are left out, as if nobody did them.
    package var skipped: Set<String> = []
    /// Who answers the questions of the lab, and hands in files.
    package var respondent: any Respondent = Nobody()
    /// Files that lie below `inputs/` in the run folder before the first step: what somebody brought along.
    package var inputs: [LabFile] = []
    /// Whether the world is its model alone, on a virtual clock: nothing of this machine is used, and no time passes.
    package var isSimulated = false
    /// Packets of the world's hosts and links that are wanted as files of their own.
    package var captures: [WantedCapture] = []
    /// Ports of this machine that lead into the world while it is there.
    package var exposed: ExposedPorts?
    /// The way into the world for others of the same user, while it is there.
    package var door: WorldDoor?
    /// Given sentences about these.
    package var tell: @Sendable (String) -> Void = { _ in }

    package init(
        loaded: LoadedLab, lab: LabDefinition, source: String, student: String, language: LanguageTag = .english,
        runs: String, only: [String],
        executable: String,
        version: String, environment: RunEnvironment = .system, carriesKey: Bool = false
    ) {
        self.loaded = loaded
        self.lab = carriesKey ? lab : lab.withoutKey
        self.carriesKey = carriesKey
        self.source = source
        self.student = student
        self.language = language
        self.runs = runs
        self.only = only
        self.executable = executable
        self.version = version
        self.environment = environment
    }
}

/// Clock and randomness of a run.
package struct RunEnvironment: Sendable {
    /// Nanoseconds since 1970.
    package var now: @Sendable () -> Int64
    package var randomBytes: @Sendable (Int) -> [UInt8]

    package init(now: @escaping @Sendable () -> Int64, randomBytes: @escaping @Sendable (Int) -> [UInt8]) {
        self.now = now
        self.randomBytes = randomBytes
    }

    package static let system = RunEnvironment(
        now: { Int64(clamping: Clocks.realtime()) }, randomBytes: { Random.bytes($0) })
}
