import Wire

/// What a traceroute does; times in nanoseconds.
package struct TracerouteConfiguration: Sendable, Hashable {
    package enum Method: String, Sendable, Hashable, Codable {
        /// Echo requests.
        case icmp
        /// Datagrams to ports that nothing listens on.
        case udp
        /// SYNs: connection attempts to a port that firewalls let through.
        case tcp

        /// Where probes go to unless another port is named; nil: they have none.
        package var port: UInt16? {
            switch self {
            case .icmp: nil
            case .udp: LinuxProbeTransport.classicPort
            case .tcp: 80
            }
        }
    }

    /// Which ways the probes may take where routers spread packets over several.
    package enum Flows: String, Sendable, Hashable, Codable {
        /// All probes look alike, so that they keep to one way (Paris traceroute).
        case one
        /// Each probe is a flow of its own, as the classic tool has it: ways mix.
        case each
        /// As many flows at each hop as it takes to find all its routers with 95% confidence (multipath detection).
        case all
    }

    package var method: Method
    package var flows: Flows
    /// What the flows come to: connection attempts cannot share one, since the kernel tells them apart by their ports.
    package var usedFlows: Flows { method == .tcp ? .each : flows }
    package var firstHop: Int
    package var maximumHops: Int
    package var probesPerHop: Int
    /// The longest wait for one probe. Once something was heard the wait shrinks to a multiple of the slowest round trip.
    package var timeout: Int64
    /// Never wait less than this beyond the slowest round trip, lest a busy machine turn a slow reply into a star.
    package var minimumWait: Int64
    /// How many probes may be under way at once.
    package var window: Int
    /// Bytes behind the ICMP or UDP header.
    package var size: Int
    /// Finds the largest packet that gets through: probes begin as large as the link here, are never cut up, and shrink when
    /// somebody says so.
    package var findsMTU: Bool
    /// Where UDP and TCP probes go to; nil: the method's own.
    package var port: UInt16?
    /// The interface or own address that probes leave from.
    package var source: String?
    package var family: IPFamily?
    /// Whether hops are named by their PTR records, looked up beside the trace.
    package var resolvesNames: Bool

    package init(
        method: Method = .icmp, flows: Flows = .one, firstHop: Int = 1, maximumHops: Int = 30, probesPerHop: Int = 3,
        timeout: Int64 = 1_000_000_000, minimumWait: Int64 = 300_000_000, window: Int = 32, size: Int = 32,
        findsMTU: Bool = false, port: UInt16? = nil, source: String? = nil, family: IPFamily? = nil,
        resolvesNames: Bool = false
    ) {
        self.method = method
        self.flows = flows
        self.firstHop = firstHop
        self.maximumHops = maximumHops
        self.probesPerHop = probesPerHop
        self.timeout = timeout
        self.minimumWait = minimumWait
        self.window = window
        self.size = size
        self.findsMTU = findsMTU
        self.port = port
        self.source = source
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
        if flows != .each, method != .tcp, size < 16 {
            return "Probes of one flow carry at least 16 bytes, not \(size): their numbers have to be somewhere."
        }
        if let port, port == 0 || method == .udp && port > 62_000 {
            return "The port of probes lies between 1 and \(method == .udp ? 62_000 : 65_535), not at \(port)."
        }
        if method == .tcp {
            if flows == .all {
                return "Connection attempts are each a flow of their own: ways are looked for with ICMP or UDP."
            }
            if findsMTU { return "A SYN is small: the MTU is found with ICMP or UDP." }
        }
        return nil
    }
}
