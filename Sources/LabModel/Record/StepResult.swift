/// What became of one step: how it went, what it gave, and the verdicts on its checks.
package struct StepResult: Sendable, Hashable, Codable {
    package enum Status: String, Sendable, Hashable, Codable {
        case done
        /// The step itself could not be brought to its end; `reason` says why.
        case failed
        /// A step that it builds on failed; `reason` names it.
        case blocked
        /// Left out by `--only`, or nobody did it.
        case notDone = "not-done"
        /// Optional, and what it needs is not here.
        case notOffered = "not-offered"
    }

    package var id: String
    package var title: String
    package var section: String
    package var kind: String
    package var host: String
    package var task: String
    package var explain: String
    package var byHand: [ByHand]
    package var hints: [String]
    package var actor: Actor
    package var status: Status
    package var reason: String
    /// The same as a message, where it is one of ours.
    package var why: Reason?
    /// Nanoseconds since 1970; 0 where the step never began.
    package var startedAt: Int64
    /// Nanoseconds from begin to end, and how much of it the lab itself asked to wait.
    package var duration: Int64
    package var waited: Int64
    package var checks: [CheckResult]
    package var results: [String: Value]
    /// What was seen, a line each, for people: `200 OK, 1432 bytes, over TLS 1.3`.
    package var notes: [String]
    /// Artefacts below the run folder, in the order in which they were recorded.
    package var evidence: [String]
    /// What each hint costs; nil where none costs anything.
    package var hintCosts: [Double]?
    /// How often it was performed, where it may be retried, and why that is fair.
    package var attempts: Int?
    package var retriedBecause: String?
    /// False where `--only` did not ask for it; nil otherwise.
    package var isSelected: Bool?

    /// What one would type to do the step with one's own hands.
    package struct ByHand: Sendable, Hashable, Codable {
        package var tool: String
        package var command: String

        package init(tool: String, command: String) {
            self.tool = tool
            self.command = command
        }
    }

    package init(
        id: String, title: String, section: String, kind: String, host: String, task: String = "", explain: String = "",
        byHand: [ByHand] = [], hints: [String] = [], actor: Actor = .runner, status: Status = .notDone,
        reason: String = "", startedAt: Int64 = 0, duration: Int64 = 0, waited: Int64 = 0, checks: [CheckResult] = [],
        results: [String: Value] = [:], notes: [String] = [], evidence: [String] = []
    ) {
        self.id = id
        self.title = title
        self.section = section
        self.kind = kind
        self.host = host
        self.task = task
        self.explain = explain
        self.byHand = byHand
        self.hints = hints
        self.actor = actor
        self.status = status
        self.reason = reason
        self.startedAt = startedAt
        self.duration = duration
        self.waited = waited
        self.checks = checks
        self.results = results
        self.notes = notes
        self.evidence = evidence
    }

    package var points: Double { checks.reduce(0) { $0 + $1.points } }
    package var maxPoints: Double { checks.reduce(0) { $0 + $1.maxPoints } }
}
