import NIOCore
import NIOPosix

/// A TCP server that answers whatever a test wants.
final class RawServer: Sendable {
    enum Answer: Sendable {
        /// Sends the text and closes.
        case answer(String)
        case keepOpen
    }

    let port: Int
    private let listener: any Channel

    /// `answer` is asked once for every connection, when its first bytes have come.
    init(_ answer: @escaping @Sendable (ByteBuffer) -> Answer) async throws {
        listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Handler(answer))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        port = listener.localAddress?.port ?? 0
    }

    func stop() async { try? await listener.close() }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer
        private var answer: ((ByteBuffer) -> Answer)?

        init(_ answer: @escaping (ByteBuffer) -> Answer) { self.answer = answer }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            guard let answer else { return }
            self.answer = nil
            guard case .answer(let text) = answer(unwrapInboundIn(data)) else { return }
            let channel = context.channel
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text))).whenComplete { _ in
                channel.close(promise: nil)
            }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }
}
