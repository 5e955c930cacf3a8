import EngineNetwork
import Wire

/// The emulated network on its virtual clock, and what the kernels of its hosts do by themselves: answer echo requests,
/// report closed ports, remember how large packets may be, and write down what passes their interface.
package struct SimulatedHosts: Sendable {
    private var simulation: Simulation
    private let attachments: [HostAttachment?]
    private var captures: [Int: CaptureWriter] = [:]
    /// When the virtual clock began, in nanoseconds since 1970.
    private let startedAt: Int64
    /// The largest packets that got through to a target, as routers told, and until when that is believed.
    private var pathMTU: [Way: (mtu: Int, until: Int64)] = [:]
    /// How many programs have been given ports and identifiers.
    private var programs: UInt64 = 0

    private struct Way: Hashable {
        let host: Int
        let target: IPAddress
    }

    /// Linux forgets a path MTU after ten minutes (`net.ipv4.route.mtu_expires`), and believes none below 552.
    private static let memory: Int64 = 600_000_000_000
    private static let smallest = (v4: 552, v6: 1280)

    /// - Parameter captured: names of the hosts whose packets are written down.
    init(_ topology: Topology, seed: UInt64, startedAt: Int64, captured: Set<String>, keepsFates limit: Int) {
        simulation = Simulation(topology, seed: seed)
        simulation.keepFates(limit)
        self.startedAt = startedAt
        attachments = topology.hosts.map { $0.kind == .namespace ? topology.attachment(ofHost: $0.name) : nil }
        for (index, host) in topology.hosts.enumerated() where captured.contains(host.name) {
            var writer = CaptureWriter()
            _ = writer.addInterface(CaptureInterface(linkType: LinkType.ethernet.rawValue, name: "eth0"))
            captures[index] = writer
        }
    }

    /// Nanoseconds since the clock began.
    var now: Int64 { simulation.now }

    func attachment(of host: Int) -> HostAttachment? { attachments.indices.contains(host) ? attachments[host] : nil }

    mutating func apply(_ change: NetworkChange) { simulation.apply(change) }
    mutating func takeFates(of host: String) -> [PacketFate] { simulation.takeFates(ofHost: host) }

    /// A number that no program of this network had before.
    mutating func nextProgram() -> UInt64 {
        programs &+= 1
        return programs
    }

    /// What the capture of a host grew by since this was asked last; nil where it has none.
    mutating func takeCapture(of host: Int) -> [UInt8]? { captures[host]?.drain() }

    // MARK: Packets

    /// False where the host has no way to send it.
    mutating func send(_ packet: [UInt8], from host: Int) -> Bool {
        guard let frame = simulation.transmit(packet, fromHost: host) else { return false }
        captures[host]?.frame(frame, interface: 0, timestamp: startedAt &+ simulation.now)
        return true
    }

    /// The next packet to reach a host at or before `limit`, with the host's place and the packet from its IP header on; the
    /// clock moves to its arrival, or to `limit` where there is none.
    mutating func next(until limit: Int64) -> Simulation.Arrival? {
        guard let arrival = simulation.next(until: limit) else { return nil }
        captures[arrival.host]?.frame(arrival.frame, interface: 0, timestamp: startedAt &+ arrival.at)
        return arrival
    }

    /// What the kernel of a host says to a packet that is for no program.
    mutating func answer(_ arrival: Simulation.Arrival) {
        let answer = arrival.withPacket { header, bytes -> [UInt8]? in
            let payload = UnsafeRawBufferPointer(rebasing: bytes[header.payload])
            switch header.proto {
            case .icmp(header.family):
                guard let reply = NetworkModel.echoReply(to: payload, header) else { return nil }
                return IPPacket.build(
                    from: header.destination, to: header.source, proto: header.proto, payload: reply)
            case .udp:
                guard UDPHeader.checksumHolds(in: payload, from: header.source, to: header.destination) else {
                    return nil
                }
                return ICMPError.portUnreachable.packet(about: bytes, from: header.destination)
            default: return nil
            }
        }
        if let answer { _ = send(answer, from: arrival.host) }
    }

    /// Lets time pass in which no program listens.
    mutating func advance(to time: Int64) {
        while let arrival = next(until: time) { answer(arrival) }
    }

    // MARK: Path MTU

    /// The largest packet that a host believes to get through to a target; nil where nothing was told of it.
    func pathMTU(from host: Int, to target: IPAddress) -> Int? {
        guard let known = pathMTU[Way(host: host, target: target)], known.until > now else { return nil }
        return known.mtu
    }

    mutating func learn(mtu: Int, from host: Int, to target: IPAddress) {
        let least = target.family == .v4 ? Self.smallest.v4 : Self.smallest.v6
        let believed = min(max(mtu, least), pathMTU(from: host, to: target) ?? Int.max)
        pathMTU[Way(host: host, target: target)] = (believed, now &+ Self.memory)
    }
}

extension Simulation.Arrival {
    /// The packet for whoever reads it where it lies; nil where it is none, or has another destination than its host.
    func withPacket<Result>(_ read: (IPHeader, UnsafeRawBufferPointer) -> Result?) -> Result? {
        frame.withUnsafeBytes { frame in
            let bytes = UnsafeRawBufferPointer(rebasing: frame.dropFirst(14))
            guard let header = try? IPHeader(parsing: bytes), !header.isFragment else { return nil }
            return read(header, bytes)
        }
    }
}
