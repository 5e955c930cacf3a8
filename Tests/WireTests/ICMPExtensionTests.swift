import Testing
import Wire

@Suite("Extensions of ICMP errors")
struct ICMPExtensionTests {
    private let objects: [ICMPExtension] = [
        .labels([
            MPLSLabel(label: 16004, trafficClass: 5, isBottom: false, timeToLive: 1),
            MPLSLabel(label: 0xF_FFFF, isBottom: true, timeToLive: 255),
        ]),
        .interface(InterfaceInformation(role: .outgoing, index: 7, name: "ge-0/0/1", mtu: 9000)),
        .interface(
            InterfaceInformation(role: .incoming, address: IPAddress("2001:db8::1"))),
        .other(classNumber: 9, type: 3, payload: [1, 2, 3, 4]),
    ]

    private func report(_ family: IPFamily) throws -> [UInt8] {
        let (source, target) = family == .v4 ? ("192.0.2.1", "192.0.2.2") : ("2001:db8::1", "2001:db8::2")
        let (a, b) = (try #require(IPAddress(source)), try #require(IPAddress(target)))
        let offender = try #require(IPPacket.build(from: a, to: b, proto: .udp, payload: [1, 2, 3, 4, 5, 6, 7, 8]))
        let packet = try #require(
            offender.withUnsafeBytes { ICMPError.timeExceeded.packet(about: $0, from: b, extensions: objects) })
        return try packet.withUnsafeBytes { bytes in
            let header = try IPHeader(parsing: bytes)
            #expect(
                ICMPHeader.checksumHolds(in: UnsafeRawBufferPointer(rebasing: bytes[header.payload]), from: b, to: a))
            return Array(bytes[header.payload])
        }
    }

    private func read(_ message: [UInt8], _ family: IPFamily) -> [ICMPExtension] {
        message.withUnsafeBytes { ICMPExtension.objects(in: $0, family) }
    }

    @Test("what is written is read back, in both families", arguments: IPFamily.allCases)
    func roundTrip(family: IPFamily) throws { #expect(read(try report(family), family) == objects) }

    @Test("a sender that gives no length is believed to have quoted 128 bytes")
    func withoutLength() throws {
        var message = try report(.v4)
        #expect(message[5] == 32)
        message[5] = 0
        #expect(read(message, .v4) == objects)
    }

    @Test("a structure without a checksum is taken where the message gives its length, and nowhere else")
    func withoutChecksum() throws {
        var message = try report(.v4)
        (message[138], message[139]) = (0, 0)
        #expect(read(message, .v4) == objects)
        // Behind the 128 bytes of a sender that knows no extensions anything may stand (RFC 4884 §5.5).
        message[5] = 0
        #expect(read(message, .v4) == [])
    }

    @Test("a wrong checksum, version or length gives nothing, and nothing traps")
    func hostile() throws {
        let message = try report(.v4)
        for offset in [136, 138, 145] {
            var wrong = message
            wrong[offset] ^= 0x10
            #expect(read(wrong, .v4).isEmpty)
        }
        for length in 0...255 {
            var wrong = message
            wrong[5] = UInt8(length)
            if length != 0 && length != 32 { #expect(read(wrong, .v4).isEmpty) }
        }
        for count in 0..<message.count { #expect(read(Array(message.prefix(count)), .v4).count < 5) }
        // Checksum 0 means that there is none; lengths of objects may then say anything.
        for offset in 140..<message.count {
            for value in [0, 1, 3, 5, 0x7F, 0xFF] as [UInt8] {
                var wrong = message
                (wrong[138], wrong[139], wrong[offset]) = (0, 0, value)
                _ = read(wrong, .v4)
            }
        }
    }

    @Test("a message that may have no extensions has none")
    func otherMessages() throws {
        var message = try report(.v4)
        message[0] = 0
        #expect(read(message, .v4).isEmpty)
    }
}
