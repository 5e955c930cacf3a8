import Testing
import Wire

@Suite("HTTP/2 robustness")
struct HTTP2RobustnessTests {
    @Test("a connection cut at every length is followed to the cut")
    func truncated() {
        let script = HTTP2ConnectionTests.full()
        let whole = script.lines()
        var cut = HTTP2Script()
        for step in script.steps {
            cut.steps.append((step.side, []))
            for octet in step.octets {
                cut.steps[cut.steps.count - 1].octets.append(octet)
                let lines = cut.lines()
                #expect(lines.dropLast().elementsEqual(whole.prefix(max(0, lines.count - 1))))
            }
        }
        #expect(cut.lines() == whole)
    }

    @Test("two thousand mutations never trap, and never give more data than went in")
    func mutated() {
        var random = TestRandom(seed: 23)
        let original = HTTP2ConnectionTests.full()
        for round in 0..<2_000 {
            var script = original
            script.beginning = [.preface, .unknown, .upgrade][round % 3]
            for _ in 0...Int(random.next() % 3) {
                let step = Int(random.next() % UInt64(script.steps.count))
                guard !script.steps[step].octets.isEmpty else { continue }
                let place = Int(random.next() % UInt64(script.steps[step].octets.count))
                switch random.next() % 3 {
                case 0: script.steps[step].octets[place] = UInt8(truncatingIfNeeded: random.next())
                case 1: script.steps[step].octets.remove(at: place)
                default: script.steps[step].octets.insert(UInt8(truncatingIfNeeded: random.next()), at: place)
                }
            }
            let size = script.steps.reduce(0) { $0 + $1.octets.count }
            let lines = script.lines(piece: 1 + Int(random.next() % 50))
            #expect(lines.filter { $0.contains(" data ") }.reduce(0) { $0 + $1.utf8.count } <= size * 4)
        }
    }

    @Test("a hole inside DATA loses only those octets")
    func holeInData() {
        var connection = HTTP2Connection(.unknown)
        var transcript = HTTP2Transcript()
        feed(
            HTTP2Script.frame(.data, flags: 1, stream: 1, [UInt8]("0123456789".utf8)).dropLast(6), &connection,
            &transcript)
        transcript.add(connection.missed(4, from: .server), .server)
        feed([0x38, 0x39] + HTTP2Script.frame(.headers, flags: 5, stream: 3, [0x88]), &connection, &transcript)
        #expect(
            transcript.lines == [
                "S 1 data 0123", "S 1 missing 4", "S 1 data 89", "S 1 end", "S 3 response :status=200", "S 3 end",
            ])
    }

    @Test("after a hole over frames, an input that begins with frames is taken up and old table entries are unknown")
    func holeOverFrames() {
        var connection = HTTP2Connection()
        var transcript = HTTP2Transcript()
        feed(HTTP2Script.frame(.settings), &connection, &transcript)
        feed(
            HTTP2Script.frame(.headers, flags: 4, stream: 1, hexOctets("88 4003 73756d 0131")), &connection, &transcript
        )
        transcript.add(connection.missed(500, from: .server), .server)
        feed([UInt8](repeating: 0xee, count: 40), &connection, &transcript)
        feed(HTTP2Script.frame(.headers, flags: 5, stream: 3, [0x88, 0xbe]), &connection, &transcript)
        #expect(
            transcript.lines == [
                "S settings ", "S 1 response :status=200 sum=1", "S failed gap(500)", "S 0 anomaly resynchronised",
                "S 3 response :status=200 =", "S 3 end",
            ])
        #expect(connection.unfinished(.server) == [1])
    }

    @Test("field blocks, frames and streams are bounded")
    func limits() {
        let limits = HTTP2Limits(blockSize: 64, listSize: 1 << 20, streams: 4)
        var script = HTTP2Script()
        script.preface()
        script.send(.client, .settings)
        script.send(.client, .headers, stream: 1, [0x82, 0x87, 0x84])
        for _ in 0..<40 { script.send(.client, .continuation, stream: 1, [UInt8](repeating: 0x82, count: 60)) }
        script.send(.client, .continuation, flags: 4, stream: 1)
        for stream in 0..<6 {
            script.send(.client, .headers, flags: 4, stream: UInt32(stream * 2 + 3), [0x82, 0x87, 0x84])
        }
        let lines = script.lines(limits: limits)
        #expect(lines.contains("C 1 anomaly blockTooLarge(limit: 64)"))
        #expect(lines.contains("C 9 anomaly tooManyStreams(limit: 4)"))
        #expect(lines.last == "C 13 request :method=GET :scheme=https :path=/")
    }

    private func feed(
        _ octets: some Collection<UInt8>, _ connection: inout HTTP2Connection, _ transcript: inout HTTP2Transcript
    ) {
        [UInt8](octets).withUnsafeBytes { all in
            var input = all
            while let event = connection.next(&input, from: .server) { transcript.add(event, .server) }
        }
    }
}
