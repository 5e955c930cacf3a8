import EngineWeb
import Foundation
import Glibc
import LabTestSupport
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import SupportCrypto
import SupportTransport
import Testing

@Suite("Web client")
struct WebClientTests {
    let client = WebClient()

    func request(_ web: TestWeb, _ path: String = "/", host: String = "127.0.0.1", isSecure: Bool = true) -> WebRequest
    {
        var request = WebRequest.unhurried(
            isSecure ? "https://\(host):\(web.tls)\(path)" : "http://\(host):\(web.plain)\(path)")
        request.trust = .init(files: [web.rootFile])
        return request
    }

    @Test("a plain page with everything that is known about it")
    func plain() async throws {
        let web = try await TestWeb()
        let exchange = await client.exchange(request(web, isSecure: false))
        #expect(exchange.failure == nil && exchange.tls == nil && exchange.proxy == nil)
        let response = try #require(exchange.response)
        #expect(response.code == 200 && response.reason == "OK" && response.version == "1.1" && response.isComplete)
        #expect(String(decoding: response.body, as: UTF8.self) == "hello from www\n")
        #expect(response.field("Content-Type") == "text/html; charset=utf-8")
        #expect(exchange.remote == SocketEndpoint(address: "127.0.0.1", port: web.plain))
        let record = try #require(await web.log.requests(1).first)
        #expect(record.client == exchange.local && record.userAgent == "lab/1.0")
        #expect(exchange.timings.connect != nil && exchange.timings.firstByte != nil && exchange.timings.tls == nil)
        await web.server.stop()
    }

    @Test(
        "HTTPS in both versions of TLS and HTTP, with chain and client random",
        arguments: [TLSVersion.tls12, .tls13], [WebRequest.Version.http11, .http2, .automatic])
    func secure(tls: TLSVersion, version: WebRequest.Version) async throws {
        let web = try await TestWeb()
        let lines = NIOLockedValueBox<[String]>([])
        var request = request(web, "/gzip")
        request.version = version
        request.tls.versions = tls...tls
        request.tls.keyLog = { line in lines.withLockedValue { $0.append(line) } }
        let exchange = await client.exchange(request)
        #expect(exchange.failure == nil)
        let response = try #require(exchange.response)
        #expect(response.version == (version == .http11 ? "1.1" : "2"))
        #expect(response.body.starts(with: "The token is 4711. ".utf8) && response.bodyCount == 3800)
        #expect(response.encodedCount < 400 && response.field("content-encoding") == "gzip")
        let session = try #require(exchange.tls)
        let record = try #require(await web.log.requests(1).first)
        #expect(session.version == tls.description && session.clientRandom == record.tls?.clientRandom)
        #expect(session.presentedChain.count == 1)
        #expect(session.verifiedChain.last == web.authority.certificate.der)
        let random = session.clientRandom ?? ""
        #expect(lines.withLockedValue { !$0.isEmpty && $0.allSatisfy { $0.contains(random) } })
        await web.server.stop()
    }

    @Test("a root that is not trusted: a value with reason, alert and the chain that was refused")
    func untrusted() async throws {
        let web = try await TestWeb()
        let stranger = try await TestWeb()
        var request = request(web)
        request.trust = .init(files: [stranger.rootFile])
        let exchange = await client.exchange(request)
        let failure = try #require(exchange.failure)
        #expect(failure.stage == .tls && failure.reason == .certificateUntrusted && failure.alertSent?.number == 48)
        #expect(exchange.response == nil && exchange.tls?.presentedChain.count == 1)
        #expect(exchange.tls?.verifiedChain.isEmpty == true && exchange.tls?.version == nil)
        guard case .handshakeFailed(let record) = await web.log.first(1).first else {
            Issue.record("no failure in the log")
            return
        }
        #expect(record.alertReceived?.number == 48 && record.client == exchange.local, "\(record)")
        request.trust.isVerifying = false
        #expect(await client.exchange(request).response?.code == 200)
        await web.server.stop()
        await stranger.server.stop()
    }

