import EngineProxy
import LabTestSupport
import Testing

@Suite("HTTP/2 requests that could mean something else to an origin, and floods")
struct HTTP2AbuseTests {
    private static let good: [(String, String)] = [
        (":method", "GET"), (":scheme", "https"), (":authority", "localhost"), (":path", "/"),
    ]

    private static func with(_ fields: (String, String)...) -> [(String, String)] { good + fields }

    private static func changed(_ name: String, _ value: String?) -> [(String, String)] {
        good.compactMap { $0.0 == name ? value.map { (name, $0) } : $0 }
    }

    /// Heads of requests, and how each is refused: with a status, or by the end of the stream or of the connection.
    enum Answer: Sendable, Hashable {
        case status(String)
        /// RST_STREAM with PROTOCOL_ERROR.
        case reset
        /// GOAWAY with COMPRESSION_ERROR.
        case goAway
        case nothing

        init(status: String?, _ end: FrameClient.Frame?) {
            switch (status, end?.type, end?.errorCode) {
            case (let status?, 0, _), (let status?, 1, _): self = .status(status)
            case (nil, 3, 1): self = .reset
            case (nil, 7, 9): self = .goAway
            default: self = .nothing
            }
        }
    }

    static let probes: [(name: String, fields: [(String, String)], answer: Answer)] = [
        ("line end in a value", with(("x-a", "b\r\nhost: evil")), .reset),
        ("bare line feed in a value", with(("x-a", "b\nc")), .reset),
        ("NUL in a value", with(("x-a", "b\0c")), .reset),
        ("line end in a name", with(("x-a\r\nhost", "b")), .reset),
        ("upper case in a name", with(("X-A", "b")), .reset),
        ("space in a name", with(("x a", "b")), .reset),
        ("colon in a name", with(("x:a", "b")), .reset),
        ("empty name", with(("", "b")), .goAway),
        ("leading space in a value", with(("x-a", " b")), .status("400")),
        ("connection", with(("connection", "close")), .reset),
        ("keep-alive", with(("keep-alive", "5")), .reset),
        ("proxy-connection", with(("proxy-connection", "close")), .reset),
        ("transfer-encoding", with(("transfer-encoding", "chunked")), .reset),
        ("upgrade", with(("upgrade", "h2c")), .reset),
        ("te other than trailers", with(("te", "gzip")), .reset),
        ("no method", changed(":method", nil), .reset),
        ("no path", changed(":path", nil), .reset),
        ("no scheme", changed(":scheme", nil), .reset),
        ("two paths", with((":path", "/b")), .reset),
        ("two methods", with((":method", "POST")), .reset),
        ("an unknown pseudo-header field", with((":evil", "b")), .reset),
        ("a response's pseudo-header field", with((":status", "200")), .reset),
        ("a pseudo-header field after others", [("x-a", "b")] + good, .reset),
        ("empty path", changed(":path", ""), .reset),
        ("path without a slash", changed(":path", "x"), .status("400")),
        ("path with a space", changed(":path", "/a b"), .reset),
        ("path with a line end", changed(":path", "/ HTTP/1.1\r\nx: y"), .reset),
        ("absolute path", changed(":path", "http://evil.test/"), .status("400")),
        ("method with a space", changed(":method", "GET /x"), .reset),
        ("scheme that is none", changed(":scheme", "gopher"), .status("400")),
        ("scheme of the other kind", changed(":scheme", "http"), .status("400")),
        ("authority with a user", changed(":authority", "user@localhost"), .status("400")),
        ("authority with a line end", changed(":authority", "localhost\r\nx: y"), .reset),
        ("no authority, no host", changed(":authority", nil), .status("400")),
        ("host and authority that differ", with(("host", "other.test")), .status("400")),
        ("two hosts", with(("host", "localhost"), ("host", "localhost")), .status("400")),
        ("two lengths", with(("content-length", "3"), ("content-length", "3")), .reset),
        ("a length that is none", with(("content-length", "+3")), .reset),
        ("a length of a body that does not come", with(("content-length", "3")), .reset),
        ("CONNECT", changed(":method", "CONNECT"), .reset),
        ("an expectation nobody knows", with(("expect", "the-worst")), .status("417")),
    ]

