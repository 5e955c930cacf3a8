/// What a check came to.
package enum Verdict: String, Sendable, Hashable, Codable {
    case passed
    case failed
    case inconclusive
}

/// Why a verdict is inconclusive.
package enum Cause: String, Sendable, Hashable, Codable {
    /// Nobody did the step: 0 points.
    case notDone = "not-done"
    /// An earlier step of one's own failed: 0 points, the root cause is told once.
    case blocked
    /// It could not be checked here: the points are pending.
    case machine
}

/// How far a verdict can be trusted without believing the runner.
package enum Provenance: String, Sendable, Hashable, Codable {
    /// Computed again from raw evidence: packets, keys, certificates, bodies.
    case recomputed
    /// Rests on what the runner recorded in its hash chain.
    case attested
    /// Rests on the model of the network alone: no packet was sent, and no time passed.
    case simulated
    /// Rests on what somebody said.
    case selfReported = "self-reported"
}

/// Who performed an act.
package enum Actor: String, Sendable, Hashable, Codable {
    case runner
    case student
}

/// What earns points in a lab.
package enum Credit: String, Sendable, Hashable, Codable, CaseIterable {
    /// The run itself, as in a demonstration or CI of the lab.
    case run
    /// Only what the student did by hand or handed in.
    case handsOn = "hands-on"
}
