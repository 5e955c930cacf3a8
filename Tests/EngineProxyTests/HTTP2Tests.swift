import EngineProxy
import EngineWeb
import LabTestSupport
import NIOCore
import NIOHPACK
import SupportCrypto
import SupportTransport
import Testing

/// A web server of ours that speaks these protocols over TLS, for names that resolve to loopback.
private func site(_ proxy: RunningProxy, _ alpn: [String]) async throws -> WebServer {
    let form = WebPage(body: .bytes(Array("taken\n".utf8)), methods: ["POST"])
    let site = WebSite(
        names: ["localhost"], identity: try proxy.identity(for: "localhost"),
        pages: [
            "/": WebPage("hello\n"), "/large": WebPage(contentType: "text/plain", body: .filler(count: 5_000_000)),
            "/endless": WebPage(contentType: "text/plain", body: .filler(count: 3_000_000), isChunked: true),
            "/form": form, "/none": WebPage(status: 204, body: .bytes([])),
        ])
    var configuration = WebServerConfiguration(
        listeners: [WebListener(address: "127.0.0.1", port: 0, kind: .tls)], sites: [site])
    configuration.alpn = alpn
    configuration.idleTimeout = .minutes(20)
    configuration.requestBodyLimit = 64 << 20
    return try await WebServer.start(configuration, now: { 0 }, log: { _ in })
}

private func sha256(_ bytes: [UInt8]) -> String {
    DigestAlgorithm.sha256.digest(of: bytes).map { byte in
        let text = String(byte, radix: 16)
        return text.count == 1 ? "0" + text : text
    }.joined()
}

@Suite("HTTP/2 through the proxy", .enabled(if: RealTool.exists("curl"), "curl is not installed"))
struct HTTP2Tests {
    /// What each side can speak, what the policy is, and what each side then speaks.
    struct Case: Sendable, CustomTestStringConvertible {
        var client: String
        var origin: [String]
        var policy = ProxyConfiguration.HTTP2.follow
        var clientVersion: String
        var originVersion: String

        var testDescription: String { "\(client), \(origin.joined(separator: "+")), \(policy)" }
    }

    static let cases = [
        Case(client: "--http2", origin: ["h2", "http/1.1"], clientVersion: "HTTP/2.0", originVersion: "HTTP/2.0"),
        Case(client: "--http2", origin: ["http/1.1"], clientVersion: "HTTP/1.1", originVersion: "HTTP/1.1"),
        Case(client: "--http1.1", origin: ["h2", "http/1.1"], clientVersion: "HTTP/1.1", originVersion: "HTTP/1.1"),
        Case(
            client: "--http1.1", origin: ["h2", "http/1.1"], policy: .origin, clientVersion: "HTTP/1.1",
            originVersion: "HTTP/2.0"),
        Case(
            client: "--http2", origin: ["h2", "http/1.1"], policy: .client, clientVersion: "HTTP/2.0",
            originVersion: "HTTP/1.1"),
        Case(
            client: "--http2", origin: ["http/1.1"], policy: .both, clientVersion: "HTTP/2.0", originVersion: "HTTP/1.1"
        ),
        Case(
            client: "--http1.1", origin: ["h2", "http/1.1"], policy: .both, clientVersion: "HTTP/1.1",
            originVersion: "HTTP/2.0"),
        Case(
            client: "--http2", origin: ["h2", "http/1.1"], policy: .off, clientVersion: "HTTP/1.1",
            originVersion: "HTTP/1.1"),
    ]

