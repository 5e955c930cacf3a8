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
    /// The model of the network on a virtual clock.
    case simulation
}

/// One packet to be sent.
package struct Probe: Sendable, Hashable {
    /// Its own within a run: the sequence number of an echo, or added to the base port of UDP.
    package let number: UInt16
    /// Nil: the system's default.
    package let timeToLive: UInt8?
    /// Bytes behind the ICMP or UDP header.
    package let size: Int

    package init(number: UInt16, timeToLive: UInt8? = nil, size: Int) {
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

    package let number: UInt16
    package let outcome: Outcome
    /// Nil when this machine itself found that the target cannot be reached.
    package let from: IPAddress?
    /// Of the packet heard, when known.
    package let timeToLive: UInt8?
    /// ICMP bytes heard, header included; of errors by an error queue 0.
    package let bytes: Int
    /// When it arrived, by the kernel's stamp where there is one.
    package let at: Int64

    package init(
        number: UInt16, outcome: Outcome, from: IPAddress?, timeToLive: UInt8?, bytes: Int, at: Int64
    ) {
        self.number = number
        self.outcome = outcome
        self.from = from
        self.timeToLive = timeToLive
        self.bytes = bytes
        self.at = at
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
