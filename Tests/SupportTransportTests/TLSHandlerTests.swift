import NIOCore
import NIOEmbedded
import SupportCrypto
import SupportTransport
import Testing

@Suite("TLS handler, both sides in memory")
struct TLSHandlerTests {
    func identity() throws -> ServerIdentity { try #require(TestAuthority.site) }

    func pair(
        versions: ClosedRange<TLSVersion> = .tls12 ... .tls13, trusting: CertificateAuthority? = TestAuthority.shared,
        name: String? = "www.example.test", clientALPN: [String] = [], serverALPN: [String] = [],
        identity: ServerIdentity? = nil,
        timeouts: TLSTimeouts = TLSTimeouts()
    ) throws -> TLSPair {
        var parameters = TLSContext.Parameters()
        parameters.versions = versions
        let client = try TLSContext.client(roots: TestAuthority.roots(trusting), alpn: clientALPN, parameters)
        return try TLSPair(
            client: .client(client, serverName: name, timeouts: timeouts),
            server: .server(
                TLSContext.server(), identity: identity ?? self.identity(), alpn: serverALPN, timeouts: timeouts))
    }

    @Test(
        "both versions agree and carry bytes both ways, also byte by byte", arguments: [TLSVersion.tls12, .tls13],
        [1, 16384])
    func exchange(version: TLSVersion, pieces: Int) throws {
        let pair = try pair(versions: version...version, clientALPN: ["h2", "http/1.1"], serverALPN: ["http/1.1"])
        _ = pair.client.writeAndFlush(ByteBuffer(string: "hello "))
        _ = pair.server.connect(to: try SocketAddress(ipAddress: "127.0.0.1", port: 1))
        _ = pair.client.connect(to: try SocketAddress(ipAddress: "127.0.0.1", port: 1))
        try pair.run(pieces: pieces)
        _ = pair.client.writeAndFlush(ByteBuffer(string: "server"))
        _ = pair.server.writeAndFlush(ByteBuffer(string: "hello client"))
        try pair.run(pieces: pieces)
        #expect(pair.serverRecord.text == "hello server")
        #expect(pair.clientRecord.text == "hello client")
        let session = try #require(pair.clientRecord.session)
        let serverSession = try #require(pair.serverRecord.session)
        #expect(session.version == version)
        #expect(session.alpn == "http/1.1")
        #expect(session.clientRandom == serverSession.clientRandom)
        #expect(session.clientRandom == pair.serverRecord.hello?.random)
        #expect(session.cipher == serverSession.cipher)
        #expect(session.peerChain == [try identity().certificate.der])
        #expect(session.verifiedChain.count == 2)
        #expect(session.verifiedChain.last == TestAuthority.shared?.certificate.der)
        #expect(serverSession.serverName == "www.example.test")
        #expect(!session.isResumed)
    }

    @Test("the server is told the client hello before anything else")
    func hello() throws {
        let pair = try pair(clientALPN: ["h2", "http/1.1"], serverALPN: ["h2"])
        try pair.connect()
        let hello = try #require(pair.serverRecord.hello)
        #expect(pair.serverRecord.log.first == "clientHello")
        #expect(hello.serverName == "www.example.test")
        #expect(hello.alpn == ["h2", "http/1.1"])
        #expect(hello.offers(.tls13))
        #expect(hello.cipherSuites.contains(0x1301))
        #expect(hello.random.count == 32)
        #expect(hello.bytes.starts(with: [22, 3, 1]))
        #expect(hello.extensions.contains(0) && hello.extensions.contains(16))
        #expect(!hello.supportedGroups.isEmpty && !hello.signatureAlgorithms.isEmpty)
    }

    @Test(
        "an untrusted issuer is refused with unknown_ca, and each side says so", arguments: [TLSVersion.tls12, .tls13])
    func unknownIssuer(version: TLSVersion) throws {
        let pair = try pair(versions: version...version, trusting: TestAuthority.stranger)
        try pair.connect()
        let mine = try #require(pair.clientRecord.failure)
        guard case .certificateVerify(let code, _, let depth) = mine.reason else {
            Issue.record("\(mine)")
            return
        }
        #expect(code == 20)
        #expect(depth == 0)
        #expect(mine.alertSent == TLSAlert(fatal: .unknownCA))
        #expect(mine.peerChain == [try identity().certificate.der])
        #expect(pair.serverRecord.failure?.reason == .peerAlert(TLSAlert(level: 2, number: 48)))
        #expect(pair.serverRecord.log.contains("alertReceived 48"))
        #expect(!pair.client.isActive && !pair.server.isActive)
    }

    @Test("a certificate for another name, or an expired one, is refused with its reason")
    func wrongCertificates() throws {
        let otherName = try pair(name: "other.example.test")
        try otherName.connect()
        guard case .certificateVerify(62, _, 0) = otherName.clientRecord.failure?.reason else {
            Issue.record("\(String(describing: otherName.clientRecord.failure))")
            return
        }
        #expect(otherName.clientRecord.failure?.alertSent?.number == 42)
        let otherAddress = try pair(name: "127.0.0.2")
        try otherAddress.connect()
        guard case .certificateVerify(64, _, 0) = otherAddress.clientRecord.failure?.reason else {
            Issue.record("\(String(describing: otherAddress.clientRecord.failure))")
            return
        }
        let expired = try pair(
            identity: TestAuthority.shared?.issue(
                for: [.init(host: "www.example.test")], now: 1_000_000_000_000_000_000))
        try expired.connect()
        guard case .certificateVerify(10, _, 0) = expired.clientRecord.failure?.reason else {
            Issue.record("\(String(describing: expired.clientRecord.failure))")
            return
        }
        #expect(expired.clientRecord.failure?.alertSent?.number == 45)
    }

    @Test("an IP address is verified and not sent as a server name")
    func address() throws {
        let pair = try pair(name: "127.0.0.1")
        try pair.connect()
        #expect(pair.clientRecord.session != nil)
        #expect(pair.serverRecord.hello?.serverName == nil)
    }

    @Test("no application protocol in common ends in no_application_protocol")
    func alpnMismatch() throws {
        let pair = try pair(clientALPN: ["foo"], serverALPN: ["h2", "http/1.1"])
        try pair.connect()
        #expect(pair.serverRecord.failure?.reason == .nothingInCommon)
        #expect(pair.serverRecord.failure?.alertSent?.number == 120)
        #expect(pair.clientRecord.failure?.reason == .peerAlert(TLSAlert(fatal: .noApplicationProtocol)))
    }

    @Test("the decision may come later, and chooses certificate and protocol by name")
    func suspension() throws {
        let other = try #require(
            try TestAuthority.shared?.issue(
                for: [.init(host: "other.example.test")], now: TestAuthority.now, days: 9000))
        let www = try identity()
        let pending = Pending()
        let client = try TLSContext.client(roots: TestAuthority.roots(), alpn: ["h2", "http/1.1"])
        let pair = try TLSPair(
            client: .client(client, serverName: "other.example.test"),
            server: .server(TLSContext.server()) { _, loop in pending.make(loop) })
        try pair.connect()
        #expect(pair.serverRecord.log == ["clientHello"])
        #expect(pair.clientRecord.log.isEmpty)
        let name = pair.serverRecord.hello?.serverName
        pending.promise?.succeed(.accept(name == "other.example.test" ? other : www, alpn: ["http/1.1"]))
        try pair.run()
        #expect(pair.clientRecord.session?.peerChain == [other.certificate.der])
        #expect(pair.clientRecord.session?.alpn == "http/1.1")
    }

