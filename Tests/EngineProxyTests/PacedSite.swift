import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import SupportCrypto
import SupportTransport

/// A site of HTTP/1 that says what it is told, when it is told, on its only connection.
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

    static func start(identity: ServerIdentity? = nil) async throws -> PacedSite {
        let opened = MultiThreadedEventLoopGroup.singleton.any().makePromise(of: (any Channel).self)
        let context = try TLSContext.server()
        let later = NIOLockedValueBox<PacedSite?>(nil)
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let identity {
                        try channel.pipeline.syncOperations.addHandler(
                            TLSHandler.server(context, identity: identity, alpn: ["http/1.1"]))
                    }
                    try channel.pipeline.syncOperations.addHandler(
                        Handler { later.withLockedValue { $0 }?.received($0) })
                    opened.succeed(channel)
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        let site = PacedSite(listener, opened)
        later.withLockedValue { $0 = site }
        return site
    }

    /// Sends this on the connection, once there is one.
    func send(_ text: String) async throws {
        try await opened.futureResult.get().writeAndFlush(ByteBuffer(string: text))
    }

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
        private let received: @Sendable (String) -> Void

        init(_ received: @escaping @Sendable (String) -> Void) { self.received = received }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            received(String(buffer: unwrapInboundIn(data)))
        }
        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }
}
