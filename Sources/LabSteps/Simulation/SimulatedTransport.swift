import EngineNetwork
import EngineProbe
import Wire

/// Probes over the emulated network on its virtual clock: what raw sockets of a kernel would do with them.
struct SimulatedTransport: ProbeTransport {
    var hosts: SimulatedHosts
    private let host: Int
    private let source: IPAddress
    private let mtu: Int
    private let options: Options
    private let identifier: UInt16
    private let reader: ProbeReader
    /// The probe that last went to each port of UDP, and the probes of flows by their marks: they share a port.
    private var numbers: [UInt16: UInt16] = [:]
    private var marks: [UInt64: UInt16] = [:]
    /// Whether a packet had to be cut up before it left, which only a kernel does.
    private(set) var wantedPieces = false

    struct Options {
        var method = TracerouteConfiguration.Method.icmp
        var payload: EchoPayload
        var basePort = LinuxProbeTransport.classicPort
        var fragmentation: PingConfiguration.Fragmentation?
        /// Whom all probes go to, where reports are held against it.
        var target: IPAddress?
    }

    init(_ hosts: SimulatedHosts, host: Int, source: IPAddress, mtu: Int, program: UInt64, _ options: Options) {
        self.hosts = hosts
        self.host = host
        self.source = source
        self.mtu = mtu
        self.options = options
        identifier = UInt16(truncatingIfNeeded: program)
        reader = ProbeReader(
            identifier: identifier, payload: options.payload, source: options.target == nil ? nil : source,
            target: options.target)
    }

    var mode: ProbeMode { .simulation }
    var isInterrupted: Bool { false }
    func now() -> Int64 { hosts.now }

    // MARK: Sending

    mutating func send(_ probe: Probe) throws(ProbeError) -> Int64 {
        let target = probe.target
        let payload = EchoPayload(secret: options.payload.secret, size: probe.size, pattern: options.payload.pattern)
            .bytes(to: target, number: probe.number, flow: probe.flow)
        let message: [UInt8]
        if options.method == .udp {
            message = UDPHeader.datagram(
                from: source, port: ownPort, to: target, port: port(of: probe, payload), payload: payload)
        } else {
            message = ICMPHeader.message(
                type: target.family == .v4 ? 8 : 128, rest: UInt32(identifier) << 16 | UInt32(probe.number),
                payload: payload, from: source, to: target)
        }
        let length = message.count + (target.family == .v4 ? 20 : 40)
        let isWhole = options.fragmentation != .dont
        // `probe` believes nobody but the link itself.
        let known = options.fragmentation == .probe ? mtu : min(mtu, hosts.pathMTU(from: host, to: target) ?? mtu)
        if length > (isWhole ? known : mtu) {
            if options.fragmentation != .do, options.fragmentation != .probe { wantedPieces = true }
            throw .messageTooBig(target, mtu: known)
        }
        let packet = IPPacket.build(
            from: source, to: target, proto: options.method == .udp ? .udp : .icmp(target.family),
            timeToLive: probe.timeToLive ?? 64, dontFragment: isWhole, payload: message)
        guard let packet, hosts.send(packet, from: host) else { throw .networkUnreachable(target) }
        return hosts.now
    }

    private var ownPort: UInt16 { 40_000 &+ identifier % 20_000 }

    private mutating func port(of probe: Probe, _ payload: [UInt8]) -> UInt16 {
        if let flow = probe.flow, let mark = EchoPayload.mark(of: payload) {
            marks[mark] = probe.number
            return options.basePort &+ flow
        }
        let port = options.basePort &+ (probe.number &- 1) % LinuxProbeTransport.portCount
        numbers[port] = probe.number
        return port
    }

    // MARK: Receiving

    mutating func receive(until deadline: Int64) throws(ProbeError) -> ProbeObservation? {
        while let arrival = hosts.next(until: deadline) {
            guard arrival.host == host, let observation = observation(arrival) else {
                hosts.answer(arrival)
                continue
            }
            if case .packetTooBig(let mtu) = observation.outcome, let target = observation.target,
                observation.integrity == .intact
            {
                hosts.learn(mtu: mtu, from: host, to: target)
            }
            return observation
        }
        return nil
    }

    private func observation(_ arrival: Simulation.Arrival) -> ProbeObservation? {
        arrival.withPacket { header, bytes in
            guard header.proto == .icmp(header.family) else { return nil }
            let icmp = UnsafeRawBufferPointer(rebasing: bytes[header.payload])
            // Nobody but the kernel sums ICMPv6, and what is wrong it drops.
            if header.family == .v6,
                !ICMPHeader.checksumHolds(in: icmp, from: header.source, to: header.destination)
            {
                return nil
            }
            let heard = ProbeReader.Arrival(from: header.source, timeToLive: header.timeToLive, at: arrival.at)
            guard options.method == .udp else {
                return reader.message(icmp, heard, verifiesChecksum: header.family == .v4)
            }
            return reportOnDatagram(icmp, heard)
        }
    }

    private func reportOnDatagram(
        _ icmp: UnsafeRawBufferPointer, _ heard: ProbeReader.Arrival
    ) -> ProbeObservation? {
        guard heard.from.family == .v6 || InternetChecksum.of(icmp) == 0, icmp.count > ICMPHeader.length,
            let message = try? ICMPHeader(parsing: icmp)
        else { return nil }
        let body = UnsafeRawBufferPointer(rebasing: icmp[ICMPHeader.length...])
        let kind = ICMPKind(family: heard.from.family, type: message.type, code: message.code)
        guard let quoted = try? QuotedPacket(parsing: body), quoted.source == source,
            case .ports(ownPort, let port) = quoted.transport, let number = number(port, quotedIn: body),
            var outcome = ProbeReader.outcome(kind, message)
        else { return nil }
        let unreachablePort: UInt8 = heard.from.family == .v4 ? 3 : 4
        if kind == .destinationUnreachable, message.code == unreachablePort, heard.from == quoted.destination {
            outcome = .reply
        }
        var observation = ProbeObservation(
            number: number, outcome: outcome, target: quoted.destination, from: heard.from,
            timeToLive: heard.timeToLive, bytes: icmp.count, at: heard.at)
        observation.quotedTimeToLive = quoted.timeToLive
        observation.extensions = ICMPExtension.objects(in: icmp, heard.from.family)
        return observation
    }

    /// In the quote stand the IP and UDP headers, then the payload.
    private func number(_ port: UInt16, quotedIn body: UnsafeRawBufferPointer) -> UInt16? {
        guard !marks.isEmpty else { return numbers[port] }
        guard let header = try? IPHeader(parsing: body, truncationAllowed: true) else { return nil }
        return EchoPayload.mark(of: body.dropFirst(header.payload.lowerBound + 8)).flatMap { marks[$0] }
    }
}
