import Testing
import Wire

@Suite("HTTP/1 leniency and anomalies")
struct HTTP1LeniencyTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var head: String
        var framing: HTTP1Framing
        var anomalies: [HTTP1Anomaly]
        var testDescription: String { name }
    }

    static let requests: [Case] = [
        Case(
            name: "both lengths",
            head: "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n",
            framing: .chunked, anomalies: [.contentLengthWithTransferEncoding]),
        Case(
            name: "the same length twice",
            head: "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\n", framing: .length(3),
            anomalies: [.duplicateContentLength]),
        Case(
            name: "two lengths in one field", head: "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3, 4\r\n\r\n",
            framing: .length(3), anomalies: [.duplicateContentLength, .conflictingContentLength]),
        Case(
            name: "a length that is none", head: "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: +3\r\n\r\n",
            framing: .untilClose, anomalies: [.invalidContentLength]),
        Case(
            name: "a length beyond 64 bits",
            head: "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999999999999\r\n\r\n", framing: .untilClose,
            anomalies: [.invalidContentLength]),
        Case(
            name: "a coding that nobody knows",
            head: "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n", framing: .untilClose,
            anomalies: [.unknownTransferCoding]),
        Case(
            name: "chunked not last", head: "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked, gzip\r\n\r\n",
            framing: .untilClose, anomalies: [.chunkedNotFinal]),
        Case(
            name: "chunked twice",
            head: "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
            framing: .chunked, anomalies: [.chunkedTwice]),
        Case(
            name: "a coding in HTTP/1.0", head: "POST / HTTP/1.0\r\nTransfer-Encoding: Chunked\r\n\r\n",
            framing: .chunked, anomalies: [.transferEncodingInHTTP10]),
        Case(name: "bare line feeds", head: "GET / HTTP/1.1\nHost: x\n\n", framing: .none, anomalies: [.bareLineFeed]),
        Case(
            name: "a folded field", head: "GET / HTTP/1.1\r\nHost: x\r\nA: b\r\n  c\r\n\td\r\n\r\n", framing: .none,
            anomalies: [.foldedField]),
        Case(
            name: "a blank before the colon", head: "GET / HTTP/1.1\r\nHost : x\r\n\r\n", framing: .none,
            anomalies: [.whitespaceBeforeColon]),
        Case(
            name: "a line without colon", head: "GET / HTTP/1.1\r\nHost: x\r\nrubbish\r\n\r\n", framing: .none,
            anomalies: [.fieldWithoutColon]),
        Case(
            name: "a name that is no token", head: "GET / HTTP/1.1\r\nHost: x\r\na(b: c\r\n\r\n", framing: .none,
            anomalies: [.invalidFieldName]),
        Case(
            name: "NUL in a value", head: "GET / HTTP/1.1\r\nHost: x\0y\r\n\r\n", framing: .none,
            anomalies: [.nulInField]),
        Case(
            name: "a carriage return inside a line", head: "GET / HTTP/1.1\r\nHost: x\ry\r\n\r\n", framing: .none,
            anomalies: [.bareCarriageReturn]),
        Case(
            name: "blanks in the start line", head: "GET  /a b  HTTP/1.1 \r\nHost: x\r\n\r\n", framing: .none,
            anomalies: [.whitespaceInStartLine]),
        Case(
            name: "empty lines first", head: "\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n", framing: .none,
            anomalies: [.leadingEmptyLine]),
        Case(name: "no host", head: "GET / HTTP/1.1\r\n\r\n", framing: .none, anomalies: [.missingHost]),
        Case(
            name: "two hosts", head: "GET / HTTP/1.1\r\nHost: a\r\nhost: b\r\n\r\n", framing: .none,
            anomalies: [.severalHosts]),
    ]

    @Test("requests are read and what is odd about them is told", arguments: requests)
    func oddRequest(_ item: Case) throws {
        let head = try #require(firstRequest(item.head))
        #expect(head.framing == item.framing)
        #expect(head.anomalies == item.anomalies)
    }

    @Test("names keep their spelling, values lose only the blanks around them, order and duplicates stay")
    func fieldText() throws {
        let head = try #require(
            firstRequest("GET / HTTP/1.1\r\nHOST:\t x \r\nAccept:a\r\nX-Empty:\r\naccept: b\r\nF: 1\r\n 2\r\n\r\n"))
        #expect(
            head.fields.all.map { "\($0.name)=\($0.value)" } == ["HOST=x", "Accept=a", "X-Empty=", "accept=b", "F=1 2"])
        #expect(head.fields.values("ACCEPT") == ["a", "b"])
        #expect(head.fields.first("host") == "x")
        #expect(head.fields.first("hos") == nil)
        #expect(head.fields[4].marks == .folded)
    }

    @Test(
        "what is no HTTP/1 gets its reason",
        arguments: [
            ("\u{16}\u{03}\u{01}\u{02}", HTTP1Failure.notHTTP),
            ("SSH-2.0-OpenSSH_9\r\n", .notHTTP),
            ("GET /\r\n\r\n", .startLine),
            ("GET / HTTP/1.x\r\n\r\n", .startLine),
            ("PRI * HTTP/2.0\r\n\r\n", .unsupportedVersion(HTTP1Version(major: 2, minor: 0))),
            ("G@T / HTTP/1.1\r\n\r\n", .notHTTP),
        ] as [(String, HTTP1Failure)])
    func failures(_ text: String, _ failure: HTTP1Failure) {
        #expect(HTTP1Script([(.client, text)]).lines().first { $0.contains("failed") } == "C-1 failed \(failure)")
    }

    @Test(
        "chunk lines that cannot be read end the message",
        arguments: ["xyz\r\n", "\r\n", "fffffffffffffffff\r\n", "1 2\r\n", "-1\r\n"])
    func chunkLines(_ line: String) {
        let lines = HTTP1Script([(.client, "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n" + line)])
            .lines()
        #expect(lines.last == "C0 failed chunkSize")
    }

    @Test("limits hold: head, fields, chunk line")
    func limits() {
        let limits = HTTP1Limits(headSize: 100, fieldCount: 3, chunkLineSize: 20)
        let long = HTTP1Script([(.client, "GET /" + String(repeating: "a", count: 200) + " HTTP/1.1\r\n\r\n")])
        let many = HTTP1Script([(.client, "GET / HTTP/1.1\r\n" + String(repeating: "a: b\r\n", count: 4) + "\r\n")])
        let chunk = HTTP1Script([
            (
                .client,
                "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1;" + String(repeating: "e", count: 40)
            )
        ])
        for piece in [1, 7, .max] {
            #expect(long.lines(piece: piece, limits: limits).first == "C-1 failed headTooLarge(limit: 100)")
            #expect(many.lines(piece: piece, limits: limits).first == "C-1 failed tooManyFields(limit: 3)")
            #expect(chunk.lines(piece: piece, limits: limits).last == "C0 failed chunkLineTooLong(limit: 20)")
        }
    }

    private func firstRequest(_ text: String) -> HTTP1RequestHead? {
        var parser = HTTP1Parser(.request)
        return [UInt8](text.utf8).withUnsafeBytes { octets in
            var input = octets
            if case .request(let head) = parser.next(&input) { return head }
            return nil
        }
    }
}
