import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import SupportTransport

/// A small service that is no web: it greets with a line, then sends back what it receives.
package final class TCPService: Sendable {
    /// Where it listens.
    package let address: SocketEndpoint

    private let listener: any Channel
    private let open: NIOLockedValueBox<[ObjectIdentifier: any Channel]>
    private let ownGroup: MultiThreadedEventLoopGroup?

    /// One connection, told when it has ended.
    package struct Record: Sendable, Hashable, Codable {
        package var client: SocketEndpoint
        package var server: SocketEndpoint
        package var bytesReceived: Int
    }

    private init(
        listener: any Channel, open: NIOLockedValueBox<[ObjectIdentifier: any Channel]>,
        ownGroup: MultiThreadedEventLoopGroup?
    ) {
        self.listener = listener
        self.open = open
        self.ownGroup = ownGroup
        address = SocketEndpoint(listener.localAddress) ?? SocketEndpoint(address: "", port: 0)
    }

    /// `greeting` is sent as it is, with CR LF after it. At most 256 connections at a time; one on which nothing
    /// passes for `idleTimeout` is closed.
    package static func start(
        address: String, port: UInt16, greeting: String, idleTimeout: TimeAmount = .seconds(60),
        group: (any EventLoopGroup)? = nil,
        log: @escaping @Sendable (Record) -> Void = { _ in }
    ) async throws -> TCPService {
        let ownGroup = group == nil ? MultiThreadedEventLoopGroup(numberOfThreads: 1) : nil
        let open = NIOLockedValueBox<[ObjectIdentifier: any Channel]>([:])
        do {
            let listener = try await ServerBootstrap(group: group ?? ownGroup ?? MultiThreadedEventLoopGroup.singleton)
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .childChannelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        let id = ObjectIdentifier(channel)
                        let isFull = open.withLockedValue { open in
                            guard open.count < 256 else { return true }
                            open[id] = channel
                            return false
                        }
                        guard !isFull else { throw ChannelError.inappropriateOperationForState }
                        channel.closeFuture.whenComplete { _ in open.withLockedValue { $0[id] = nil } }
                        try channel.pipeline.syncOperations.addHandlers([
                            IdleStateHandler(allTimeout: idleTimeout), IdleCloser(),
                            Echo(greeting: greeting, log: log),
                        ])
                    }
                }
                .bind(host: address, port: Int(port)).get()
            return TCPService(listener: listener, open: open, ownGroup: ownGroup)
        } catch {
            try? await ownGroup?.shutdownGracefully()
            let code = (error as? IOError)?.errnoCode ?? 0
            throw WebServerError.cannotListen(address: address, port: port, errno: code, text: "\(error)")
        }
    }

    package func stop() async {
        try? await listener.close()
        for channel in open.withLockedValue({ Array($0.values) }) {
            channel.close(promise: nil)
            try? await channel.closeFuture.get()
        }
        try? await ownGroup?.shutdownGracefully()
    }
}

private final class Echo: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let greeting: String
    private let log: @Sendable (TCPService.Record) -> Void
    private var record: TCPService.Record?

    init(greeting: String, log: @escaping @Sendable (TCPService.Record) -> Void) {
        self.greeting = greeting
        self.log = log
    }

    func channelActive(context: ChannelHandlerContext) {
        if let client = SocketEndpoint(context.remoteAddress), let server = SocketEndpoint(context.localAddress) {
            record = TCPService.Record(client: client, server: server, bytesReceived: 0)
        }
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: greeting + "\r\n")), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        record?.bytesReceived += unwrapInboundIn(data).readableBytes
        context.write(data, promise: nil)
    }

    func channelReadComplete(context: ChannelHandlerContext) { context.flush() }

    /// Reads no more while the peer does not take what is echoed.
    func channelWritabilityChanged(context: ChannelHandlerContext) {
        _ = context.channel.setOption(.autoRead, value: context.channel.isWritable)
    }

    func channelInactive(context: ChannelHandlerContext) {
        if let record { log(record) }
        record = nil
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
}
