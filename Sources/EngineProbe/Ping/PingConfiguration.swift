import Wire

/// What a ping run does; times in nanoseconds.
package struct PingConfiguration: Sendable, Hashable {
    package enum Pacing: String, Sendable, Hashable, Codable {
        /// One request each interval.
        case steady
        /// The next request as soon as the one before was answered or given up, at most 500 in a second.
        case adaptive
        /// The next request as soon as a reply came, and at least 100 in a second.
        case flood
    }

    /// What happens to requests larger than a link, in iputils' words for `-M`; the raw values are IP_MTU_DISCOVER's.
    package enum Fragmentation: Int32, Sendable, Hashable {
        /// They may be cut up anywhere.
        case dont = 0
        /// This host cuts them up to the path's MTU.
        case want = 1
        /// They are never cut up; this host refuses what it knows to be too large.
        case `do` = 2
        /// They are never cut up, and what this host knows of the path is not asked.
        case probe = 3
    }

    /// How many echo requests to each target; nil: until the deadline or the interruption.
    package var count: Int?
    /// From one request to the next to the same target, counted from the start, so that lateness does not add up.
    package var interval: Int64
    package var pacing: Pacing
    /// How long a reply may take; what comes afterwards is late.
    package var timeout: Int64
    /// When the run ends in any case, from its start. With a count too, requests go out until as many were answered.
    package var deadline: Int64?
    /// Bytes behind the ICMP header.
    package var size: Int
    /// Nil: the system's default.
    package var timeToLive: UInt8?
    /// Which family a name is resolved to; nil: as the resolver prefers.
    package var family: IPFamily?
    /// Repeated in the payload; empty: the bytes count up.
    package var pattern: [UInt8]
    /// Nil: the system's default.
    package var fragmentation: Fragmentation?
    /// The interface or the own address that requests leave from.
    package var source: String?
    /// The kinds of sockets to try, in their order; nil: datagram ICMP, raw ICMP, UDP.
    package var modes: [ProbeMode]?
    /// Whether results hold a row for each request and the address they left from, and not their summary alone.
    package var keepsRows: Bool

    package init(
        count: Int? = 4, interval: Int64 = 1_000_000_000, pacing: Pacing = .steady, timeout: Int64 = 1_000_000_000,
        deadline: Int64? = nil, size: Int = 56, timeToLive: UInt8? = nil, family: IPFamily? = nil,
        pattern: [UInt8] = [], fragmentation: Fragmentation? = nil, source: String? = nil,
        modes: [ProbeMode]? = nil, keepsRows: Bool = true
    ) {
        self.count = count
        self.interval = interval
        self.pacing = pacing
        self.timeout = timeout
        self.deadline = deadline
        self.size = size
        self.timeToLive = timeToLive
        self.family = family
        self.pattern = pattern
        self.fragmentation = fragmentation
        self.source = source
        self.modes = modes
        self.keepsRows = keepsRows
    }

    private static let hour: Int64 = 3600_000_000_000

    /// What cannot be done, in a sentence; nil when all can.
    package var problem: String? {
        if let count, !(1...1_000_000_000).contains(count) {
            return "A ping sends 1 to 1000000000 requests, not \(count)."
        }
        if !(0...PingConfiguration.hour).contains(interval) {
            return "The interval of a ping lies between 0 and an hour."
        }
        if interval == 0, count == nil, pacing == .steady {
            return "A ping without a count needs an interval; flood and adaptive pacing find their own."
        }
        if !(1...PingConfiguration.hour).contains(timeout) {
            return "The timeout of a ping lies above 0 and up to an hour."
        }
        if let deadline, !(1...24 * PingConfiguration.hour).contains(deadline) {
            return "The deadline of a ping lies above 0 and up to a day."
        }
        if !(0...65_000).contains(size) { return "A ping carries 0 to 65000 bytes, not \(size)." }
        if timeToLive == 0 { return "A packet with TTL 0 goes nowhere; the TTL lies between 1 and 255." }
        if pattern.count > 16 { return "A pattern has up to 16 bytes, not \(pattern.count)." }
        return nil
    }
}
