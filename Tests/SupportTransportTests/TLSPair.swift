import NIOCore
import NIOEmbedded
import SupportTransport

/// A client and a server channel in memory, and what each side was told.
final class TLSPair {
    let client: EmbeddedChannel
    let server: EmbeddedChannel
    let clientRecord = Record()
    let serverRecord = Record()

    /// Keeps what a channel's last handler receives.
    final class Record: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
        var events: [TLSEvent] = []
        var errors: [any Error] = []
        var text = ""
        var byteCount = 0
        var sawInputClosed = false
        var isInactive = false
        var log: [String] = []
        var onRead: ((ChannelHandlerContext, String) -> Void)?
        var onEvent: ((ChannelHandlerContext, TLSEvent) -> Void)?

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let bytes = unwrapInboundIn(data)
            byteCount += bytes.readableBytes
            let read = String(buffer: bytes)
            log.append("read")
            text += read
            onRead?(context, read)
        }

        func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
            if let event = event as? TLSEvent {
                events.append(event)
                log.append(Self.name(event))
                onEvent?(context, event)
            }
            if case .some(.inputClosed) = event as? ChannelEvent { sawInputClosed = true }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            errors.append(error)
            log.append("error")
        }

        func channelInactive(context: ChannelHandlerContext) {
            isInactive = true
            log.append("inactive")
        }

        static func name(_ event: TLSEvent) -> String {
            switch event {
            case .clientHello: "clientHello"
            case .passedThrough: "passedThrough"
            case .handshakeCompleted: "handshakeCompleted"
            case .alertSent(let alert): "alertSent \(alert.number)"
            case .alertReceived(let alert): "alertReceived \(alert.number)"
            case .closeNotify: "closeNotify"
            case .truncated: "truncated"
            case .failed: "failed"
            }
        }

        var hello: ClientHello? {
            for case .clientHello(let hello) in events { return hello }
            return nil
        }
        var session: TLSSession? {
            for case .handshakeCompleted(let session) in events { return session }
            return nil
        }
        var failure: TLSFailure? {
            for case .failed(let failure) in events { return failure }
            return nil
        }
    }

    init(client clientHandler: TLSHandler, server serverHandler: TLSHandler) throws {
        let loop = EmbeddedEventLoop()
        client = EmbeddedChannel(loop: loop)
        server = EmbeddedChannel(loop: loop)
        try server.pipeline.syncOperations.addHandlers([serverHandler, serverRecord])
        try client.pipeline.syncOperations.addHandlers([clientHandler, clientRecord])
    }

    /// Ends both channels, which would otherwise keep their handlers for ever, so that leak checkers see only real leaks.
    deinit {
        clientRecord.onRead = nil
        clientRecord.onEvent = nil
        serverRecord.onRead = nil
        serverRecord.onEvent = nil
        client.close(promise: nil)
        server.close(promise: nil)
        loop.advanceTime(by: .seconds(60))
    }

    var loop: EmbeddedEventLoop { client.embeddedEventLoop }

    func connect() throws {
        _ = server.connect(to: try SocketAddress(ipAddress: "127.0.0.1", port: 1))
        _ = client.connect(to: try SocketAddress(ipAddress: "127.0.0.1", port: 1))
        try run()
    }

    /// Carries bytes both ways until there are none, `pieces` bytes at a time when given.
    func run(pieces: Int? = nil) throws {
        var hasMoved = true
        while hasMoved {
            hasMoved = try carry(client, server, pieces)
            hasMoved = try carry(server, client, pieces) || hasMoved
            loop.run()
        }
    }

    private func carry(_ from: EmbeddedChannel, _ to: EmbeddedChannel, _ pieces: Int?) throws -> Bool {
        var hasMoved = false
        while var bytes = try from.readOutbound(as: ByteBuffer.self) {
            hasMoved = true
            guard to.isActive else { continue }
            while let piece = bytes.readSlice(length: min(pieces ?? bytes.readableBytes, bytes.readableBytes)),
                piece.readableBytes > 0
            {
                to.pipeline.fireChannelRead(piece)
                to.pipeline.fireChannelReadComplete()
            }
        }
        return hasMoved
    }
}
