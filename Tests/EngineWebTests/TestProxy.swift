import NIOCore
import NIOHTTP1
import NIOPosix
import SupportTransport

/// As small an HTTP proxy as can be: it tunnels every CONNECT to one port of loopback, answers absolute-form requests itself
/// with the target they had, and refuses one host.
final class TestProxy: Sendable {
    let port: UInt16
    private let listener: any Channel

    init(to target: UInt16) async throws {
        let group = MultiThreadedEventLoopGroup.singleton
        listener = try await ServerBootstrap(group: group)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let http = try HTTPPipelines.addHTTP1Server(to: channel)
                    try channel.pipeline.syncOperations.addHandler(Answering(target: target, http: http))
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        port = UInt16(listener.localAddress?.port ?? 0)
    }

    var authority: HTTPAuthority { HTTPAuthority(host: "127.0.0.1", port: port) }

    func stop() async { try? await listener.close() }

    private final class Answering: ChannelInboundHandler, RemovableChannelHandler {
        typealias InboundIn = HTTPServerRequestPart
        typealias OutboundOut = HTTPServerResponsePart
        private let target: UInt16
        private let http: HTTP1Handlers
        private var head: HTTPRequestHead?

        init(target: UInt16, http: HTTP1Handlers) {
            self.target = target
            self.http = http
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .head(let head): self.head = head
            case .body: break
            case .end:
                guard let head else { return }
                if head.method != .CONNECT {
                    answer(context, .ok, "asked for \(head.uri)")
                } else if head.uri.hasPrefix("forbidden.") {
                    answer(context, .forbidden, "no")
                } else {
                    tunnel(context)
                }
            }
        }

        private func answer(_ context: ChannelHandlerContext, _ status: HTTPResponseStatus, _ text: String) {
            let headers: HTTPHeaders = ["content-length": "\(text.utf8.count)"]
            context.write(
                wrapOutboundOut(.head(.init(version: .http1_1, status: status, headers: headers))), promise: nil)
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(string: text)))), promise: nil)
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        }

        private func tunnel(_ context: ChannelHandlerContext) {
            let channel = context.channel
            let http = NIOLoopBound(self.http, eventLoop: context.eventLoop)
            let mine = NIOLoopBound(self, eventLoop: context.eventLoop)
            let bound = NIOLoopBound(context, eventLoop: context.eventLoop)
            ClientBootstrap(group: context.eventLoop)
                .connect(host: "127.0.0.1", port: Int(target))
                .whenSuccess { upstream in
                    let head = HTTPResponseHead(version: .http1_1, status: .ok)
                    bound.value.write(mine.value.wrapOutboundOut(.head(head)), promise: nil)
                    bound.value.writeAndFlush(mine.value.wrapOutboundOut(.end(nil)), promise: nil)
                    channel.pipeline.syncOperations.removeHandler(mine.value, promise: nil)
                    http.value.remove(from: channel).whenComplete { _ in
                        try? channel.pipeline.syncOperations.addHandler(Glue(to: upstream))
                        try? upstream.pipeline.syncOperations.addHandler(Glue(to: channel))
                    }
                }
        }
    }

    private final class Glue: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        private let other: any Channel
        init(to other: any Channel) { self.other = other }
        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            other.writeAndFlush(unwrapInboundIn(data), promise: nil)
        }
        func channelInactive(context: ChannelHandlerContext) { other.close(promise: nil) }
        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }
}
