import Wire

/// A ping run to all its targets, as `lab ping --format json` prints it; Docs/schemas/ping.schema.json describes it.
package struct PingReport: Sendable, Hashable, Codable {
    /// A target that could not even be asked.
    package struct Failure: Sendable, Hashable, Codable {
        package var target: String
        package var error: String

        package init(target: String, error: String) {
            self.target = target
            self.error = error
        }
    }

    package static let formatName = "lab-ping/1"

    package var format: String
    /// When the first request was due, in nanoseconds since 1970 UTC.
    package var startedAt: Int64
    /// In the order of the targets.
    package var results: [PingResult]
    package var failures: [Failure]
    /// Replies from addresses that nobody asked.
    package var foreign: Int

    private enum CodingKeys: String, CodingKey {
        case format, results, failures, foreign
        case startedAt = "started_ns"
    }

    package init(startedAt: Int64, results: [PingResult], failures: [Failure] = [], foreign: Int = 0) {
        format = PingReport.formatName
        self.startedAt = startedAt
        self.results = results
        self.failures = failures
        self.foreign = foreign
    }
}
