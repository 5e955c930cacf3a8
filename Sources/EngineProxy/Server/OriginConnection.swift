import NIOCore
import NIOHTTP2
import NIOPosix
import SupportTransport

/// A TCP or TLS connection to an origin on behalf of one client. Lives on that client's event loop.
final class OriginConnection {
    let target: UpstreamTarget
    /// The application protocols it offers in its TLS handshake.
    let offer: [String]
    private(set) var channel: (any Channel)?
    var owner: (any OriginConnectionOwner)?
    private let core: ProxyCore
    private var attempt: Attempt?
    private var isOpen = false
    private var isClean = true
    private var isPaused = false
    private(set) var isClosed = false
    /// Its bytes are frames, which others read.
    private(set) var isMultiplexed = false

    init(_ target: UpstreamTarget, offer: [String], core: ProxyCore, owner: any OriginConnectionOwner) {
        self.target = target
        self.offer = offer
        self.core = core
        self.owner = owner
    }

    func connect(on loop: any EventLoop) {
        let here = NIOLoopBound(self, eventLoop: loop)
        let bootstrap = ClientBootstrap(group: loop)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .connectTimeout(.seconds(Int64(core.configuration.connectTimeout)))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try here.value.initialize(channel) }
            }
        let authority = target.authority
        let connected: EventLoopFuture<any Channel>
        if let address = try? SocketAddress(ipAddress: authority.host, port: authority.port) {
            connected = bootstrap.connect(to: address)
        } else {
            connected = bootstrap.connect(host: authority.host, port: authority.port)
        }
        connected.whenFailure { error in here.value.failed(OriginConnection.failure(error, authority)) }
    }

    private func initialize(_ channel: any Channel) throws {
        guard owner != nil else { throw ChannelError.ioOnClosedChannel }
        // With several addresses to try, the channel that is initialised last is not always the one that wins.
        if target.isTLS {
            try channel.pipeline.syncOperations.addHandler(
                TLSHandler.client(
                    core.trust.tlsContext(alpn: offer), serverName: target.serverName, timeouts: .proxy,
                    allowsHalfClosure: true))
        }
        try channel.pipeline.syncOperations.addHandler(Attempt(self))
    }

    static func failure(_ error: any Error, _ authority: ProxyAuthority) -> ProxyFailure {
        if let error = error as? NIOConnectionError {
            guard let last = error.connectionErrors.last?.error else { return .nameNotFound(host: authority.host) }
            return failure(last, authority)
        }
        if let error = error as? IOError {
            switch error.errnoCode {
            case ECONNREFUSED: return .connectionRefused(authority)
            case ETIMEDOUT: return .timedOut(authority)
            default: return .unreachable(authority, detail: String(cString: strerror(error.errnoCode)))
            }
        }
        if let error = error as? ChannelError, case .connectTimeout = error { return .timedOut(authority) }
        if error is SocketAddressError { return .nameNotFound(host: authority.host) }
        return .unreachable(authority, detail: "\(error)")
    }

    func failed(_ failure: ProxyFailure) {
        guard !isClosed, !isOpen else { return }
        isClosed = true
        let owner = owner
        self.owner = nil
        owner?.originFailed(self, failure)
    }

    /// Puts HTTP/2 on it, which its handshake has agreed on.
    func multiplex() throws -> NIOHTTP2Handler.StreamMultiplexer {
        guard let channel, let attempt else { throw ChannelError.ioOnClosedChannel }
        isMultiplexed = true
        return try HTTP2Legs.addOrigin(to: channel, before: attempt)
    }

    func close() {
        isClosed = true
        owner = nil
        attempt = nil
        channel?.close(promise: nil)
        channel = nil
    }

    func setPaused(_ paused: Bool) {
        guard paused != isPaused, let channel else { return }
        isPaused = paused
        try? channel.syncOptions?.setOption(.autoRead, value: !paused)
    }

    // MARK: The channel that won

    /// The TCP connection is there. False where it is not wanted, or another attempt was faster.
    fileprivate func connected(_ channel: any Channel, _ attempt: Attempt) -> Bool {
        guard !isClosed, self.channel == nil, owner != nil else {
            channel.close(promise: nil)
            return false
        }
        self.channel = channel
        self.attempt = attempt
        if core.isOwnListener(channel.remoteAddress, from: channel.localAddress) {
            failed(.loop(target.authority))
            channel.close(promise: nil)
            return false
        }
        if !target.isTLS { opened(nil) }
        return true
    }

    private func opened(_ session: TLSSession?) {
        isOpen = true
        owner?.originOpened(self, at: ProxyAddress(channel?.remoteAddress), session: session)
    }

    func received(_ bytes: ByteBuffer) { owner?.originReceived(self, bytes) }
    func readCompleted() { owner?.originReadCompleted(self) }
    func writabilityChanged() { owner?.originWritabilityChanged(self) }
    func inputEnded() { owner?.originInputEnded(self) }

    func received(_ event: TLSEvent) {
        switch event {
        case .handshakeCompleted(let session): opened(session)
        case .failed(let failure) where !failure.established:
            guard !isClosed else { return }
            isClosed = true
            let owner = owner
            self.owner = nil
            owner?.originHandshakeFailed(self, failure)
        case .failed: isClean = false
        default: break
        }
    }

    func broke(_ error: any Error) {
        isClean = false
        if isMultiplexed { (owner as? HTTP2Origin)?.failed(error) }
    }

    func ended() {
        guard !isClosed else { return }
        isClosed = true
        attempt = nil
        channel = nil
        let owner = owner
        self.owner = nil
        owner?.originClosed(self, isClean: isClean)
    }
}

/// The last handler of one attempt to reach an origin; it stands for the connection once its channel is active.
private final class Attempt: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let origin: OriginConnection
    private var isConnected = false

    init(_ origin: OriginConnection) { self.origin = origin }

    func channelActive(context: ChannelHandlerContext) {
        isConnected = origin.connected(context.channel, self)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if !origin.isMultiplexed { origin.received(unwrapInboundIn(data)) }
    }
    func channelReadComplete(context: ChannelHandlerContext) { origin.readCompleted() }
    func channelWritabilityChanged(context: ChannelHandlerContext) { origin.writabilityChanged() }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard isConnected else { return }
        if let event = event as? TLSEvent { origin.received(event) }
        if let event = event as? ChannelEvent, event == .inputClosed { origin.inputEnded() }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if isConnected { origin.broke(error) }
        if origin.isMultiplexed, HTTP2Fault.isOfStream(error) { return }
        // These are followed by the channel's end, and by an event that says more.
        if !(error is TLSFailure || error is IOError) { context.close(promise: nil) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        if isConnected { origin.ended() }
    }
}
