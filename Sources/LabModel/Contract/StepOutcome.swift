/// What performing a step gave: values for later steps and lines for people. What was *seen* is in the artefacts.
package struct StepOutcome: Sendable, Codable {
    package var results: [String: Value]
    /// A line each, for people.
    package var notes: [String]
    /// Nanoseconds that the lab asked to wait, so that reports can tell them from work.
    package var waited: Int64

    package init(results: [String: Value] = [:], notes: [String] = [], waited: Int64 = 0) {
        self.results = results
        self.notes = notes
        self.waited = waited
    }
}

/// Why a step could not be brought to its end.
package struct StepFailure: Error, Sendable, Hashable, Codable {
    package enum Fault: String, Sendable, Hashable, Codable {
        /// The lab asks for what cannot be: the author's to mend.
        case lab
        /// This machine or one of our engines: what depends on it stays inconclusive.
        case machine
        /// What the step was done to, or who did it: checks are judged on what there is.
        case subject
    }

    package var fault: Fault
    package var message: String
    /// What to do next; empty where nothing is known.
    package var help: String

    package init(_ fault: Fault, _ message: String, help: String = "") {
        self.fault = fault
        self.message = message
        self.help = help
    }
}
