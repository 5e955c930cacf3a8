import SupportQuestions
import Testing
import Wire
import WireSessions

@Suite("Captures may be reordered, repeated, cut, dripped or damaged")
struct RobustnessTests {
    private func read(_ capture: [UInt8], _ keyLog: [UInt8]) -> SessionRows {
        Sessions.read(capture, SessionConfiguration(keyLog: KeyLog(keyLog))).0
    }

    @Test("byte by byte gives the rows of the whole", arguments: CaptureFixture.names)
    func dripped(name: String) throws {
        let fixture = CaptureFixture(name)
        let whole = fixture.read()
        let rows = SessionRows()
        let reader = SessionReader(SessionConfiguration(keyLog: KeyLog(fixture.keyLog)), sink: rows)
        for byte in fixture.capture { try reader.consume([byte]) }
        let report = reader.finish()
        #expect(rows.frames == whole.frames)
        #expect(rows.exchanges == whole.exchanges)
        #expect(rows.streams == whole.streams)
        #expect(report.captureError == nil)
    }

    @Test("cut anywhere, the frames before the cut are there and the cut is told", arguments: CaptureFixture.names)
    func cut(name: String) {
        let fixture = CaptureFixture(name)
        let whole = fixture.read()
        for length in stride(from: 0, to: fixture.capture.count, by: 157) {
            let (rows, report) = Sessions.read(
                Array(fixture.capture.prefix(length)), SessionConfiguration(keyLog: KeyLog(fixture.keyLog)))
            #expect(rows.frames.elementsEqual(whole.frames.prefix(rows.frames.count)))
            #expect(rows.exchanges.count <= whole.exchanges.count)
            if length < 24 { #expect(report.captureError != nil) }
        }
    }

    @Test(
        "neighbouring segments swapped, one pair after the other", arguments: ["tls13-h1", "h2", "tunnel", "tls12-h1"])
    func swapped(name: String) {
        let fixture = CaptureFixture(name)
        let whole = fixture.read()
        let frames = fixture.frames
        for index in 3..<(frames.count - 4) {
            var changed = frames
            changed.swapAt(index, index + 1)
            let rows = read(CaptureFixture.write(changed), fixture.keyLog)
            #expect(rows.outline == whole.outline, "frames \(index + 1) and \(index + 2)")
            #expect(rows.statuses == whole.statuses)
        }
    }

    @Test("all segments of a direction between handshake and end reversed in threes", arguments: ["tls13-h1", "h2"])
    func scrambled(name: String) {
        let fixture = CaptureFixture(name)
        var frames = fixture.frames
        for start in stride(from: 3, to: frames.count - 8, by: 3) { frames[start..<start + 3].reverse() }
        let rows = read(CaptureFixture.write(frames), fixture.keyLog)
        #expect(rows.outline == fixture.read().outline)
        #expect(rows.statuses == ["decrypted"])
    }

    @Test("every frame twice, as the any device records them", arguments: CaptureFixture.names)
    func doubled(name: String) {
        let fixture = CaptureFixture(name)
        let rows = read(CaptureFixture.write(fixture.frames.flatMap { [$0, $0] }), fixture.keyLog)
        #expect(rows.outline == fixture.read().outline)
        #expect(rows.statuses == fixture.read().statuses)
    }

    @Test("the same ports again are another connection")
    func reused() {
        let fixture = CaptureFixture("tls13-h1")
        let other = CaptureFixture("tls13-h1").frames.map { frame in
            // Another initial sequence number in both directions.
            var bytes = frame.bytes
            bytes[14 + 20 + 4] ^= 0x55
            bytes[14 + 20 + 8] ^= 0x55
            return (bytes: bytes, time: frame.time + 1_000_000_000)
        }
        let rows = read(CaptureFixture.write(fixture.frames + other), fixture.keyLog)
        #expect(rows.streams.map { $0.counted(.streamIndex) } == [0, 1])
        #expect(rows.statuses == ["decrypted", "decrypted"])
        #expect(rows.exchanges.count == 8)
    }

    @Test("thousands of connections are told apart, and ended ones are forgotten")
    func many() throws {
        let opening = try #require(CaptureFixture("plain-h1").frames.first)
        var writer = PcapWriter(linkType: LinkType.ethernet.rawValue)
        for number in 0..<9000 {
            var syn = opening.bytes
            // Another address of 127.0.0.0/8 on either side makes another connection of it.
            for offset in [26, 30] {
                syn[offset + 1] = UInt8(number >> 8)
                syn[offset + 2] = UInt8(number & 0xFF)
            }
            var reset = syn
            reset[14 + 20 + 13] = 4
            writer.frame(syn, timestamp: opening.time)
            writer.frame(reset, timestamp: opening.time)
        }
        let rows = Sessions.read(writer.drain(), .frames(FrameFieldSet([.tcpStream]), keyLog: KeyLog())).0
        #expect(rows.frames.flatMap { $0.numbers(.tcpStream) } == (0..<9000).flatMap { [$0, $0] })
    }

    @Test("bytes changed at random never trap, and what is told stays consistent", arguments: CaptureFixture.names)
    func mutated(name: String) {
        let fixture = CaptureFixture(name)
        var draws = Draws(state: UInt64(name.utf8.reduce(7) { $0 &* 31 &+ UInt64($1) }))
        for _ in 0..<80 {
            var changed = fixture.capture
            for _ in 0..<Int.random(in: 1...12, using: &draws) {
                changed[Int.random(in: 24..<changed.count, using: &draws)] = UInt8.random(in: 0...255, using: &draws)
            }
            let rows = read(changed, fixture.keyLog)
            for stream in rows.streams {
                #expect((stream.counted(.tlsRecordsOpened) ?? 0) <= (stream.counted(.tlsRecords) ?? 0))
            }
        }
    }

    @Test("only the fields that were asked for are in the rows")
    func wanted() {
        let fixture = CaptureFixture("tls13-h1")
        let configuration = SessionConfiguration.frames(
            FrameFieldSet([.http, .httpRequestUri, .frameNumber]), keyLog: KeyLog(fixture.keyLog))
        let rows = Sessions.read(fixture.capture, configuration).0
        #expect(rows.frames.flatMap { $0.texts(.httpRequestUri) } == ["/", "/long.txt", "/missing", "/large.bin"])
        let slots = Set(rows.frames.flatMap { $0.items.map(\.slot) })
        #expect(slots == [FrameField.http.slot, FrameField.httpRequestUri.slot, FrameField.frameNumber.slot])
        #expect(rows.exchanges.isEmpty)
        #expect(rows.summaries.isEmpty)
    }
}
