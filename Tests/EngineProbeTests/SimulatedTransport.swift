import EngineNetwork
import EngineProbe
import Wire

/// Probes over the emulated network on its virtual clock: the engine's decisions and the model's, without a kernel.
struct SimulatedTransport: ProbeTransport {
    var simulation: Simulation
    let host: Int
    let source: IPAddress
    let target: IPAddress
    let method: TracerouteConfiguration.Method
    var isInterrupted = false
    var sent = 0
    /// Numbers of probes that are lost on their way out.
    var lost: Set<UInt16> = []
    /// What is done to replies on their way in.
    var tamper: (inout [UInt8]) -> Void = { _ in }
    let payload: EchoPayload = {
        var payload = EchoPayload(secret: 0x5EC7E7, size: 56)
        payload.sizeVaries = true
        return payload
    }()
    /// UDP probes of flows by their marks.
    private var marks: [UInt64: UInt16] = [:]
    /// The first four bytes behind the IP header of all that was sent: what routers tell flows by.
    private(set) var flows: Set<[UInt8]> = []
    private let identifier: UInt16 = 7

    init(
        _ topology: Topology, target: String, method: TracerouteConfiguration.Method = .icmp, seed: UInt64 = 1
    ) throws {
        simulation = Simulation(topology, seed: seed)
        host = 0
        guard let target = IPAddress(target),
            let own = topology.hosts[0].addresses.first(where: { $0.address.family == target.family })
        else { throw ProbeError.nameNotFound(target) }
        source = own.address
        self.target = target
        self.method = method
    }

    let mode = ProbeMode.simulation
    func now() -> Int64 { simulation.now }

    mutating func send(_ probe: Probe) throws(ProbeError) -> Int64 {
        sent += 1
        guard !lost.contains(probe.number) else { return simulation.now }
        let target = probe.target
        let payload = EchoPayload(secret: payload.secret, size: probe.size)
            .bytes(to: target, number: probe.number, flow: probe.flow)
        let port = 33434 &+ (probe.flow ?? probe.number)
        if method == .udp, probe.flow != nil, let mark = EchoPayload.mark(of: payload) { marks[mark] = probe.number }
        let message =
            method == .icmp
            ? ICMPHeader.message(
                type: target.family == .v4 ? 8 : 128, rest: UInt32(identifier) << 16 | UInt32(probe.number),
                payload: payload,
                from: source, to: target)
            : UDPHeader.datagram(
                from: source, port: 40000, to: target, port: port, payload: payload)
        flows.insert(Array(message.prefix(4)))
        let packet = IPPacket.build(
            from: source, to: target, proto: method == .icmp ? .icmp(target.family) : .udp,
            timeToLive: probe.timeToLive ?? 64, dontFragment: true, payload: message)
        // As a kernel on a link of 1500 bytes.
        if let packet, packet.count > 1500 { throw .messageTooBig(target, mtu: 1500) }
        guard let packet, simulation.send(packet, fromHost: host) else { throw .networkUnreachable(target) }
        return simulation.now
    }

    mutating func receive(until deadline: Int64) throws(ProbeError) -> ProbeObservation? {
        while let arrival = simulation.next(until: deadline) {
            if let observation = observation(arrival) { return observation }
        }
        return nil
    }

    private func observation(_ arrival: Simulation.Arrival) -> ProbeObservation? {
        var packet = arrival.packet
        tamper(&packet)
        return packet.withUnsafeBytes { bytes in
            guard let header = try? IPHeader(parsing: bytes), header.proto == .icmp(header.family) else { return nil }
            let icmp = UnsafeRawBufferPointer(rebasing: bytes[header.payload])
            let heard = ProbeReader.Arrival(from: header.source, timeToLive: header.timeToLive, at: arrival.at)
            guard method == .udp else {
                return ProbeReader(identifier: identifier, payload: payload, source: source, target: target)
                    .message(icmp, heard, verifiesChecksum: header.family == .v4)
            }
            guard let message = try? ICMPHeader(parsing: icmp),
                let quoted = try? QuotedPacket(parsing: UnsafeRawBufferPointer(rebasing: icmp[8...])),
                case .ports(_, let port) = quoted.transport,
                let number = number(port, quoting: icmp),
                var outcome = ProbeReader.outcome(
                    ICMPKind(family: header.family, type: message.type, code: message.code), message)
            else { return nil }
            if outcome == .unreachable(type: message.type, code: header.family == .v4 ? 3 : 4),
                header.source == quoted.destination
            {
                outcome = .reply
            }
            return ProbeObservation(
                number: number, outcome: outcome, target: quoted.destination, from: header.source,
                timeToLive: header.timeToLive, bytes: icmp.count, at: arrival.at)
        }
    }

    /// Behind the ICMP header stand the quoted IP and UDP headers, then the payload.
    private func number(_ port: UInt16, quoting icmp: UnsafeRawBufferPointer) -> UInt16? {
        guard !marks.isEmpty else { return port &- 33434 }
        guard
            let header = try? IPHeader(
                parsing: UnsafeRawBufferPointer(rebasing: icmp[8...]), truncationAllowed: true)
        else { return nil }
        return EchoPayload.mark(of: icmp.dropFirst(8 + header.payload.lowerBound + 8)).flatMap { marks[$0] }
    }
}
