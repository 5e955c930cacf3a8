import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import SupportCrypto
import SupportTransport

/// A site of HTTP/1 that says what it is told, when it is told, on the first connection that asks for
/// something. On connections of HTTP/2, which it agrees on where that is offered and asked for, it says nothing.
final class PacedSite: Sendable {
    let port: Int
    private let listener: any Channel
    private let opened: EventLoopPromise<any Channel>
    private let seen = NIOLockedValueBox<(text: String, waiting: [(String, CheckedContinuation<Void, Never>)])>(
        ("", []))

    private init(_ listener: any Channel, _ opened: EventLoopPromise<any Channel>) {
        self.listener = listener
        self.opened = opened
        port = listener.localAddress?.port ?? 0
    }

    static func start(identity: ServerIdentity? = nil, alpn: [String] = ["http/1.1"]) async throws -> PacedSite {
        let opened = MultiThreadedEventLoopGroup.singleton.any().makePromise(of: (any Channel).self)
        let context = try TLSContext.server()
        let later = NIOLockedValueBox<PacedSite?>(nil)
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let identity {
                        try channel.pipeline.syncOperations.addHandler(
                            TLSHandler.server(context, identity: identity, alpn: alpn))
                    }
                    try channel.pipeline.syncOperations.addHandler(
                        Handler { text, channel in
                            if text.contains(" HTTP/1.1\r\n") { opened.succeed(channel) }
                            later.withLockedValue { $0 }?.received(text)
                        })
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let site = PacedSite(listener, opened)
        later.withLockedValue { $0 = site }
        return site
    }

    /// Sends this on the connection, once there is one.
    func send(_ text: String) async throws { try await send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) async throws {
        try await opened.futureResult.get().writeAndFlush(ByteBuffer(bytes: bytes))
    }

    /// All that was received.
    var received: String { seen.withLockedValue { $0.text } }

    /// Waits until this was received.
    func hears(_ text: String) async {
        await withCheckedContinuation { continuation in
            let isThere = seen.withLockedValue { seen in
                if seen.text.contains(text) { return true }
                seen.waiting.append((text, continuation))
                return false
            }
            if isThere { continuation.resume() }
        }
    }

    func stop() async {
        opened.fail(ChannelError.alreadyClosed)
        try? await listener.close()
        try? await opened.futureResult.get().close()
    }

    private func received(_ text: String) {
        let due = seen.withLockedValue { seen in
            seen.text += text
            let due = seen.waiting.filter { seen.text.contains($0.0) }
            seen.waiting.removeAll { seen.text.contains($0.0) }
            return due
        }
        for one in due { one.1.resume() }
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        private let received: @Sendable (String, any Channel) -> Void

        init(_ received: @escaping @Sendable (String, any Channel) -> Void) { self.received = received }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            received(String(buffer: unwrapInboundIn(data)), context.channel)
        }
        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }
}