    @Test("trust is read again at every request")
    func rereadsTrust() async throws {
        let web = try await TestWeb()
        var request = request(web)
        let store = web.folder.write([], to: "store.pem")
        request.trust = .init(files: [store])
        #expect(await client.exchange(request).failure?.reason == .certificateUntrusted)
        web.folder.write(web.authority.certificate.pem, to: "store.pem")
        #expect(await client.exchange(request).response?.code == 200)
        web.folder.write([], to: "store.pem")
        #expect(await client.exchange(request).failure?.reason == .certificateUntrusted)
        request.trust = .init(files: [store + ".absent"])
        #expect(await client.exchange(request).failure?.reason == .trustUnreadable)
        await web.server.stop()
    }

    @Test("wrong names, expired certificates and refused names have their own reasons")
    func certificates() async throws {
        let web = try await TestWeb()
        let proxy = try await TestProxy(to: web.tls)
        func failure(_ host: String) async -> WebFailure? {
            var request = request(web, host: host)
            request.proxy = proxy.authority
            return await client.exchange(request).failure
        }
        let mismatch = await client.exchange(request(web, host: "localhost")).failure
        #expect(mismatch?.reason == .certificateNameMismatch && mismatch?.alertSent?.number == 42)
        let expired = await failure("expired.example.test")
        #expect(expired?.reason == .certificateExpired && expired?.alertSent?.number == 45)
        let unknown = await failure("unknown.example.test")
        #expect(unknown?.reason == .alertReceived && unknown?.number == 112)
        #expect(await failure("other.example.test") == nil)
        await proxy.stop()
        await web.server.stop()
    }

