import Testing

@testable import EngineProxy

@Suite("The exchange machine: tunnels and upgrades")
struct MachineTunnelTests {
    @Test("CONNECT is told apart by its first bytes: TLS, HTTP, or something to pass on unread")
    func tunnels() throws {
        let connect = "CONNECT a.test:7 HTTP/1.1\r\nHost: a.test:7\r\n\r\n"
        var tls = try MachineBench()
        tls.client(connect + "\u{16}")
        #expect(tls.toClient == "HTTP/1.1 200 Connection established\r\n\r\n" && tls.machine.phase == .peeking)
        tls.client("\u{3}\u{1}")
        #expect(tls.other == ["await tunnel", "start TLS"])
        var http = try MachineBench()
        http.client(connect + "GE")
        http.client("T /x HTTP/1.1\r\nHost: a.test:7\r\n\r\n")
        http.open()
        #expect(http.toUpstream == "GET /x HTTP/1.1\r\nHost: a.test:7\r\n\r\n")
        var raw = try MachineBench()
        raw.client(connect + "\u{0}hello")
        raw.open()
        #expect(raw.toUpstream == "\u{0}hello")
        raw.origin("world")
        raw.machine.clientHasClosed()
        raw.settle()
        guard case .tunnel(let tunnel) = raw.events.last else {
            Issue.record("no tunnel")
            return
        }
        #expect(tunnel.reason == .notHTTP && tunnel.sent == 6 && tunnel.received == 5 && tunnel.port == 7)
    }

    @Test("a silent tunnel lets the server speak first, and still opens TLS when the client comes after all")
    func silent() throws {
        var bench = try MachineBench()
        bench.client("CONNECT a.test:22 HTTP/1.1\r\nHost: a.test\r\n\r\n")
        bench.machine.tunnelStayedSilent()
        bench.settle()
        #expect(bench.opened.count == 1)
        var late = bench
        bench.open()
        bench.origin("SSH-2.0-x\r\n")
        #expect(bench.toClient.hasSuffix("SSH-2.0-x\r\n") && bench.machine.relayRecord?.reason == .serverSpokeFirst)
        late.open()
        late.client("\u{16}\u{3}\u{1}")
        #expect(late.other == ["await tunnel", "close relay", "start TLS"])
    }

    @Test("an upgrade that the origin grants is relayed both ways and recorded as such")
    func upgrade() throws {
        var bench = try MachineBench()
        bench.client(
            "GET http://a.test/chat HTTP/1.1\r\nHost: a.test\r\nConnection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n\r\n"
        )
        bench.open()
        #expect(bench.toUpstream.hasSuffix("Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n"))
        bench.origin("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n!frame")
        #expect(bench.toClient.hasSuffix("Upgrade: websocket\r\n\r\n!frame"))
        bench.client("reply")
        #expect(bench.toUpstream.hasSuffix("reply") && bench.flows.first?.status == 101)
        bench.originEnds()
        bench.machine.clientInputHasEnded()
        bench.settle()
        guard case .tunnel(let tunnel) = bench.events.last else {
            Issue.record("no tunnel")
            return
        }
        #expect(tunnel.upgrade == "websocket" && tunnel.sent == 5 && tunnel.received == 6 && tunnel.id == 1)
    }

    @Test("an origin that changes the protocol unasked is refused")
    func unaskedUpgrade() throws {
        var bench = try MachineBench()
        bench.client("GET http://a.test/ HTTP/1.1\r\nHost: a.test\r\n\r\n")
        bench.open()
        bench.origin("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\n")
        #expect(bench.toClient.hasPrefix("HTTP/1.1 502"))
    }
}
