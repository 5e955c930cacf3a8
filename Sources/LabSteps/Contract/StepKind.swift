import LabModel

/// One kind of step: what a lab may write, and how its artefacts become rows. How it is performed is said by
/// ``HostStepKind``, ``RunnerStepKind`` or ``StudentStepKind``.
package protocol StepKind: Sendable {
    static var schema: StepSchema { get }

    /// Reads rows from the artefacts of a finished step. Pure: the same artefacts give the same rows, live and on any
    /// other machine. An artefact that is missing or damaged gives fewer rows, never an error.
    static func derive(_ evidence: StepEvidence) -> Derived

    /// Whether deriving looks at the step's own artefacts alone. They are whole when the step ends, so that deriving once is
    /// enough.
    static var isDerivedAlone: Bool { get }

    /// Why a step with this plan cannot be performed on a simulated network, where there are packets and names and
    /// nothing else; nil where it can: `opens TCP connections`.
    static func obstacle(toSimulating plan: [String: PlanNode]) -> String?
}

extension StepKind {
    package static var isDerivedAlone: Bool { false }

    package static func obstacle(toSimulating plan: [String: PlanNode]) -> String? {
        "needs programs, files or connections of a real host"
    }
}

/// A kind that is performed by the agent on the step's host, where sockets are the host's own.
package protocol HostStepKind: StepKind {
    /// Whether the runner records what the emulated network did to packets that came to grief meanwhile (``FateRows``).
    static var watchesFates: Bool { get }

    static func perform(_ plan: StepPlan, on host: HostContext) async throws -> StepOutcome
}

extension HostStepKind {
    package static var watchesFates: Bool { false }
}

/// A kind that is performed by the runner: it starts programs, or only combines what is there.
package protocol RunnerStepKind: StepKind {
    static func perform(_ plan: StepPlan, by runner: any RunnerContext) async throws -> StepOutcome
}

/// What a step's artefacts gave.
package struct Derived: Sendable {
    package var tables: [TableRows]
    /// Columns that later questions may refer to as `$step.name`.
    package var columns: [String: [Value]]
    /// Lines for people about what was seen.
    package var notes: [String]
    /// What went wrong in words, for a check that finds nothing: `the key log fits no connection of this capture`.
    package var explanations: [String]
    /// What routers and links did to packets, for people who may be told (``FateRows``).
    package var story: [String]

    package init(
        tables: [TableRows] = [], columns: [String: [Value]] = [:], notes: [String] = [], explanations: [String] = [],
        story: [String] = []
    ) {
        self.tables = tables
        self.columns = columns
        self.notes = notes
        self.explanations = explanations
        self.story = story
    }
}
