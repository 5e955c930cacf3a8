import EngineProbe
import Testing
import Wire

/// Bytes from outside that are short, wrong or somebody else's.
@Suite("Hostile messages")
struct HostileMessageTests {
    private let payload = EchoPayload(secret: 42, size: 56)
    private let own = Drawings.address("192.0.2.10")
    private let target = Drawings.address("203.0.113.80")
    private let router = Drawings.address("198.18.1.2")

    private var reader: ProbeReader { ProbeReader(identifier: 7, payload: payload) }

    private func read(_ bytes: [UInt8], from: IPAddress? = nil) -> ProbeObservation? {
        bytes.withUnsafeBytes {
            reader.message(
                $0, ProbeReader.Arrival(from: from ?? target, timeToLive: 60, at: 0), verifiesChecksum: true)
        }
    }

    private func reply(identifier: UInt16 = 7, number: UInt16 = 3, payload bytes: [UInt8]? = nil) -> [UInt8] {
        ICMPHeader.message(
            type: 0, rest: UInt32(identifier) << 16 | UInt32(number),
            payload: bytes ?? payload.bytes(to: target, number: number), from: target, to: own)
    }

    private func timeExceeded(to destination: IPAddress? = nil, identifier: UInt16 = 7, quote: Int = 1500) -> [UInt8] {
        let request = ICMPHeader.message(
            type: 8, rest: UInt32(identifier) << 16 | 3, payload: payload.bytes(to: target, number: 3), from: own,
            to: target)
        let packet = IPPacket.build(from: own, to: destination ?? target, proto: .icmp, timeToLive: 1, payload: request)
        return ICMPHeader.message(
            type: 11, rest: 0, payload: (packet ?? []).prefix(quote), from: router, to: own)
    }

    @Test("the true reply is intact")
    func intact() {
        #expect(read(reply())?.integrity == .intact)
        #expect(read(reply())?.number == 3)
        #expect(read(timeExceeded(), from: router)?.target == target)
        #expect(read(timeExceeded(), from: router)?.integrity == .intact)
    }

    @Test("a reply cut at any length is damaged or nothing, never intact")
    func cutReply() {
        let whole = reply()
        for length in 0..<whole.count {
            let observation = read(Array(whole[..<length]))
            #expect(observation?.integrity != .intact, "\(length) bytes")
        }
    }

    @Test("a reply with any one bit turned is not intact, whether its checksum was mended or not")
    func turnedBits() {
        let whole = reply()
        for bit in 0..<whole.count * 8 {
            var bytes = whole
            bytes[bit / 8] ^= 1 << (bit % 8)
            let observation = read(bytes)
            // A turned identifier or type is another message; whatever is ours shows its damage.
            if let observation { #expect(observation.integrity != .intact, "bit \(bit)") }
            guard bit >= 64 else { continue }
            let mended = reply(payload: Array(bytes[8...]))
            #expect(read(mended)?.integrity == .damaged, "bit \(bit)")
        }
    }

    @Test("somebody else's identifier is nothing; a reply without our mark is forged")
    func strangers() {
        #expect(read(reply(identifier: 8)) == nil)
        #expect(read(reply(payload: Array(repeating: 0, count: 56)))?.integrity == .forged)
        #expect(read(reply(payload: payload.bytes(to: target, number: 4)))?.integrity == .forged)
        #expect(read(reply(payload: payload.bytes(to: router, number: 3)))?.integrity == .forged)
        #expect(
            read(reply(payload: EchoPayload(secret: 43, size: 56).bytes(to: target, number: 3)))?.integrity == .forged)
    }

    @Test("a report cut at any length, with its checksum mended, is ours only as far as it shows that")
    func cutReport() {
        for quote in 0..<84 {
            let observation = read(timeExceeded(quote: quote), from: router)
            // An IPv4 header and the first eight bytes behind it are what every router quotes.
            #expect((observation != nil) == (quote >= 28), "\(quote) bytes quoted")
            if let observation { #expect(observation.number == 3) }
        }
        let whole = timeExceeded()
        for length in 0..<whole.count { #expect(read(Array(whole[..<length]), from: router) == nil, "\(length) bytes") }
    }

    @Test("reports about other people's packets, or that quote garbage, are nothing")
    func foreignReports() {
        #expect(read(timeExceeded(identifier: 8), from: router) == nil)
        #expect(read(timeExceeded(to: router), from: router)?.target == router)
        for byte: UInt8 in [0, 0x45, 0x60, 0xFF] {
            let garbage = ICMPHeader.message(
                type: 3, code: 1, rest: 0, payload: Array(repeating: byte, count: 64), from: router, to: own)
            #expect(read(garbage, from: router) == nil, "\(byte)")
        }
        // A quote whose header promises more than there is, and one that nests another report.
        var lying = timeExceeded()
        lying[8] = 0x4F
        #expect(read(lying, from: router) == nil)
        let nested = ICMPHeader.message(type: 11, rest: 0, payload: timeExceeded(), from: router, to: own)
        #expect(read(nested, from: router) == nil)
    }

    @Test("a report that quotes another payload is forged")
    func forgedReport() {
        let request = ICMPHeader.message(
            type: 8, rest: 7 << 16 | 3, payload: Array(repeating: 9, count: 56), from: own, to: target)
        let packet = IPPacket.build(from: own, to: target, proto: .icmp, payload: request) ?? []
        let report = ICMPHeader.message(type: 11, rest: 0, payload: packet, from: router, to: own)
        #expect(read(report, from: router)?.integrity == .forged)
    }

    @Test("no bytes at all make the reader trap", arguments: 0..<64)
    func noise(seed: Int) {
        var state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15 &+ 1
        for length in 0..<96 {
            let bytes = (0..<length).map { index -> UInt8 in
                state = state &* 6364136223846793005 &+ 1442695040888963407
                // The first bytes lead deep into the reader.
                if index == 0 { return [0, 3, 11, 12, 129, 1, 2, 4][seed % 8] }
                if index == 8 { return seed % 2 == 0 ? 0x45 : 0x60 }
                return UInt8(truncatingIfNeeded: state >> 33)
            }
            for from in [router, Drawings.address("2001:db8::1")] {
                _ = bytes.withUnsafeBytes {
                    reader.message($0, ProbeReader.Arrival(from: from, timeToLive: nil, at: 0))
                }
            }
        }
    }

    @Test("a mark needs sixteen bytes; shorter payloads are compared as they are")
    func short() {
        let short = EchoPayload(secret: 1, size: 4)
        #expect(short.bytes(to: target, number: 1) == [0, 1, 2, 3])
        let patterned = EchoPayload(secret: 1, size: 20, pattern: [0xAB, 0xCD])
        #expect(
            patterned.bytes(to: target, number: 1)[8...] == [
                0xAB, 0xCD, 0xAB, 0xCD, 0xAB, 0xCD, 0xAB, 0xCD, 0xAB, 0xCD, 0xAB, 0xCD,
            ])
        #expect(EchoPayload(secret: 1, size: 0).bytes(to: target, number: 1).isEmpty)
    }
}
