import Wire

/// How probes are sent: the seam between the state machines and a network, real or simulated.
///
/// Times are nanoseconds on the transport's own monotonic clock.
package protocol ProbeTransport {
    var mode: ProbeMode { get }
    /// The present on the transport's clock.
    func now() -> Int64
    /// Sends one probe and tells when.
    mutating func send(_ probe: Probe) throws(ProbeError) -> Int64
    /// Waits until something is heard, at most until `deadline`; nil after it, or when the run was interrupted.
    mutating func receive(until deadline: Int64) throws(ProbeError) -> ProbeObservation?
    /// Whether somebody asked the run to end early.
    var isInterrupted: Bool { get }
}

/// The kind of socket in use: what it can show differs.
package enum ProbeMode: String, Sendable, Hashable, Codable {
    /// ICMP through the kernel's ping sockets: no privilege, errors by the error queue.
    case datagramICMP = "datagram-icmp"
    /// All ICMP messages, with CAP_NET_RAW.
    case rawICMP = "raw-icmp"
    /// UDP to unlikely ports; no privilege.
    case udp
    /// Connection attempts of TCP; no privilege.
    case tcp
    /// The model of the network on a virtual clock.
    case simulation
}

/// One packet to be sent.
package struct Probe: Sendable, Hashable {
    package let target: IPAddress
    /// Its own among the probes to this target that are under way: the sequence number of an echo, or added to the base port of UDP.
    package let number: UInt16
    /// Nil: the system's default.
    package let timeToLive: UInt8?
    /// Bytes behind the ICMP or UDP header.
    package let size: Int
    /// Probes with one flow look alike to a router that spreads packets over several ways: one destination port, or one ICMP
    /// checksum. Nil: each probe is a flow of its own.
    package let flow: UInt16?

    package init(to target: IPAddress, number: UInt16, timeToLive: UInt8? = nil, size: Int, flow: UInt16? = nil) {
        self.flow = flow
        self.target = target
        self.number = number
        self.timeToLive = timeToLive
        self.size = size
    }
}

/// Something heard about one probe.
package struct ProbeObservation: Sendable, Hashable {
    package enum Outcome: Sendable, Hashable {
        /// The target itself answered: an echo reply, or "port unreachable" to UDP.
        case reply
        case timeExceeded
        /// ICMP type and code of the report.
        case unreachable(type: UInt8, code: UInt8)
        case packetTooBig(mtu: Int)
    }

    /// What the bytes that came back say about their origin.
    package enum Integrity: Sendable, Hashable {
        case intact
        /// Ours, with wrong bytes, too few, or a wrong checksum.
        case damaged
        /// Not made from any probe of ours.
        case forged
    }

    package var number: UInt16
    package var outcome: Outcome
    /// Whom the probe was sent to, by what a report quotes; nil for a reply, whose sender should be it.
    package var target: IPAddress?
    /// Nil when this machine itself found that the target cannot be reached.
    package var from: IPAddress?
    /// Of the packet heard, when known.
    package var timeToLive: UInt8?
    /// ICMP bytes heard, header included; of errors by an error queue 0.
    package var bytes: Int
    /// When it arrived, by the kernel's stamp where there is one.
    package var at: Int64
    /// Between the kernel's stamps of sending and of arrival; nil where either is missing.
    package var measured: Int64?
    package var integrity: Integrity
    /// TTL or hop limit of the probe as the reporting router saw it; nil when not told.
    package var quotedTimeToLive: UInt8?
    /// What the report quotes otherwise than it was sent.
    package var rewritten: [RewrittenField] = []
    /// What the reporting router added about its labels and interfaces.
    package var extensions: [ICMPExtension] = []

    package init(
        number: UInt16, outcome: Outcome, target: IPAddress? = nil, from: IPAddress?, timeToLive: UInt8?, bytes: Int,
        at: Int64, measured: Int64? = nil, integrity: Integrity = .intact
    ) {
        self.number = number
        self.outcome = outcome
        self.target = target
        self.from = from
        self.timeToLive = timeToLive
        self.bytes = bytes
        self.at = at
        self.measured = measured
        self.integrity = integrity
    }
}

/// What became of one probe, in the words of results.
package enum ProbeOutcome: String, Sendable, Hashable, Codable {
    case reply
    case timeout
    case timeExceeded = "time-exceeded"
    case unreachable
    case packetTooBig = "packet-too-big"
    case notSent = "not-sent"
}