    @Test("each side speaks what both can and the policy allows, and bodies pass whole either way", arguments: cases)
    func versions(_ this: Case) async throws {
        let proxy = try await RunningProxy.start { $0.http2 = this.policy }
        let web = try await site(proxy, this.origin)
        let base = "https://localhost:\(web.addresses[0].port)"
        let options = ["--cacert", proxy.authorityFile, this.client, "-w", "%{http_version} %{size_download}"]
        let version = this.clientVersion == "HTTP/2.0" ? "2" : "1.1"
        let folder = TemporaryFolder()
        let upload = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
        let file = folder.write(upload, to: "upload")
        let hello = try await proxy.curl(options + [base + "/"])
        #expect(hello.output == "hello\n\(version) 6", "\(hello.errors)")
        for (path, count) in [("/large", 5_000_000), ("/endless", 3_000_000), ("/none", 0)] {
            let outcome = try await proxy.curl(options + ["-o", folder.path + path, base + path])
            #expect(outcome.output == "\(version) \(count)", "\(path): \(outcome.errors)")
        }
        let posted = try await proxy.curl(options + ["--data-binary", "@" + file, base + "/form"])
        #expect(posted.output == "taken\n\(version) 6", "\(posted.errors)")
        let head = try await proxy.curl(options + ["-I", base + "/large"])
        #expect(head.output.contains("5000000") && head.output.hasSuffix("\(version) 0"), "\(head.output)")
        await proxy.stop()
        await web.stop()
        #expect(proxy.flows.map(\.path) == ["/", "/large", "/endless", "/none", "/form", "/large"])
        #expect(proxy.flows.allSatisfy { $0.version == this.clientVersion && $0.responseVersion == this.originVersion })
        let alpn = ["HTTP/2.0": "h2", "HTTP/1.1": "http/1.1"]
        #expect(proxy.flows.allSatisfy { $0.clientTLS?.alpn == alpn[this.clientVersion] ?? nil })
        #expect(proxy.flows.allSatisfy { $0.serverTLS?.alpn == alpn[this.originVersion] ?? nil })
        #expect(proxy.flows.allSatisfy { $0.error == nil })
        #expect(proxy.flows[4].request.body.sha256 == sha256(upload))
        for (flow, path) in zip(proxy.flows[1...2], ["large", "endless"]) {
            #expect(flow.response?.body.sha256 == sha256(folder.read(path)))
        }
    }

    @Test("a hundred requests share one connection on either side")
    func multiplexed() async throws {
        let proxy = try await RunningProxy.start()
        let web = try await site(proxy, ["h2", "http/1.1"])
        let base = "https://localhost:\(web.addresses[0].port)/"
        let folder = TemporaryFolder()
        let config = (0..<100).map { "url = \"\(base)\"\noutput = \"\(folder.path)/\($0)\"\n" }.joined()
        let outcome = try await proxy.curl([
            "--cacert", proxy.authorityFile, "--http2", "-Z", "--parallel-max", "100", "-K",
            folder.write(Array(config.utf8), to: "config"),
        ])
        #expect(outcome.status == 0, "\(outcome.errors)")
        await proxy.stop()
        await web.stop()
        #expect((0..<100).allSatisfy { String(decoding: folder.read("\($0)"), as: UTF8.self) == "hello\n" })
        #expect(proxy.flows.count == 100 && Set(proxy.flows.map(\.id)).count == 100)
        let legs = Set(proxy.flows.compactMap(\.clientTLS?.clientRandom))
        // curl may open a second connection before it knows that one will do.
        #expect(legs.count == Set(proxy.flows.compactMap(\.serverTLS?.clientRandom)).count)
    }

