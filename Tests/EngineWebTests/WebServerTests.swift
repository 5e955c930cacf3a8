import EngineWeb
import Foundation
import LabTestSupport
import NIOCore
import NIOPosix
import SupportTransport
import Testing

@Suite("Web server, seen by curl", .enabled(if: RealTool.exists("curl"), "curl is not installed"))
struct WebServerTests {
    @Test("a plain page, and its line in the site log")
    func plain() async throws {
        let web = try await TestWeb()
        let outcome = try await web.curl(["-A", "tester/1", "http://www.example.test:\(web.plain)/?q=1"])
        #expect(outcome.status == 0)
        #expect(outcome.output == "hello from www\n")
        let record = try #require(await web.log.requests(1).first)
        #expect(record.host == "www.example.test" && record.path == "/?q=1" && record.method == "GET")
        #expect(record.version == "1.1" && record.status == 200 && record.bodyBytes == 15)
        #expect(record.userAgent == "tester/1" && record.tls == nil && record.isComplete)
        #expect(record.client.address == "127.0.0.1" && record.server.port == web.plain && record.time == TestWeb.now)
        await web.server.stop()
    }

    @Test(
        "TLS 1.2 and 1.3 with HTTP/1.1 and HTTP/2, trusted by --cacert", arguments: ["1.2", "1.3"],
        ["http1.1", "http2"])
    func tls(version: String, http: String) async throws {
        let web = try await TestWeb()
        let outcome = try await web.curl([
            "--\(http)", "--tlsv\(version)", "--tls-max", version, "--cacert", web.rootFile, "-w", "%{http_version}",
            "https://www.example.test:\(web.tls)/",
        ])
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.output == "hello from www\n" + (http == "http2" ? "2" : "1.1"))
        let record = try #require(await web.log.requests(1).first)
        #expect(record.version == (http == "http2" ? "2" : "1.1"))
        #expect(record.tls?.version == "TLSv\(version)" && record.tls?.serverName == "www.example.test")
        #expect(record.tls?.clientRandom.count == 64 && record.host == "www.example.test")
        await web.server.stop()
    }

    @Test("before trust curl refuses with 60, and the log has the alert")
    func untrusted() async throws {
        let web = try await TestWeb()
        let outcome = try await web.curl(["https://www.example.test:\(web.tls)/"])
        #expect(outcome.status == 60)
        guard case .handshakeFailed(let record) = await web.log.first(1).first else {
            Issue.record("no failure in the log")
            return
        }
        #expect(record.alertReceived?.number == 48 && record.serverName == "www.example.test")
        #expect(record.clientRandom.count == 64)
        await web.server.stop()
    }

    @Test("each name has its own certificate; an unknown name is refused with unrecognized_name")
    func names() async throws {
        let web = try await TestWeb()
        let other = try await web.curl(["--cacert", web.rootFile, "https://other.example.test:\(web.tls)/"])
        #expect(other.output == "hello from other\n")
        let address = try await web.curl(["--cacert", web.rootFile, "https://127.0.0.1:\(web.tls)/"])
        #expect(address.output == "hello from www\n")
        let unknown = try await web.curl(["--cacert", web.rootFile, "https://unknown.example.test:\(web.tls)/"])
        #expect(unknown.status == 35)
        let expired = try await web.curl(["--cacert", web.rootFile, "https://expired.example.test:\(web.tls)/"])
        #expect(expired.status == 60)
        let plain = try await web.curl([
            "-w", "%{http_code}", "-o", "/dev/null", "http://unknown.example.test:\(web.plain)/",
        ])
        #expect(plain.output == "421")
        await web.server.stop()
    }

    @Test("mitm.it says that traffic is not passing through, on every path")
    func mitm() async throws {
        let web = try await TestWeb()
        for path in ["/", "/cert/pem"] {
            let outcome = try await web.curl(["http://mitm.it:\(web.plain)\(path)"])
            #expect(outcome.output.contains("not passing through"))
        }
        await web.server.stop()
    }

    @Test("bodies: gzip where accepted, chunks, none, large ones streamed", arguments: ["http1.1", "http2"])
    func bodies(http: String) async throws {
        let web = try await TestWeb()
        let base = "https://www.example.test:\(web.tls)"
        let common = ["--\(http)", "--cacert", web.rootFile]
        let text = String(repeating: "The token is 4711. ", count: 200)
        let gzip = try await web.curl(common + ["--compressed", base + "/gzip"])
        #expect(gzip.output == text)
        let raw = try await web.curl(common + ["-H", "Accept-Encoding: gzip", base + "/gzip"])
        #expect(raw.outputBytes.starts(with: [0x1F, 0x8B]) && raw.outputBytes.count < text.utf8.count / 4)
        #expect(try await web.curl(common + [base + "/gzip"]).output == text)
        let chunked = try await web.curl(common + ["-i", base + "/chunked"])
        #expect(chunked.output.hasSuffix(text))
        #expect(!chunked.output.lowercased().contains("content-length"))
        #expect(try await web.curl(common + ["-w", "%{http_code}", base + "/none"]).output == "204")
        for path in ["/large", "/endless"] {
            let large = try await web.curl(common + ["-o", "/dev/null", "-w", "%{size_download}", base + path])
            #expect(large.output == "3000000")
        }
        let records = await web.log.requests(7)
        #expect(
            records.map(\.bodyBytes) == [
                raw.outputBytes.count, raw.outputBytes.count, 3800, 3800, 0, 3_000_000, 3_000_000,
            ])
        await web.server.stop()
    }

    @Test(
        "methods: HEAD without body, POST where a page takes it, 405 and 404 elsewhere",
        arguments: ["http1.1", "http2"])
    func methods(http: String) async throws {
        let web = try await TestWeb()
        let base = "https://www.example.test:\(web.tls)"
        let common = ["--\(http)", "--cacert", web.rootFile, "-w", "%{http_code}"]
        let head = try await web.curl(common + ["-I", base + "/chunked"])
        #expect(head.output.hasSuffix("200") && head.output.contains("3800"))
        #expect(try await web.curl(common + ["-d", "a=b", base + "/form"]).output == "taken\n200")
        #expect(try await web.curl(common + ["-d", "a=b", base + "/"]).output.hasSuffix("405"))
        #expect(try await web.curl(common + [base + "/absent"]).output.hasSuffix("404"))
        let body = web.folder.write([UInt8](repeating: 65, count: 2_000_000), to: "body")
        #expect(try await web.curl(common + ["--data-binary", "@" + body, base + "/form"]).output.hasSuffix("413"))
        await web.server.stop()
    }

    @Test("two servers cannot have one port, and the error says whose fault it is")
    func portInUse() async throws {
        let web = try await TestWeb()
        do {
            _ = try await TestWeb { $0.listeners = [WebListener(address: "127.0.0.1", port: web.plain, kind: .plain)] }
            Issue.record("it listens twice")
        } catch let error as WebServerError {
            guard case .cannotListen("127.0.0.1", web.plain, EADDRINUSE, _) = error else {
                Issue.record("\(error)")
                return
            }
        }
        await web.server.stop()
    }

    @Test(
        "nghttp reads pages over one HTTP/2 connection",
        .enabled(if: RealTool.exists("nghttp"), "nghttp is not installed"))
    func nghttp() async throws {
        let web = try await TestWeb()
        let nghttp = try #require(RealTool("nghttp"))
        let base = "https://127.0.0.1:\(web.tls)"
        let outcome = try await nghttp.run(["--no-verify-peer", base + "/", base + "/gzip"])
        #expect(outcome.output.contains("hello from www") && outcome.output.contains("4711"))
        let records = await web.log.requests(2)
        #expect(records.allSatisfy { $0.version == "2" } && records[0].client == records[1].client)
        await web.server.stop()
    }

    @Test(
        "openssl s_client agrees on version, cipher and protocol",
        .enabled(if: RealTool.exists("openssl"), "no openssl"))
    func sClient() async throws {
        let web = try await TestWeb()
        let openssl = try #require(RealTool("openssl"))
        let outcome = try await openssl.run(
            [
                "s_client", "-connect", "127.0.0.1:\(web.tls)", "-servername", "other.example.test", "-CAfile",
                web.rootFile, "-alpn", "http/1.1", "-verify_return_error", "-quiet", "-ign_eof",
            ],
            input: Array("GET / HTTP/1.1\r\nHost: other.example.test\r\nConnection: close\r\n\r\n".utf8))
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.output.contains("hello from other"))
        let record = try #require(await web.log.requests(1).first)
        #expect(record.tls?.alpn == "http/1.1")
        await web.server.stop()
    }

    @Test("the TCP service greets and echoes")
    func tcpService() async throws {
        let service = try await TCPService.start(
            address: "127.0.0.1", port: 0, greeting: "220 quiet service ready", idleTimeout: .hours(1))
        let promise = MultiThreadedEventLoopGroup.singleton.next().makePromise(of: String.self)
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Collector(count: 30, promise: promise))
                }
            }
            .connect(host: "127.0.0.1", port: Int(service.address.port)).get()
        try await channel.writeAndFlush(ByteBuffer(string: "hello"))
        #expect(try await promise.futureResult.get() == "220 quiet service ready\r\nhello")
        try await channel.close()
        await service.stop()
    }

    /// Succeeds with the text once `count` bytes have come.
    final class Collector: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        private let count: Int
        private let promise: EventLoopPromise<String>
        private var text = ByteBuffer()

        init(count: Int, promise: EventLoopPromise<String>) {
            self.count = count
            self.promise = promise
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            text.writeImmutableBuffer(unwrapInboundIn(data))
            if text.readableBytes >= count { promise.succeed(String(buffer: text)) }
        }

        func channelInactive(context: ChannelHandlerContext) { promise.fail(ChannelError.eof) }
    }
}
