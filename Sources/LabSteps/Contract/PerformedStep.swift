import LabModel

/// What the events of a run say about one step that was performed.
package struct PerformedStep: Sendable {
    package var step: String
    package var kind: String
    package var host: String
    package var plan: StepPlan
    package var actor: Actor
    package var startedAt: Int64
    package var finishedAt: Int64
    package var results: [String: Value]
    package var notes: [String]
    package var waited: Int64
    package var failure: StepFailure?
    /// Artefacts with their SHA-256 in hexadecimal, in order.
    package var artefacts: [(path: String, sha256: String)]
    /// Which attempt this is, from 1.
    package var attempt = 1

    package init(
        step: String, kind: String, host: String, plan: StepPlan, actor: Actor, startedAt: Int64,
        finishedAt: Int64 = Int64.max, results: [String: Value] = [:], notes: [String] = [], waited: Int64 = 0,
        failure: StepFailure? = nil, artefacts: [(path: String, sha256: String)] = []
    ) {
        self.step = step
        self.kind = kind
        self.host = host
        self.plan = plan
        self.actor = actor
        self.startedAt = startedAt
        self.finishedAt = finishedAt
        self.results = results
        self.notes = notes
        self.waited = waited
        self.failure = failure
        self.artefacts = artefacts
    }

    /// - Parameter redaction: masks what a running step has not masked yet.
    package func evidence(
        in run: String, redaction: Redaction = .none, wanted: Set<String>? = nil, memory: EvidenceMemory? = nil
    ) -> StepEvidence {
        StepEvidence(
            step: step, kind: kind, host: host, plan: plan, results: results,
            window: startedAt...max(startedAt, finishedAt), run: run, redaction: redaction, wanted: wanted,
            memory: memory)
    }
}
