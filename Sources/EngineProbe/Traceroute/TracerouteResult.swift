import Wire

/// What one probe of a traceroute met with.
package struct HopRow: Sendable, Hashable, Codable {
    package var timeToLive: Int
    /// From 1 within the hop.
    package var probe: Int
    package var outcome: ProbeOutcome
    package var address: IPAddress?
    /// From PTR records, when asked for.
    package var name: String?
    /// Nanoseconds from sending to the report.
    package var roundTrip: Int64?
    package var icmpType: UInt8?
    package var icmpCode: UInt8?
    package var mtu: Int?
    /// TTL of the packet that came back.
    package var replyTimeToLive: UInt8?

    private enum CodingKeys: String, CodingKey {
        case probe, outcome, address, name, mtu
        case timeToLive = "ttl"
        case roundTrip = "rtt_ns"
        case icmpType = "icmp_type"
        case icmpCode = "icmp_code"
        case replyTimeToLive = "reply_ttl"
    }
}

/// A whole traceroute: a row for each probe up to the hop where it ended.
package struct TracerouteResult: Sendable, Hashable, Codable {
    /// As it was asked for: a name or an address.
    package var target: String
    package var address: IPAddress
    package var method: TracerouteConfiguration.Method
    package var mode: ProbeMode
    package var maximumHops: Int
    package var size: Int
    /// Whether the target itself answered.
    package var reached: Bool
    /// By hop, then by probe.
    package var rows: [HopRow]
    /// For each hop from the first on, the first address that answered; nil where none did.
    package var path: [IPAddress?]

    private enum CodingKeys: String, CodingKey {
        case target, address, method, mode, size, reached, rows, path
        case maximumHops = "max_hops"
    }
}
