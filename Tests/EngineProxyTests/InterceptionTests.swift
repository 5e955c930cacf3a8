import EngineProxy
import Foundation
import LabTestSupport
import SupportCrypto
import Testing

@Suite("The proxy with real curl", .enabled(if: RealTool.exists("curl"), "curl is not installed"))
struct InterceptionTests {
    private static let hello: ScriptedOrigin.Answer = { head in
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 6\r\n\r\nhello\n"
    }

    @Test("passes plain HTTP on and records the flow")
    func plain() async throws {
        let proxy = try await RunningProxy.start()
        let origin = try await ScriptedOrigin.start(Self.hello)
        let outcome = try await proxy.curl(["http://127.0.0.1:\(origin.port)/a?b=c"])
        #expect(outcome.status == 0 && outcome.output == "hello\n", "\(outcome.errors)")
        await proxy.stop()
        await origin.stop()
        let flow = try #require(proxy.flows.first)
        #expect(flow.url == "http://127.0.0.1:\(origin.port)/a?b=c" && flow.method == "GET" && flow.status == 200)
        #expect(
            flow.contentType == "text/plain" && flow.server == ProxyAddress(address: "127.0.0.1", port: origin.port))
        #expect(flow.response?.body.bytes.bytes == Array("hello\n".utf8) && flow.response?.body.length == 6)
        #expect(
            flow.response?.body.sha256 == "5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03")
        #expect(flow.clientTLS == nil && flow.error == nil && flow.answeredBy == .origin)
        let head = try #require(origin.received.first)
        #expect(head.hasPrefix("GET /a?b=c HTTP/1.1\r\n") && !head.contains("Proxy-Connection"))
    }

    @Test("before trust curl refuses with exit 60 and the client's alert becomes an event, no flow")
    func refused() async throws {
        let proxy = try await RunningProxy.start()
        let origin = try await ScriptedOrigin.start(identity: proxy.identity(for: "localhost"), Self.hello)
        let outcome = try await proxy.curl(["https://localhost:\(origin.port)/"])
        #expect(outcome.status == 60 && outcome.errors.contains("unable to get local issuer certificate"))
        await proxy.stop()
        await origin.stop()
        let asked = origin.received.filter { !$0.isEmpty }
        #expect(proxy.flows.isEmpty && asked.isEmpty)
        let failure = try #require(proxy.handshakeFailures.first)
        #expect(
            failure.leg == .client && failure.reason == .alert && failure.alert == 48
                && failure.alertName == "unknown_ca")
        #expect(failure.host == "localhost" && failure.port == origin.port)
        #expect(
            failure.text == "The client does not trust the proxy's certificate for localhost (tlsv1 alert unknown ca).")
    }

    @Test("with its authority trusted it opens TLS on both legs and joins them in the flow", arguments: ["1.2", "1.3"])
    func intercepted(version: String) async throws {
        let keylog = TemporaryFolder()
        let proxy = try await RunningProxy.start { $0.keylogPath = keylog.path + "/deep/keys.txt" }
        #expect(try mode(keylog.path + "/deep/keys.txt") == 0o600)
        let origin = try await ScriptedOrigin.start(identity: proxy.identity(for: "localhost"), Self.hello)
        let outcome = try await proxy.curl([
            "--cacert", proxy.authorityFile, "--tlsv\(version)", "--tls-max", version, "-w", "%{ssl_verify_result}",
            "https://localhost:\(origin.port)/secret",
        ])
        #expect(outcome.status == 0 && outcome.output == "hello\n0", "\(outcome.errors)")
        await proxy.stop()
        await origin.stop()
        let flow = try #require(proxy.flows.first)
        #expect(flow.scheme == "https" && flow.host == "localhost" && flow.path == "/secret")
        let client = try #require(flow.clientTLS)
        let server = try #require(flow.serverTLS)
        #expect(client.version == "TLSv\(version)" && client.sni == "localhost" && client.alpn == "http/1.1")
        #expect(client.rootSHA256 == hex(proxy.proxy.authority.certificate.sha256))
        #expect(server.rootSHA256 == hex(proxy.origins.certificate.sha256) && server.version == "TLSv1.3")
        #expect(server.clientRandom != client.clientRandom)
        let lines = String(decoding: keylog.read("deep/keys.txt"), as: UTF8.self)
        #expect(lines.contains(client.clientRandom) && lines.contains(server.clientRandom))
        #expect(lines.contains(version == "1.2" ? "CLIENT_RANDOM " : "CLIENT_TRAFFIC_SECRET_0 "))
    }

    @Test(
        "the leaf it mints passes openssl's strict rules and has a key of its own",
        .enabled(if: RealTool.exists("openssl"), "openssl is not installed"))
    func leaf() async throws {
        let proxy = try await RunningProxy.start()
        let openssl = try #require(RealTool("openssl"))
        let shown = try await openssl.run([
            "s_client", "-proxy", "127.0.0.1:\(proxy.proxy.address.port)", "-connect", "shop.example.test:443",
            "-servername", "shop.example.test", "-showcerts", "-verify_return_error", "-x509_strict",
            "-verify_hostname",
            "shop.example.test", "-CAfile", proxy.authorityFile, "-no-CApath",
        ])
        #expect(shown.output.contains("Verify return code: 0 (ok)"), "\(shown.errors)")
        await proxy.stop()
        let chain = CertificateBundle(pem: Array(shown.output.utf8)).certificates
        #expect(chain.count == 1)
        let leaf = try #require(chain.first)
        #expect(leaf.subjectAlternativeNames == [.dns("shop.example.test")])
        #expect(leaf.publicKeySHA256 != proxy.proxy.authority.certificate.publicKeySHA256)
        #expect(leaf.notAfter - leaf.notBefore == 31 * 86_400_000_000_000)
        let text = try await openssl.run(["x509", "-noout", "-text"], input: leaf.pem).output
        for expected in [
            "X509v3 Basic Constraints: critical\n                CA:FALSE",
            "X509v3 Key Usage: critical\n                Digital Signature\n",
            "X509v3 Extended Key Usage: \n                TLS Web Server Authentication\n", "id-ecPublicKey",
        ] { #expect(text.contains(expected), "\(text)") }
    }

    @Test("origin trouble becomes a 502 page that names the reason, escaped, and a flow with its kind")
    func badGateway() async throws {
        let proxy = try await RunningProxy.start()
        let stranger = try CertificateAuthority.create(
            subject: DistinguishedName(commonName: "<b>stranger</b>"),
            now: Int64(Date().timeIntervalSince1970) * 1_000_000_000)
        let untrusted = try stranger.issue(
            for: [.dns("localhost")], now: Int64(Date().timeIntervalSince1970) * 1_000_000_000)
        let origin = try await ScriptedOrigin.start(identity: untrusted, Self.hello)
        let wrongName = try await ScriptedOrigin.start(identity: proxy.identity(for: "other.test"), Self.hello)
        let options = ["--cacert", proxy.authorityFile, "-w", "\n%{http_code}"]
        let one = try await proxy.curl(options + ["https://localhost:\(origin.port)/"])
        #expect(
            one.output.hasSuffix("502") && one.output.contains("nobody that is trusted here issued"), "\(one.output)")
        let two = try await proxy.curl(options + ["https://localhost:\(wrongName.port)/"])
        #expect(two.output.contains("is for another name"), "\(two.output)")
        let three = try await proxy.curl(options + ["http://127.0.0.1:1/"])
        #expect(three.output.contains("127.0.0.1:1 refused the connection"), "\(three.output)")
        let four = try await proxy.curl(options + ["http://no-such-name.invalid/"])
        #expect(four.output.contains("could not be resolved"), "\(four.output)")
        let five = try await proxy.curl(options + ["http://127.0.0.1:\(proxy.proxy.address.port)/"])
        #expect(five.output.contains("is this proxy itself"), "\(five.output)")
        await proxy.stop()
        await origin.stop()
        await wrongName.stop()
        #expect(
            proxy.flows.map { $0.error?.kind } == [
                "certificate", "certificate", "connection-refused", "name-not-found", "loop",
            ])
        #expect(proxy.flows.allSatisfy { $0.status == 502 && $0.answeredBy == .proxy })
        #expect(proxy.handshakeFailures.filter { $0.leg == .server }.map(\.verifyCode) == [20, 62])
    }

    @Test("mitm.it is answered inside the proxy on both schemes, with the certificate to download")
    func onboarding() async throws {
        let proxy = try await RunningProxy.start()
        let page = try await proxy.curl(["http://mitm.it/"])
        #expect(page.output.contains("/cert/pem") && page.output.contains("update-ca-certificates"))
        let pem = try await proxy.curl(["-i", "http://mitm.it/cert/pem"])
        #expect(pem.output.contains("Content-Type: application/x-x509-ca-cert\r\n"))
        #expect(pem.output.contains("Content-Disposition: attachment; filename=mitmproxy-ca-cert.pem\r\n"))
        let downloaded = CertificateBundle(pem: Array(pem.output.utf8)).certificates
        #expect(downloaded == [proxy.proxy.authority.certificate])
        let p12 = try await proxy.curl([
            "-D", "/dev/stderr", "https://mitm.it/cert/p12", "--cacert", proxy.authorityFile,
        ])
        #expect(p12.errors.contains("application/x-pkcs12") && p12.outputBytes.first == 0x30)
        let none = try await proxy.curl(["-o", "/dev/null", "-w", "%{http_code}", "http://mitm.it/nothing"])
        #expect(none.output == "404")
        await proxy.stop()
        #expect(proxy.flows.map(\.status) == [200, 200, 200, 404])
        #expect(proxy.flows.allSatisfy { $0.server == nil && $0.answeredBy == .proxy })
    }

    @Test("an address gets a certificate for that address, and the origin is verified by it")
    func address() async throws {
        let proxy = try await RunningProxy.start()
        let origin = try await ScriptedOrigin.start(identity: proxy.identity(for: "127.0.0.1"), Self.hello)
        let outcome = try await proxy.curl(["--cacert", proxy.authorityFile, "https://127.0.0.1:\(origin.port)/"])
        #expect(outcome.output == "hello\n", "\(outcome.errors)")
        await proxy.stop()
        await origin.stop()
        #expect(proxy.flows.first?.host == "127.0.0.1" && proxy.flows.first?.clientTLS?.sni == nil)
    }

    @Test(
        "a client that hangs up in the middle of the handshake is told of, with what that usually means",
        .enabled(if: RealTool.exists("python3"), "python3 is not installed"))
    func hangUp() async throws {
        let proxy = try await RunningProxy.start()
        let script = """
            import socket, ssl, sys
            s = socket.create_connection(("127.0.0.1", int(sys.argv[1])), 120)
            s.sendall(b"CONNECT shy.test:443 HTTP/1.1\\r\\nHost: shy.test\\r\\n\\r\\n"); s.recv(1000)
            out = ssl.MemoryBIO(); context = ssl.create_default_context()
            client = context.wrap_bio(ssl.MemoryBIO(), out, server_hostname="shy.test")
            try: client.do_handshake()
            except ssl.SSLWantReadError: pass
            s.sendall(out.read()); s.recv(100); s.close()
            """
        let python = try #require(RealTool("python3"))
        _ = try await python.run(["-c", script, "\(proxy.proxy.address.port)"])
        // The end of the connection reaches the proxy after the client is gone.
        await proxy.waitForEvent { if case .handshakeFailure = $0 { true } else { false } }
        await proxy.stop()
        let failure = try #require(proxy.handshakeFailures.first)
        #expect(failure.reason == .disconnected && failure.alert == nil && failure.sni == "shy.test")
        #expect(failure.text.hasPrefix("The client disconnected during the handshake."))
    }

    @Test("bodies of both directions, HEAD, 204, 100-continue and chunked with trailers come through")
    func bodies() async throws {
        let proxy = try await RunningProxy.start()
        let origin = try await ScriptedOrigin.start { head in
            if head.hasPrefix("HEAD") { return "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n" }
            if head.hasPrefix("DELETE") { return "HTTP/1.1 204 No Content\r\n\r\n" }
            if head.hasPrefix("POST") {
                return
                    "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-T\r\n\r\n"
                    + "3\r\nabc\r\n2\r\nde\r\n0\r\nX-T: yes\r\n\r\n"
            }
            return "HTTP/1.0 200 OK\r\nConnection: close\r\n\r\nuntil the end"
        }
        let url = "http://127.0.0.1:\(origin.port)/"
        let head = try await proxy.curl(["-I", url])
        #expect(head.status == 0 && head.output.contains("Content-Length: 5"))
        let gone = try await proxy.curl(["-X", "DELETE", "-w", "%{http_code}", url])
        #expect(gone.output == "204")
        let post = try await proxy.curl(["-d", "0123456789", "-H", "Expect: 100-continue", url])
        #expect(post.output == "abcde", "\(post.errors)")
        let old = try await proxy.curl([url])
        #expect(old.output == "until the end")
        await proxy.stop()
        await origin.stop()
        let posted = try #require(proxy.flows.first { $0.method == "POST" })
        #expect(posted.request.body.bytes.bytes == Array("0123456789".utf8))
        #expect(posted.response?.trailers == [ProxyHeader("X-T", "yes")] && posted.response?.body.length == 5)
    }

    private func mode(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }

    private func hex(_ bytes: [UInt8]) -> String { bytes.map { String(format: "%02x", $0) }.joined() }
}
