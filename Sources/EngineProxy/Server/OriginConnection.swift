import NIOCore
import NIOPosix
import SupportTransport

/// The connection to an origin on behalf of one client. Lives on that client's event loop.
final class OriginConnection {
    let id: Int
    let target: ProxyMachine.UpstreamTarget
    private(set) var channel: (any Channel)?
    private var owner: ClientConnection?
    private var isOpen = false
    private var isClean = true
    private var isPaused = false
    private var isClosed = false

    init(id: Int, target: ProxyMachine.UpstreamTarget, owner: ClientConnection) {
        self.id = id
        self.target = target
        self.owner = owner
    }

    func connect(on loop: any EventLoop) {
        guard let owner else { return }
        let here = NIOLoopBound(self, eventLoop: loop)
        let bootstrap = ClientBootstrap(group: loop)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .connectTimeout(.seconds(Int64(owner.core.configuration.connectTimeout)))
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
        guard let owner else { throw ChannelError.ioOnClosedChannel }
        // With several addresses to try, the channel that is initialised last is not always the one that wins.
        if target.isTLS {
            try channel.pipeline.syncOperations.addHandler(
                TLSHandler.client(
                    owner.core.trust.tlsContext(), serverName: target.serverName, timeouts: .proxy,
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
        owner?.originFailed(self, failure)
        owner = nil
    }

    func close() {
        isClosed = true
        owner = nil
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
    func connected(_ channel: any Channel) -> Bool {
        guard !isClosed, self.channel == nil, let owner else {
            channel.close(promise: nil)
            return false
        }
        self.channel = channel
        if owner.core.isOwnListener(channel.remoteAddress, from: channel.localAddress) {
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
    func readCompleted() { owner?.originReadCompleted() }
    func writabilityChanged() { owner?.originWritabilityChanged() }
    func inputEnded() { owner?.originInputEnded(self) }

    func received(_ event: TLSEvent) {
        switch event {
        case .handshakeCompleted(let session): opened(session)
        case .failed(let failure) where !failure.established:
            guard !isClosed else { return }
            isClosed = true
            owner?.originHandshakeFailed(self, failure)
            owner = nil
        case .failed: isClean = false
        default: break
        }
    }

    func broke() { isClean = false }

    func ended() {
        guard !isClosed else { return }
        isClosed = true
        owner?.originClosed(self, isClean: isClean)
        owner = nil
        channel = nil
    }
}

/// The last handler of one attempt to reach an origin; it stands for the connection once its channel is active.
private final class Attempt: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let origin: OriginConnection
    private var isConnected = false

    init(_ origin: OriginConnection) { self.origin = origin }

    func channelActive(context: ChannelHandlerContext) {
        isConnected = origin.connected(context.channel)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) { origin.received(unwrapInboundIn(data)) }
    func channelReadComplete(context: ChannelHandlerContext) { origin.readCompleted() }
    func channelWritabilityChanged(context: ChannelHandlerContext) { origin.writabilityChanged() }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard isConnected else { return }
        if let event = event as? TLSEvent { origin.received(event) }
        if let event = event as? ChannelEvent, event == .inputClosed { origin.inputEnded() }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if isConnected { origin.broke() }
        // These are followed by the channel's end, and by an event that says more.
        if !(error is TLSFailure || error is IOError) { context.close(promise: nil) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        if isConnected { origin.ended() }
    }
}
