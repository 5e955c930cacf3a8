import SupportCrypto
import Testing

@testable import Wire

@Suite("QUIC packets")
struct QUICPacketTests {
    private struct Seen {
        var packets: [QUICPacket] = []
        var frames: [UInt64] = []
        var handshakes: [TLSHandshakeMessage] = []
    }

    private func receive(_ datagram: [UInt8], from side: HTTPSide, _ observer: QUICObserver) -> Seen {
        var seen = Seen()
        datagram.withUnsafeBytes { bytes in
            observer.receive(bytes, from: side) { event, _ in
                switch event {
                case .packet(let packet): seen.packets.append(packet)
                case .frame(let type, _): seen.frames.append(type)
                case .handshake(let message): seen.handshakes.append(message)
                default: break
                }
            }
        }
        return seen
    }

    @Test(
        "Initial packets of both sides open by themselves, as in the appendix",
        arguments: [("rfc9001", QUICVersion.v1), ("rfc9369", .v2)])
    func initial(rfc: String, version: QUICVersion) throws {
        let vectors = QUICVectors.read(rfc)
        let observer = QUICObserver(context: TLSContext(keyLog: KeyLog()))
        let client = receive(try #require(vectors["long-client-encrypted-packet"]), from: .client, observer)
        #expect(client.packets.count == 1)
        #expect(client.packets.first?.protection == .opened(number: 2, keyPhase: nil))
        #expect(client.packets.first?.header.destination == QUICVectors.hex("8394c8f03e515708"))
        #expect(client.packets.first?.header.type == .initial)
        #expect(client.frames == [6, 0])
        guard case .clientHello(let hello)? = client.handshakes.first?.content else {
            Issue.record("no ClientHello")
            return
        }
        #expect(hello.extensions.serverName == "example.com")
        let server = receive(try #require(vectors["long-server-encrypted-packet"]), from: .server, observer)
        #expect(server.packets.first?.protection == .opened(number: 1, keyPhase: nil))
        #expect(server.frames == [2, 6])
        #expect(observer.serverHello != nil && observer.version == version)
    }

    @Test(
        "a short header under ChaCha20-Poly1305, as in the appendix",
        arguments: [
            ("rfc9001", QUICVersion.v1, "9ac312a7f877468ebe69422748ad00a15443f18203a07d6060f688f30f21632b"),
            ("rfc9369", .v2, "9ac312a7f877468ebe69422748ad00a15443f18203a07d6060f688f30f21632b"),
        ])
    func chaCha(rfc: String, version: QUICVersion, secret: String) throws {
        let packet = try #require(QUICVectors.read(rfc)["chacha20-client-encrypted-packet"])
        let opener = try #require(
            QUICPacketOpener(version, .chaCha20Poly1305, .sha256, secret: QUICVectors.hex(secret)))
        var plaintext = [UInt8](repeating: 0, count: packet.count)
        let opened = try packet.withUnsafeBytes { bytes -> (UInt64, Int)? in
            let header = try #require(QUICHeader(short: bytes, idLength: 0))
            let unmasked = try #require(opener.unmask(bytes, header))
            let number = QUICPacketNumber.decode(
                unmasked.truncatedNumber, length: unmasked.numberLength, largest: 654_360_563)
            var associated: [UInt8] = []
            return plaintext.withUnsafeMutableBytes { output in
                opener.open(bytes, header, unmasked, number: number, header: &associated, into: output)
            }.map { (number, $0) }
        }
        #expect(opened?.0 == 654_360_564 && opened?.1 == 1 && plaintext[0] == 1)
    }

    @Test("a packet that was changed in one bit, anywhere, does not open")
    func changed() throws {
        let packet = try #require(QUICVectors.read("rfc9001")["long-client-encrypted-packet"])
        for index in stride(from: 5, to: packet.count, by: 37) {
            var changed = packet
            changed[index] ^= 1
            let seen = receive(changed, from: .client, QUICObserver(context: TLSContext(keyLog: KeyLog())))
            #expect(seen.handshakes.isEmpty, "byte \(index)")
        }
    }

    @Test("cut at every length it gives nothing, and never traps")
    func cut() throws {
        let packet = try #require(QUICVectors.read("rfc9001")["long-client-encrypted-packet"])
        for length in 0..<packet.count {
            let observer = QUICObserver(context: TLSContext(keyLog: KeyLog()))
            #expect(receive(Array(packet.prefix(length)), from: .client, observer).handshakes.isEmpty)
        }
    }

    @Test(
        "packet numbers are completed from their low bytes (RFC 9000, appendix A.3)",
        arguments: [
            (UInt64(0x9b32), 2, UInt64?(0xa82f_30ea), UInt64(0xa82f_9b32)), (0x00, 1, nil, 0), (0xff, 1, nil, 0xff),
            (0x01, 1, 0xff, 0x101), (0xfe, 1, 0x101, 0xfe), (0xac5c02, 3, 0xabe8b3, 0xac5c02),
        ])
    func numbers(truncated: UInt64, length: Int, largest: UInt64?, whole: UInt64) {
        #expect(QUICPacketNumber.decode(truncated, length: length, largest: largest) == whole)
    }

    @Test(
        "variable-length integers (RFC 9000, appendix A.1)",
        arguments: [
            ("c2197c5eff14e88c", UInt64(151_288_809_941_952_652)), ("9d7f3e7d", 494_878_333), ("7bbd", 15_293),
            ("25", 37), ("4025", 37),
        ])
    func integers(digits: String, value: UInt64) {
        let bytes = QUICVectors.hex(digits)
        ByteReader.withBytes(of: bytes) { reader in
            #expect(reader.quicInteger() == value && reader.isAtEnd)
        }
        for length in 0..<bytes.count {
            ByteReader.withBytes(of: Array(bytes.prefix(length))) { #expect($0.quicInteger() == nil) }
        }
    }

    @Test("hostile headers and frames are read or refused, never trapped on")
    func hostile() {
        var random = SystemlessRandom(seed: 7)
        for _ in 0..<20_000 {
            var bytes = (0..<Int.random(in: 0...80, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            if bytes.count > 5, Bool.random(using: &random) {
                bytes[0] |= 0xc0
                bytes.replaceSubrange(1..<5, with: [0, 0, 0, 1])
            }
            let observer = QUICObserver(context: TLSContext(keyLog: KeyLog()))
            _ = receive(bytes, from: .client, observer)
            ByteReader.withBytes(of: bytes) { reader in
                var count = 0
                while QUICFrame.read(&reader) != nil { count += 1 }
                #expect(count <= bytes.count)
            }
        }
    }

    @Test("streams come in order, whatever the order and overlap of their frames")
    func streams() {
        let whole = (0..<200).map { UInt8($0) }
        var random = SystemlessRandom(seed: 11)
        for _ in 0..<200 {
            var assembler = QUICStreamAssembler()
            var pieces = stride(from: 0, to: 200, by: 10).map {
                $0..<min(200, $0 + Int.random(in: 10...30, using: &random))
            }
            pieces.shuffle(using: &random)
            var got: [UInt8] = []
            for piece in pieces {
                Array(whole[piece]).withUnsafeBytes { bytes in
                    if let ready = assembler.accept(offset: UInt64(piece.lowerBound), bytes) { got += ready }
                }
                while let ready = assembler.takeReady() { got += ready }
            }
            #expect(got == whole && assembler.pendingBytes == 0 && !assembler.hasHole)
        }
    }
}

/// A generator whose numbers a seed repeats (SplitMix64).
struct SystemlessRandom: RandomNumberGenerator {
    private var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
    }
}
