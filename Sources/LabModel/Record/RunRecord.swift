/// `run.json`: one run as reports read it. Verdicts in it are a copy; what counts is recomputed from the evidence.
package struct RunRecord: Sendable, Hashable, Codable {
    package var format = 1
    package var id: String
    package var lab: Lab
    package var runner: Runner
    package var student: String
    package var seed: UInt64
    package var credit: Credit
    /// The language the run was shown in, `es`; nil in records of runners that spoke English alone.
    package var language: String?
    /// Whether the world was its model alone, on a virtual clock; nil: it was there.
    package var isSimulated: Bool?
    package var startedAt: Int64
    package var finishedAt: Int64
    package var sessions: [Session]
    package var capabilities: [String: Value]
    package var variables: [String: Value]
    package var chain: Chain
    package var steps: [StepResult]
    /// What the judge noticed about the evidence itself, such as an edited events file.
    package var findings: [String]

    package struct Lab: Sendable, Hashable, Codable {
        package var name: String
        package var title: String
        /// The lab's main file below `lab/`.
        package var file: String
        /// SHA-256 over all that decides verdicts; equal for labs that differ in wording alone.
        package var judgingDigest: String
        /// SHA-256 over the bytes of all files of the lab.
        package var textDigest: String
        /// The judging digest of the instructor's edition, where this is a student edition that was published from it.
        package var publishedFrom: String?

        package init(
            name: String, title: String, file: String, judgingDigest: String, textDigest: String,
            publishedFrom: String? = nil
        ) {
            self.name = name
            self.title = title
            self.file = file
            self.judgingDigest = judgingDigest
            self.textDigest = textDigest
            self.publishedFrom = publishedFrom
        }
    }

    package struct Runner: Sendable, Hashable, Codable {
        package var version: String
        package var kernel: String

        package init(version: String, kernel: String) {
            self.version = version
            self.kernel = kernel
        }
    }

    package struct Session: Sendable, Hashable, Codable {
        package var startedAt: Int64
        package var finishedAt: Int64
        package var actor: Actor

        package init(startedAt: Int64, finishedAt: Int64, actor: Actor) {
            self.startedAt = startedAt
            self.finishedAt = finishedAt
            self.actor = actor
        }
    }

    /// The end of the hash chain in `events.jsonl`.
    package struct Chain: Sendable, Hashable, Codable {
        package var events: Int
        package var head: String

        package init(events: Int, head: String) {
            self.events = events
            self.head = head
        }
    }

    package init(
        id: String, lab: Lab, runner: Runner, student: String, seed: UInt64, credit: Credit, startedAt: Int64,
        finishedAt: Int64, sessions: [Session], capabilities: [String: Value], variables: [String: Value],
        chain: Chain, steps: [StepResult], findings: [String]
    ) {
        self.id = id
        self.lab = lab
        self.runner = runner
        self.student = student
        self.seed = seed
        self.credit = credit
        self.startedAt = startedAt
        self.finishedAt = finishedAt
        self.sessions = sessions
        self.capabilities = capabilities
        self.variables = variables
        self.chain = chain
        self.steps = steps
        self.findings = findings
    }
}

extension RunRecord {
    package var checks: [CheckResult] { steps.flatMap(\.checks) }
    package var points: Double { steps.reduce(0) { $0 + $1.points } }
    package var maxPoints: Double { steps.reduce(0) { $0 + $1.maxPoints } }

    package func count(_ verdict: Verdict) -> Int { checks.count { $0.verdict == verdict } }

    /// The exit status that this record deserves. Steps that were not offered count for nothing, nor does what `--only`
    /// left out; a run in which nothing was checked is never a success.
    package var exitStatus: ExitStatus {
        let counted = steps.filter { $0.status != .notOffered }
        // A check that failed is told whoever asked for it; what is open counts only where it was asked for.
        if counted.flatMap(\.checks).contains(where: { $0.verdict == .failed }) { return .checkFailed }
        let selected = counted.flatMap(\.checks).filter { $0.isSelected != false }
        if selected.isEmpty || selected.contains(where: { $0.verdict == .inconclusive }) { return .inconclusive }
        if counted.contains(where: { $0.status == .failed && $0.isSelected != false }) { return .inconclusive }
        return .passed
    }
}