    @Test("malformed heads are refused, whatever their origin speaks, and nothing of them is passed on")
    func heads() async throws {
        let proxy = try await RunningProxy.start()
        let origin = try await ScriptedOrigin.start(identity: proxy.identity(for: "localhost")) { _ in
            "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
        }
        for probe in Self.probes {
            let client = try await FrameClient.open(proxy, to: "localhost:\(origin.port)", name: "localhost")
            client.send(try client.headers(probe.fields, on: 1, ends: true))
            let answer = try await client.message(on: 1)
            #expect(Answer(status: answer.heads.first?[":status"], answer.end) == probe.answer, "\(probe.name)")
            await client.close()
        }
        await proxy.stop()
        await origin.stop()
        let asked = origin.received.filter { !$0.isEmpty }
        #expect(asked.isEmpty)
        #expect(proxy.flows.isEmpty)
    }

    private static func frame(_ type: UInt8, _ flags: UInt8, _ stream: UInt32, _ payload: [UInt8] = []) -> [UInt8] {
        FrameClient.frame(type, flags, stream, payload)
    }

    /// GET https://localhost/ in HPACK's static table and literals without names in the table.
    private static let get: [UInt8] = [0x82, 0x87, 0x84, 0x41, 9] + Array("localhost".utf8)

    /// What RFC 9113 calls an error: the section, what is sent after the preface, and the code that must come back (for the
    /// connection, or for the stream where it is an error of that); nil where the connection just ends.
    static let errors: [(section: String, name: String, bytes: [UInt8], code: UInt32?)] = [
        ("4.2", "a frame beyond the size that is allowed", frame(0, 0, 1, [UInt8](repeating: 0, count: 16_385)), 6),
        ("4.3", "a field block that is no HPACK", frame(1, 0x5, 1, [0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]), 9),
        ("5.1", "DATA on an idle stream", frame(0, 0x1, 1, [1]), nil),
        ("5.1", "RST_STREAM on an idle stream", frame(3, 0, 1, [0, 0, 0, 8]), 1),
        ("5.1", "WINDOW_UPDATE on an idle stream", frame(8, 0, 1, [0, 0, 0, 8]), 1),
        ("5.1.1", "a stream with an even number", frame(1, 0x5, 2, get), 1),
        ("5.1.1", "a stream below the last", frame(1, 0x5, 5, get) + frame(1, 0x5, 3, get), 1),
        ("6.1", "DATA on stream 0", frame(0, 0x1, 0, [1]), 1),
        ("6.1", "padding longer than the frame", frame(1, 0x4, 1, get) + frame(0, 0x8, 1, [9, 1]), 1),
        ("6.2", "HEADERS on stream 0", frame(1, 0x5, 0, get), 1),
        ("6.3", "PRIORITY on stream 0", frame(2, 0, 0, [0, 0, 0, 3, 1]), 1),
        ("6.4", "RST_STREAM on stream 0", frame(3, 0, 0, [0, 0, 0, 8]), 1),
        ("6.4", "RST_STREAM of three octets", frame(1, 0x4, 1, get) + frame(3, 0, 1, [0, 0, 8]), 6),
        ("6.5", "SETTINGS on a stream", frame(4, 0, 1), 1),
        ("6.5", "SETTINGS of five octets", frame(4, 0, 0, [0, 1, 0, 0, 0]), 6),
        ("6.5", "an acknowledgement with a payload", frame(4, 0x1, 0, [0, 1, 0, 0, 0, 0]), 6),
        ("6.5.2", "ENABLE_PUSH of 2", frame(4, 0, 0, [0, 2, 0, 0, 0, 2]), 1),
        ("6.5.2", "a window of 2^31", frame(4, 0, 0, [0, 4, 0x80, 0, 0, 0]), 3),
        ("6.5.2", "a frame size of 1", frame(4, 0, 0, [0, 5, 0, 0, 0, 1]), 1),
        ("6.6", "PUSH_PROMISE from a client", frame(1, 0x4, 1, get) + frame(5, 0x4, 1, [0, 0, 0, 2] + get), 1),
        ("6.7", "PING on a stream", frame(6, 0, 1, [UInt8](repeating: 0, count: 8)), 1),
        ("6.7", "PING of six octets", frame(6, 0, 0, [UInt8](repeating: 0, count: 6)), 6),
        ("6.8", "GOAWAY on a stream", frame(7, 0, 1, [UInt8](repeating: 0, count: 8)), 1),
        ("6.9", "a window update of 0", frame(8, 0, 0, [0, 0, 0, 0]), 1),
        ("6.9", "a window update of three octets", frame(8, 0, 0, [0, 0, 1]), 6),
        ("6.9.1", "a window beyond 2^31", frame(8, 0, 0, [0x7F, 0xFF, 0xFF, 0xFF]), 3),
        ("6.10", "CONTINUATION of nothing", frame(9, 0x4, 1, get), 1),
        (
            "6.10", "another frame amid a field block",
            frame(1, 0x1, 1, get) + frame(6, 0, 0, [UInt8](repeating: 0, count: 8)), 1
        ),
    ]

