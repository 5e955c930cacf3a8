import EngineProbe
import Wire

/// What a prober hears: an ICMP message that somebody sent, read as an answer to its own probes.
struct ReplyTarget: FuzzTarget {
    let name = "reply"
    let longestInput = 260
    let dictionary = [
        "\0\0\0\0\0\u{7}\0\u{3}", "\u{b}\0\0\0\0\0\0\0", "\u{8}\0\0\0\0\u{7}\0\u{3}", "\u{81}\0", "\u{3}\0",
    ]

    static let target = IPAddress.v4(IPv4Address(rawValue: 0xCB00_7150))
    static let target6 = IPAddress.v6(IPv6Address(high: 0x2001_0DB8_0000_0000, low: 0x50))
    private static let payload = EchoPayload(secret: 42, size: 56)

    func run(_ input: [UInt8]) {
        for from in [Self.target, Self.target6] {
            for verifies in [true, false] { read(input, from, verifies) }
            var mended = input
            guard mended.count >= 8 else { continue }
            (mended[2], mended[3]) = (0, 0)
            let sum = InternetChecksum.of(mended)
            (mended[2], mended[3]) = (UInt8(sum >> 8), UInt8(sum & 0xFF))
            read(mended, from, true)
            if let extended = ICMPTarget.mended(input, from.family) { read(extended, from, false) }
        }
    }

    private func read(_ input: [UInt8], _ from: IPAddress, _ verifies: Bool) {
        let arrival = ProbeReader.Arrival(from: from, timeToLive: 60, at: 1)
        let known = ProbeReader(identifier: 7, payload: Self.payload)
        input.withUnsafeBytes { bytes in
            _ = known.number(ofQueued: bytes)
            _ = ProbeReader.extensions(bytes)
            _ = ProbeReader(identifier: nil).message(bytes, arrival, verifiesChecksum: verifies)
            guard let heard = known.message(bytes, arrival, verifiesChecksum: verifies) else { return }
            guard heard.outcome == .reply, heard.integrity == .intact else { return }
            let sent = Self.payload.bytes(to: from, number: heard.number)
            precondition(input[4] == 0 && input[5] == 7, "a reply with somebody else's identifier is not ours")
            precondition(Array(input.dropFirst(8)) == sent, "only what was sent is intact")
            precondition(!verifies || InternetChecksum.of(input) == 0, "a wrong checksum is damage")
        }
    }
}

/// Reads the numbers of a script off the front of an input; zeros behind its end.
struct ScriptReader {
    private var rest: ArraySlice<UInt8>

    init(_ input: [UInt8]) { rest = input[...] }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func byte() -> UInt8 { rest.popFirst() ?? 0 }
    mutating func word() -> UInt16 { UInt16(byte()) << 8 | UInt16(byte()) }

    /// Something heard: of few senders and few numbers, so that some are of probes that were sent.
    mutating func observation(at time: Int64, senders: [IPAddress]) -> ProbeObservation {
        let kind = byte()
        let outcome: ProbeObservation.Outcome =
            switch kind & 7 {
            case 0: .timeExceeded
            case 1: .unreachable(type: byte(), code: byte())
            case 2: .packetTooBig(mtu: Int(word()))
            default: .reply
            }
        let who = byte()
        let far = byte()
        var heard = ProbeObservation(
            number: far & 0x80 == 0 ? UInt16(far & 0x1F) : word(), outcome: outcome,
            target: outcome == .reply ? nil : senders[Int(who >> 4) % senders.count],
            from: who & 15 == 15 ? nil : senders[Int(who & 15) % senders.count], timeToLive: byte(), bytes: 64,
            at: time,
            integrity: kind & 8 == 0 ? .intact : kind & 16 == 0 ? .damaged : .forged)
        if kind & 32 != 0 { heard.measured = Int64(word()) &* 1_000_000 }
        if kind & 64 != 0 {
            heard.extensions = [
                .labels([MPLSLabel(label: UInt32(byte()), isBottom: true, timeToLive: 1)]),
                .interface(InterfaceInformation(role: .incoming, index: 3, name: String(UnicodeScalar(byte())))),
            ]
        }
        return heard
    }
}
