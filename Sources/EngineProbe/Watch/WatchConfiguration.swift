import Wire

/// What a watch over a path does; times in nanoseconds.
package struct WatchConfiguration: Sendable, Hashable {
    /// How probes are made. Its probes per hop, window and shortest wait do not apply: each round sends one to each hop.
    package var trace: TracerouteConfiguration
    /// From one round to the next.
    package var interval: Int64
    /// Nil: until somebody ends it.
    package var rounds: Int?

    package init(_ trace: TracerouteConfiguration, interval: Int64 = 1_000_000_000, rounds: Int? = nil) {
        self.trace = trace
        self.interval = interval
        self.rounds = rounds
    }

    /// What cannot be done, in a sentence; nil when all can.
    package var problem: String? {
        if let problem = trace.problem { return problem }
        if trace.findsMTU { return "A watch sends probes of one size: the MTU is found by a single trace." }
        if trace.flows == .all { return "A watch keeps to one way: all ways are found by a single trace." }
        if !(10_000_000...3600_000_000_000).contains(interval) {
            return "The interval between two rounds lies between 0.01 s and an hour."
        }
        if let rounds, !(1...1_000_000).contains(rounds) {
            return "A watch has 1 to 1000000 rounds, not \(rounds)."
        }
        return nil
    }
}
