import Foundation
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import SupportCrypto
import SupportTransport

/// A server that answers every complete head with whatever a closure says, in the clear or over TLS.
final class ScriptedOrigin: Sendable {
    typealias Answer = @Sendable (_ head: String) -> String?

    let port: Int
    private let channel: any Channel
    private let seen: NIOLockedValueBox<[String]>

    /// Everything that was received, one text per connection, in the order of the connections.
    var received: [String] { seen.withLockedValue { $0 } }

    private init(_ channel: any Channel, _ seen: NIOLockedValueBox<[String]>) {
        self.channel = channel
        port = channel.localAddress?.port ?? 0
        self.seen = seen
    }

    static func start(identity: ServerIdentity? = nil, _ answer: @escaping Answer) async throws -> ScriptedOrigin {
        let seen = NIOLockedValueBox<[String]>([])
        let context = try TLSContext.server()
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let identity {
                        try channel.pipeline.syncOperations.addHandler(
                            TLSHandler.server(context, identity: identity, alpn: ["http/1.1"]))
                    }
                    try channel.pipeline.syncOperations.addHandler(Handler(answer, seen))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        return ScriptedOrigin(channel, seen)
    }

    func stop() async { try? await channel.close() }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        private let answer: Answer
        private let seen: NIOLockedValueBox<[String]>
        private let index: Int
        private var waiting = ""

        init(_ answer: @escaping Answer, _ seen: NIOLockedValueBox<[String]>) {
            self.answer = answer
            self.seen = seen
            index = seen.withLockedValue { seen in
                seen.append("")
                return seen.count - 1
            }
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let text = String(buffer: unwrapInboundIn(data))
            seen.withLockedValue { $0[index] += text }
            waiting += text
            while let end = waiting.range(of: "\r\n\r\n") {
                let head = String(waiting[..<end.upperBound])
                waiting = String(waiting[end.upperBound...])
                guard let reply = answer(head) else {
                    context.close(promise: nil)
                    return
                }
                let isLast = reply.contains("onnection: close")
                let written = context.eventLoop.makePromise(of: Void.self)
                context.writeAndFlush(NIOAny(ByteBuffer(string: reply)), promise: written)
                let channel = context.channel
                if isLast { written.futureResult.whenComplete { _ in channel.close(promise: nil) } }
            }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }
}
