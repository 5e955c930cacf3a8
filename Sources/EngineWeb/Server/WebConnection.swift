import NIOCore
import SupportTransport

/// An accepted connection: who is at its other end, and the TLS under it.
struct WebConnection: Sendable {
    var client: SocketEndpoint
    var server: SocketEndpoint
    var tls: WebTLSRecord?

    /// Gives a new channel its handlers, or throws when there are too many.
    static func accepted(_ channel: any Channel, listener: WebListener, server: WebServerState) throws {
        guard server.accepted(channel), let client = SocketEndpoint(channel.remoteAddress),
            let local = SocketEndpoint(channel.localAddress)
        else { throw ChannelError.inappropriateOperationForState }
        let connection = WebConnection(client: client, server: local)
        let pipeline = channel.pipeline.syncOperations
        try pipeline.addHandlers([IdleStateHandler(allTimeout: server.configuration.idleTimeout), IdleCloser()])
        switch listener.kind {
        case .plain:
            try HTTPPipelines.addHTTP1Server(to: channel)
            try pipeline.addHandler(SiteHandler(server: server, connection: connection))
        case .tls:
            let tls = TLSHandler.server(server.tlsContext, timeouts: server.configuration.tlsTimeouts) { hello, loop in
                loop.makeSucceededFuture(decision(hello, server: server, address: local.address))
            }
            try pipeline.addHandlers([tls, NegotiatedSite(server: server, connection: connection)])
        }
    }

    /// The certificate by SNI; without a name, the one of the site that has this address, or of the first.
    static func decision(_ hello: ClientHello, server: WebServerState, address: String) -> TLSServerDecision {
        let site: WebSite?
        if let name = hello.serverName {
            site = server.sites.site(named: name)
        } else {
            site = server.sites.site(named: address) ?? server.sites.sites.first { $0.identity != nil }
        }
        guard let identity = site?.identity else { return .refuse(.unrecognizedName) }
        return .accept(identity, alpn: server.configuration.alpn)
    }
}

/// Waits for the end of a TLS handshake and then adds the handlers of the version that was agreed on.
final class NegotiatedSite: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer

    private let server: WebServerState
    private var connection: WebConnection
    private var hello: ClientHello?

    init(server: WebServerState, connection: WebConnection) {
        self.server = server
        self.connection = connection
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        switch event as? TLSEvent {
        case .clientHello(let hello): self.hello = hello
        case .handshakeCompleted(let session): agreed(session, context)
        case .failed(let failure): failed(failure)
        default: break
        }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    private func agreed(_ session: TLSSession, _ context: ChannelHandlerContext) {
        connection.tls = WebTLSRecord(session)
        let server = server
        let connection = connection
        do {
            if session.alpn == "h2" {
                try HTTPPipelines.addHTTP2Server(to: context.channel) { stream in
                    try stream.pipeline.syncOperations.addHandler(SiteHandler(server: server, connection: connection))
                }
            } else {
                try HTTPPipelines.addHTTP1Server(to: context.channel)
                try context.pipeline.syncOperations.addHandler(SiteHandler(server: server, connection: connection))
            }
        } catch {
            context.close(promise: nil)
        }
    }

    private func failed(_ failure: TLSFailure) {
        // After the handshake it is the requests that tell what happened.
        guard !failure.established || failure.alertReceived != nil else { return }
        server.log(
            .handshakeFailed(
                WebHandshakeRecord(
                    time: server.now(), client: connection.client, server: connection.server,
                    serverName: hello?.serverName, clientRandom: hexadecimal(hello?.random ?? []),
                    alertSent: failure.alertSent, alertReceived: failure.alertReceived, reason: failure.description)))
    }
}

/// Closes a connection on which nothing moves, or whose bytes end.
final class IdleCloser: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if event is IdleStateHandler.IdleStateEvent {
            context.close(promise: nil)
        } else {
            context.fireUserInboundEventTriggered(event)
        }
    }
}
