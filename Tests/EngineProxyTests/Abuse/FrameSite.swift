import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import SupportCrypto
import SupportTransport

/// A site that agrees on HTTP/2, waits for the first HEADERS, and answers with octets just as it is told.
final class FrameSite: Sendable {
    let port: Int
    private let channel: any Channel
    private let seen: NIOLockedValueBox<[FrameClient.Frame]>
    private let ended: EventLoopFuture<Void>

    private init(_ channel: any Channel, _ seen: NIOLockedValueBox<[FrameClient.Frame]>, _ ended: EventLoopFuture<Void>)
    {
        self.channel = channel
        port = channel.localAddress?.port ?? 0
        self.seen = seen
        self.ended = ended
    }

    /// - Parameters:
    ///   - sendsSettings: whether its connection begins as it should.
    ///   - script: sent when so many requests came.
    static func start(
        _ identity: ServerIdentity, sendsSettings: Bool = true, script: [UInt8], after requests: Int = 1
    ) async throws -> FrameSite {
        let seen = NIOLockedValueBox<[FrameClient.Frame]>([])
        let context = try TLSContext.server()
        let ended = MultiThreadedEventLoopGroup.singleton.any().makePromise(of: Void.self)
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelInitializer { channel in
                channel.closeFuture.whenComplete { _ in ended.succeed() }
                return channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers([
                        TLSHandler.server(context, identity: identity, alpn: ["h2"]),
                        Handler(seen, sendsSettings: sendsSettings, script: script, after: requests),
                    ])
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        return FrameSite(channel, seen, ended.futureResult)
    }

    /// The first error it was told of, once its first connection is gone.
    func told() async throws -> String {
        try await ended.get()
        return seen.withLockedValue { $0.compactMap(FrameText.told).first } ?? "nothing"
    }

    func stop() async { try? await channel.close() }

    private final class Handler: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        typealias OutboundOut = ByteBuffer
        private let seen: NIOLockedValueBox<[FrameClient.Frame]>
        private let sendsSettings: Bool
        private let script: [UInt8]
        private var input = ByteBuffer()
        private var hasPreface = false
        private var missing: Int
        private var pings = 0
        private static let ping = FrameClient.frame(6, 0, 0, Array("the end.".utf8))

        init(_ seen: NIOLockedValueBox<[FrameClient.Frame]>, sendsSettings: Bool, script: [UInt8], after requests: Int)
        {
            self.seen = seen
            missing = requests
            self.sendsSettings = sendsSettings
            self.script = script
        }

        private func send(_ bytes: [UInt8], _ context: ChannelHandlerContext) {
            context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            input.writeImmutableBuffer(unwrapInboundIn(data))
            if !hasPreface {
                guard input.readableBytes >= 24 else { return }
                input.moveReaderIndex(forwardBy: 24)
                hasPreface = true
                if sendsSettings { send(FrameClient.frame(4, 0, 0, []), context) }
            }
            while let head = input.getBytes(at: input.readerIndex, length: 9) {
                let length = Int(head[0]) << 16 | Int(head[1]) << 8 | Int(head[2])
                guard input.readableBytes >= 9 + length else { return }
                input.moveReaderIndex(forwardBy: 9)
                let stream = head[5...8].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
                let frame = FrameClient.Frame(
                    type: head[3], flags: head[4], stream: stream, payload: input.readBytes(length: length) ?? [])
                seen.withLockedValue { $0.append(frame) }
                if frame.type == 4, frame.flags == 0, sendsSettings { send(FrameClient.frame(4, 1, 0, []), context) }
                if frame.type == 6, frame.flags & 1 == 1 {
                    pings += 1
                    // The first answer may overtake what its neighbours in one packet brought about.
                    guard pings < 2 else { return context.close(promise: nil) }
                    send(Self.ping, context)
                }
                if frame.type == 1 { missing -= 1 }
                if frame.type == 1, missing == 0 {
                    // Whoever answers a ping behind it has found no fault.
                    send(script + Self.ping, context)
                }
            }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
    }
}
