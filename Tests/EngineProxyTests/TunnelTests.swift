import EngineProxy
import Foundation
import LabTestSupport
import Testing

@Suite("Bytes the proxy passes on unread", .enabled(if: RealTool.exists("python3"), "python3 is not installed"))
struct TunnelTests {
    /// A server that speaks first, repeats what it hears until the other side is done, and says good-bye.
    private static let script = """
        import socket, sys, threading
        s = socket.socket(); s.bind(("127.0.0.1", 0)); s.listen(5)
        def serve():
            c, _ = s.accept(); c.sendall(b"220 ready\\r\\n")
            while True:
                d = c.recv(65536)
                if not d: break
                c.sendall(d)
            c.sendall(b"bye"); c.close()
        threading.Thread(target=serve, daemon=True).start()
        p = socket.create_connection(("127.0.0.1", int(sys.argv[1])), 15)
        target = b"127.0.0.1:%d" % s.getsockname()[1]
        p.sendall(b"CONNECT " + target + b" HTTP/1.1\\r\\nHost: " + target + b"\\r\\n\\r\\n")
        got = b""
        while b"\\r\\n\\r\\n" not in got: got += p.recv(100)
        if sys.argv[2] == "speak": p.sendall(b"\\0" + b"x" * 300000)
        def sender(): p.shutdown(socket.SHUT_WR)
        if sys.argv[2] == "listen":
            got = b""
            while b"ready" not in got: got += p.recv(100)
            p.sendall(b"\\0" + b"x" * 300000)
        sender()
        total = b"" if sys.argv[2] == "speak" else got
        while True:
            d = p.recv(65536)
            if not d: break
            total += d
        print(len(total), total[:5].decode(), total[-3:].decode())
        """

    @Test("go both ways whole, half-closed in order, whoever speaks first", arguments: ["speak", "listen"])
    func raw(mode: String) async throws {
        let proxy = try await RunningProxy.start()
        let python = try #require(RealTool("python3"))
        let outcome = try await python.run(["-c", Self.script, "\(proxy.proxy.address.port)", mode])
        await proxy.stop()
        #expect(outcome.output == "\(11 + 300_001 + 3) 220 r bye\n", "\(outcome.errors)")
        let tunnel = try #require(proxy.tunnels.first)
        #expect(tunnel.sent == 300_001 && tunnel.received == 300_015 && tunnel.error == nil)
        #expect(tunnel.reason == (mode == "speak" ? .notHTTP : .serverSpokeFirst))
        #expect(tunnel.server?.port == tunnel.port && proxy.flows.isEmpty)
    }

    @Test("plain HTTP inside CONNECT is still HTTP", .enabled(if: RealTool.exists("curl"), "curl is not installed"))
    func plainHTTP() async throws {
        let proxy = try await RunningProxy.start()
        let origin = try await ScriptedOrigin.start { _ in "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok" }
        let outcome = try await proxy.curl(["-p", "http://127.0.0.1:\(origin.port)/inside"])
        await proxy.stop()
        await origin.stop()
        #expect(outcome.output == "ok" && proxy.tunnels.isEmpty)
        #expect(proxy.flows.map(\.path) == ["/inside"] && proxy.flows.first?.scheme == "http")
    }

    @Test("a tunnel to nowhere is recorded with its reason and closed")
    func nowhere() async throws {
        let proxy = try await RunningProxy.start()
        let answer = try await proxy.raw("CONNECT 127.0.0.1:1 HTTP/1.1\r\nHost: 127.0.0.1:1\r\n\r\n\u{0}data")
        await proxy.stop()
        #expect(answer == "HTTP/1.1 200 Connection established\r\n\r\n")
        #expect(proxy.tunnels.map { $0.error?.kind } == ["connection-refused"])
    }
}
