import LabWorld
import NIOCore
import NIOPosix
import SupportLinux

/// An agent that serves or uses a TCP echo by SwiftNIO, as the runner asks: `serve PORT`, `use ADDRESS PORT`.
enum EchoAgent {
    static func serve() async throws {
        let channel = try HostAgent.channel()
        let (echoes, echoed) = AsyncStream<String>.makeStream()
        let reports = Task {
            for await echo in echoes { try await channel.send(Array(echo.utf8)) }
        }
        while let message = await channel.receive() {
            let words = String(decoding: message.bytes, as: UTF8.self).split(separator: " ").map(String.init)
            switch (words.first, words.last.flatMap { Int($0) }) {
            case ("serve", .some(let port)):
                _ = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
                    .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                    .childChannelInitializer { $0.pipeline.addHandler(Echo()) }
                    .bind(host: "0.0.0.0", port: port).get()
                echoed.yield("serving")
            case ("use", .some(let port)):
                _ = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
                    .channelInitializer { $0.pipeline.addHandler(Ask(echoed)) }
                    .connect(host: words[1], port: port).get()
            default: echoed.yield("what?")
            }
        }
        reports.cancel()
    }
}

private final class Echo: ChannelInboundHandler, Sendable {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    func channelRead(context: ChannelHandlerContext, data: NIOAny) { context.writeAndFlush(data, promise: nil) }
}

/// Sends a line again whenever it comes back.
private final class Ask: ChannelInboundHandler, Sendable {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer
    private let echoed: AsyncStream<String>.Continuation

    init(_ echoed: AsyncStream<String>.Continuation) { self.echoed = echoed }

    func channelActive(context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: "hello\n")), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        echoed.yield("echoed")
        context.writeAndFlush(data, promise: nil)
    }
}
