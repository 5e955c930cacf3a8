import Wire

/// A watch as a whole, as `lab traceroute --watch --format json` prints it; Docs/schemas/watch.schema.json describes it.
package struct WatchResult: Sendable, Hashable, Codable {
    package struct Hop: Sendable, Hashable, Codable {
        package var timeToLive: Int
        /// Who answered, the latest first.
        package var addresses: [IPAddress]
        /// Of the latest, from a PTR record.
        package var name: String?
        package var sent: Int
        package var received: Int
        package var lost: Int
        /// Of the lost, those whose answer came after the timeout.
        package var late: Int
        /// In percent; nil while every probe was still waited for.
        package var loss: Double?
        package var last: Int64?
        package var best: Int64?
        package var average: Int64?
        package var worst: Int64?
        package var deviation: Int64?
        /// What the latest answer was.
        package var outcome: ProbeOutcome?
        package var icmpType: UInt8?
        package var icmpCode: UInt8?
        package var labels: [UInt32]?

        private enum CodingKeys: String, CodingKey {
            case addresses, name, sent, received, lost, late, outcome, labels
            case timeToLive = "ttl"
            case loss = "loss_percent"
            case last = "last_ns"
            case best = "min_ns"
            case average = "avg_ns"
            case worst = "max_ns"
            case deviation = "stdev_ns"
            case icmpType = "icmp_type"
            case icmpCode = "icmp_code"
        }

        package init(_ hop: WatchHop, names: [IPAddress: String] = [:]) {
            timeToLive = hop.timeToLive
            addresses = hop.addresses
            name = hop.addresses.first.flatMap { names[$0] }
            (sent, received, lost, late, loss) = (hop.sent, hop.received, hop.lost, hop.late, hop.loss)
            (last, best, average, worst) = (hop.last, hop.best, hop.average, hop.worst)
            (deviation, outcome, icmpType, icmpCode) = (hop.deviation, hop.outcome, hop.icmpType, hop.icmpCode)
            labels = hop.labels
        }
    }

    package static let formatName = "lab-watch/1"

    package var format: String
    /// As it was asked for: a name or an address.
    package var target: String
    package var address: IPAddress
    package var method: TracerouteConfiguration.Method
    package var mode: ProbeMode
    /// Rounds that were begun.
    package var rounds: Int
    /// Whether the target itself answered.
    package var reached: Bool
    package var hops: [Hop]
    package var strays: TraceStrays?

    package init(_ machine: WatchStateMachine, target: String, mode: ProbeMode, names: [IPAddress: String] = [:]) {
        format = WatchResult.formatName
        self.target = target
        address = machine.target
        method = machine.configuration.trace.method
        self.mode = mode
        rounds = machine.round
        reached = machine.isReached
        hops = machine.hops.map { Hop($0, names: names) }
        strays = machine.strays == TraceStrays() ? nil : machine.strays
    }
}
