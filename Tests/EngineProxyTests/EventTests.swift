import Foundation
import LabTestSupport
import Testing

@testable import EngineProxy

@Suite("The proxy's events as lines of JSON")
struct EventTests {
    private static let flow = ProxyFlow(
        id: 7, connection: 3, client: ProxyAddress(address: "::1", port: 5), server: nil, scheme: "https",
        method: "GET",
        host: "a.test", port: 443, path: "/\u{1B}[2J\"\\\u{7}ü😀\n", version: "HTTP/1.1",
        request: ProxyMessage(headers: [ProxyHeader("A", "b\tc")]), status: 200, reason: "OK",
        responseVersion: "HTTP/1.1",
        contentType: nil,
        response: ProxyMessage(body: ProxyBody(bytes: [0, 255, 16], length: 9, sha256: "x", isCut: true)),
        answeredBy: .proxy,
        timings: ProxyTimings(
            start: 1, requestEnd: nil, connectStart: .max, connectEnd: nil, responseStart: nil, end: 2),
        clientTLS: ProxyTLSLeg(
            version: "TLSv1.3", cipher: "c", sni: nil, alpn: "h", clientRandom: "00", leafSHA256: nil, rootSHA256: "r"),
        serverTLS: nil, error: ProxyFlowError(kind: "k", text: "t"))

    private static let message = ProxyWebSocketMessage(
        at: 1, flow: 2, connection: 3, client: ProxyAddress(address: "a", port: 1), host: "h", port: 80, path: "/\n",
        number: .max, sender: .server, kind: .close, frames: 1, isCompressed: true, wireLength: 4,
        body: ProxyBody(bytes: [3, 232, 27], length: 3, sha256: "x"), closeCode: 1000, closeReason: "\u{1B}",
        error: ProxyFlowError(kind: "k", text: "t"))

    static let samples: [ProxyEvent] = [
        .listening(ProxyListening(at: 1, address: "127.0.0.1", port: 9000, authoritySHA256: "ab")),
        .connected(ProxyConnected(at: 1, connection: 1, client: ProxyAddress(address: "a", port: 1))),
        .disconnected(ProxyDisconnected(at: 1, connection: 1, client: ProxyAddress(address: "a", port: 1))),
        .flow(flow),
        .handshakeFailure(
            ProxyHandshakeFailure(
                at: 1, connection: 1, leg: .client, client: ProxyAddress(address: "a", port: 1), host: "h", port: 443,
                sni: "s",
                reason: .alert, alert: 48, alertName: "unknown_ca", verifyCode: nil, text: "t")),
        .tunnel(
            ProxyTunnel(
                id: 1, connection: 1, client: ProxyAddress(address: "a", port: 1), server: nil, host: "h", port: 22,
                reason: .serverSpokeFirst, upgrade: nil, sent: .max, received: 0, start: 0, end: 1, error: nil)),
        .rejected(
            ProxyRejected(
                at: 1, connection: 1, client: ProxyAddress(address: "a", port: 1), status: 400, kind: "k", text: "t")),
        .message(message), .lost(ProxyLost(at: 1, events: 2)), .exhausted(ProxyExhausted(at: 1, limit: 64)),
        .closed(ProxyClosed(at: 9)),
    ]

    @Test("one line each, read back by any JSON decoder to the same event", arguments: samples)
    func roundTrip(event: ProxyEvent) throws {
        let line = try JSONLine.encode(event)
        #expect(!line.contains(0x0A) && !line.contains(0x1B))
        #expect(try JSONDecoder().decode(ProxyEvent.self, from: Data(line)) == event)
        let object = try #require(JSONSerialization.jsonObject(with: Data(line)) as? [String: Any])
        #expect(object["event"] as? String == event.name)
    }