    @Test("a server that wants another group sends HelloRetryRequest and decides once")
    func helloRetry() throws {
        let pending = Pending()
        var parameters = TLSContext.Parameters()
        parameters.groups = "P-384"
        let pair = try TLSPair(
            client: .client(TLSContext.client(roots: TestAuthority.roots()), serverName: "www.example.test"),
            server: .server(TLSContext.server(parameters)) { _, loop in pending.make(loop) })
        try pair.connect()
        pending.promise?.succeed(.accept(try identity(), alpn: []))
        try pair.run()
        #expect(pending.count == 1)
        #expect(pair.clientRecord.session != nil)
    }

    @Test("a refusal sends its alert; a decision that fails sends internal_error")
    func refusal() throws {
        let pending = Pending()
        for isFailing in [false, true] {
            let pair = try TLSPair(
                client: .client(TLSContext.client(roots: TestAuthority.roots()), serverName: "www.example.test"),
                server: .server(TLSContext.server()) { _, loop in pending.make(loop) })
            try pair.connect()
            if isFailing {
                pending.promise?.fail(ChannelError.eof)
            } else {
                pending.promise?.succeed(.refuse(.unrecognizedName))
            }
            try pair.run()
            let expected: TLSAlert.Description = isFailing ? .internalError : .unrecognizedName
            #expect(pair.serverRecord.failure?.reason == .refused)
            #expect(pair.clientRecord.failure?.reason == .peerAlert(TLSAlert(fatal: expected)))
        }
    }

    @Test("passing through hands on exactly the bytes that came")
    func passThrough() throws {
        let pending = Pending()
        let pair = try TLSPair(
            client: .client(TLSContext.client(roots: TestAuthority.roots()), serverName: "www.example.test"),
            server: .server(TLSContext.server()) { _, loop in pending.make(loop) })
        try pair.connect()
        pending.promise?.succeed(.passThrough)
        try pair.run()
        #expect(pair.serverRecord.log == ["clientHello", "passedThrough", "read"])
        #expect(pair.serverRecord.byteCount == pair.serverRecord.hello?.bytes.count)
        pair.server.pipeline.fireChannelRead(ByteBuffer(string: "more"))
        #expect(pair.serverRecord.text.hasSuffix("more"))
        #expect(throws: (any Error).self) { try pair.server.pipeline.syncOperations.handler(type: TLSHandler.self) }
    }

