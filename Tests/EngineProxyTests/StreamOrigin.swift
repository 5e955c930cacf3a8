import NIOConcurrencyHelpers
import NIOCore
import NIOHPACK
import NIOHTTP2
import NIOPosix
import SupportCrypto
import SupportTransport

/// An origin that speaks HTTP/2 only, and does with every stream what its path says.
final class StreamOrigin: Sendable {
    let port: Int
    private let channel: any Channel
    private let seen: NIOLockedValueBox<[HPACKHeaders]>

    /// The heads of all requests, and their trailers.
    var heads: [HPACKHeaders] { seen.withLockedValue { $0 } }

    private init(_ channel: any Channel, _ seen: NIOLockedValueBox<[HPACKHeaders]>) {
        self.channel = channel
        port = channel.localAddress?.port ?? 0
        self.seen = seen
    }

    static func start(_ identity: ServerIdentity) async throws -> StreamOrigin {
        let seen = NIOLockedValueBox<[HPACKHeaders]>([])
        let context = try TLSContext.server()
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers([
                        TLSHandler.server(context, identity: identity, alpn: ["h2"]),
                        NIOHTTP2Handler(
                            mode: .server, eventLoop: channel.eventLoop, connectionConfiguration: .init(),
                            streamConfiguration: .init()
                        ) { stream in
                            stream.eventLoop.makeCompletedFuture {
                                try stream.pipeline.syncOperations.addHandler(Handler(seen))
                            }
                        },
                        Quiet(),
                    ])
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        return StreamOrigin(channel, seen)
    }

    func stop() async { try? await channel.close() }

    private final class Quiet: ChannelInboundHandler {
        typealias InboundIn = Any
        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = HTTP2Frame.FramePayload
        typealias OutboundOut = HTTP2Frame.FramePayload
        private let seen: NIOLockedValueBox<[HPACKHeaders]>
        private var path = ""

        init(_ seen: NIOLockedValueBox<[HPACKHeaders]>) { self.seen = seen }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            switch unwrapInboundIn(data) {
            case .headers(let frame):
                seen.withLockedValue { $0.append(frame.headers) }
                if path.isEmpty {
                    path = frame.headers.first(name: ":path") ?? "/"
                    begin(context)
                }
                if frame.endStream { finish(context) }
            case .data(let frame):
                if path == "/echo", case .byteBuffer(let bytes) = frame.data, bytes.readableBytes > 0 {
                    write(.data(.init(data: .byteBuffer(bytes))), context)
                }
                if frame.endStream { finish(context) }
            default: break
            }
        }

        /// What is answered before the request is whole.
        private func begin(_ context: ChannelHandlerContext) {
            switch path {
            case "/echo": head(["content-type": "application/grpc", "alt-svc": "h3=\":443\""], context)
            case "/reset": write(.rstStream(.refusedStream), context)
            case "/half":
                head(["content-type": "text/plain"], context)
                write(.data(.init(data: .byteBuffer(ByteBuffer(string: "half")))), context)
                write(.rstStream(.internalError), context)
            case "/hints":
                write(.headers(.init(headers: [":status": "103", "link": "</a.css>; rel=preload"])), context)
            case "/smuggle": head(["x-evil": "a\r\nSet-Cookie: b=c"], context)
            default: break
            }
        }

        private func finish(_ context: ChannelHandlerContext) {
            switch path {
            case "/echo":
                write(.headers(.init(headers: ["grpc-status": "0", "x-done": "yes"], endStream: true)), context)
            case "/reset", "/half": break
            case "/smuggle": write(.data(.init(data: .byteBuffer(ByteBuffer()), endStream: true)), context)
            default:
                head(["content-type": "text/plain", "content-length": "\(path.utf8.count)"], context)
                write(.data(.init(data: .byteBuffer(ByteBuffer(string: path)), endStream: true)), context)
            }
        }

        private func head(_ fields: HPACKHeaders, _ context: ChannelHandlerContext) {
            var headers: HPACKHeaders = [":status": "200"]
            headers.add(contentsOf: fields.map { ($0.name, $0.value) })
            write(.headers(.init(headers: headers)), context)
        }

        private func write(_ payload: HTTP2Frame.FramePayload, _ context: ChannelHandlerContext) {
            context.writeAndFlush(wrapOutboundOut(payload), promise: nil)
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }
}