    @Test("through a proxy: absolute-form for http, CONNECT for https in both versions of HTTP")
    func proxy() async throws {
        let web = try await TestWeb()
        let proxy = try await TestProxy(to: web.tls)
        var plain = request(web, "/a?b", host: "www.example.test", isSecure: false)
        plain.proxy = proxy.authority
        let first = await client.exchange(plain)
        #expect(first.response.map { String(decoding: $0.body, as: UTF8.self) } == "asked for \(plain.url)")
        #expect(first.proxy == "127.0.0.1:\(proxy.port)" && first.connectCode == nil)
        for version in [WebRequest.Version.http11, .http2] {
            var secure = request(web, host: "www.example.test")
            secure.proxy = proxy.authority
            secure.version = version
            let exchange = await client.exchange(secure)
            #expect(
                exchange.response?.body == Array("hello from www\n".utf8), "\(String(describing: exchange.failure))")
            #expect(exchange.connectCode == 200 && exchange.remote?.port == proxy.port)
            #expect(exchange.tls?.serverName == "www.example.test" && exchange.timings.proxy != nil)
        }
        var forbidden = request(web, host: "forbidden.example.test")
        forbidden.proxy = proxy.authority
        let refused = await client.exchange(forbidden)
        #expect(
            refused.failure?.reason == .proxyRefused && refused.failure?.number == 403 && refused.connectCode == 403)
        await proxy.stop()
        forbidden.proxy = proxy.authority
        #expect(await client.exchange(forbidden).failure?.reason == .connectionRefused)
        await web.server.stop()
    }

    @Test("redirections are returned, or followed up to a limit")
    func redirections() async throws {
        let web = try await TestWeb()
        var request = request(web, "/away")
        #expect(await client.exchange(request).response?.code == 302)
        request.redirectLimit = 3
        let followed = await client.exchange(request)
        #expect(followed.response?.code == 200 && followed.redirections.map(\.code) == [302])
        request.url = "https://127.0.0.1:\(web.tls)/loop"
        let loop = await client.exchange(request)
        #expect(loop.failure?.reason == .tooManyRedirects && loop.redirections.count == 3)
        await web.server.stop()
    }

    @Test(
        "whoever has a response finds it in the site log already",
        arguments: ["/", "/gzip", "/chunked", "/large", "/endless", "/none"], [WebRequest.Version.http11, .http2])
    func logBeforeEnd(path: String, version: WebRequest.Version) async throws {
        let web = try await TestWeb()
        var request = request(web, path)
        request.version = version
        #expect(await client.exchange(request).response?.isComplete == true)
        guard case .request(let record) = web.log.told.first else {
            Issue.record("the log is empty")
            return
        }
        #expect(record.path == path && record.isComplete)
        await web.server.stop()
    }

    @Test("large bodies are counted whole and kept in part", arguments: [WebRequest.Version.http11, .http2])
    func bodyLimit(version: WebRequest.Version) async throws {
        let web = try await TestWeb()
        var request = request(web, "/endless")
        request.version = version
        request.bodyLimit = 1000
        let response = try #require(await client.exchange(request).response)
        #expect(response.body.count == 1000 && response.bodyCount == 3_000_000 && response.encodedCount == 3_000_000)
        var post = self.request(web, "/form")
        post.method = "POST"
        post.version = version
        post.body = [UInt8](repeating: 65, count: 300_000)
        #expect(await client.exchange(post).response?.code == 200)
        var head = self.request(web, "/large")
        head.method = "HEAD"
        head.version = version
        let headResponse = await client.exchange(head).response
        #expect(headResponse?.field("content-length") == "3000000" && headResponse?.bodyCount == 0)
        await web.server.stop()
    }

    @Test("a server without HTTP/2 is told apart from one without TLS and one without answer")
    func unavailable() async throws {
        let web = try await TestWeb { $0.alpn = [] }
        var request = request(web)
        request.version = .http2
        #expect(await client.exchange(request).failure?.reason == .versionUnavailable)
        request.url = "https://127.0.0.1:\(web.plain)/"
        #expect(await client.exchange(request).failure?.reason == .notTLS)
        let quiet = try await RawServer { _ in .keepOpen }
        request.url = "https://127.0.0.1:\(quiet.port)/"
        request.timeout = .milliseconds(50)
        let silent = await client.exchange(request).failure
        #expect(silent?.reason == .timeout)
        await quiet.stop()
        await web.server.stop()
    }

    static let odd: [(String, String, WebFailure.Reason)] = [
        ("nothing", "", .closed), ("no HTTP", "hello there\r\n\r\n", .malformedResponse),
        ("half a head", "HTTP/1.1 200 OK\r\nContent-", .closed),
        ("half a body", "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc", .closed),
        ("half a chunk", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab", .closed),
        ("two lengths", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", .malformedResponse),
        (
            "both framings", "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            .malformedResponse
        ),
        ("endless head", "HTTP/1.1 200 OK\r\nX: " + String(repeating: "a", count: 100_000), .malformedResponse),
    ]

    @Test("odd responses become failures with a reason", arguments: odd)
    func oddResponses(name: String, text: String, reason: WebFailure.Reason) async throws {
        let server = try await RawServer { _ in .answer(text) }
        let exchange = await client.exchange(WebRequest.unhurried("http://127.0.0.1:\(server.port)/"))
        #expect(exchange.failure?.reason == reason, "\(name): \(String(describing: exchange.failure))")
        await server.stop()
    }

    @Test("responses up to the end of the connection, informational ones before, codings that are broken")
    func oddButFine() async throws {
        func get(_ text: String) async throws -> WebExchange {
            let server = try await RawServer { _ in .answer(text) }
            let exchange = await client.exchange(WebRequest.unhurried("http://127.0.0.1:\(server.port)/"))
            await server.stop()
            return exchange
        }
        let old = try await get("HTTP/1.0 200 Fine\r\n\r\nup to the end")
        #expect(old.failure == nil && old.response?.body == Array("up to the end".utf8))
        #expect(old.response?.version == "1.0")
        let early = try await get("HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n")
        #expect(early.response?.code == 204 && early.failure == nil)
        let broken = try await get("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nabcd")
        #expect(broken.failure == nil && broken.response?.codingFailure != nil && broken.response?.encodedCount == 4)
    }

    @Test(
        "IPv6 literals, plain and over TLS",
        .enabled(if: WebClientTests.hasIPv6Loopback, "this machine has no ::1"))
    func ipv6() async throws {
        let web = try await TestWeb {
            $0.listeners = [
                WebListener(address: "::1", port: 0, kind: .plain), WebListener(address: "::1", port: 0, kind: .tls),
            ]
        }
        let plain = await client.exchange(WebRequest.unhurried("http://[::1]:\(web.plain)/"))
        #expect(plain.response?.code == 421 && plain.remote?.description == "[::1]:\(web.plain)")
        var secure = WebRequest.unhurried("https://[::1]:\(web.tls)/")
        secure.trust = .init(files: [web.rootFile])
        #expect(await client.exchange(secure).failure?.reason == .certificateNameMismatch)
        await web.server.stop()
    }

    static let hasIPv6Loopback: Bool = {
        let descriptor = socket(AF_INET6, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(descriptor) }
        var address = sockaddr_in6()
        address.sin6_family = sa_family_t(AF_INET6)
        address.sin6_addr = in6addr_loopback
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in6>.size)) == 0
            }
        }
    }()

    @Test("what cannot be requested is not sent")
    func invalid() async throws {
        for url in ["", "www.example.test", "ftp://127.0.0.1/", "http://127.0.0.1:99999/", "http://a b/"] {
            #expect(await client.exchange(WebRequest.unhurried(url)).failure?.reason == .invalidURL)
        }
        var split = WebRequest.unhurried("http://127.0.0.1:1/")
        split.fields = [WebField("x", "a\r\nHost: b")]
        #expect(await client.exchange(split).failure?.reason == .invalidURL)
        var secure = WebRequest.unhurried("http://127.0.0.1:1/")
        secure.version = .http2
        #expect(await client.exchange(secure).failure?.reason == .versionUnavailable)
    }

    @Test("an exchange survives being written as JSON and read back")
    func codable() async throws {
        let web = try await TestWeb()
        let exchange = await client.exchange(request(web))
        let read = try JSONDecoder().decode(WebExchange.self, from: JSONEncoder().encode(exchange))
        #expect(read == exchange)
        await web.server.stop()
        for count in 0..<8 {
            let bytes = (0..<count).map { UInt8($0 * 37 % 256) }
            let text = try JSONEncoder().encode(Base64(wrappedValue: bytes))
            #expect(
                String(decoding: text, as: UTF8.self).replacing("\\", with: "")
                    == "\"\(Data(bytes).base64EncodedString())\"")
            #expect(try JSONDecoder().decode(Base64.self, from: text).wrappedValue == bytes)
        }
        for bad in ["\"a\"", "\"ab=c\"", "\"====\"", "\"ab c\"", "1"] {
            #expect(throws: DecodingError.self) { try JSONDecoder().decode(Base64.self, from: Data(bad.utf8)) }
        }
    }

    @Test("a cancelled request ends as cancelled")
    func cancellation() async throws {
        let arrived = NIOLockedValueBox<CheckedContinuation<Void, Never>?>(nil)
        let server = try await RawServer { _ in
            arrived.withLockedValue { $0 }?.resume()
            return .keepOpen
        }
        let url = "http://127.0.0.1:\(server.port)/"
        let client = client
        let task = NIOLockedValueBox<Task<WebExchange, Never>?>(nil)
        await withCheckedContinuation { continuation in
            arrived.withLockedValue { $0 = continuation }
            task.withLockedValue { $0 = Task { await client.exchange(WebRequest.unhurried(url)) } }
        }
        let running = try #require(task.withLockedValue { $0 })
        running.cancel()
        #expect(await running.value.failure?.reason == .cancelled)
        await server.stop()
    }
}
