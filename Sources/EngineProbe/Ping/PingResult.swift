import Wire

/// What one echo request met with.
package struct PingRow: Sendable, Hashable, Codable {
    /// From 1.
    package var sequence: Int
    package var outcome: ProbeOutcome
    /// Who answered or reported.
    package var from: IPAddress?
    /// Of the packet that came back.
    package var timeToLive: UInt8?
    /// ICMP bytes that came back.
    package var bytes: Int?
    /// Nanoseconds from sending to the reply or report.
    package var roundTrip: Int64?
    /// Nanoseconds from the start of the run.
    package var sent: Int64
    package var icmpType: UInt8?
    package var icmpCode: UInt8?
    package var mtu: Int?
    /// Why it was not sent.
    package var errno: Int32?

    private enum CodingKeys: String, CodingKey {
        case sequence, outcome, from, bytes, mtu, errno
        case timeToLive = "ttl"
        case roundTrip = "rtt_ns"
        case sent = "sent_ns"
        case icmpType = "icmp_type"
        case icmpCode = "icmp_code"
    }
}

/// A whole ping run: its rows and their summary.
package struct PingResult: Sendable, Hashable, Codable {
    package struct Summary: Sendable, Hashable, Codable {
        package var sent: Int
        package var received: Int
        package var errors: Int
        package var duplicates: Int
        /// Replies that came after their timeout: they count as lost.
        package var late: Int
        /// In percent.
        package var loss: Double
        /// Nil without a reply.
        package var roundTrip: RoundTripStatistics?

        private enum CodingKeys: String, CodingKey {
            case sent, received, errors, duplicates, late
            case loss = "loss_percent"
            case roundTrip = "rtt"
        }
    }

    /// As it was asked for: a name or an address.
    package var target: String
    package var address: IPAddress
    package var mode: ProbeMode
    package var size: Int
    package var rows: [PingRow]
    package var summary: Summary
}
