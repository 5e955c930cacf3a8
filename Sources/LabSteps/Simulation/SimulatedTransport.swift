import EngineNetwork
import EngineProbe
import Wire

/// Probes over the emulated network on its virtual clock: what a kernel would do with them, without one.
package struct SimulatedTransport: ProbeTransport {
    package struct Options: Sendable {
        package var method = TracerouteConfiguration.Method.icmp
        package var payload: EchoPayload
        package var basePort: UInt16 = 33434
        package var fragmentation: PingConfiguration.Fragmentation?
        /// Of our echoes.
        package var identifier: UInt16 = 7

        package init(payload: EchoPayload, fragmentation: PingConfiguration.Fragmentation? = nil) {
            self.payload = payload
            self.fragmentation = fragmentation
        }
    }

    package var simulation: Simulation
    private let host: Int
    private let source: IPAddress
    private let options: Options
    /// The largest packets that get through to a target, as routers told: what a kernel remembers.
    private var pathMTU: [IPAddress: Int] = [:]
    /// UDP probes of flows by their marks.
    private var marks: [UInt64: UInt16] = [:]
    private static let ownMTU = 1500

    package init(_ simulation: Simulation, host: Int, source: IPAddress, _ options: Options) {
        self.simulation = simulation
        self.host = host
        self.source = source
        self.options = options
    }

    package var mode: ProbeMode { .simulation }
    package var isInterrupted: Bool { false }
    package func now() -> Int64 { simulation.now }

    package mutating func send(_ probe: Probe) throws(ProbeError) -> Int64 {
        let target = probe.target
        let payload = EchoPayload(secret: options.payload.secret, size: probe.size, pattern: options.payload.pattern)
            .bytes(to: target, number: probe.number, flow: probe.flow)
        let message: [UInt8]
        if options.method == .udp {
            if probe.flow != nil, let mark = EchoPayload.mark(of: payload) { marks[mark] = probe.number }
            message = UDPHeader.datagram(
                from: source, port: 40_000, to: target, port: options.basePort &+ (probe.flow ?? probe.number),
                payload: payload)
        } else {
            message = ICMPHeader.message(
                type: target.family == .v4 ? 8 : 128, rest: UInt32(options.identifier) << 16 | UInt32(probe.number),
                payload: payload, from: source, to: target)
        }
        let length = message.count + (target.family == .v4 ? 20 : 40)
        let known = min(Self.ownMTU, pathMTU[target] ?? Self.ownMTU)
        switch options.fragmentation {
        case .do: guard length <= known else { throw .messageTooBig(target, mtu: known) }
        case .probe: guard length <= Self.ownMTU else { throw .messageTooBig(target, mtu: Self.ownMTU) }
        default: break
        }
        let isWhole = options.fragmentation != .dont && length <= known
        let packet = IPPacket.build(
            from: source, to: target, proto: options.method == .udp ? .udp : .icmp(target.family),
            timeToLive: probe.timeToLive ?? 64, dontFragment: isWhole, payload: message)
        guard let packet, simulation.send(packet, fromHost: host) else { throw .networkUnreachable(target) }
        return simulation.now
    }

    package mutating func receive(until deadline: Int64) throws(ProbeError) -> ProbeObservation? {
        while let arrival = simulation.next(until: deadline) {
            guard arrival.host == host, let observation = observation(arrival) else { continue }
            if case .packetTooBig(let mtu) = observation.outcome, let target = observation.target {
                pathMTU[target] = min(pathMTU[target] ?? mtu, max(mtu, target.family == .v4 ? 552 : 1280))
            }
            return observation
        }
        return nil
    }

    private func observation(_ arrival: Simulation.Arrival) -> ProbeObservation? {
        arrival.packet.withUnsafeBytes { bytes in
            guard let header = try? IPHeader(parsing: bytes), header.proto == .icmp(header.family) else { return nil }
            let icmp = UnsafeRawBufferPointer(rebasing: bytes[header.payload])
            let heard = ProbeReader.Arrival(from: header.source, timeToLive: header.timeToLive, at: arrival.at)
            guard options.method == .udp else {
                return ProbeReader(identifier: options.identifier, payload: options.payload)
                    .message(icmp, heard, verifiesChecksum: header.family == .v4)
            }
            return reportOnDatagram(icmp, heard)
        }
    }

    private func reportOnDatagram(
        _ icmp: UnsafeRawBufferPointer, _ heard: ProbeReader.Arrival
    ) -> ProbeObservation? {
        guard let message = try? ICMPHeader(parsing: icmp),
            let quoted = try? QuotedPacket(parsing: UnsafeRawBufferPointer(rebasing: icmp[8...])),
            case .ports(_, let port) = quoted.transport, let number = number(port, quoting: icmp),
            var outcome = ProbeReader.outcome(
                ICMPKind(family: heard.from.family, type: message.type, code: message.code), message)
        else { return nil }
        let unreachablePort: UInt8 = heard.from.family == .v4 ? 3 : 4
        if outcome == .unreachable(type: message.type, code: unreachablePort), heard.from == quoted.destination {
            outcome = .reply
        }
        var observation = ProbeObservation(
            number: number, outcome: outcome, target: quoted.destination, from: heard.from,
            timeToLive: heard.timeToLive, bytes: icmp.count, at: heard.at)
        observation.quotedTimeToLive = quoted.timeToLive
        observation.extensions = ICMPExtension.objects(in: icmp, heard.from.family)
        return observation
    }

    /// Behind the ICMP header stand the quoted IP and UDP headers, then the payload.
    private func number(_ port: UInt16, quoting icmp: UnsafeRawBufferPointer) -> UInt16? {
        guard !marks.isEmpty else { return port &- options.basePort }
        let quoted = UnsafeRawBufferPointer(rebasing: icmp[8...])
        guard let header = try? IPHeader(parsing: quoted, truncationAllowed: true) else { return nil }
        return EchoPayload.mark(of: icmp.dropFirst(8 + header.payload.lowerBound + 8)).flatMap { marks[$0] }
    }
}