    @Test(
        "what RFC 9113 calls an error is answered with its code, and the connection's end where it says so",
        arguments: errors.indices)
    func frames(_ index: Int) async throws {
        let this = Self.errors[index]
        let proxy = try await RunningProxy.start { $0.http2 = .both }
        let origin = try await ScriptedOrigin.start(identity: proxy.identity(for: "localhost")) { _ in nil }
        let client = try await FrameClient.open(proxy, to: "localhost:\(origin.port)", name: "localhost")
        client.send(this.bytes)
        var codes: [UInt32] = []
        while let frame = await client.next() {
            if let code = frame.errorCode {
                codes.append(code)
                break
            }
        }
        await client.close()
        await proxy.stop()
        await origin.stop()
        #expect(codes == (this.code.map { [$0] } ?? []), "section \(this.section): \(this.name)")
    }

    /// Frames that are each allowed and too many together, with the number after which the connection must have ended.
    static let floods: [(name: String, prefix: [UInt8], bytes: [UInt8])] = [
        ("pings", [], frame(6, 0, 0, [1, 2, 3, 4, 5, 6, 7, 8])), ("settings", [], frame(4, 0, 0)),
        ("empty pieces of a field block", frame(1, 0, 1, get), frame(9, 0, 1)),
        ("empty pieces of a body", frame(1, 0x4, 1, get), frame(0, 0, 1)),
        ("priorities", [], frame(2, 0, 1, [0, 0, 0, 3, 1])),
    ]

    @Test("a flood ends its connection, and nobody else's", arguments: floods.indices)
    func flooded(_ index: Int) async throws {
        let this = Self.floods[index]
        let proxy = try await RunningProxy.start { $0.http2 = .both }
        let origin = try await ScriptedOrigin.start(identity: proxy.identity(for: "localhost")) { _ in
            "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
        }
        let authority = "localhost:\(origin.port)"
        let other = try await FrameClient.open(proxy, to: authority, name: "localhost")
        let flood = try await FrameClient.open(proxy, to: authority, name: "localhost")
        flood.send(this.prefix)
        flood.send(Array(repeatElement(this.bytes, count: 20_000).joined()))
        while await flood.next() != nil {}
        other.send(FrameClient.frame(1, 0x5, 1, Self.get(authority)))
        let answer = try await other.message(on: 1)
        #expect(answer.body == Array("ok".utf8), "\(this.name)")
        await other.close()
        await proxy.stop()
        await origin.stop()
    }

    private static func get(_ authority: String) -> [UInt8] {
        [0x82, 0x87, 0x84, 0x41, UInt8(authority.utf8.count)] + Array(authority.utf8)
    }

    @Test("requests that are taken back as soon as they were made end the connection")
    func rapidReset() async throws {
        let proxy = try await RunningProxy.start { $0.http2 = .both }
        let origin = try await ScriptedOrigin.start(identity: proxy.identity(for: "localhost")) { _ in nil }
        let authority = "localhost:\(origin.port)"
        let client = try await FrameClient.open(proxy, to: authority, name: "localhost")
        var bytes: [UInt8] = []
        for stream in (0..<2000 as Range<UInt32>).map({ $0 * 2 + 1 }) {
            bytes += FrameClient.frame(1, 0x5, stream, Self.get(authority))
            bytes += FrameClient.frame(3, 0, stream, [0, 0, 0, 8])
        }
        client.send(bytes)
        var code: UInt32?
        while let frame = await client.next() {
            if frame.type == 7 { code = frame.errorCode }
        }
        await client.close()
        await proxy.stop()
        await origin.stop()
        #expect(code == 11)
        #expect(proxy.flows.count < 2000)
    }
}
