import EngineNetwork
import EngineProbe
import LabModel
import Wire

/// Probing programs of one host of a simulated network.
struct SimulatedProbes: ProbeNetwork {
    let network: SimulatedNetwork
    let host: String

    var resolver: String? { network.definition.resolver.isEmpty ? nil : network.definition.resolver }

    func ping(
        _ target: String, _ configuration: PingConfiguration, onRow: @escaping @Sendable (PingRow) -> Void
    ) async throws -> PingResult {
        if let problem = configuration.problem { throw ProbeError.invalidConfiguration(problem) }
        let address = try first(of: target, configuration.family)
        let payload = EchoPayload(secret: network.seed, size: configuration.size, pattern: configuration.pattern)
        let options = SimulatedTransport.Options(payload: payload, fragmentation: configuration.fragmentation)
        return try network.over(host, address, options) { transport, source throws(ProbeError) in
            let machine = try PingStateMachine.run(configuration, targets: [address], over: &transport) { event in
                if case .row(let row, _) = event { onRow(row) }
            }
            return machine.results(names: [target], source: { _ in source }, mode: transport.mode)[0]
        }
    }

    func trace(_ target: String, _ configuration: TracerouteConfiguration) async throws -> TracerouteResult {
        if let problem = configuration.problem { throw ProbeError.invalidConfiguration(problem) }
        guard configuration.method != .tcp else {
            throw StepFailure(
                .machine, "connection attempts need a kernel, which a simulated network has not",
                help: "run the lab without `--simulate`")
        }
        let address = try first(of: target, configuration.family)
        var payload = EchoPayload(
            secret: network.seed, size: configuration.findsMTU ? 65_000 : configuration.size)
        payload.sizeVaries = true
        var options = SimulatedTransport.Options(method: configuration.method, payload: payload)
        options.basePort = configuration.port ?? options.basePort
        options.fragmentation = configuration.findsMTU ? .probe : nil
        options.target = address
        return try network.over(host, address, options) { transport, _ throws(ProbeError) in
            try TracerouteStateMachine.run(configuration, target: target, address: address, over: &transport)
        }
    }

    private func first(of target: String, _ family: IPFamily?) throws -> IPAddress {
        guard let address = try lookUp(target, family).first else { throw ProbeError.noAddress(target, family) }
        return address
    }

    // MARK: Names

    func addresses(of name: String, family: IPFamily?) async throws -> [IPAddress] { try lookUp(name, family) }

    /// As the C library does it with a world's `resolv.conf`: two attempts of two seconds at each question.
    private func lookUp(_ name: String, _ family: IPFamily?) throws -> [IPAddress] {
        if let address = IPAddress(name) {
            guard family == nil || family == address.family else { throw ProbeError.noAddress(name, family) }
            return [address]
        }
        if name == "localhost" || name == host {
            throw StepFailure(
                .machine, "`\(name)` is the host itself, which a simulated network has not",
                help: "run the lab without `--simulate`")
        }
        let failure = ProbeError.resolverFailed(name, reason: "Temporary failure in name resolution")
        guard !name.isEmpty, name.utf8.count <= 253, let question = DNSName(name) else {
            throw ProbeError.nameNotFound(name)
        }
        guard let resolver = resolver.flatMap({ IPAddress($0) }) else { throw failure }
        var found: [IPAddress] = []
        var isKnown = false
        // What the host cannot reach comes last (RFC 6724 §6, rule 1).
        let own = Set(network.topology.hosts.first { $0.name == host }?.addresses.map(\.address.family) ?? [])
        let wanted: [IPFamily] = [.v6, .v4].filter { family == nil || family == $0 }
        for family in wanted.filter({ own.contains($0) }) + wanted.filter({ !own.contains($0) }) {
            let answer: DNSMessage
            do {
                answer = try query(question, type: family == .v4 ? .a : .aaaa, of: resolver, attempts: 2)
            } catch is ProbeError {
                throw failure
            }
            switch answer.code {
            case .noError: isKnown = true
            case .nameError: throw ProbeError.nameNotFound(name)
            default: throw failure
            }
            found += answer.answers.compactMap { record in
                switch record.content {
                case .a(let address): IPAddress("\(address)")
                case .aaaa(let address): IPAddress("\(address)")
                default: nil
                }
            }
        }
        guard !found.isEmpty else { throw isKnown ? ProbeError.noAddress(name, family) : .nameNotFound(name) }
        return found
    }

