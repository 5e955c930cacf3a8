import NIOCore
import NIOEmbedded
import SupportCrypto
import SupportTransport
import Testing

@Suite("TLS handler, closing and odd peers")
struct TLSClosingTests {
    func pair(
        timeouts: TLSTimeouts = TLSTimeouts(), allowsHalfClosure: Bool = false, decide: TLSServerDecider? = nil
    ) throws -> TLSPair {
        let site = try #require(TestAuthority.site)
        let client = try TLSContext.client(roots: TestAuthority.roots())
        return try TLSPair(
            client: .client(
                client, serverName: "www.example.test", timeouts: timeouts, allowsHalfClosure: allowsHalfClosure),
            server: .server(TLSContext.server(), timeouts: timeouts, allowsHalfClosure: allowsHalfClosure) {
                hello, loop in
                decide?(hello, loop) ?? loop.makeSucceededFuture(.accept(site, alpn: []))
            })
    }

    @Test("closing sends what was flushed, then close_notify, and waits for the other side's")
    func close() throws {
        let pair = try pair()
        try pair.connect()
        var isClosed = false
        pair.client.writeAndFlush(ByteBuffer(string: "last words"), promise: nil)
        pair.client.close().assumeIsolated().whenSuccess { isClosed = true }
        #expect(!isClosed && pair.client.isActive)
        try pair.run()
        #expect(isClosed && !pair.client.isActive && !pair.server.isActive)
        #expect(pair.serverRecord.text == "last words")
        #expect(pair.serverRecord.log.suffix(4) == ["read", "alertReceived 0", "closeNotify", "inactive"])
        #expect(pair.serverRecord.failure == nil && pair.clientRecord.failure == nil)
        #expect(pair.serverRecord.errors.isEmpty && pair.clientRecord.errors.isEmpty)
    }

    @Test("a peer that never answers close_notify is left behind when the time is over")
    func closeTimeout() throws {
        let pair = try pair()
        try pair.connect()
        var isClosed = false
        pair.client.close().assumeIsolated().whenSuccess { isClosed = true }
        #expect(pair.client.isActive)
        pair.loop.advanceTime(by: .seconds(3))
        #expect(isClosed && !pair.client.isActive)
    }

    @Test("a handshake that does not end in time fails as a timeout, on both sides")
    func handshakeTimeout() throws {
        let pending = TLSHandlerTests.Pending()
        let pair = try pair { _, loop in pending.make(loop) }
        try pair.connect()
        pair.loop.advanceTime(by: .seconds(31))
        #expect(pair.clientRecord.failure?.reason == .timeout)
        #expect(pair.serverRecord.failure?.reason == .timeout)
        #expect(!pair.client.isActive && !pair.server.isActive)
        pending.promise?.fail(ChannelError.eof)
    }

    @Test("a peer that hangs up during the handshake is told apart from one that says why")
    func disconnects() throws {
        let pair = try pair()
        _ = pair.server.connect(to: try SocketAddress(ipAddress: "127.0.0.1", port: 1))
        _ = pair.client.connect(to: try SocketAddress(ipAddress: "127.0.0.1", port: 1))
        let hello = try #require(try pair.client.readOutbound(as: ByteBuffer.self))
        pair.server.pipeline.fireChannelRead(hello)
        pair.server.close(mode: .all, promise: nil)
        pair.server.pipeline.fireChannelInactive()
        pair.client.pipeline.fireChannelInactive()
        #expect(pair.clientRecord.failure?.reason == .disconnectedDuringHandshake)
        #expect(pair.clientRecord.failure?.established == false)
    }

    @Test("a disconnect while the decision is open ends the handshake; the late decision is ignored")
    func disconnectWhileSuspended() throws {
        let pending = TLSHandlerTests.Pending()
        let pair = try pair { _, loop in pending.make(loop) }
        try pair.connect()
        pair.server.pipeline.fireChannelInactive()
        #expect(pair.serverRecord.failure?.reason == .disconnectedDuringHandshake)
        pending.promise?.succeed(.passThrough)
        pair.loop.run()
        #expect(!pair.serverRecord.log.contains("passedThrough"))
    }

    @Test("bytes that end without close_notify are reported as cut short")
    func truncation() throws {
        let pair = try pair()
        try pair.connect()
        pair.server.writeAndFlush(ByteBuffer(string: "half"), promise: nil)
        try pair.run()
        pair.client.pipeline.fireChannelInactive()
        #expect(pair.clientRecord.text == "half")
        #expect(pair.clientRecord.log.filter { $0 != "inactive" } == ["handshakeCompleted", "read", "truncated"])
        #expect(pair.clientRecord.isInactive)
    }

    @Test("what is no TLS at all is named so, and gets an alert")
    func plainHTTP() throws {
        let pair = try pair()
        _ = pair.server.connect(to: try SocketAddress(ipAddress: "127.0.0.1", port: 1))
        pair.server.pipeline.fireChannelRead(ByteBuffer(string: "GET / HTTP/1.1\r\nHost: a\r\n\r\n"))
        #expect(pair.serverRecord.failure?.reason == .notTLS)
        #expect(!pair.server.isActive)
        #expect(pair.serverRecord.hello == nil)
    }

    @Test("a record changed on its way ends the connection with bad_record_mac")
    func tampering() throws {
        let pair = try pair()
        try pair.connect()
        pair.client.writeAndFlush(ByteBuffer(string: "secret"), promise: nil)
        var record = try #require(try pair.client.readOutbound(as: ByteBuffer.self))
        let last = record.writerIndex - 1
        record.setInteger((record.getInteger(at: last, as: UInt8.self) ?? 0) ^ 1, at: last)
        pair.server.pipeline.fireChannelRead(record)
        #expect(pair.serverRecord.text.isEmpty)
        #expect(pair.serverRecord.failure?.established == true)
        #expect(pair.serverRecord.failure?.alertSent?.number == 20)
        try pair.run()
        #expect(pair.clientRecord.failure?.reason == .peerAlert(TLSAlert(fatal: .badRecordMAC)))
    }

