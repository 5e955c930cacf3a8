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
        let payload = [UInt8](repeating: 0x55, count: probe.size)
        let message =
            method == .icmp
            ? ICMPHeader.message(
                type: target.family == .v4 ? 8 : 128, rest: 7 << 16 | UInt32(probe.number), payload: payload,
                from: source, to: target)
            : UDPHeader.datagram(
                from: source, port: 40000, to: target, port: 33433 &+ probe.number, payload: payload)
        let packet = IPPacket.build(
            from: source, to: target, proto: method == .icmp ? .icmp(target.family) : .udp,
            timeToLive: probe.timeToLive ?? 64, payload: message)
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
        arrival.packet.withUnsafeBytes { bytes in
            guard let header = try? IPHeader(parsing: bytes), header.proto == .icmp(header.family) else { return nil }
            let icmp = UnsafeRawBufferPointer(rebasing: bytes[header.payload])
            guard let message = try? ICMPHeader(parsing: icmp) else { return nil }
            let kind = ICMPKind(family: header.family, type: message.type, code: message.code)
            func heard(_ number: UInt16, _ outcome: ProbeObservation.Outcome) -> ProbeObservation {
                ProbeObservation(
                    number: number, outcome: outcome, from: header.source, timeToLive: header.timeToLive,
                    bytes: icmp.count, at: arrival.at)
            }
            if kind == .echoReply { return heard(message.sequence, .reply) }
            guard let quoted = try? QuotedPacket(parsing: UnsafeRawBufferPointer(rebasing: icmp[8...])) else {
                return nil
            }
            let number: UInt16
            switch quoted.transport {
            case .echo(_, let sequence): number = sequence
            case .ports(_, let port): number = port &- 33433
            case .unknown: return nil
            }
            switch kind {
            case .timeExceeded: return heard(number, .timeExceeded)
            case .packetTooBig: return heard(number, .packetTooBig(mtu: Int(message.rest)))
            case .destinationUnreachable:
                let isPort = quoted.proto == .udp && message.code == (header.family == .v4 ? 3 : 4)
                return heard(
                    number,
                    isPort && header.source == target ? .reply : .unreachable(type: message.type, code: message.code))
            default: return nil
            }
        }
    }
}
