import Foundation
import NIOCore
import NIOEmbedded
import NIOHTTP1
import SupportTransport
import Testing

@Suite("HTTP/1 pipelines")
struct HTTPPipelineTests {
    /// Sends `text` to a server that answers 200 to whatever reaches it; gives what came back and whether it closed.
    func answer(_ text: String) throws -> (text: String, targets: [String], isOpen: Bool) {
        let channel = EmbeddedChannel()
        let site = Site()
        try HTTPPipelines.addHTTP1Server(to: channel)
        try channel.pipeline.syncOperations.addHandler(site)
        _ = channel.connect(to: try SocketAddress(ipAddress: "127.0.0.1", port: 1))
        channel.pipeline.fireChannelRead(ByteBuffer(string: text))
        channel.embeddedEventLoop.run()
        var answer = ""
        while let bytes = try channel.readOutbound(as: ByteBuffer.self) { answer += String(buffer: bytes) }
        return (answer, site.targets, channel.isActive)
    }

    final class Site: ChannelInboundHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart
        var targets: [String] = []

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head): targets.append(head.uri)
            case .body: break
            case .end:
                let head = HTTPResponseHead(version: .http1_1, status: .ok, headers: ["content-length": "0"])
                context.write(wrapOutboundOut(.head(head)), promise: nil)
                context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
            }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {}
    }

    @Test("clear requests pass, pipelined ones in order")
    func clear() throws {
        let answer = try answer(
            "GET /a HTTP/1.1\r\nHost: www.example.test\r\n\r\n"
                + "POST http://www.example.test:80/b HTTP/1.1\r\nHost: www.example.test\r\nTransfer-Encoding: chunked\r\n\r\n"
                + "3\r\nabc\r\n0\r\n\r\nGET /c HTTP/1.0\r\n\r\n")
        #expect(answer.targets == ["/a", "http://www.example.test:80/b", "/c"])
        #expect(answer.text.components(separatedBy: "200 OK").count == 4)
    }

    static let smuggling: [(String, String)] = [
        (
            "both lengths",
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
        ),
        ("two lengths", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"),
        ("two equal lengths", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\na"),
        ("length list", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1, 1\r\n\r\na"),
        ("signed length", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: +1\r\n\r\na"),
        ("huge length", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\na"),
        ("coding list", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n"),
        (
            "two codings",
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n\r\n0\r\n\r\n"
        ),
        ("odd coding", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n"),
        ("coding in 1.0", "POST / HTTP/1.0\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
        ("no host", "GET / HTTP/1.1\r\n\r\n"),
        ("two hosts", "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"),
        ("host with user", "GET / HTTP/1.1\r\nHost: a@b\r\n\r\n"),
        ("other host", "GET http://a/ HTTP/1.1\r\nHost: b\r\n\r\n"),
        ("other port", "GET http://a:81/ HTTP/1.1\r\nHost: a\r\n\r\n"),
        ("connect elsewhere", "CONNECT a:443 HTTP/1.1\r\nHost: b:443\r\n\r\n"),
        ("connect without port", "CONNECT a HTTP/1.1\r\nHost: a\r\n\r\n"),
        ("other scheme", "GET ftp://a/ HTTP/1.1\r\nHost: a\r\n\r\n"),
        ("space before colon", "GET / HTTP/1.1\r\nHost : a\r\n\r\n"),
        ("folded field", "GET / HTTP/1.1\r\nHost: a\r\nX: b\r\n c\r\n\r\n"),
        ("bare LF", "GET / HTTP/1.1\nHost: a\n\n"),
        ("bare LF in fields", "GET / HTTP/1.1\r\nHost: a\nX: b\r\n\r\n"),
        ("bare CR", "GET / HTTP/1.1\r\nHost: a\rX: b\r\n\r\n"),
        ("NUL", "GET / HTTP/1.1\r\nHost: a\r\nX: \0\r\n\r\n"),
        ("unknown version", "GET / HTTP/1.2\r\nHost: a\r\n\r\n"),
        ("bad chunk", "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n\r\n"),
        ("not HTTP", "\u{16}\u{3}\u{1}garbage\r\n\r\n"),
    ]

    @Test("a request that could be read in two ways is answered with 400 and nothing else", arguments: smuggling)
    func unclear(name: String, text: String) throws {
        let answer = try answer(text + "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(answer.text.hasPrefix("HTTP/1.1 400"), "\(name): \(answer.text)")
        #expect(!answer.isOpen, "\(name)")
        #expect(!answer.targets.contains("/smuggled"), "\(name)")
    }

    @Test("heads beyond the limits are refused")
    func limits() throws {
        let field = "X-\(String(repeating: "a", count: 100)): b\r\n"
        let many = try answer("GET / HTTP/1.1\r\nHost: a\r\n" + String(repeating: field, count: 300) + "\r\n")
        #expect(many.text.hasPrefix("HTTP/1.1 400"))
        let long = try answer("GET / HTTP/1.1\r\nHost: a\r\nX: " + String(repeating: "b", count: 70000) + "\r\n\r\n")
        #expect(long.text.hasPrefix("HTTP/1.1 400"))
    }

    @Test("authorities and URLs are read or refused whole")
    func urls() {
        #expect(HTTPAuthority("WWW.example.test:81") == HTTPAuthority(host: "www.example.test", port: 81))
        #expect(HTTPAuthority("[2001:DB8::1]:443")?.description == "[2001:db8::1]:443")
        for bad in [
            "", ":80", "a:", "a:0", "a:65536", "a:+80", "a b", "a/b", "u@a", "[::1", "[]", "[::1]x", "a:1:2", "ä",
        ] {
            #expect(HTTPAuthority(bad) == nil, "\(bad)")
        }
        let url = HTTPURL("HTTPS://Www.example.test?q=1#part")
        #expect(url?.description == "https://www.example.test/?q=1")
        #expect(url?.port == 443)
        #expect(HTTPURL("http://a/é")?.path == "/%C3%A9")
        #expect(HTTPURL("http://a:80/b")?.hostField == "a")
        for bad in ["http:/a", "http://", "ftp://a/", "http://a b/", "http://u:p@a/", "a", "//a/"] {
            #expect(HTTPURL(bad) == nil, "\(bad)")
        }
    }
}
