import SupportQuestions
import Testing
import Wire
import WireSessions

@Suite("What cannot be opened is told with its reason")
struct VerdictTests {
    private let fixture = CaptureFixture("tls13-h1")

    private func lines(_ keep: (Substring) -> Bool) -> [UInt8] {
        Array(
            String(decoding: fixture.keyLog, as: UTF8.self).split(separator: "\n").filter(keep).joined(separator: "\n")
                .utf8)
            + [10]
    }

    @Test("no key log")
    func none() {
        let rows = fixture.read(keys: [])
        #expect(rows.statuses == ["no-keys"])
        #expect(rows.exchanges.isEmpty)
        #expect(rows.streams[0].said(.tlsReason)?.contains("SSLKEYLOGFILE") == true)
        #expect(rows.streams[0].counted(.tlsRecordsOpened) == 0)
    }

    @Test("the key log of another session")
    func foreign() {
        let rows = fixture.read(keys: CaptureFixture("retry").keyLog)
        #expect(rows.statuses == ["wrong-keys"])
        #expect(
            rows.streams[0].said(.tlsReason)
                == "the key log has 1 client random, it does not occur in this capture: it belongs to another session or "
                + "another hop")
    }

    @Test("this connection's client random with another's secrets")
    func exchanged() {
        let other = String(decoding: CaptureFixture("retry").keyLog, as: UTF8.self).split(separator: "\n")
        let own = String(decoding: fixture.keyLog, as: UTF8.self).split(separator: "\n")
        let random = own[0].split(separator: " ")[1]
        let mixed = other.map { line in
            let words = line.split(separator: " ")
            return "\(words[0]) \(random) \(words[2])\n"
        }
        let rows = fixture.read(keys: Array(mixed.joined().utf8))
        #expect(rows.statuses == ["wrong-keys"])
        #expect(rows.exchanges.isEmpty)
    }

    @Test("handshake secrets missing: application data are opened all the same")
    func noHandshakeSecrets() {
        let rows = fixture.read(keys: lines { !$0.contains("HANDSHAKE") })
        #expect(rows.outline == fixture.read().outline)
        #expect(rows.statuses == ["partial"])
        #expect(rows.streams[0].said(.tlsReason)?.contains("HANDSHAKE_TRAFFIC_SECRET") == true)
    }

    @Test("one side's secrets missing: the other side is opened")
    func oneSide() {
        let rows = fixture.read(keys: lines { !$0.hasPrefix("SERVER") })
        #expect(rows.statuses == ["partial"])
        #expect(rows.exchanges.compactMap { $0.text(.httpPath) } == ["/", "/long.txt", "/missing", "/large.bin"])
        #expect(rows.exchanges.allSatisfy { $0.number(.httpCode) == nil })
        #expect(rows.streams[0].said(.tlsReason)?.contains("SERVER_") == true)
    }

    @Test("without the handshake in the capture")
    func late() {
        let rows = Sessions.read(
            CaptureFixture.write(Array(fixture.frames.dropFirst(6))),
            SessionConfiguration(keyLog: KeyLog(fixture.keyLog))
        ).0
        #expect(rows.statuses == ["no-handshake"])
        #expect(rows.exchanges.isEmpty)
    }

    @Test("every flipped bit of ciphertext is noticed, and only its record is lost")
    func flipped() throws {
        let frames = fixture.frames
        let whole = fixture.read()
        let request = try #require(whole.frames.firstIndex { $0.texts(.httpRequestUri) == ["/long.txt"] })
        let payload = try #require(CaptureFixture.payload(frames[request].bytes))
        for index in stride(from: payload.lowerBound + 5, to: payload.upperBound, by: 7) {
            var changed = frames
            changed[request].bytes[index] ^= 1
            let rows = Sessions.read(
                CaptureFixture.write(changed), SessionConfiguration(keyLog: KeyLog(fixture.keyLog))
            ).0
            #expect(rows.statuses == ["partial"])
            #expect(!rows.exchanges.contains { $0.text(.httpPath) == "/long.txt" })
            #expect(rows.exchanges.contains { $0.text(.httpPath) == "/missing" })
            #expect(
                rows.streams[0].counted(.tlsRecordsOpened) == whole.streams[0].counted(.tlsRecordsOpened).map { $0 - 1 }
            )
        }
    }

    @Test("a lost segment costs one response, not the connection")
    func hole() throws {
        let frames = fixture.frames
        let whole = fixture.read()
        // The largest response spans several segments; one in its middle goes.
        let end = try #require(whole.exchanges.last?.number(.httpFrame)).advanced(by: -1)
        let large = (0..<Int(end)).last { CaptureFixture.payload(frames[$0].bytes).map { $0.count > 1400 } ?? false }
        var changed = frames
        changed.remove(at: try #require(large))
        let rows = Sessions.read(
            CaptureFixture.write(changed), SessionConfiguration(keyLog: KeyLog(fixture.keyLog))
        ).0
        #expect(rows.statuses == ["gap"])
        #expect(rows.outline.prefix(3) == whole.outline.prefix(3))
        #expect(rows.streams[0].counted(.tlsLost).map { $0 > 1400 } == true)
        #expect(rows.exchanges.last?.first(at: ExchangeField.httpComplete.slot) == .boolean(false))
    }

    @Test("cut frames are named as the cause")
    func cut() {
        var writer = PcapWriter(linkType: LinkType.ethernet.rawValue, snapLength: 96)
        for frame in fixture.frames { writer.frame(frame.bytes, timestamp: frame.time) }
        let (rows, report) = Sessions.read(writer.drain(), SessionConfiguration(keyLog: KeyLog(fixture.keyLog)))
        #expect(report.cutFrames > 5)
        #expect(["truncated", "no-handshake"].contains(rows.statuses.first))
    }
}
