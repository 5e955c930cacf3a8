import Testing
import Wire

@Suite("HTTP/1 robustness")
struct HTTP1RobustnessTests {
    static let scripts: [HTTP1Script] = [
        HTTP1Script(
            [
                (.client, "\r\nPOST /u?q=1 HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nA: b\r\n c\r\n\r\n"),
                (.client, "5;e\r\nhello\r\n1\n!\n0\r\nT: 1\r\nU: 2\r\n\r\n"),
                (.server, "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"),
                (.client, "HEAD / HTTP/1.1\r\nHost: x\r\n\r\nGET /b HTTP/1.1\nHost: x\n\n"),
                (
                    .server,
                    "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n\r\nHTTP/1.1 200\r\nTransfer-Encoding: gzip, chunked\r\n\r\n"
                ),
                (.server, "3\r\nabc\r\n0\r\n\r\n"),
                (.client, "GET /c HTTP/1.1\r\nHost: x\r\n\r\n"),
                (.server, "HTTP/1.1 200 OK\r\n\r\nto the end"),
            ], ends: [(.client, .closed), (.server, .closed)]),
        HTTP1Script([
            (.client, "CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\n"),
            (.server, "HTTP/1.1 200 OK\r\n\r\n"), (.client, "\u{16}\u{03}\u{01}in"), (.server, "\u{16}out"),
        ]),
    ]

    @Test("any cutting of the input gives the same events", arguments: scripts.indices, [1, 2, 3, 5, 7, 16, 61])
    func dripFed(_ script: Int, _ piece: Int) {
        let script = Self.scripts[script]
        #expect(script.lines(piece: piece) == script.lines())
    }

    @Test("a dialogue cut at every length is followed to the cut", arguments: scripts.indices)
    func truncated(_ index: Int) {
        let whole = Self.scripts[index].lines().joined(separator: "\n")
        var cut = HTTP1Script([])
        cut.ends = [(.client, .aborted), (.server, .aborted)]
        var heads = 0
        for step in Self.scripts[index].steps {
            cut.steps.append((step.side, []))
            for octet in step.octets {
                cut.steps[cut.steps.count - 1].octets.append(octet)
                let lines = cut.lines()
                let first = lines.first.map { whole.contains($0) || $0.contains("truncatedHead") } ?? true
                #expect(first, "\(lines)")
                heads = max(heads, lines.count)
            }
        }
        #expect(heads > 5)
    }

    @Test("two thousand mutations never trap, and never give more body than went in")
    func mutated() {
        var random = TestRandom(seed: 7)
        for round in 0..<2_000 {
            var script = Self.scripts[round % Self.scripts.count]
            for _ in 0...Int(random.next() % 4) {
                let step = Int(random.next() % UInt64(script.steps.count))
                guard !script.steps[step].octets.isEmpty else { continue }
                let place = Int(random.next() % UInt64(script.steps[step].octets.count))
                switch random.next() % 4 {
                case 0: script.steps[step].octets[place] = UInt8(truncatingIfNeeded: random.next())
                case 1: script.steps[step].octets.remove(at: place)
                case 2: script.steps[step].octets.insert(UInt8(truncatingIfNeeded: random.next()), at: place)
                default: script.steps[step].octets.removeSubrange(place...)
                }
            }
            let size = script.steps.reduce(0) { $0 + $1.octets.count }
            let lines = script.lines(piece: 1 + Int(random.next() % 40))
            let body = lines.filter { $0.contains("body ") }.reduce(0) { $0 + $1.utf8.count }
            #expect(body <= size * 4)
        }
    }

    @Test("a hole inside a body is counted and the next message is read")
    func holeInBody() {
        var parser = HTTP1Parser(.response)
        parser.requestSent(.other)
        parser.requestSent(.other)
        var transcript = HTTP1Transcript()
        feed("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n123", &parser, &transcript)
        transcript.add(parser.missed(4), .server, 0)
        feed("890HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n", &parser, &transcript)
        #expect(
            transcript.lines.filter { !$0.contains("  ") } == [
                "S0 200 OK HTTP/1.1 length(10)", "S0 body 123", "S0 missing 4", "S0 body 890", "S0 end complete",
                "S0 404 No HTTP/1.1 none", "S0 end complete",
            ])
        #expect(parser.messageCount == 2)
    }

    @Test("after a hole that swallowed a head, the next start line at the beginning of an input is taken up")
    func holeOverHead() {
        var parser = HTTP1Parser(.response)
        parser.requestSent(.other)
        parser.requestSent(.head)
        var transcript = HTTP1Transcript()
        feed("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n12", &parser, &transcript)
        transcript.add(parser.missed(1_000), .server, 0)
        feed("rest of something HTTP/1.1 200 OK\r\n\r\n", &parser, &transcript)
        feed("HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n", &parser, &transcript)
        #expect(
            transcript.lines.filter { !$0.contains("  ") } == [
                "S0 200 OK HTTP/1.1 length(4)", "S0 body 12", "S0 end truncated(missing: Optional(2))",
                "S0 200 OK HTTP/1.1 none ! resynchronised", "S0 end complete",
            ])
    }

    @Test(
        "the first octets tell what a stream is",
        arguments: [
            ("GET / HTTP/1.1\r\n", HTTP1Signature.Verdict.request), ("GE", .undecided), ("HTTP/1.1 200", .response),
            ("HTTP", .undecided), ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", .http2Preface), ("PRI * HT", .undecided),
            ("\u{16}\u{03}\u{01}", .other), ("SSH-2.0-x\r\n", .other), ("EHLO x\r\n", .other), ("", .undecided),
            ("GET / FTP/1.1\r\n", .other),
        ] as [(String, HTTP1Signature.Verdict)])
    func signatures(_ text: String, _ verdict: HTTP1Signature.Verdict) {
        #expect([UInt8](text.utf8).withUnsafeBytes(HTTP1Signature.judge) == verdict)
    }

    private func feed(_ text: String, _ parser: inout HTTP1Parser, _ transcript: inout HTTP1Transcript) {
        [UInt8](text.utf8).withUnsafeBytes { octets in
            var input = octets
            while let event = parser.next(&input) { transcript.add(event, .server, 0) }
        }
    }
}
