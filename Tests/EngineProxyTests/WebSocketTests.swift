import EngineProxy
import Foundation
import LabTestSupport
import SupportCrypto
import Testing

/// Debian's own Python: another one on `PATH` has no packages of Debian's.
private let python = RealTool(path: "/usr/bin/python3")
private let hasWebSockets = FileManager.default.fileExists(atPath: "/usr/lib/python3/dist-packages/websockets")

@Suite(
    "WebSocket through the proxy, with Python's websockets on both sides",
    .enabled(if: hasWebSockets, "python3-websockets is not installed"))
struct WebSocketTests {
    /// An echo server, a client that reaches it through the proxy's tunnel, and what both saw.
    private static let script = """
        import asyncio, hashlib, json, socket, ssl, sys, websockets
        proxy, scheme, compression, cafile, certificate = int(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4], sys.argv[5]
        deflate = None if compression == "none" else compression
        async def echo(ws, path=None):
            async for message in ws:
                if message == "pieces": await ws.send(["p", "ie", "ces"])
                elif message == "end": await ws.close(4001, "enough"); return
                else: await ws.send(message)
        def tunnel(port):
            s = socket.create_connection(("127.0.0.1", proxy))
            s.sendall(b"CONNECT localhost:%d HTTP/1.1\\r\\nHost: localhost:%d\\r\\n\\r\\n" % (port, port))
            answer = b""
            while not answer.endswith(b"\\r\\n\\r\\n"): answer += s.recv(1)
            assert b" 200 " in answer, answer
            s.setblocking(False)
            return s
        async def main():
            server_tls = client_tls = None
            if scheme == "wss":
                server_tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER); server_tls.load_cert_chain(certificate)
                client_tls = ssl.create_default_context(cafile=cafile)
            server = await websockets.serve(echo, "127.0.0.1", 0, ssl=server_tls, compression=deflate, max_size=None)
            port = server.sockets[0].getsockname()[1]
            extra = {"server_hostname": "localhost"} if client_tls else {}
            large = bytes(range(256)) * 4096
            async with websockets.connect(f"{scheme}://localhost:{port}/chat?x", sock=tunnel(port), ssl=client_tls,
                    compression=deflate, max_size=None, **extra) as ws:
                for text in ["für dich", "für dich", ""]:
                    await ws.send(text); assert await ws.recv() == text
                await ws.send(large); assert await ws.recv() == large
                await ws.send(["a", "b", "c"]); assert await ws.recv() == "abc"
                await ws.send("pieces"); assert await ws.recv() == "pieces"
                await (await ws.ping(b"beat"))
                await ws.send("end")
                try:
                    await ws.recv()
                except websockets.ConnectionClosed:
                    pass
                print(json.dumps({"code": ws.close_code, "reason": ws.close_reason, "sha256": hashlib.sha256(large).hexdigest(),
                    "extensions": str(ws.extensions)}))
            server.close()
        asyncio.run(main())
        """

    private struct Outcome: Decodable {
        var code: Int
        var reason: String
        var sha256: String
        var extensions: String
    }

    @Test(
        "every message of either side is recorded whole, compressed or not, in the clear and over TLS",
        arguments: ["ws", "wss"], ["none", "deflate"])
    func echo(scheme: String, compression: String) async throws {
        let proxy = try await RunningProxy.start()
        let identity = try proxy.identity(for: "localhost")
        let certificate = proxy.folder.write(
            try identity.privateKey.pem() + identity.certificate.pem, to: "site.pem")
        let outcome = try await python.run([
            "-c", Self.script, "\(proxy.proxy.address.port)", scheme, compression, proxy.authorityFile, certificate,
        ])
        #expect(outcome.status == 0, "\(outcome.errors)")
        await proxy.stop()
        let seen = try JSONDecoder().decode(Outcome.self, from: Data(outcome.output.utf8))
        #expect(seen.code == 4001 && seen.reason == "enough")
        #expect(seen.extensions.contains("Deflate") == (compression == "deflate"))

        let messages = proxy.messages
        #expect(messages.allSatisfy { $0.error == nil && $0.path == "/chat?x" })
        #expect(Set(messages.map(\.flow)) == Set(proxy.flows.map(\.id)) && proxy.flows.first?.status == 101)
        #expect(messages.map(\.number) == (1...UInt64(messages.count)).map { $0 })
        for sender in [ProxyWebSocketMessage.Sender.client, .server] {
            let said = messages.filter { $0.sender == sender && ($0.kind == .text || $0.kind == .binary) }
            let texts = said.filter { $0.kind == .text }.map { $0.text ?? "" }
            #expect(
                texts == ["für dich", "für dich", "", "abc", "pieces"] + (sender == .client ? ["end"] : []))
            let large = try #require(said.first { $0.kind == .binary })
            #expect(large.body.length == 1 << 20 && large.body.sha256 == seen.sha256)
            #expect(said.allSatisfy { $0.isCompressed == (compression == "deflate") })
            #expect(compression == "none" || large.wireLength < 100_000)
            #expect(said.first { $0.text == (sender == .client ? "abc" : "pieces") }?.frames ?? 0 >= 3)
            #expect(messages.contains { $0.sender == sender && $0.kind == .close && $0.closeCode == 4001 })
        }
        #expect(messages.first { $0.kind == .ping }?.body.bytes.bytes == Array("beat".utf8))
        #expect(messages.contains { $0.kind == .pong && $0.sender == .server })
        #expect(proxy.tunnels.map(\.messages) == [UInt64(messages.count)])
    }
}