    func ask(_ name: DNSName, type: DNSRecordType, of server: IPAddress) async throws -> DNSMessage {
        try query(name, type: type, of: server, attempts: 3)
    }

    /// One question over UDP, asked again after two seconds each time.
    private func query(
        _ name: DNSName, type: DNSRecordType, of server: IPAddress, attempts: Int
    ) throws -> DNSMessage {
        let (place, source, _) = try network.attachment(of: host, towards: server)
        return try network.lend { hosts in
            let program = hosts.nextProgram()
            let identifier = UInt16(truncatingIfNeeded: program &* 0x9E37)
            let port = 40_000 &+ UInt16(truncatingIfNeeded: program % 20_000)
            let query = DNSMessage(
                identifier: identifier, questions: [.init(name, type: type)],
                additionals: [DNSRecord(.root, timeToLive: 0, content: .other(.opt, []), recordClass: 1232)])
            let datagram = UDPHeader.datagram(from: source, port: port, to: server, port: 53, payload: query.bytes)
            guard let packet = IPPacket.build(from: source, to: server, proto: .udp, payload: datagram) else {
                throw ProbeError.networkUnreachable(server)
            }
            for _ in 0..<attempts {
                guard hosts.send(packet, from: place) else { throw ProbeError.networkUnreachable(server) }
                let deadline = hosts.now &+ 2_000_000_000
                while let arrival = hosts.next(until: deadline) {
                    switch arrival.host == place ? Self.heard(arrival, from: server, at: port) : nil {
                    case .answer(let answer)?:
                        guard answer.isResponse, answer.identifier == identifier,
                            answer.questions == query.questions
                        else { continue }
                        return answer
                    case .refusal?:
                        throw ProbeError.resolverFailed(
                            name.description, reason: "\(server) refuses questions")
                    case nil: hosts.answer(arrival)
                    }
                }
            }
            throw ProbeError.resolverFailed(name.description, reason: "\(server) did not answer")
        }
    }

    private enum Heard {
        case answer(DNSMessage)
        /// The server's kernel says that nobody listens.
        case refusal
    }

    private static func heard(_ arrival: Simulation.Arrival, from server: IPAddress, at port: UInt16) -> Heard? {
        arrival.withPacket { header, bytes in
            let payload = UnsafeRawBufferPointer(rebasing: bytes[header.payload])
            if header.proto == .udp, header.source == server,
                UDPHeader.checksumHolds(in: payload, from: header.source, to: header.destination),
                let udp = try? UDPHeader(parsing: payload), udp.sourcePort == 53, udp.destinationPort == port
            {
                let message = UnsafeRawBufferPointer(rebasing: payload[udp.payload])
                return (try? DNSMessage(parsing: message)).map { .answer($0) }
            }
            guard header.proto == .icmp(header.family), payload.count > ICMPHeader.length,
                ICMPHeader.checksumHolds(in: payload, from: header.source, to: header.destination),
                let icmp = try? ICMPHeader(parsing: payload),
                ICMPKind(family: header.family, type: icmp.type, code: icmp.code) == .destinationUnreachable,
                let quoted = try? QuotedPacket(
                    parsing: UnsafeRawBufferPointer(rebasing: payload[ICMPHeader.length...])),
                quoted.destination == server, case .ports(port, 53) = quoted.transport
            else { return nil }
            return .refusal
        }
    }
}
