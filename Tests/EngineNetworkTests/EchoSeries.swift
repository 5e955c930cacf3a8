import EngineNetwork
import Testing
import Wire

/// Many echo requests of the first host of a chain, on the virtual clock, and what came back.
struct EchoSeries {
    struct Answer: Equatable {
        let sequence: Int
        /// Nanoseconds after its request.
        let elapsed: Int64
        let at: Int64
        let checksumHolds: Bool
    }

    /// Replies alone, in the order of their coming.
    private(set) var answers: [Answer] = []
    let count: Int
    private(set) var verdicts: [NetworkModel.Verdict] = []

    var lost: Set<Int> { Set(0..<count).subtracting(answers.map(\.sequence)) }

    init(
        _ topology: Topology, seed: UInt64 = 1, count: Int, interval: Int64 = 1_000_000, identifier: UInt16 = 77,
        size: Int = 56, to destination: String = "203.0.113.80"
    ) throws {
        self.count = count
        var simulation = Simulation(topology, seed: seed)
        simulation.keepVerdicts(10 * count)
        let target = Drawings.address(destination)
        let source = SimulatedLaptop.source(target.family)
        for sequence in 0..<count {
            let message = ICMPHeader.message(
                type: target.family == .v4 ? 8 : 128, rest: UInt32(identifier) << 16 | UInt32(sequence),
                payload: [UInt8](repeating: 0x55, count: size), from: source, to: target)
            let packet = try #require(
                IPPacket.build(from: source, to: target, proto: .icmp(target.family), payload: message))
            simulation.send(packet, fromHost: 0)
            take(&simulation, until: Int64(sequence + 1) * interval, interval)
        }
        take(&simulation, until: Int64(count) * interval + 60_000_000_000, interval)
        verdicts = simulation.model.verdicts
    }

    private mutating func take(_ simulation: inout Simulation, until limit: Int64, _ interval: Int64) {
        while let arrival = simulation.next(until: limit) {
            arrival.packet.withUnsafeBytes { bytes in
                guard let header = try? IPHeader(parsing: bytes), header.proto == .icmp(header.family) else { return }
                let payload = UnsafeRawBufferPointer(rebasing: bytes[header.payload])
                guard let message = try? ICMPHeader(parsing: payload),
                    ICMPKind(family: header.family, type: message.type, code: message.code) == .echoReply
                else { return }
                let sequence = Int(message.sequence)
                answers.append(
                    Answer(
                        sequence: sequence, elapsed: arrival.at - Int64(sequence) * interval, at: arrival.at,
                        checksumHolds: ICMPHeader.checksumHolds(
                            in: payload, from: header.source, to: header.destination)))
            }
        }
    }
}
