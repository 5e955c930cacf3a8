import EngineNetwork
import Testing
import Wire

/// The first host of a chain, on the virtual clock: sends one packet, sees what comes back.
struct SimulatedLaptop {
    var simulation: Simulation

    struct Answer: Equatable {
        let source: IPAddress
        let kind: ICMPKind
        let code: UInt8
        let elapsed: Int64
        let packet: [UInt8]
    }

    init(_ topology: Topology, seed: UInt64 = 1) { simulation = Simulation(topology, seed: seed) }

    static func source(_ family: IPFamily) -> IPAddress {
        Drawings.address(family == .v4 ? "192.0.2.10" : "2001:db8:0:1::10")
    }

    /// Whatever reaches the laptop within ten virtual seconds of sending.
    mutating func exchange(_ packet: [UInt8]) -> Simulation.Arrival? {
        let start = simulation.now
        simulation.send(packet, fromHost: 0)
        return simulation.next(until: start + 10_000 * Drawings.millisecond)
    }

    mutating func echo(
        to destination: String, timeToLive: UInt8 = 64, size: Int = 56, dontFragment: Bool = false
    ) throws -> Answer? {
        let destination = Drawings.address(destination)
        let source = SimulatedLaptop.source(destination.family)
        let message = ICMPHeader.message(
            type: destination.family == .v4 ? 8 : 128, rest: 0x1234_0001,
            payload: (0..<size).map { UInt8(truncatingIfNeeded: $0) }, from: source, to: destination)
        let packet = try #require(
            IPPacket.build(
                from: source, to: destination, proto: .icmp(destination.family), timeToLive: timeToLive,
                identification: 77, dontFragment: dontFragment, payload: message))
        let start = simulation.now
        guard let arrival = exchange(packet) else { return nil }
        return try SimulatedLaptop.answer(arrival, since: start)
    }

    static func answer(_ arrival: Simulation.Arrival, since start: Int64) throws -> Answer {
        try arrival.packet.withUnsafeBytes { bytes in
            let header = try IPHeader(parsing: bytes)
            let payload = UnsafeRawBufferPointer(rebasing: bytes[header.payload])
            #expect(
                header.isFragment || ICMPHeader.checksumHolds(in: payload, from: header.source, to: header.destination))
            let message = try ICMPHeader(parsing: payload)
            return Answer(
                source: header.source, kind: ICMPKind(family: header.family, type: message.type, code: message.code),
                code: message.code, elapsed: arrival.at - start, packet: arrival.packet)
        }
    }
}
