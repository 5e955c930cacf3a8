import Testing
import Wire

@Suite("Packets are built and read")
struct PacketTests {
    private let source = IPAddress.v4(IPv4Address(192, 0, 2, 10))
    private let target = IPAddress.v4(IPv4Address(203, 0, 113, 80))

    private func six(_ text: String) -> IPv6Address { IPv6Address(text) ?? .any }

    @Test("the example of RFC 1071 sums up")
    func checksum() {
        #expect(InternetChecksum.of([0x00, 0x01, 0xF2, 0x03, 0xF4, 0xF5, 0xF6, 0xF7]) == 0x220D)
        #expect(InternetChecksum.of([] as [UInt8]) == 0xFFFF)
        #expect(InternetChecksum.of([0xFF]) == 0x00FF)
        var split = InternetChecksum()
        split.add([0x00])
        split.add([0x01, 0xF2])
        split.add([0x03, 0xF4, 0xF5, 0xF6])
        split.add([0xF7])
        #expect(split.value == 0x220D)
    }

    @Test("the example of RFC 1624 updates to zero, and an update equals a new sum")
    func incremental() {
        #expect(InternetChecksum.updated(0xDD2F, from: 0x5555, to: 0x3285) == 0x0000)
        var packet = IPv4Header.packet(
            from: IPv4Address(192, 0, 2, 10), to: IPv4Address(203, 0, 113, 80), proto: .udp, payload: [1, 2, 3])
        for ttl in stride(from: UInt8(255), through: 1, by: -1) {
            IPv4Header.setTimeToLive(ttl, in: &packet)
            #expect(packet.withUnsafeBytes { IPv4Header.checksumHolds(in: $0) })
        }
        packet[10] ^= 1
        IPv4Header.setTimeToLive(9, in: &packet)
        #expect(!packet.withUnsafeBytes { IPv4Header.checksumHolds(in: $0) })
    }

