import EngineProxy
import LabTestSupport
import SupportCrypto
import Testing

@Suite("WebSocket inside HTTP/2 (RFC 8441)")
struct HTTP2WebSocketTests {
    private static func connect(_ authority: String) -> [(String, String)] {
        [
            (":method", "CONNECT"), (":protocol", "websocket"), (":scheme", "https"), (":authority", authority),
            (":path", "/chat"), ("sec-websocket-version", "13"), ("sec-websocket-protocol", "talk"),
        ]
    }

    private static func lines(_ text: String) -> [String] { text.split(separator: "\r\n").map(String.init) }

    /// What a server answers to the key in a request.
    private static func answer(_ request: String) throws -> String {
        let line = try #require(lines(request).first { $0.hasPrefix("Sec-WebSocket-Key: ") })
        let key = line.dropFirst("Sec-WebSocket-Key: ".count)
        let digest = DigestAlgorithm.sha1.digest(of: Array((key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").utf8))
        return Base64Bytes(digest).text
    }

    @Test("a stream becomes a connection of HTTP/1 to a site that else speaks HTTP/2; messages pass and are recorded")
    func relayed() async throws {
        let proxy = try await RunningProxy.start()
        let site = try await PacedSite.start(identity: proxy.identity(for: "localhost"), alpn: ["h2", "http/1.1"])
        let client = try await FrameClient.open(proxy, to: "localhost:\(site.port)", name: "localhost")
        let settings = await client.settings()
        #expect(
            stride(from: 0, to: settings.count, by: 6).contains { settings[$0...].starts(with: [0, 8, 0, 0, 0, 1]) })
        client.send(try client.headers(Self.connect("localhost"), on: 1, ends: false))
        await site.hears("Upgrade: websocket\r\n")
        let request = Self.lines(site.received)
        #expect(site.received.contains("GET /chat HTTP/1.1\r\n") && request.contains("Connection: Upgrade"))
        #expect(request.contains("sec-websocket-protocol: talk") && !request.contains { $0.hasPrefix(":") })
        let answer = try Self.answer(site.received)
        try await site.send(
            "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: "
                + answer + "\r\nSec-WebSocket-Protocol: talk\r\n\r\n")
        let head = try #require(await client.next())
        #expect(try client.fields(of: head) == [":status": "200", "sec-websocket-protocol": "talk"])
        client.send(FrameClient.frame(0, 0, 1, [0x81, 0x82, 0, 0, 0, 0] + Array("hi".utf8)))
        await site.hears("hi")
        try await site.send([0x81, 2] + Array("ho".utf8))
        #expect(await client.next()?.payload == [0x81, 2] + Array("ho".utf8))
        try await site.send([0x88, 2, 3, 0xE8])
        #expect(await client.next()?.payload == [0x88, 2, 3, 0xE8])
        // The site ends when its client has.
        client.send(FrameClient.frame(0, 1, 1, [0x88, 0x82, 0, 0, 0, 0, 3, 0xE8]))
        #expect(await client.next()?.endsStream == true)
        await client.close()
        await site.stop()
        await proxy.stop()
        #expect(proxy.messages.filter { $0.kind == .text }.map(\.text) == ["hi", "ho"])
        #expect(proxy.messages.filter { $0.kind == .close }.map(\.closeCode) == [1000, 1000])
        let flow = try #require(proxy.flows.first)
        #expect(flow.status == 101 && flow.method == "GET" && flow.version == "HTTP/2.0" && flow.error == nil)
        #expect(proxy.tunnels.map(\.messages) == [4] && proxy.tunnels.map(\.id) == [flow.id])
    }

    @Test("a site that does not answer the key, or says no, is shown to the client as it is", arguments: [true, false])
    func refused(isPolite: Bool) async throws {
        let proxy = try await RunningProxy.start()
        let site = try await PacedSite.start(identity: proxy.identity(for: "localhost"))
        let client = try await FrameClient.open(proxy, to: "localhost:\(site.port)", name: "localhost")
        _ = await client.settings()
        client.send(try client.headers(Self.connect("localhost"), on: 1, ends: false))
        await site.hears("\r\n\r\n")
        try await site.send(
            isPolite
                ? "HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno"
                : "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                    + "Sec-WebSocket-Accept: bm8=\r\n\r\n")
        let head = try #require(await client.next())
        #expect(try client.fields(of: head)[":status"] == (isPolite ? "403" : "502"))
        await client.close()
        await site.stop()
        await proxy.stop()
        #expect(proxy.flows.first?.error?.kind == (isPolite ? nil : "bad-response"))
    }

    @Test("other protocols than WebSocket are refused")
    func others() async throws {
        let proxy = try await RunningProxy.start()
        let site = try await StrictSite.start(identity: proxy.identity(for: "localhost"))
        let client = try await FrameClient.open(proxy, to: "localhost:\(site.port)", name: "localhost")
        _ = await client.settings()
        var fields = Self.connect("localhost")
        fields[1].1 = "connect-udp"
        client.send(try client.headers(fields, on: 1, ends: false))
        let head = try #require(await client.next())
        #expect(try client.fields(of: head)[":status"] == "400")
        await client.close()
        await proxy.stop()
        await site.stop()
        #expect(proxy.rejections == ["nested-connect"] && site.soFar().isEmpty)
    }
}
