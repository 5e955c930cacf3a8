/// Minimum, mean, maximum, deviation, percentiles and jitter of round trips; all in nanoseconds.
package struct RoundTripStatistics: Sendable, Hashable, Codable {
    package let minimum: Int64
    package let average: Int64
    package let maximum: Int64
    /// Standard deviation over all round trips, as iputils computes it.
    package let deviation: Int64
    /// Nearest rank: the smallest round trip that at least half of them do not exceed.
    package let median: Int64
    package let percentile90: Int64
    package let percentile95: Int64
    package let percentile99: Int64
    /// RFC 3550 §6.4.1 over the round trips in the order of arrival: a running mean of the difference of neighbours, each new one
    /// weighing a sixteenth.
    package let jitter: Int64

    private enum CodingKeys: String, CodingKey {
        case minimum = "min_ns"
        case average = "avg_ns"
        case maximum = "max_ns"
        case deviation = "mdev_ns"
        case median = "p50_ns"
        case percentile90 = "p90_ns"
        case percentile95 = "p95_ns"
        case percentile99 = "p99_ns"
        case jitter = "jitter_ns"
    }

    /// From round trips in the order of arrival; nil when there are none.
    package init?(_ roundTrips: [Int64]) {
        let sorted = roundTrips.sorted()
        guard let first = sorted.first, let last = sorted.last else { return nil }
        let count = Double(sorted.count)
        let mean = sorted.reduce(0) { $0 + Double($1) } / count
        let variance = sorted.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / count
        func rank(_ share: Int) -> Int64 { sorted[max(0, (sorted.count * share + 99) / 100 - 1)] }
        minimum = first
        maximum = last
        average = Int64(mean.rounded())
        deviation = Int64(variance.squareRoot().rounded())
        median = rank(50)
        percentile90 = rank(90)
        percentile95 = rank(95)
        percentile99 = rank(99)
        var jitter = 0.0
        for (one, next) in zip(roundTrips, roundTrips.dropFirst()) {
            jitter += (abs(Double(next) - Double(one)) - jitter) / 16
        }
        self.jitter = Int64(jitter.rounded())
    }
}
