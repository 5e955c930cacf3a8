import SupportQuestions
import Testing
import Wire
import WireSessions

@Suite("Captures of real clients and servers are opened")
struct FixtureTests {
    private static let site = "https://www.example.test"

    @Test("HTTP/1.1 without TLS")
    func plain() {
        let rows = CaptureFixture("plain-h1").read()
        #expect(
            rows.outline == [
                "GET http://127.0.0.1:8080/ 200 27", "GET http://127.0.0.1:8080/long.txt 200 8652",
                "GET http://127.0.0.1:8080/missing 404 153",
            ])
        #expect(rows.streams.isEmpty)
        #expect(rows.exchanges.allSatisfy { $0.first(at: ExchangeField.httpDecrypted.slot) == .boolean(false) })
    }

    @Test(
        "TLS 1.3 and HTTP/1.1, and the same over HTTP/2",
        arguments: [("tls13-h1", 8443, "1.1", "http/1.1"), ("h2", 8444, "2", "h2")])
    func modern(name: String, port: Int, version: String, alpn: String) throws {
        let fixture = CaptureFixture(name)
        let rows = fixture.read()
        #expect(
            rows.outline == [
                "GET \(Self.site):\(port)/ 200 27", "GET \(Self.site):\(port)/long.txt 200 8652",
                "GET \(Self.site):\(port)/missing 404 153", "GET \(Self.site):\(port)/large.bin 200 9000",
            ])
        #expect(rows.statuses == ["decrypted"])
        let exchange = try #require(rows.exchanges.first)
        #expect(String(decoding: exchange.bytes(.httpBody), as: UTF8.self) == "token-7f3a in a plain page\n")
        #expect(String(decoding: rows.exchanges[1].bytes(.httpBody), as: UTF8.self).contains("token-9c1e"))
        #expect(exchange.text(.httpVersion) == version)
        #expect(exchange.text(.tlsAlpn) == alpn)
        #expect(exchange.text(.tlsVersion) == "TLS 1.3")
        #expect(exchange.text(.tlsSni) == "www.example.test")
        #expect(exchange.text(.httpHost) == "www.example.test")
        #expect(exchange.bytes(.tlsLeafSha256).count == 32)
        #expect(KeyLog(fixture.keyLog).contains(clientRandom: exchange.bytes(.tlsClientRandom)))
        #expect(
            rows.exchanges.map { $0.first(at: ExchangeField.httpComplete.slot) }
                == Array(repeating: .boolean(true), count: 4))
    }

    @Test(
        "each AEAD suite, each version, IPv6, a HelloRetryRequest",
        arguments: [
            ("tls12-ccm", "TLS_ECDHE_ECDSA_WITH_AES_128_CCM_8", "TLS 1.2"),
            ("tls12-chacha", "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256", "TLS 1.2"),
            ("tls12-h1", "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", "TLS 1.2"),
            ("tls13-v6", "TLS_CHACHA20_POLY1305_SHA256", "TLS 1.3"),
            ("retry", "TLS_AES_256_GCM_SHA384", "TLS 1.3"),
        ])
    func suites(name: String, suite: String, version: String) throws {
        let rows = CaptureFixture(name).read()
        #expect(rows.statuses == ["decrypted"])
        let exchange = try #require(rows.exchanges.first)
        #expect(String(decoding: exchange.bytes(.httpBody), as: UTF8.self) == "token-7f3a in a plain page\n")
        #expect(exchange.text(.tlsCipher) == suite)
        #expect(exchange.text(.tlsVersion) == version)
    }

    @Test("TLS inside a CONNECT tunnel belongs to the tunnel's authority")
    func tunnel() throws {
        let rows = CaptureFixture("tunnel").read()
        #expect(
            rows.outline == [
                "CONNECT www.example.test:8443 200 0", "GET \(Self.site):8443/ 200 27",
                "GET \(Self.site):8443/long.txt 200 8652",
            ])
        #expect(rows.exchanges.map { $0.text(.httpTunnel) } == [nil, "www.example.test:8443", "www.example.test:8443"])
        #expect(rows.exchanges.map { $0.number(.httpServerPort) } == [3128, 3128, 3128])
        let stream = try #require(rows.streams.first)
        #expect(stream.said(.tlsStatus) == "decrypted")
        #expect(stream.said(.streamTunnel) == "www.example.test:8443")
    }

    @Test("keys that change on both sides are followed")
    func keyUpdate() throws {
        let rows = CaptureFixture("keyupdate").read()
        #expect(rows.statuses == ["decrypted"])
        let exchange = try #require(rows.exchanges.first)
        #expect(exchange.text(.httpVersion) == "1.0")
        #expect(exchange.number(.httpCode) == 200)
        #expect(rows.frames.flatMap { $0.numbers(.tlsHandshakeType) }.filter { $0 == 24 }.count == 2)
    }

    @Test("the alert of a client that does not trust the certificate is seen although it is encrypted")
    func refused() throws {
        let fixture = CaptureFixture("refused")
        let rows = fixture.read()
        let stream = try #require(rows.streams.first)
        #expect(stream.counted(.tlsAlertClient) == 48)
        #expect(stream.counted(.tlsAlertServer) == nil)
        #expect(rows.exchanges.isEmpty)
        let alert = rows.frames.filter { $0.numbers(.tlsAlertMessageDesc) == [48] }
        #expect(alert.count == 1)
        #expect(alert.first?.numbers(.tcpDstport) == [8443])
        #expect(alert.first?.numbers(.tlsAlertMessageLevel) == [2])
    }

    @Test("a CBC suite is named as the reason")
    func unsupported() throws {
        let rows = CaptureFixture("tls12-cbc").read()
        #expect(rows.statuses == ["unsupported-suite"])
        #expect(rows.streams[0].said(.tlsReason)?.contains("TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA") == true)
    }

    @Test("echoes, and what an ICMP error quotes")
    func network() throws {
        let rows = CaptureFixture("network").read()
        let echoes = rows.frames.filter { $0.numbers(.icmpType) == [8] }
        #expect(echoes.map { $0.numbers(.icmpSeq) } == [[1], [2]])
        #expect(rows.frames.contains { $0.numbers(.icmpv6Type) == [129] })
        let question = try #require(rows.frames.first { $0.has(.dns) })
        #expect(question.texts(.dnsQryName) == ["www.example.test"])
        let error = try #require(rows.frames.first { $0.numbers(.icmpType) == [3] })
        #expect(error.numbers(.icmpCode) == [3])
        #expect(error.values(at: FrameField.ipSrc.slot) == [.ipv4(0x7F00_0001), .ipv4(0x7F00_0001)])
        #expect(error.numbers(.udpDstport) == [53])
    }

    @Test("secrets inside the file open what it holds, also what stands before them", arguments: [false, true])
    func secretsBlock(isBehind: Bool) {
        let fixture = CaptureFixture("tls13-h1")
        var writer = CaptureWriter()
        let lo = writer.addInterface(CaptureInterface(linkType: 1, name: "lo"))
        if isBehind {
            for frame in fixture.frames { writer.frame(frame.bytes, interface: lo, timestamp: frame.time) }
            writer.tlsSecrets(fixture.keyLog)
        } else {
            writer.tlsSecrets(fixture.keyLog)
            for frame in fixture.frames { writer.frame(frame.bytes, interface: lo, timestamp: frame.time) }
        }
        let (rows, report) = Sessions.read(writer.drain(), SessionConfiguration())
        #expect(rows.statuses == ["decrypted"])
        #expect(rows.outline == fixture.read().outline)
        #expect(report.captureError == nil)
        #expect(report.interfaces.map(\.name) == ["lo"])
    }
}