    @Test("half-closure keeps the other direction open until both have ended")
    func halfClosure() throws {
        let pair = try pair(allowsHalfClosure: true)
        try pair.connect()
        pair.client.writeAndFlush(ByteBuffer(string: "request"), promise: nil)
        pair.client.close(mode: .output, promise: nil)
        try pair.run()
        #expect(pair.serverRecord.text == "request" && pair.serverRecord.sawInputClosed)
        #expect(pair.server.isActive && pair.client.isActive)
        pair.server.writeAndFlush(ByteBuffer(string: "response"), promise: nil)
        try pair.run()
        #expect(pair.clientRecord.text == "response")
        #expect(throws: (any Error).self) { try pair.client.writeAndFlush(ByteBuffer(string: "late")).wait() }
        pair.server.close(mode: .output, promise: nil)
        try pair.run()
        #expect(!pair.server.isActive && !pair.client.isActive)
    }

    @Test("without half-closure a close_notify closes both ways, after what waits to be sent")
    func closeNotifyClosesBoth() throws {
        let pair = try pair()
        try pair.connect()
        pair.clientRecord.onRead = { context, _ in context.close(promise: nil) }
        pair.server.writeAndFlush(ByteBuffer(string: "a"), promise: nil)
        pair.server.writeAndFlush(ByteBuffer(string: "b"), promise: nil)
        try pair.run()
        #expect(pair.clientRecord.text == "a" || pair.clientRecord.text == "ab")
        #expect(!pair.server.isActive && !pair.client.isActive)
        #expect(pair.clientRecord.isInactive && pair.serverRecord.isInactive)
    }

    @Test("writes are carried in order, and their promises complete in order, whatever a completion does")
    func promises() throws {
        let pair = try pair()
        var completed: [Int] = []
        for number in 0..<5 {
            let bytes = ByteBuffer(repeating: UInt8(48 + number), count: number == 2 ? 40000 : 10)
            pair.client.write(bytes).assumeIsolated().whenSuccess {
                completed.append(number)
                if number == 1 { pair.client.writeAndFlush(ByteBuffer(string: "x"), promise: nil) }
            }
        }
        pair.client.flush()
        try pair.connect()
        try pair.run()
        #expect(completed == [0, 1, 2, 3, 4])
        let expected = (0..<5).map { String(repeating: String($0), count: $0 == 2 ? 40000 : 10) }.joined() + "x"
        #expect(pair.serverRecord.text == expected)
    }

    @Test("writes that can no longer be sent fail")
    func lostWrites() throws {
        let pair = try pair()
        var failures = 0
        pair.client.writeAndFlush(ByteBuffer(string: "never")).assumeIsolated().whenFailure { _ in failures += 1 }
        _ = pair.client.connect(to: try SocketAddress(ipAddress: "127.0.0.1", port: 1))
        pair.client.pipeline.fireChannelRead(ByteBuffer(string: "garbage garbage garbage"))
        #expect(failures == 1)
        #expect(pair.clientRecord.failure != nil)
    }

    @Test("an alert is sent even when the failed promise leads straight to a close")
    func closeInFailure() throws {
        let loop = EmbeddedEventLoop()
        let promise = loop.makePromise(of: TLSSession.self)
        let client = try TLSContext.client(roots: TestAuthority.roots(TestAuthority.stranger))
        let site = try #require(TestAuthority.site)
        let pair = try TLSPair(
            client: .client(client, serverName: "www.example.test", handshake: promise),
            server: .server(TLSContext.server(), identity: site))
        promise.futureResult.assumeIsolated().whenFailure { _ in pair.client.close(promise: nil) }
        try pair.connect()
        #expect(pair.serverRecord.failure?.reason == .peerAlert(TLSAlert(fatal: .unknownCA)))
    }

    @Test("a handler that is removed while things happen is freed, and its channel goes on")
    func removal() throws {
        let pair = try pair()
        pair.serverRecord.onEvent = { context, event in
            if case .clientHello = event { context.pipeline.syncOperations.removeHandler(name: "none", promise: nil) }
            if case .handshakeCompleted = event { context.close(promise: nil) }
        }
        try pair.connect()
        try pair.run()
        #expect(!pair.server.isActive && !pair.client.isActive)
    }

    @Test("bytes made at random never trap, whoever reads them", arguments: 0..<64)
    func random(seed: UInt64) throws {
        var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
        func next() -> UInt64 {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return state
        }
        let pair = try pair()
        _ = pair.server.connect(to: try SocketAddress(ipAddress: "127.0.0.1", port: 1))
        _ = pair.client.connect(to: try SocketAddress(ipAddress: "127.0.0.1", port: 1))
        // Real flights with a few bytes changed, so that the damage lands deep inside.
        for _ in 0..<6 {
            for (from, to) in [(pair.client, pair.server), (pair.server, pair.client)] {
                while var bytes = try from.readOutbound(as: ByteBuffer.self) {
                    for _ in 0..<(next() % 3) {
                        bytes.setInteger(UInt8(truncatingIfNeeded: next()), at: Int(next() % UInt64(bytes.writerIndex)))
                    }
                    if to.isActive { to.pipeline.fireChannelRead(bytes) }
                }
            }
            pair.loop.run()
        }
        for record in [pair.clientRecord, pair.serverRecord] { #expect(record.errors.count <= 1) }
    }
}