    @Test("the key log has a line for each secret, each with the client random")
    func keyLog() throws {
        let lines = Lines()
        var parameters = TLSContext.Parameters()
        parameters.keyLog = { lines.append($0) }
        let pair = try TLSPair(
            client: .client(TLSContext.client(roots: TestAuthority.roots()), serverName: "www.example.test"),
            server: .server(TLSContext.server(parameters), identity: identity()))
        try pair.connect()
        let random = try #require(pair.clientRecord.session).clientRandom
        let hex = random.map { $0 < 16 ? "0" + String($0, radix: 16) : String($0, radix: 16) }.joined()
        let labels = Set(lines.all.compactMap { $0.split(separator: " ").first.map(String.init) })
        #expect(lines.all.allSatisfy { $0.split(separator: " ").dropFirst().first.map(String.init) == hex })
        #expect(
            labels.isSuperset(of: [
                "CLIENT_HANDSHAKE_TRAFFIC_SECRET", "SERVER_HANDSHAKE_TRAFFIC_SECRET", "CLIENT_TRAFFIC_SECRET_0",
                "SERVER_TRAFFIC_SECRET_0",
            ]))
    }

    @Test("TLS 1.0 is spoken where both sides are configured for it")
    func oldVersion() throws {
        var parameters = TLSContext.Parameters()
        parameters.versions = .tls10 ... .tls10
        parameters.cipherList = "ALL:@SECLEVEL=0"
        let client = try TLSContext.client(roots: TestAuthority.roots(), parameters)
        let pair = try TLSPair(
            client: .client(client, serverName: "www.example.test"),
            server: .server(TLSContext.server(parameters), identity: identity()))
        try pair.connect()
        #expect(pair.clientRecord.session?.version == .tls10)
        let modern = try TLSPair(
            client: .client(client, serverName: "www.example.test"),
            server: .server(TLSContext.server(), identity: identity()))
        try modern.connect()
        #expect(modern.serverRecord.failure?.reason == .nothingInCommon)
        #expect(modern.clientRecord.failure?.reason == .peerAlert(TLSAlert(fatal: .protocolVersion)))
    }

    @Test("configuration that OpenSSL does not accept is an error at once")
    func configuration() throws {
        var parameters = TLSContext.Parameters()
        parameters.cipherSuites = "NO_SUCH_SUITE"
        #expect(throws: TLSFailure.self) { try TLSContext.server(parameters) }
        parameters = TLSContext.Parameters()
        parameters.groups = "no-such-group"
        #expect(throws: TLSFailure.self) { try TLSContext.server(parameters) }
        #expect(throws: TLSFailure.self) {
            try TLSContext.client(roots: TestAuthority.roots(), alpn: [String(repeating: "a", count: 256)])
        }
    }

    @Test("a reader that asks for one read at a time gets its bytes, however the records were cut")
    func manualReads() throws {
        let pair = try pair()
        let reads = ReadCounter()
        try pair.client.pipeline.syncOperations.addHandler(reads, position: .first)
        try pair.connect()
        // The reader asks once; the record comes in two halves, and the second must be asked for without it.
        pair.client.pipeline.read()
        pair.server.writeAndFlush(ByteBuffer(string: "whole record"), promise: nil)
        var record = try #require(try pair.server.readOutbound(as: ByteBuffer.self))
        let half = record.readSlice(length: record.readableBytes / 2) ?? ByteBuffer()
        let before = reads.count
        pair.client.pipeline.fireChannelRead(half)
        pair.client.pipeline.fireChannelReadComplete()
        #expect(reads.count == before + 1 && pair.clientRecord.text.isEmpty)
        pair.client.pipeline.fireChannelRead(record)
        pair.client.pipeline.fireChannelReadComplete()
        #expect(reads.count == before + 1 && pair.clientRecord.text == "whole record")
    }

    final class ReadCounter: ChannelOutboundHandler {
        typealias OutboundIn = ByteBuffer
        var count = 0
        func read(context: ChannelHandlerContext) {
            count += 1
            context.read()
        }
    }

    final class Pending: @unchecked Sendable {  // Only used on the embedded loop's thread.
        var promise: EventLoopPromise<TLSServerDecision>?
        var count = 0
        func make(_ loop: any EventLoop) -> EventLoopFuture<TLSServerDecision> {
            count += 1
            let promise = loop.makePromise(of: TLSServerDecision.self)
            self.promise = promise
            return promise.futureResult
        }
    }

    final class Lines: @unchecked Sendable {  // Only used on the embedded loop's thread.
        var all: [String] = []
        func append(_ line: String) { all.append(line) }
    }
}
