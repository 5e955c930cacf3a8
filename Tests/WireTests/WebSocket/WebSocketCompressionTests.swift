import Testing
import Wire

@Suite("WebSocket compression (RFC 7692)")
struct WebSocketCompressionTests {
    typealias Script = WebSocketScript
    private static let hello: [UInt8] = [0xF2, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00]

    @Test("the examples of section 7.2.3 are read as it says")
    func examples() {
        let all = WebSocketCompression()
        #expect(
            Script.events(Script.frame(1, Self.hello, bits: 0x40), compression: all)
                == ["text compressed", "“Hello”", "end 1 7"])
        let pieces =
            Script.frame(1, [0xF2, 0x48, 0xCD], isFinal: false, bits: 0x40) + Script.frame(0, [0xC9, 0xC9, 0x07, 0x00])
        #expect(Script.events(pieces, compression: all) == ["text compressed", "“Hello”", "end 2 7"])
        // The second of the same is a reference to the first.
        let two = Script.frame(1, Self.hello, bits: 0x40) + Script.frame(1, [0xF2, 0x00, 0x11, 0x00, 0x00], bits: 0x40)
        for size in [Int.max, 1, 2, 3] {
            #expect(
                Script.events(two, compression: all, size: size)
                    == ["text compressed", "“Hello”", "end 1 7", "text compressed", "“Hello”", "end 1 5"])
        }
        // A block without compression; one that says it is the last; two blocks in one message.
        let stored: [UInt8] = [0x00, 0x05, 0x00, 0xFA, 0xFF, 0x48, 0x65, 0x6C, 0x6C, 0x6F, 0x00]
        let last: [UInt8] = [0xF3, 0x48, 0xCD, 0xC9, 0xC9, 0x07, 0x00, 0x00]
        let blocks: [UInt8] = [0xF2, 0x48, 0x05, 0x00, 0x00, 0x00, 0xFF, 0xFF, 0xCA, 0xC9, 0xC9, 0x07, 0x00]
        for payload in [stored, last, blocks] {
            let bytes = Script.frame(1, payload, bits: 0x40) + Script.frame(1, Self.hello, bits: 0x40)
            #expect(
                Script.events(bytes, compression: all)
                    == [
                        "text compressed", "“Hello”", "end 1 \(payload.count)", "text compressed", "“Hello”", "end 1 7",
                    ])
        }
        #expect(Script.events(Script.frame(1, [0], bits: 0x40), compression: all) == ["text compressed", "end 1 1"])
        #expect(Script.events(Script.frame(1, [], bits: 0x40), compression: all) == ["text compressed", "end 1 0"])
        // Behind a last block the window is still there.
        let later = Script.frame(1, last, bits: 0x40) + Script.frame(1, [0xF2, 0x00, 0x11, 0x00, 0x00], bits: 0x40)
        #expect(Script.events(later, compression: all).suffix(2) == ["“Hello”", "end 1 5"])
    }

    @Test("messages that are not compressed pass between those that are")
    func mixed() {
        let bytes = Script.text("plain") + Script.frame(1, Self.hello, bits: 0x40) + Script.text("again")
        #expect(
            Script.events(bytes, compression: WebSocketCompression()) == [
                "text", "“plain”", "end 1 5", "text compressed", "“Hello”", "end 1 7", "text", "“again”", "end 1 5",
            ])
    }

    @Test("without a window that is taken over, each message stands for itself")
    func noTakeover() {
        let two = Script.frame(1, Self.hello, bits: 0x40) + Script.frame(1, [0xF2, 0x00, 0x11, 0x00, 0x00], bits: 0x40)
        let agreed = WebSocketCompression(clientTakesOver: true, serverTakesOver: false)
        #expect(
            Script.events(two, compression: agreed).last == "failed: \(WebSocketFailure.compression.sentence)")
    }

    @Test("what is no DEFLATE ends the reading, and reserved bits stay forbidden where they mean nothing")
    func damaged() {
        let all = WebSocketCompression()
        for payload in [[0x07], [0xFF, 0xFF, 0xFF], [0x01, 0x05, 0x00, 0x00, 0x00, 0x41]] as [[UInt8]] {
            #expect(
                Script.events(Script.frame(1, payload, bits: 0x40), compression: all).last
                    == "failed: \(WebSocketFailure.compression.sentence)", "\(payload)")
        }
        let bits = "failed: \(WebSocketFailure.reservedBits.sentence)"
        #expect(Script.events(Script.frame(9, [], bits: 0x40), compression: all) == [bits])
        #expect(Script.events(Script.frame(1, [], bits: 0x20), compression: all) == [bits])
        let continued = Script.frame(1, [], isFinal: false, bits: 0x40) + Script.frame(0, [], bits: 0x40)
        #expect(Script.events(continued, compression: all).last == bits)
    }

    /// A literal 0 and 4,064 times 258 more of it, in the fixed code of RFC 1951 (section 3.2.6).
    private static let bomb: [UInt8] = {
        var bits: [UInt8] = [0, 1, 0]
        bits += [0, 0, 1, 1, 0, 0, 0, 0]
        for _ in 0..<4064 { bits += [1, 1, 0, 0, 0, 1, 0, 1] + [0, 0, 0, 0, 0] }
        bits += [0, 0, 0, 0, 0, 0, 0] + [0, 0, 0]
        while bits.count % 8 != 0 { bits.append(0) }
        return stride(from: 0, to: bits.count, by: 8).map { start in
            (0..<8).reduce(UInt8(0)) { $0 | bits[start + $1] << UInt8($1) }
        }
    }()

    @Test("a message that grows beyond the limit is no longer read, and not kept")
    func bombs() {
        let all = WebSocketCompression()
        let frame = Script.frame(2, Self.bomb, bits: 0x40)
        #expect(Self.bomb.count < 7_000)
        #expect(
            Script.events(frame, compression: all, limit: 2 << 20)
                == ["binary compressed", "\(4064 * 258 + 1) octets", "end 1 \(Self.bomb.count)"])
        let count = 4064 * 258 + 1
        #expect(Script.events(frame, compression: all, limit: count).last == "end 1 \(Self.bomb.count)")
        #expect(Script.events(frame, compression: all, limit: count - 1).last?.hasPrefix("failed") == true)
        for size in [Int.max, 100] {
            #expect(
                Script.events(frame + Script.text("more"), compression: all, limit: 100_000, size: size)
                    == [
                        "binary compressed", "100000 octets",
                        "failed: \(WebSocketFailure.tooLarge(limit: 100_000).sentence)",
                    ])
        }
        // The limit is each message's own.
        let many = Script.frame(2, Self.hello, bits: 0x40) + Script.frame(2, Self.hello, bits: 0x40)
        #expect(Script.events(many, compression: all, limit: 5).count == 6)
    }

    @Test("the extensions of a handshake are read strictly")
    func extensions() {
        func agreed(_ values: String...) -> WebSocketExtensions { WebSocketExtensions(values) }
        #expect(agreed() == .none && agreed("") == .none)
        #expect(agreed("permessage-deflate") == .compression(WebSocketCompression()))
        #expect(
            agreed("Permessage-Deflate ; server_no_context_takeover;client_max_window_bits=\"12\"")
                == .compression(WebSocketCompression(clientTakesOver: true, serverTakesOver: false)))
        #expect(
            agreed("permessage-deflate; client_no_context_takeover")
                == .compression(WebSocketCompression(clientTakesOver: false, serverTakesOver: true)))
        #expect(agreed("permessage-bzip2") == .unknown("permessage-bzip2"))
        #expect(agreed("permessage-deflate, x-y") == .unknown("x-y"))
        #expect(agreed("permessage-deflate", "permessage-deflate") == .unknown("permessage-deflate"))
        for bad in [
            "client_max_window_bits=7", "server_max_window_bits=16", "x", "server_no_context_takeover=1",
            "server_max_window_bits",
        ] {
            #expect(agreed("permessage-deflate; " + bad) == .unknown("permessage-deflate"), "\(bad)")
        }
    }
}
