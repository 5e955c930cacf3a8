import EngineNetwork
import Testing
import Wire

/// Hosts of a topology on the virtual clock, each of which sends what it is told to; what reaches whom is looked at later.
struct Ends {
    var simulation: Simulation
    private let names: [String]

    /// A packet as its receiver sees it.
    struct Seen: Equatable {
        let host: String
        let source: IPAddress
        let destination: IPAddress
        let proto: IPProtocol
        let bytes: [UInt8]

        var payload: [UInt8] {
            bytes.withUnsafeBytes { bytes in
                guard let header = try? IPHeader(parsing: bytes) else { return [] }
                return Array(bytes[header.payload])
            }
        }

        var ports: [UInt16] { stride(from: 0, to: 4, by: 2).map { UInt16(payload[$0]) << 8 | UInt16(payload[$0 + 1]) } }

        var kind: ICMPKind {
            ICMPKind(family: source.family, type: payload.first ?? 0, code: payload.dropFirst().first ?? 0)
        }

        /// What a report quotes.
        var quoted: QuotedPacket? {
            payload.dropFirst(8).withUnsafeBytes { try? QuotedPacket(parsing: $0) }
        }

        /// Whether every checksum in it holds.
        var isSound: Bool {
            bytes.withUnsafeBytes { bytes in
                guard let header = try? IPHeader(parsing: bytes) else { return false }
                if header.family == .v4, !IPv4Header.checksumHolds(in: bytes) { return false }
                let payload = UnsafeRawBufferPointer(rebasing: bytes[header.payload])
                if header.proto == .icmp(header.family) {
                    return ICMPHeader.checksumHolds(in: payload, from: header.source, to: header.destination)
                }
                var sum = InternetChecksum()
                sum.addPseudoHeader(
                    source: header.source, destination: header.destination, protocol: header.proto,
                    length: payload.count)
                sum.add(payload)
                return sum.value == 0
            }
        }
    }

    init(_ topology: Topology) {
        simulation = Simulation(topology, seed: 1)
        simulation.keepVerdicts(100)
        names = topology.hosts.map(\.name)
    }

    /// What reaches anybody within a second of a packet being sent.
    @discardableResult
    mutating func send(_ packet: [UInt8]?, from host: String, within wait: Int64 = 1000) throws -> [Seen] {
        let index = try #require(names.firstIndex(of: host))
        simulation.send(try #require(packet), fromHost: index)
        return try wait > 0 ? self.wait(wait) : []
    }

    /// Lets milliseconds pass.
    @discardableResult
    mutating func wait(_ milliseconds: Int64) throws -> [Seen] {
        var seen: [Seen] = []
        let limit = simulation.now + milliseconds * Drawings.millisecond
        while let arrival = simulation.next(until: limit) {
            let header = try arrival.packet.withUnsafeBytes { try IPHeader(parsing: $0) }
            seen.append(
                Seen(
                    host: names[arrival.host], source: header.source, destination: header.destination,
                    proto: header.proto, bytes: arrival.packet))
        }
        return seen
    }

    static func tcp(
        _ source: String, _ port: UInt16, _ target: String, _ targetPort: UInt16, _ flags: TCPHeader.Flags,
        size: Int = 0, dontFragment: Bool = false
    ) -> [UInt8]? {
        let (from, to) = (Drawings.address(source), Drawings.address(target))
        var segment = TCPHeader.segment(
            from: from, port: port, to: to, port: targetPort, sequence: 1, acknowledgment: 1, flags: flags)
        if size > 0 {
            segment += [UInt8](repeating: 7, count: size)
            segment[16...17] = [0, 0]
            var sum = InternetChecksum()
            sum.addPseudoHeader(source: from, destination: to, protocol: .tcp, length: segment.count)
            sum.add(segment)
            segment[16...17] = [UInt8(sum.value >> 8), UInt8(sum.value & 0xFF)]
        }
        return IPPacket.build(from: from, to: to, proto: .tcp, dontFragment: dontFragment, payload: segment)
    }

    static func udp(
        _ source: String, _ port: UInt16, _ target: String, _ targetPort: UInt16, size: Int = 4
    ) -> [UInt8]? {
        let (from, to) = (Drawings.address(source), Drawings.address(target))
        return IPPacket.build(
            from: from, to: to, proto: .udp,
            payload: UDPHeader.datagram(
                from: from, port: port, to: to, port: targetPort, payload: [UInt8](repeating: 3, count: size)))
    }

    static func echo(
        _ source: String, _ target: String, isReply: Bool = false, identifier: UInt32 = 7, size: Int = 8
    ) -> [UInt8]? {
        let (from, to) = (Drawings.address(source), Drawings.address(target))
        let types: (UInt8, UInt8) = from.family == .v4 ? (8, 0) : (128, 129)
        return IPPacket.build(
            from: from, to: to, proto: .icmp(from.family),
            payload: ICMPHeader.message(
                type: isReply ? types.1 : types.0, rest: identifier << 16 | 1,
                payload: [UInt8](repeating: 5, count: size), from: from, to: to))
    }

    /// What `source` reports about a packet.
    static func report(_ error: ICMPError, about packet: [UInt8]?, from source: String) -> [UInt8]? {
        packet?.withUnsafeBytes { error.packet(about: $0, from: Drawings.address(source)) }
    }
}
