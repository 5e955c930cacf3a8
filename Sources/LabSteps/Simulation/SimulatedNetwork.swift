import EngineNetwork
import EngineProbe
import LabModel
import Synchronization
import Wire

/// A lab's network on its virtual clock, in the place of a world: for steps that only send packets and hear what comes back.
///
/// No time passes, and nothing of the machine is used: the same world, seed and steps give the same packets at the same
/// nanoseconds everywhere. What programs would need (a kernel, files, a browser) is not there.
package final class SimulatedNetwork: Sendable {
    private let simulation: Mutex<Simulation>
    /// In the place of the network while a transport has it.
    private let vacant = Simulation(Topology(), seed: 0)
    private let topology: Topology
    /// The machine's own secret and identifiers, which come from the seed like all else.
    private let seed: UInt64
    private let resolver: IPAddress?

    /// - Throws: `StepFailure` with fault `lab` for what the engine does not take.
    package init(_ world: WorldDefinition, seed: UInt64) throws {
        topology = try TopologyAssembly.topology(of: world)
        simulation = Mutex(Simulation(topology, seed: seed))
        self.seed = seed
        resolver = IPAddress(world.resolver)
    }

    /// Nanoseconds since the network began.
    package var now: Int64 { simulation.withLock { $0.now } }

    /// Changes the network, now.
    package func apply(_ change: NetworkChange) { simulation.withLock { $0.apply(change) } }

    /// - Throws: `ProbeError`.
    package func ping(
        _ target: String, _ configuration: PingConfiguration, from host: String,
        onRow: (PingRow) -> Void = { _ in }
    ) throws -> PingResult {
        if let problem = configuration.problem { throw ProbeError.invalidConfiguration(problem) }
        let address = try address(of: target, family: configuration.family, from: host)
        let payload = EchoPayload(secret: seed, size: configuration.size, pattern: configuration.pattern)
        return try over(host, address, .init(payload: payload, fragmentation: configuration.fragmentation)) {
            transport throws(ProbeError) in
            try PingStateMachine.run(configuration, target: target, address: address, over: &transport, onRow: onRow)
        }
    }

    /// - Throws: `ProbeError`.
    package func trace(
        _ target: String, _ configuration: TracerouteConfiguration, from host: String
    ) throws -> TracerouteResult {
        if let problem = configuration.problem { throw ProbeError.invalidConfiguration(problem) }
        guard configuration.method != .tcp else {
            throw ProbeError.invalidConfiguration("TCP probes need a kernel, which a simulated network has not")
        }
        let address = try address(of: target, family: configuration.family, from: host)
        var payload = EchoPayload(secret: seed, size: configuration.findsMTU ? 65_000 : configuration.size)
        payload.sizeVaries = true
        var options = SimulatedTransport.Options(payload: payload)
        options.method = configuration.method
        options.basePort = configuration.port ?? options.basePort
        options.fragmentation = configuration.findsMTU ? .probe : nil
        return try over(host, address, options) { transport throws(ProbeError) in
            try TracerouteStateMachine.run(configuration, target: target, address: address, over: &transport)
        }
    }

    /// The addresses of a name, as the host's resolver finds them: by questions that cross the network.
    ///
    /// - Throws: `ProbeError`.
    package func addresses(of name: String, family: IPFamily?, from host: String) throws -> [IPAddress] {
        if let address = IPAddress(name) {
            guard family == nil || family == address.family else { throw ProbeError.noAddress(name, family) }
            return [address]
        }
        guard let question = DNSName(name) else { throw ProbeError.nameNotFound(name) }
        guard let resolver else { throw ProbeError.resolverFailed(name, reason: "the world has no resolver") }
        var found: [IPAddress] = []
        var isKnown = false
        // What the host cannot reach comes last (RFC 6724 §5, rule 1).
        let families = [IPFamily.v6, .v4].filter { family == nil || family == $0 }
            .sorted { self.has($0, host) && !self.has($1, host) }
        for family in families {
            let answer = try ask(question, type: family == .v4 ? .a : .aaaa, of: resolver, from: host)
            switch answer.code {
            case .noError: isKnown = true
            case .nameError: throw ProbeError.nameNotFound(name)
            default: throw ProbeError.resolverFailed(name, reason: "\(resolver) could not tell")
            }
            for record in answer.answers {
                switch record.content {
                case .a(let address): found.append(.v4(address))
                case .aaaa(let address): found.append(.v6(address))
                default: break
                }
            }
        }
        guard !found.isEmpty else { throw isKnown ? ProbeError.noAddress(name, family) : .nameNotFound(name) }
        return found
    }

    /// The server's answer to a question: asked three times, two seconds each, as `DNSQuery` does.
    ///
    /// - Throws: `ProbeError`.
    package func ask(
        _ name: DNSName, type: DNSRecordType, of server: IPAddress, from host: String
    ) throws -> DNSMessage {
        let (place, source) = try attachment(of: host, towards: server)
        let query = DNSMessage(
            identifier: UInt16(truncatingIfNeeded: seed), questions: [.init(name, type: type)],
            additionals: [DNSRecord(.root, timeToLive: 0, content: .other(.opt, []), recordClass: 1232)])
        let port: UInt16 = 40_053
        return try simulation.withLock { simulation throws(ProbeError) in
            for _ in 0..<3 {
                let datagram = UDPHeader.datagram(from: source, port: port, to: server, port: 53, payload: query.bytes)
                guard let packet = IPPacket.build(from: source, to: server, proto: .udp, payload: datagram),
                    simulation.send(packet, fromHost: place)
                else { throw .networkUnreachable(server) }
                let deadline = simulation.now + 2_000_000_000
                while let arrival = simulation.next(until: deadline) {
                    guard arrival.host == place else { continue }
                    if let answer = Self.answer(in: arrival.packet, from: server, to: port), answer.isResponse,
                        answer.identifier == query.identifier, answer.questions == query.questions
                    {
                        return answer
                    }
                }
            }
            throw .resolverFailed(name.description, reason: "\(server) did not answer")
        }
    }

    private static func answer(in packet: [UInt8], from server: IPAddress, to port: UInt16) -> DNSMessage? {
        packet.withUnsafeBytes { bytes in
            guard let header = try? IPHeader(parsing: bytes), header.proto == .udp, header.source == server,
                let udp = try? UDPHeader(parsing: UnsafeRawBufferPointer(rebasing: bytes[header.payload])),
                udp.sourcePort == 53, udp.destinationPort == port
            else { return nil }
            return try? DNSMessage(parsing: UnsafeRawBufferPointer(rebasing: bytes[header.payload].dropFirst(8)))
        }
    }

    // MARK: Places

    private func address(of target: String, family: IPFamily?, from host: String) throws -> IPAddress {
        guard let address = try addresses(of: target, family: family, from: host).first else {
            throw ProbeError.noAddress(target, family)
        }
        return address
    }

    private func has(_ family: IPFamily, _ host: String) -> Bool {
        topology.hosts.first { $0.name == host }?.addresses.contains { $0.address.family == family } ?? false
    }

    private func attachment(of host: String, towards target: IPAddress) throws(ProbeError) -> (Int, IPAddress) {
        guard let place = topology.hosts.firstIndex(where: { $0.name == host && $0.kind == .namespace }),
            let own = topology.hosts[place].addresses.first(where: { $0.address.family == target.family })
        else { throw .networkUnreachable(target) }
        return (place, own.address)
    }

    private func over<Result>(
        _ host: String, _ target: IPAddress, _ options: SimulatedTransport.Options,
        _ run: (inout SimulatedTransport) throws(ProbeError) -> Result
    ) throws -> Result {
        let (place, source) = try attachment(of: host, towards: target)
        return try simulation.withLock { simulation throws(ProbeError) in
            var transport = SimulatedTransport(simulation, host: place, source: source, options)
            // One owner at a time, lest each change copy the network.
            simulation = vacant
            defer { simulation = transport.simulation }
            return try run(&transport)
        }
    }
}