    @Test("a well-known IPv4 header is read")
    func version4() throws {
        let bytes: [UInt8] = [
            0x45, 0x00, 0x00, 0x73, 0x00, 0x00, 0x40, 0x00, 0x40, 0x11, 0xB8, 0x61, 0xC0, 0xA8, 0x00, 0x01, 0xC0, 0xA8,
            0x00, 0xC7,
        ]
        let header = try bytes.withUnsafeBytes { try IPv4Header(parsing: $0, truncationAllowed: true) }
        #expect(bytes.withUnsafeBytes { IPv4Header.checksumHolds(in: $0) })
        #expect(header.totalLength == 115)
        #expect(header.proto == .udp)
        #expect(header.dontFragment)
        #expect(!header.isFragment)
        #expect(header.source == IPv4Address(192, 168, 0, 1))
        #expect(header.payload.isEmpty)
        #expect(throws: PacketError.truncated(.ipv4, needed: 115, found: 20)) {
            try bytes.withUnsafeBytes { try IPv4Header(parsing: $0) }
        }
    }

    @Test("options, padding and fragments are seen")
    func details() throws {
        var packet = IPv4Header.packet(
            from: IPv4Address(192, 0, 2, 10), to: IPv4Address(203, 0, 113, 80), proto: .udp, identification: 7,
            moreFragments: true, fragmentOffset: 1480, payload: [1, 2, 3, 4, 5, 6])
        packet += [0, 0, 0, 0]
        let header = try packet.withUnsafeBytes { try IPv4Header(parsing: $0) }
        #expect(header.isFragment)
        #expect(header.fragmentOffset == 1480)
        #expect(header.identification == 7)
        #expect(header.payload == 20..<26)
        packet[0] = 0x46
        let longer = try packet.withUnsafeBytes { try IPv4Header(parsing: $0, truncationAllowed: true) }
        #expect(longer.options == 20..<24)
        packet[0] = 0x44
        #expect(throws: PacketError.malformed(.ipv4, field: "ip.hdr_len")) {
            try packet.withUnsafeBytes { try IPv4Header(parsing: $0) }
        }
    }

    @Test("the extension headers of IPv6 are walked, within bounds")
    func version6() throws {
        let body = UDPHeader.datagram(
            from: .v6(six("2001:db8::1")), port: 1, to: .v6(six("2001:db8::2")), port: 2, payload: [9])
        let fragment: [UInt8] = [17, 0, 0, 1, 0, 0, 0, 42]
        let options: [UInt8] = [44, 0, 1, 4, 0, 0, 0, 0]
        let packet = IPv6Header.packet(
            from: six("2001:db8::1"), to: six("2001:db8::2"), proto: .hopByHop, payload: options + fragment + body)
        let header = try packet.withUnsafeBytes { try IPv6Header(parsing: $0) }
        #expect(header.proto == .udp)
        #expect(header.nextHeader == .hopByHop)
        #expect(header.fragment?.identification == 42)
        #expect(header.fragment?.moreFragments == true)
        #expect(header.payload == 56..<65)
        let chain = (0..<9).flatMap { _ in [UInt8](arrayLiteral: 60, 0, 1, 4, 0, 0, 0, 0) }
        let long = IPv6Header.packet(
            from: six("2001:db8::1"), to: six("2001:db8::2"), proto: .destinationOptions, payload: chain)
        #expect(throws: PacketError.tooManyExtensionHeaders) {
            try long.withUnsafeBytes { try IPv6Header(parsing: $0) }
        }
    }

    @Test("ICMP, UDP and TCP keep what was put in, with checksums that hold", arguments: IPFamily.allCases)
    func transports(family: IPFamily) throws {
        let from = family == .v4 ? source : .v6(six("2001:db8::1"))
        let to = family == .v4 ? target : .v6(six("2001:db8::2"))
        let echo = ICMPHeader.message(type: 8, rest: 0x1234_5678, payload: [1, 2, 3], from: from, to: to)
        try echo.withUnsafeBytes {
            let header = try ICMPHeader(parsing: $0)
            #expect(header.identifier == 0x1234)
            #expect(header.sequence == 0x5678)
            #expect(ICMPHeader.checksumHolds(in: $0, from: from, to: to))
            #expect(!ICMPHeader.checksumHolds(in: UnsafeRawBufferPointer(rebasing: $0.dropLast()), from: from, to: to))
        }
        let datagram = UDPHeader.datagram(from: from, port: 4000, to: to, port: 53, payload: [1, 2, 3])
        try datagram.withUnsafeBytes {
            let header = try UDPHeader(parsing: $0)
            #expect(header.sourcePort == 4000)
            #expect(header.payload == 8..<11)
            #expect(UDPHeader.checksumHolds(in: $0, from: from, to: to))
            #expect(!UDPHeader.checksumHolds(in: $0, from: from, to: from))
        }
        let segment = TCPHeader.segment(
            from: from, port: 1, to: to, port: 2, sequence: 3, acknowledgment: 4, flags: [.syn, .ack], window: 5,
            payload: [6])
        try segment.withUnsafeBytes {
            let header = try TCPHeader(parsing: $0)
            #expect(header.flags == [.syn, .ack])
            #expect(header.sequence == 3)
            #expect(header.acknowledgment == 4)
            #expect(header.window == 5)
            #expect(header.payload == 20..<21)
        }
    }

    @Test("checksums that were left to the network card are finished")
    func offload() throws {
        for proto in [IPProtocol.udp, .tcp] {
            let right =
                proto == .udp
                ? UDPHeader.datagram(from: source, port: 1, to: target, port: 2, payload: [1, 2, 3])
                : TCPHeader.segment(
                    from: source, port: 1, to: target, port: 2, sequence: 1, acknowledgment: 2, flags: .ack,
                    payload: [1])
            let packet = try #require(IPPacket.build(from: source, to: target, proto: proto, payload: right))
            let ethernet = EthernetHeader(destination: .broadcast, source: .zero, type: .ipv4)
            let frame = ethernet.frame(carrying: packet)
            var pending = frame
            let field = 34 + (proto == .udp ? 6 : 16)
            (pending[field], pending[field + 1]) = (0xAB, 0xCD)
            pending.withUnsafeMutableBytes { TransportChecksum.finish(in: $0) }
            #expect(pending == frame)
        }
    }

    @Test("VLAN tags are skipped")
    func vlan() throws {
        let frame: [UInt8] =
            Array(repeating: 1, count: 12) + [0x88, 0xA8, 0, 5, 0x81, 0x00, 0x20, 0x07, 0x08, 0x00, 0x45]
        let header = try frame.withUnsafeBytes { try EthernetHeader(parsing: $0) }
        #expect(header.type == .ipv4)
        #expect(header.vlan == 7)
        #expect(header.length == 22)
    }

    @Test("nothing is reported about reports, groups, or pieces that are not the first")
    func reports() throws {
        func report(_ packet: [UInt8]?) throws -> [UInt8]? {
            let packet = try #require(packet)
            return packet.withUnsafeBytes { ICMPError.timeExceeded.packet(about: $0, from: target) }
        }
        let echo = ICMPHeader.message(type: 8, rest: 1, payload: [], from: source, to: target)
        let reply = try #require(try report(IPPacket.build(from: source, to: target, proto: .icmp, payload: echo)))
        #expect(try report(reply) == nil)
        let group = IPAddress.v4(IPv4Address(224, 0, 0, 1))
        #expect(try report(IPPacket.build(from: source, to: group, proto: .icmp, payload: echo)) == nil)
        #expect(try report(IPPacket.build(from: group, to: target, proto: .icmp, payload: echo)) == nil)
        let piece = IPv4Header.packet(
            from: IPv4Address(192, 0, 2, 10), to: IPv4Address(203, 0, 113, 80), proto: .udp, fragmentOffset: 8,
            payload: echo)
        #expect(try report(piece) == nil)
    }
}
