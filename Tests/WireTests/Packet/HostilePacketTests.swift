import Testing
import Wire

@Suite("Hostile packets are refused, never trapped on")
struct HostilePacketTests {
    /// Every layer at once, as far as the bytes go.
    private static func read(_ frame: UnsafeRawBufferPointer) throws {
        let ethernet = try EthernetHeader(parsing: frame)
        let payload = UnsafeRawBufferPointer(rebasing: frame[ethernet.length...])
        if ethernet.type == .arp {
            _ = try ARPPacket(parsing: payload)
            return
        }
        for lenient in [false, true] {
            let header = try IPHeader(parsing: payload, truncationAllowed: lenient)
            let body = UnsafeRawBufferPointer(rebasing: payload[header.payload])
            switch header.proto {
            case .udp: _ = try UDPHeader(parsing: body, truncationAllowed: lenient)
            case .tcp: _ = try TCPHeader(parsing: body)
            case .icmp(header.family):
                _ = try ICMPHeader(parsing: body)
                if let quoted = try? QuotedPacket(parsing: UnsafeRawBufferPointer(rebasing: body[8...])) {
                    _ = quoted.transport
                }
                if header.family == .v6 { _ = try NeighborDiscovery(parsing: body) }
            default: break
            }
        }
        _ = ICMPError.timeExceeded.packet(about: payload, from: .v4(.loopback))
    }

    private static let samples: [[UInt8]] = {
        guard let a = IPv6Address("2001:db8::1"), let b = IPv6Address("2001:db8::2") else { return [] }
        let (x, y) = (IPAddress.v4(IPv4Address(192, 0, 2, 1)), IPAddress.v4(IPv4Address(192, 0, 2, 2)))
        let udp = UDPHeader.datagram(from: x, port: 1, to: y, port: 2, payload: [1, 2, 3])
        let tcp = TCPHeader.segment(from: x, port: 1, to: y, port: 2, sequence: 1, acknowledgment: 2, flags: .ack)
        let inner = IPPacket.build(from: x, to: y, proto: .udp, payload: udp) ?? []
        let error = inner.withUnsafeBytes { ICMPError.portUnreachable.packet(about: $0, from: y) } ?? []
        let arp = ARPPacket(
            operation: .request, senderHardware: .zero, sender: .any, targetHardware: .zero, target: .loopback)
        let advertisement = NeighborDiscovery.neighborAdvertisement(
            target: a, router: true, solicited: true, override: true, targetLinkLayer: .zero)
        let discovery = IPv6Header.packet(
            from: a, to: b, proto: .icmpv6, hopLimit: 255, payload: advertisement.message(from: a, to: b))
        let extended = IPv6Header.packet(
            from: a, to: b, proto: .hopByHop, payload: [44, 0, 1, 4, 0, 0, 0, 0, 17, 0, 0, 1, 0, 0, 0, 42] + udp)
        func frame(_ type: EtherType, _ payload: [UInt8]) -> [UInt8] {
            EthernetHeader(destination: .broadcast, source: .zero, type: type).frame(carrying: payload)
        }
        return [
            frame(.ipv4, inner), frame(.ipv4, IPPacket.build(from: x, to: y, proto: .tcp, payload: tcp) ?? []),
            frame(.ipv4, error), frame(.arp, arp.bytes), frame(.ipv6, discovery), frame(.ipv6, extended),
        ]
    }()

    @Test("whole, they are read", arguments: samples.indices)
    func whole(index: Int) throws { try Self.samples[index].withUnsafeBytes { try Self.read($0) } }

    @Test("cut at any length, they are truncated", arguments: samples.indices)
    func truncated(index: Int) {
        let sample = Self.samples[index]
        for length in 0..<sample.count {
            // A copy of its own size, so that a read behind the end would be one behind the allocation.
            let part = Array(sample.prefix(length))
            #expect(throws: PacketError.self, "\(length) of \(sample.count)") {
                try part.withUnsafeBytes { try Self.read($0) }
            }
        }
    }

    @Test("with any bytes changed, they are read or refused", arguments: samples.indices)
    func mutated(index: Int) {
        var generator = SeededGenerator(seed: UInt64(index) + 1)
        let sample = Self.samples[index]
        for _ in 0..<5000 {
            var bytes = sample
            for _ in 0..<Int.random(in: 1...6, using: &generator) {
                bytes[Int.random(in: 0..<bytes.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            }
            bytes.removeLast(Int.random(in: 0..<bytes.count, using: &generator) / 4)
            bytes.withUnsafeBytes { try? Self.read($0) }
            bytes.withUnsafeMutableBytes { TransportChecksum.finish(in: $0) }
        }
    }
}
