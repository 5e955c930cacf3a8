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
    /// TTL of the probe as the router saw it; above 1 it betrays a tunnel that does not count hops.
    package var quotedTimeToLive: UInt8?
    /// What of the probe the report quotes otherwise than it was sent; nil when nothing, or when it cannot be seen.
    package var rewritten: [RewrittenField]?
    /// The labels that the probe arrived with, the outermost first (RFC 4950).
    package var labels: [UInt32]?
    /// The name, or else the address or number, of the interface that the probe came in by (RFC 5837).
    package var interface: String?
    /// Which flow the probe belonged to, where there were several.
    package var flow: Int?
    /// Why there was no answer, as far as the others show.
    package var star: StarReason?

    private enum CodingKeys: String, CodingKey {
        case probe, outcome, address, name, mtu, rewritten, labels, interface, flow, star
        case timeToLive = "ttl"
        case roundTrip = "rtt_ns"
        case icmpType = "icmp_type"
        case icmpCode = "icmp_code"
        case replyTimeToLive = "reply_ttl"
        case quotedTimeToLive = "quoted_ttl"
    }

    package init(timeToLive: Int, probe: Int, outcome: ProbeOutcome) {
        self.timeToLive = timeToLive
        self.probe = probe
        self.outcome = outcome
    }

    /// How many hops the answer made, by the customary first TTLs 64, 128 and 255; nil when there was none.
    package var returnHops: Int? {
        replyTimeToLive.map { left in
            let first = left <= 64 ? 64 : left <= 128 ? 128 : 255
            return first - Int(left) + 1
        }
    }
}

/// Why a probe was not answered.
package enum StarReason: String, Sendable, Hashable, Codable {
    /// Its hop answered the first probes, then none: it limits how many reports it makes.
    case rateLimited = "rate-limited"
    /// Its hop answered others, later ones among them: this one, or its answer, was lost.
    case lost
    /// Its hop never answers, but forwards: hops behind it did answer.
    case silent
    /// Nobody from here on answers: the probes or their answers are dropped, or nobody has the target's address.
    case filtered
}

/// A hop with stars, why, and what shows it.
package struct StarExplanation: Sendable, Hashable, Codable {
    package var timeToLive: Int
    package var reason: StarReason
    /// A sentence for people.
    package var evidence: String

    private enum CodingKeys: String, CodingKey {
        case reason, evidence
        case timeToLive = "ttl"
    }
}

/// Messages that answered no probe: counted, never believed.
package struct TraceStrays: Sendable, Hashable, Codable {
    /// One more answer to a probe that was answered.
    package var duplicates = 0
    /// With wrong bytes, too few, or a wrong checksum.
    package var corrupted = 0
    /// From somebody else, about a probe that was never sent, or without its mark.
    package var foreign = 0
}

/// Why no path MTU was found although it was looked for: somebody named a smaller one each time.
package struct UnsettledMTU: Sendable, Hashable, Codable {
    /// Who said so last; nil: this machine itself.
    package var address: IPAddress?
    /// How often probes were too large for somebody until the search was given up.
    package var reports: Int

    package init(address: IPAddress?, reports: Int) {
        self.address = address
        self.reports = reports
    }
}

/// A whole traceroute: a row for each probe up to the hop where it ended.
package struct TracerouteResult: Sendable, Hashable, Codable {
    /// As it was asked for: a name or an address.
    package var target: String
    package var address: IPAddress
    package var method: TracerouteConfiguration.Method
    package var mode: ProbeMode
    package var flows: TracerouteConfiguration.Flows
    package var maximumHops: Int
    package var size: Int
    /// Whether the target itself answered.
    package var reached: Bool
    /// By hop, then by probe. A hop with stars may have one row more: a second try.
    package var rows: [HopRow]
    /// For each hop from the first on, the first address that answered; nil where none did.
    package var path: [IPAddress?]
    /// For each hop that did not answer all probes.
    package var stars: [StarExplanation]
    /// What answers give away besides; nil when nothing.
    package var hints: [PathHint]?
    /// The largest IP packet that got through to the target, where it was looked for.
    package var pathMTU: Int?
    /// Set where the search for it was given up.
    package var unsettledMTU: UnsettledMTU?
    /// Nil where everything that was heard answered a probe.
    package var strays: TraceStrays?

    private enum CodingKeys: String, CodingKey {
        case target, address, method, mode, flows, size, reached, rows, path, stars, hints, strays
        case maximumHops = "max_hops"
        case pathMTU = "path_mtu"
        case unsettledMTU = "unsettled_mtu"
    }
}
