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

    /// A row with nothing but what became of its request.
    package init(sequence: Int, outcome: ProbeOutcome, roundTrip: Int64? = nil, sent: Int64) {
        self.sequence = sequence
        self.outcome = outcome
        self.roundTrip = roundTrip
        self.sent = sent
    }
}

/// A message that came back and settled nothing: counted, shown, never believed.
package struct PingStray: Sendable, Hashable, Codable {
    package enum Kind: String, Sendable, Hashable, Codable {
        /// One more reply to a request that was answered, or reported about.
        case duplicate
        /// A reply to a request that was given up.
        case late
        /// A reply with wrong bytes, too few, or a wrong checksum.
        case corrupted
        /// A reply that nobody asked for: from somebody else, to a request that was never sent, or without its mark.
        case foreign
    }

    package var kind: Kind
    /// Of the request it claims to answer.
    package var sequence: Int
    package var from: IPAddress?
    package var timeToLive: UInt8?
    package var bytes: Int
    /// Nanoseconds since the request was sent; nil when there was none.
    package var roundTrip: Int64?

    private enum CodingKeys: String, CodingKey {
        case kind, sequence, from, bytes
        case timeToLive = "ttl"
        case roundTrip = "rtt_ns"
    }

    package init(
        kind: Kind, sequence: Int, from: IPAddress?, timeToLive: UInt8?, bytes: Int, roundTrip: Int64? = nil
    ) {
        self.kind = kind
        self.sequence = sequence
        self.from = from
        self.timeToLive = timeToLive
        self.bytes = bytes
        self.roundTrip = roundTrip
    }
}

/// A whole ping run to one target: its rows and their summary.
package struct PingResult: Sendable, Hashable, Codable {
    package struct Summary: Sendable, Hashable, Codable {
        package var sent: Int
        package var received: Int
        package var errors: Int
        package var duplicates: Int
        /// Replies that came after their timeout: they count as lost.
        package var late: Int
        package var corrupted: Int
        package var foreign: Int
        /// Replies that came after one to a later request.
        package var reordered: Int
        /// How often requests were lost in a row, one alone being a run too, and the most in one run.
        package var lossRuns: Int
        package var longestLoss: Int
        /// In percent.
        package var loss: Double
        /// Nil without a reply.
        package var roundTrip: RoundTripStatistics?

        private enum CodingKeys: String, CodingKey {
            case sent, received, errors, duplicates, late, corrupted, foreign, reordered
            case lossRuns = "loss_runs"
            case longestLoss = "longest_loss"
            case loss = "loss_percent"
            case roundTrip = "rtt"
        }
    }

    /// As it was asked for: a name or an address.
    package var target: String
    package var address: IPAddress
    /// The address of this host that requests left from; nil when not told.
    package var source: IPAddress?
    package var mode: ProbeMode
    package var size: Int
    /// By sequence number; empty when the run kept none.
    package var rows: [PingRow]
    /// In the order of arrival, the first thousand.
    package var strays: [PingStray]
    package var summary: Summary
}
