import LabTestSupport
import Testing

@testable import EngineProxy

@Suite("Requests that two readers could understand differently")
struct SmugglingTests {
    static let probes: [(String, RequestRejection.Reason)] = [
        (
            "POST http://a.test/ HTTP/1.1\r\nHost: a.test\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            .contentLengthWithTransferEncoding
        ),
        (
            "POST http://a.test/ HTTP/1.1\r\nHost: a.test\r\nContent-Length: 3\r\nContent-Length: 3\r\n\r\nabc",
            .duplicateContentLength
        ),
        (
            "POST http://a.test/ HTTP/1.1\r\nHost: a.test\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\nabc",
            .duplicateContentLength
        ),
        ("POST http://a.test/ HTTP/1.1\r\nHost: a.test\r\nContent-Length: 3, 3\r\n\r\nabc", .duplicateContentLength),
        ("POST http://a.test/ HTTP/1.1\r\nHost: a.test\r\nContent-Length: +3\r\n\r\nabc", .invalidContentLength),
        ("POST http://a.test/ HTTP/1.1\r\nHost: a.test\r\nContent-Length: 0x3\r\n\r\nabc", .invalidContentLength),
        (
            "POST http://a.test/ HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
            .transferEncoding
        ),
        (
            "POST http://a.test/ HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n",
            .transferEncoding
        ),
        ("POST http://a.test/ HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: identity\r\n\r\n", .transferEncoding),
        (
            "POST http://a.test/ HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            .transferEncoding
        ),
        (
            "POST http://a.test/ HTTP/1.0\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            .transferEncoding
        ),
        ("GET http://a.test/ HTTP/1.1\nHost: a.test\n\n", .lineEnd),
        ("GET http://a.test/ HTTP/1.1\r\nHost: a.test\nX: y\r\n\r\n", .lineEnd),
        ("GET http://a.test/ HTTP/1.1\r\nHost: a.test\r\nX: a\rb\r\n\r\n", .lineEnd),
        ("GET http://a.test/ HTTP/1.1\r\nHost: a.test\r\nX : y\r\n\r\n", .fieldName),
        ("GET http://a.test/ HTTP/1.1\r\nHost: a.test\r\nX\u{7F}: y\r\n\r\n", .fieldName),
        ("GET http://a.test/ HTTP/1.1\r\nHost: a.test\r\n: y\r\n\r\n", .fieldName),
        ("GET http://a.test/ HTTP/1.1\r\nHost: a.test\r\nno colon\r\n\r\n", .fieldName),
        ("GET http://a.test/ HTTP/1.1\r\nHost: a.test\r\nX: a\u{0}b\r\n\r\n", .fieldValue),
        ("GET http://a.test/ HTTP/1.1\r\nHost: a.test\r\nX: a\r\n b\r\n\r\n", .foldedField),
        ("GET  http://a.test/ HTTP/1.1\r\nHost: a.test\r\n\r\n", .startLine),
        ("GET http://a.test/ HTTP/1.1\r\n\r\n", .missingHost),
        ("GET http://a.test/ HTTP/1.1\r\nHost: a.test\r\nHost: a.test\r\n\r\n", .severalHosts),
        ("GET http://a.test/ HTTP/1.1\r\nHost: b.test\r\n\r\n", .hostMismatch),
        ("GET http://a.test/ HTTP/1.1\r\nHost: a.test:81\r\n\r\n", .hostMismatch),
        ("GET http://a.test/ HTTP/1.1\r\nHost: a@test\r\n\r\n", .invalidHost),
        ("GET http://user@a.test/ HTTP/1.1\r\nHost: a.test\r\n\r\n", .target),
        ("GET ftp://a.test/ HTTP/1.1\r\nHost: a.test\r\n\r\n", .target),
        ("CONNECT /x HTTP/1.1\r\nHost: a.test\r\n\r\n", .target),
        ("CONNECT a.test:99999 HTTP/1.1\r\nHost: a.test\r\n\r\n", .target),
        ("GET / HTTP/1.1\r\nHost: a.test\r\n\r\n", .unknownDestination),
        ("GET http://a.test/ HTTP/3.0\r\nHost: a.test\r\n\r\n", .version),
        ("\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\r\n\r\n", .notHTTP),
        (
            "GET http://a.test/ HTTP/1.1\r\nHost: a.test\r\nX: " + String(repeating: "y", count: 70_000) + "\r\n\r\n",
            .headTooLarge
        ),
    ]

    @Test("are refused with the reason, before anything is passed on")
    func refused() async throws {
        let proxy = try await RunningProxy.start()
        for (probe, reason) in Self.probes {
            let answer = try await proxy.raw(probe)
            let status = RequestRejection(reason).status
            #expect(answer.hasPrefix("HTTP/1.1 \(status) "), "\(probe.prefix(120)) → \(answer.prefix(60))")
            #expect(answer.contains("Connection: close\r\n"))
        }
        await proxy.stop()
        #expect(proxy.rejections == Self.probes.map { $0.1.rawValue })
        #expect(proxy.flows.isEmpty)
    }

    @Test(
        "damaged chunks are refused with 400 where the origin has not answered yet",
        arguments: [
            "x\r\nabc\r\n0\r\n\r\n", "3\r\nabcd\r\n0\r\n\r\n", "3\nabc\r\n0\r\n\r\n", "-1\r\n\r\n",
            "FFFFFFFFFFFFFFFFF\r\n",
            "3\u{0}\r\nabc\r\n0\r\n\r\n",
        ])
    func chunks(body: String) async throws {
        let proxy = try await RunningProxy.start()
        let origin = try await ScriptedOrigin.start { _ in "" }
        let answer = try await proxy.raw(
            "POST http://127.0.0.1:\(origin.port)/ HTTP/1.1\r\nHost: 127.0.0.1:\(origin.port)\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n" + body)
        #expect(answer.hasPrefix("HTTP/1.1 400 Bad Request\r\n"), "\(answer.prefix(80))")
        await proxy.stop()
        await origin.stop()
        #expect(proxy.flows.map { $0.error?.kind } == ["bad-request"])
    }

    @Test(
        "targets are read strictly",
        arguments: [
            (
                "http://a.test",
                RequestTarget.absolute(scheme: "http", authority: ProxyAuthority(host: "a.test", port: 80), path: "/")
            ),
            (
                "HTTPS://A.test:8443/x",
                .absolute(scheme: "https", authority: ProxyAuthority(host: "a.test", port: 8443), path: "/x")
            ),
            (
                "http://[2001:DB8::1]:81?q",
                .absolute(scheme: "http", authority: ProxyAuthority(host: "2001:db8::1", port: 81), path: "/?q")
            ),
            (
                "http://a.test/x#frag",
                .absolute(scheme: "http", authority: ProxyAuthority(host: "a.test", port: 80), path: "/x")
            ),
            ("/x", .origin(path: "/x")),
        ])
    func targets(text: String, expected: RequestTarget) {
        #expect(RequestTarget(text, method: "GET") == expected)
    }

    @Test(
        "and what is no target is none",
        arguments: [
            "", "*", "a.test:80", "http://", "http:///x", "http://a.test:0/", "http://a.test:x/", "http://a b/",
            "//a.test/\u{7F}",
            "http://[::1/", "http://[zz]/", "http://a.test:80:80/", "javascript:x",
        ])
    func noTargets(text: String) { #expect(RequestTarget(text, method: "GET") == nil) }
}