    @Test("a flow's line is the same whichever way it is written, whatever is there and whatever is not")
    func flowLine() throws {
        var sparse = Self.flow
        sparse.clientTLS = nil
        sparse.error = nil
        sparse.response = nil
        sparse.status = nil
        var full = Self.flow
        full.server = ProxyAddress(address: "10.0.0.1", port: 65_535)
        full.contentType = "text/plain"
        full.request.trailers = [ProxyHeader("T", ""), ProxyHeader("U", "\u{7F}\u{0}\r")]
        full.request.body = ProxyBody(bytes: Array(0...255), length: .max, sha256: "y")
        full.timings = ProxyTimings(
            start: .min, requestEnd: -1, connectStart: 0, connectEnd: 10, responseStart: 99, end: .max)
        full.serverTLS = ProxyTLSLeg(
            version: "v", cipher: "c", sni: "s", alpn: nil, clientRandom: "", leafSHA256: "l", rootSHA256: nil)
        full.withheld = ["alt-svc", "x"]
        var nothing = full
        nothing.withheld = []
        for flow in [Self.flow, sparse, full, nothing] {
            var line = Array("before\n".utf8)
            flow.appendLine(to: &line)
            let expected = try JSONLine.encode(ProxyEvent.flow(flow))
            #expect(String(decoding: line, as: UTF8.self) == "before\n" + String(decoding: expected, as: UTF8.self))
        }
    }

    @Test("an object of nothing is an object")
    func emptyObject() throws {
        struct Nothing: Encodable { var absent: Int? }
        #expect(String(decoding: try JSONLine.encode(Nothing()), as: UTF8.self) == "{}")
        #expect(String(decoding: try JSONLine.encode([Nothing()]), as: UTF8.self) == "[{}]")
    }

    @Test("an event nobody knows is an error, not a crash")
    func unknown() {
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(ProxyEvent.self, from: Data(#"{"event":"surprise"}"#.utf8))
        }
    }

    @Test("Base64 agrees with Foundation's for every length", arguments: 0...20)
    func base64(count: Int) throws {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ 200) }
        #expect(Base64Bytes(bytes).text == Data(bytes).base64EncodedString())
        let decoded = try JSONDecoder().decode([Base64Bytes].self, from: Data("[\"\(Base64Bytes(bytes).text)\"]".utf8))
        #expect(decoded == [Base64Bytes(bytes)])
    }

    @Test("a proxy writes them to a file of its own, private, from listening to closed")
    func file() async throws {
        let folder = TemporaryFolder()
        let path = folder.path + "/events.jsonl"
        let proxy = try await RunningProxy.start { $0.events = .file(path) }
        _ = try await proxy.curl(["http://mitm.it/cert/cer"])
        await proxy.stop()
        let lines = folder.read("events.jsonl").split(separator: 0x0A)
        let events = try lines.map { try JSONDecoder().decode(ProxyEvent.self, from: Data($0)) }
        #expect(events == proxy.events)
        #expect(events.first?.name == "listening" && events.last?.name == "closed")
        #expect(events.contains { $0.name == "flow" })
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
    }

    @Test("a reader that never reads costs events, which are counted, and holds up nothing")
    func slowReader() async throws {
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        let writeEnd = ends[1]
        let writer = try ProxyEventWriter(.descriptor(writeEnd), eventLimit: 400, now: { 5 })
        for _ in 0..<2_000 { writer.record(.flow(Self.flow)) }
        let reader = FileHandle(fileDescriptor: ends[0], closeOnDealloc: true)
        let drained = Task.detached { reader.readDataToEndOfFile() }
        await withCheckedContinuation { continuation in
            Thread {
                writer.close()
                close(writeEnd)
                continuation.resume()
            }.start()
        }
        let lines = await drained.value.split(separator: 0x0A)
        let last = try JSONDecoder().decode(ProxyEvent.self, from: Data(try #require(lines.last)))
        var lost: UInt64 = 0
        for line in lines {
            if case .lost(let some) = try JSONDecoder().decode(ProxyEvent.self, from: Data(line)) {
                lost += some.events
            }
        }
        #expect(lost > 500 && UInt64(lines.count) + lost >= 2_000, "\(lines.count) \(lost) \(last)")
    }
}