    @Test("a stream in both directions arrives piece by piece, with its trailers, as gRPC needs it")
    func bidirectional() async throws {
        let proxy = try await RunningProxy.start()
        let origin = try await StreamOrigin.start(proxy.identity(for: "localhost"))
        let authority = "localhost:\(origin.port)"
        let client = try await FrameClient.open(proxy, to: authority, name: "localhost")
        client.send(
            try client.headers(
                [
                    (":method", "POST"), (":scheme", "https"), (":authority", authority), (":path", "/echo"),
                    ("te", "trailers"), ("content-type", "application/grpc"),
                ], on: 1, ends: false))
        let head = try #require(await client.next())
        let shown = try client.fields(of: head)
        #expect(shown == [":status": "200", "content-type": "application/grpc"] && !head.endsStream)
        for word in ["one", "two", "three"] {
            client.send(FrameClient.frame(0, 0, 1, Array(word.utf8)))
            let echo = try #require(await client.next())
            #expect(echo.type == 0 && echo.payload == Array(word.utf8))
        }
        client.send(try client.headers([("x-sum", "11")], on: 1, ends: true))
        let trailers = try #require(await client.next())
        #expect(trailers.endsStream)
        let sums = try client.fields(of: trailers)
        #expect(sums == ["grpc-status": "0", "x-done": "yes"])
        await client.close()
        await proxy.stop()
        await origin.stop()
        #expect(origin.heads.first?.first(name: "te") == "trailers" && origin.heads.last?.first(name: "x-sum") == "11")
        let flow = try #require(proxy.flows.first)
        #expect(flow.version == "HTTP/2.0" && flow.responseVersion == "HTTP/2.0" && flow.error == nil)
        #expect(flow.response?.body.bytes.bytes == Array("onetwothree".utf8))
        #expect(flow.withheld == ["alt-svc"] && flow.response?.first("alt-svc") == "h3=\":443\"")
        #expect(
            ProxyLog.lines(.flow(flow)) == [
                "\(flow.client): POST https://localhost:\(origin.port)/echo HTTP/2.0",
                String(repeating: " ", count: "\(flow.client)".count + 2) + "<< HTTP/2.0 200 11b",
            ])
    }

    @Test("streams end one by one: a refusal, a break in the middle, a hint before the answer, an answer that lies")
    func endings() async throws {
        let proxy = try await RunningProxy.start()
        let origin = try await StreamOrigin.start(proxy.identity(for: "localhost"))
        let authority = "localhost:\(origin.port)"
        let client = try await FrameClient.open(proxy, to: authority, name: "localhost")
        func ask(_ path: String, on stream: UInt32) throws {
            client.send(
                try client.headers(
                    [(":method", "GET"), (":scheme", "https"), (":authority", authority), (":path", path)], on: stream,
                    ends: true))
        }
        try ask("/plain", on: 1)
        let plain = try await client.message(on: 1)
        #expect(plain.heads.map { $0[":status"] } == ["200"] && plain.body == Array("/plain".utf8))
        try ask("/hints", on: 3)
        let hints = try await client.message(on: 3)
        #expect(hints.heads.map { $0[":status"] } == ["103", "200"] && hints.heads.first?["link"] != nil)
        try ask("/half", on: 5)
        let half = try await client.message(on: 5)
        #expect(half.end?.type == 3 && half.end?.errorCode == 2)
        try ask("/reset", on: 7)
        let reset = try await client.message(on: 7)
        #expect(reset.heads.first?[":status"] == "502")
        try ask("/smuggle", on: 9)
        let smuggled = try await client.message(on: 9)
        #expect(smuggled.heads.first?[":status"] == "502" && smuggled.heads.first?["set-cookie"] == nil)
        try ask("/again", on: 11)
        let again = try await client.message(on: 11)
        #expect(again.body == Array("/again".utf8))
        await client.close()
        await proxy.stop()
        await origin.stop()
        #expect(
            proxy.flows.map { $0.error?.kind } == [
                nil, nil, "truncated", "closed-without-answer", "closed-without-answer", nil,
            ])
    }

    @Test("mitm.it answers over HTTP/2 too")
    func onboarding() async throws {
        let proxy = try await RunningProxy.start()
        let page = try await proxy.curl([
            "--cacert", proxy.authorityFile, "--http2", "-w", "%{http_version}", "https://mitm.it/",
        ])
        #expect(page.output.contains("/cert/pem") && page.output.hasSuffix("2"), "\(page.errors)")
        await proxy.stop()
    }

    @Test("what HTTP/1 may say and HTTP/2 may not is put right on its way, or left out")
    func untranslatable() async throws {
        let proxy = try await RunningProxy.start { $0.http2 = .both }
        let old = try await ScriptedOrigin.start(identity: proxy.identity(for: "localhost")) { head in
            head.hasPrefix("GET /same")
                ? "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\nETag: \"x\"\r\n\r\n"
                : "HTTP/1.1 200 OK\r\nX-Odd: \u{1}a\u{1}b\u{2}\r\nKeep-Alive: timeout=5\r\n"
                    + "Content-Length: 2\r\n\r\nok"
        }
        let new = try await StreamOrigin.start(proxy.identity(for: "localhost"))
        let options = ["--cacert", proxy.authorityFile, "-i", "--suppress-connect-headers", "--http2"]
        let odd = try await proxy.curl(options + ["https://localhost:\(old.port)/"])
        let same = try await proxy.curl(options + ["https://localhost:\(old.port)/same"])
        let asked = try await proxy.curl([
            "--cacert", proxy.authorityFile, "--http1.1", "-H", "X-Odd: a\u{1}b", "-H", "Keep-Alive: 5",
            "https://localhost:\(new.port)/x",
        ])
        await proxy.stop()
        await old.stop()
        await new.stop()
        #expect(odd.output == "HTTP/2 200 \r\nx-odd: a b\r\ncontent-length: 2\r\n\r\nok", "\(odd.errors)")
        #expect(same.output.hasPrefix("HTTP/2 304 \r\n") && same.status == 0, "\(same.output) \(same.errors)")
        #expect(asked.output == "/x", "\(asked.errors)")
        let head = try #require(new.heads.first)
        #expect(head.first(name: "x-odd") == "a b" && head.first(name: "keep-alive") == nil)
        #expect(proxy.flows.map { $0.error?.kind } == [nil, nil, nil])
        #expect(proxy.flows.first?.response?.first("x-odd") == "\u{1}a\u{1}b\u{2}")
    }
}
