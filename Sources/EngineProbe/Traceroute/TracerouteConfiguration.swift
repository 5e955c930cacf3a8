import Wire

/// What a traceroute does; times in nanoseconds.
package struct TracerouteConfiguration: Sendable, Hashable {
    package enum Method: String, Sendable, Hashable, Codable {
        /// Echo requests.
        case icmp
        /// Datagrams to ports that nothing listens on.
        case udp
    }

    package var method: Method
    package var firstHop: Int
    package var maximumHops: Int
    package var probesPerHop: Int
    /// The longest wait for one probe. Once something was heard the wait shrinks to a multiple of the slowest round trip.
    package var timeout: Int64
    /// Never wait less than this, lest a busy machine turn a slow reply into a star.
    package var minimumWait: Int64
    /// How many probes may be under way at once.
    package var window: Int
    /// Bytes behind the ICMP or UDP header.
    package var size: Int
    package var family: IPFamily?
    /// Whether hops are named by their PTR records, after the trace.
    package var resolvesNames: Bool

    package init(
        method: Method = .icmp, firstHop: Int = 1, maximumHops: Int = 30, probesPerHop: Int = 3,
        timeout: Int64 = 1_000_000_000, minimumWait: Int64 = 300_000_000, window: Int = 24, size: Int = 32,
        family: IPFamily? = nil, resolvesNames: Bool = false
    ) {
        self.method = method
        self.firstHop = firstHop
        self.maximumHops = maximumHops
        self.probesPerHop = probesPerHop
        self.timeout = timeout
        self.minimumWait = minimumWait
        self.window = window
        self.size = size
        self.family = family
        self.resolvesNames = resolvesNames
    }

    /// What cannot be done, in a sentence; nil when all can.
    package var problem: String? {
        if !(1...255).contains(maximumHops) { return "A traceroute looks 1 to 255 hops far, not \(maximumHops)." }
        if !(1...maximumHops).contains(firstHop) {
            return "The first hop lies between 1 and the last, not at \(firstHop)."
        }
        if !(1...10).contains(probesPerHop) {
            return "A traceroute sends 1 to 10 probes for each hop, not \(probesPerHop)."
        }
        if timeout <= 0 || timeout > 60_000_000_000 { return "The timeout of a probe lies above 0 and up to a minute." }
        if minimumWait < 0 || minimumWait > timeout { return "The shortest wait lies between 0 and the timeout." }
        if !(1...256).contains(window) { return "Between 1 and 256 probes may be under way at once, not \(window)." }
        if !(0...65_000).contains(size) { return "A probe carries 0 to 65000 bytes, not \(size)." }
        return nil
    }
}
