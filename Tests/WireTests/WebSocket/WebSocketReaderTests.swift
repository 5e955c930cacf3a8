import Testing
import Wire

@Suite("WebSocket frames (RFC 6455)")
struct WebSocketReaderTests {
    typealias Script = WebSocketScript
    private static let mask: [UInt8] = [0x37, 0xFA, 0x21, 0x3D]

    @Test("the examples of RFC 6455, section 5.7, are read as it says")
    func examples() {
        #expect(
            Script.events([0x81, 0x05, 0x48, 0x65, 0x6C, 0x6C, 0x6F]) == ["text", "“Hello”", "end 1 5"])
        #expect(
            Script.events([0x81, 0x85, 0x37, 0xFA, 0x21, 0x3D, 0x7F, 0x9F, 0x4D, 0x51, 0x58], from: .client)
                == ["text", "“Hello”", "end 1 5"])
        #expect(
            Script.events([0x01, 0x03, 0x48, 0x65, 0x6C, 0x80, 0x02, 0x6C, 0x6F]) == ["text", "“Hello”", "end 2 5"])
        #expect(Script.events([0x89, 0x05, 0x48, 0x65, 0x6C, 0x6C, 0x6F]) == ["ping “Hello”"])
        #expect(
            Script.events([0x8A, 0x85, 0x37, 0xFA, 0x21, 0x3D, 0x7F, 0x9F, 0x4D, 0x51, 0x58], from: .client)
                == ["pong “Hello”"])
        #expect(
            Script.events([0x82, 0x7E, 0x01, 0x00] + [UInt8](repeating: 7, count: 256))
                == ["binary", "256 octets", "end 1 256"])
        #expect(
            Script.events([0x82, 0x7F, 0, 0, 0, 0, 0, 1, 0, 0] + [UInt8](repeating: 7, count: 65_536))
                == ["binary", "65536 octets", "end 1 65536"])
    }

    private static let dialogue =
        Script.frame(1, Array("für ".utf8), isFinal: false, mask: mask) + Script.frame(9, [1, 2], mask: mask)
        + Script.frame(0, [], isFinal: false, mask: mask) + Script.frame(0, Array("Ännchen".utf8), mask: mask)
        + Script.frame(2, [UInt8](repeating: 9, count: 300), mask: mask) + Script.frame(2, [], mask: mask)
        + Script.frame(10, [], mask: mask) + Script.frame(8, [0x03, 0xE8] + Array("bye".utf8), mask: mask)

    @Test("pieces of any size make no difference, and control frames come between the pieces of a message")
    func pieces() {
        let whole = Script.events(Self.dialogue, from: .client)
        #expect(
            whole == [
                "text", "“für ”", "ping “\u{1}\u{2}”", "“Ännchen”", "end 3 13", "binary", "300 octets", "end 1 300",
                "binary", "end 1 0", "pong “”", "close 1000 “bye”",
            ])
        for size in 1...20 {
            // Content is cut at every piece; joined again it is the same.
            #expect(Script.events(Self.dialogue, from: .client, size: size) == whole, "\(size)")
        }
    }

    @Test("every beginning is taken, and known to be one")
    func truncated() {
        for count in 0...Self.dialogue.count {
            let events = Script.events(Array(Self.dialogue.prefix(count)), from: .client, size: 3)
            #expect(!events.contains { $0.hasPrefix("failed") }, "\(count)")
        }
        #expect(Script.events(Array(Self.dialogue.prefix(1)), from: .client) == ["…"])
        #expect(Script.events(Script.frame(1, [65], isFinal: false)) == ["text", "“A”", "…"])
    }

    static let failures: [(name: String, side: HTTPSide, bytes: [UInt8], failure: WebSocketFailure)] = [
        ("RSV1 without compression", .server, Script.frame(1, [], bits: 0x40), .reservedBits),
        ("RSV2", .server, Script.frame(1, [], bits: 0x20), .reservedBits),
        ("RSV3", .server, Script.frame(1, [], bits: 0x10), .reservedBits),
        ("opcode 3", .server, Script.frame(3, []), .unknownOpcode(3)),
        ("opcode 11", .server, Script.frame(11, []), .unknownOpcode(11)),
        ("a client without a mask", .client, Script.text("a"), .unmasked),
        ("a server with one", .server, Script.text("a", mask: mask), .masked),
        ("a length of two octets for 125", .server, [0x82, 126, 0, 125], .length),
        ("a length of eight for 65,535", .server, [0x82, 127, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF], .length),
        ("a length of 2^63", .server, [0x82, 127, 0x80, 0, 0, 0, 0, 0, 0, 0], .length),
        ("a ping in pieces", .server, Script.frame(9, [], isFinal: false), .control),
        ("a ping of 126 octets", .server, [0x89, 126, 0, 126], .control),
        ("a Close of 126 octets", .server, [0x88, 126, 0, 126], .control),
        ("a continuation of nothing", .server, Script.frame(0, []), .continuation),
        (
            "a continuation behind the end", .server, Script.text("a") + Script.frame(0, []), .continuation
        ),
        (
            "a message within another", .server, Script.frame(1, [], isFinal: false) + Script.frame(1, []),
            .interrupted
        ),
        ("a message behind Close", .server, Script.frame(8, []) + Script.text("a"), .afterClose),
        ("a second Close", .server, Script.frame(8, []) + Script.frame(8, []), .afterClose),
    ]

    @Test("what RFC 6455 forbids ends the reading of that side with the reason", arguments: failures.indices)
    func forbidden(_ index: Int) {
        let this = Self.failures[index]
        for size in [Int.max, 1] {
            let events = Script.events(this.bytes + Script.text("more"), from: this.side, size: size)
            #expect(events.last == "failed: \(this.failure.sentence)", "\(this.name)")
        }
    }

    @Test("the largest length there is overflows nothing")
    func largest() {
        let head: [UInt8] = [0x82, 127, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]
        #expect(Script.events(head + [1, 2]) == ["binary", "“\u{1}\u{2}”", "…"])
        let start: [UInt8] = [0x02, 127, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]
        #expect(Script.events(start) == ["binary", "…"])
    }

    static let texts: [(bytes: [UInt8], isValid: Bool)] = [
        (Array("κόσμε 🙂 \u{10FFFF}\u{D7FF}\u{E000}".utf8), true), ([], true), ([0x7F, 0], true),
        ([0xCE, 0xBA, 0xE1], false), ([0x80], false), ([0xC0, 0xAF], false), ([0xC1, 0xBF], false),
        ([0xE0, 0x80, 0xAF], false), ([0xE0, 0x9F, 0xBF], false), ([0xED, 0xA0, 0x80], false),
        ([0xF0, 0x80, 0x80, 0xAF], false), ([0xF0, 0x8F, 0xBF, 0xBF], false), ([0xF4, 0x90, 0x80, 0x80], false),
        ([0xF5, 0x80, 0x80, 0x80], false), ([0xFF], false), ([0xE2, 0x82, 0x41], false),
        ([0x41, 0xF0, 0x9F, 0x99], false),
        ([0xED, 0x9F, 0xBF, 0xF4, 0x8F, 0xBF, 0xBF, 0xEE, 0x80, 0x80], true),
    ]

    @Test("text is held to UTF-8, also where a character lies in two frames", arguments: texts.indices)
    func text(_ index: Int) {
        let (bytes, isValid) = Self.texts[index]
        #expect(isValid == (String(validating: bytes, as: UTF8.self) != nil))
        let ending = "end 1 \(bytes.count)" + (isValid ? "" : " invalid")
        #expect(Script.events(Script.frame(1, bytes)).last == ending)
        #expect(Script.events(Script.frame(1, bytes), size: 1).last == ending)
        #expect(Script.events(Script.frame(2, bytes)).last == "end 1 \(bytes.count)")
        for cut in 0...bytes.count {
            let frames =
                Script.frame(1, Array(bytes[..<cut]), isFinal: false) + Script.frame(0, Array(bytes[cut...]))
            #expect(Script.events(frames).last == "end 2 \(bytes.count)" + (isValid ? "" : " invalid"))
        }
    }

    @Test("close codes are told, and those that none may send are marked")
    func closes() {
        #expect(Script.events(Script.frame(8, [])) == ["close - “”"])
        #expect(Script.events(Script.frame(8, [3])) == ["close - “” invalid"])
        #expect(Script.events(Script.frame(8, [3, 0xE8, 0xFF])) == ["close 1000 “\u{FFFD}” invalid"])
        for code in [1000, 1001, 1002, 1003, 1007, 1011, 1014, 3000, 4999] as [UInt16] {
            #expect(WebSocketClose.maySend(code))
        }
        for code in [0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000, 65_535] as [UInt16] {
            #expect(!WebSocketClose.maySend(code))
            let bytes = Script.frame(8, [UInt8(code >> 8), UInt8(code & 0xFF)])
            #expect(Script.events(bytes) == ["close \(code) “” invalid"])
        }
    }

    @Test("masks are taken off at any offset and length")
    func masks() {
        let bytes = (0..<40).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        let key: [UInt8] = [1, 2, 3, 250]
        for offset in 0..<4 {
            for count in 0...bytes.count {
                var out = [UInt8](repeating: 0, count: count)
                bytes[..<count].withUnsafeBytes { source in
                    out.withUnsafeMutableBytes {
                        WebSocketMask.apply(0x0102_03FA, offset: offset, source, $0)
                    }
                }
                #expect(out == bytes[..<count].enumerated().map { $1 ^ key[($0 + offset) & 3] })
            }
        }
    }
}
