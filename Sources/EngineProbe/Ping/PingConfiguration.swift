import Wire

/// What a ping run does; times in nanoseconds.
package struct PingConfiguration: Sendable, Hashable {
    /// How many echo requests.
    package var count: Int
    /// From one request to the next, counted from the start, so that lateness does not add up.
    package var interval: Int64
    /// How long a reply may take.
    package var timeout: Int64
    /// Bytes behind the ICMP header.
    package var size: Int
    /// Nil: the system's default.
    package var timeToLive: UInt8?
    /// Which family a name is resolved to; nil: as the resolver prefers.
    package var family: IPFamily?

    package init(
        count: Int = 4, interval: Int64 = 1_000_000_000, timeout: Int64 = 1_000_000_000, size: Int = 56,
        timeToLive: UInt8? = nil, family: IPFamily? = nil
    ) {
        self.count = count
        self.interval = interval
        self.timeout = timeout
        self.size = size
        self.timeToLive = timeToLive
        self.family = family
    }

    /// What cannot be done, in a sentence; nil when all can.
    package var problem: String? {
        if !(1...65535).contains(count) { return "A ping sends 1 to 65535 requests, not \(count)." }
        if interval < 0 || interval > 3600_000_000_000 { return "The interval of a ping lies between 0 and an hour." }
        if timeout <= 0 || timeout > 3600_000_000_000 { return "The timeout of a ping lies above 0 and up to an hour." }
        if !(0...65_000).contains(size) { return "A ping carries 0 to 65000 bytes, not \(size)." }
        if timeToLive == 0 { return "A packet with TTL 0 goes nowhere; the TTL lies between 1 and 255." }
        return nil
    }
}
