import NIOCore
import NIOPosix
import SupportCrypto
import SupportTransport

/// The thin part around a `ProxyMachine`: the last handler of a client's channel, and the owner of its origin connections.
/// All channels run on the same event loop, so that nothing here is ever called from two threads.
final class ClientConnection: ChannelInboundHandler, OriginUser {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    let core: ProxyCore
    let around: Surroundings
    private var machine: ProxyMachine
    private(set) var channel: (any Channel)?
    private(set) var pool: OriginPool?
    private var link: (any OriginLink)?
    private var relay: Relay?
    private var serverName: String?
    /// The certificate that the client was shown.
    var shownLeaf: Certificate?

    private var isPerforming = false
    private var isInBurst = false
    private var clientNeedsFlush = false
    private var isClientPaused = false
    private var isClosing = false
    private var headTimer: Scheduled<Void>?
    private var isGone = false
    /// Its bytes are frames, which others write.
    var isMultiplexed = false

    init(_ core: ProxyCore, client: ProxyAddress) {
        self.core = core
        around = Surroundings(
            connection: core.nextConnection(), client: client, bodyLimit: core.configuration.bodyLimit,
            budget: core.budget, now: core.now, nextFlowID: { core.nextFlow() }, onboarding: core.onboarding)
        machine = ProxyMachine(around)
    }

    private var connection: UInt64 { around.connection }
    private var client: ProxyAddress { around.client }
    /// The tunnel that requests came through, once there is one.
    var tunnel: ProxyRequest.Tunnel? { machine.tunnel }
    var clientTLS: ProxyTLSLeg? { machine.clientTLS }

    // MARK: The client's channel

    func handlerAdded(context: ChannelHandlerContext) {
        channel = context.channel
        pool = OriginPool(core, loop: context.eventLoop, connection: connection, client: client)
        core.report(.connected(ProxyConnected(at: core.now(), connection: connection, client: client)))
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        // Of HTTP/2 only frames that belong to no stream come here.
        guard !isMultiplexed else { return }
        isInBurst = true
        machine.clientReceived(unwrapInboundIn(data))
        perform()
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        isInBurst = false
        perform()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let event = event as? ChannelEvent, event == .inputClosed {
            isInBurst = false
            machine.clientInputHasEnded()
            if isClosing { context.close(promise: nil) }
        } else if let event = event as? TLSEvent {
            received(event)
        } else if event is IdleStateHandler.IdleStateEvent {
            context.close(promise: nil)
        }
        perform()
    }

    func channelInactive(context: ChannelHandlerContext) {
        guard !isGone else { return }
        isGone = true
        isInBurst = false
        machine.clientHasClosed()
        perform()
        pool?.closeAll()
        core.report(.disconnected(ProxyDisconnected(at: core.now(), connection: connection, client: client)))
        channel = nil
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) { updateReading() }

    /// Whatever is wrong with the client's connection was told as an event, or is followed by its end: closing here would
    /// make a peer's reset look like our own doing.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        let isOfStream = isMultiplexed && HTTP2Fault.isOfStream(error)
        if !(error is TLSFailure || error is IOError || isOfStream) { context.close(promise: nil) }
    }

    private func received(_ event: TLSEvent) {
        switch event {
        case .clientHello(let hello): serverName = hello.serverName
        case .handshakeCompleted(let session):
            let leg = ProxyTLSLeg(
                session, leafSHA256: shownLeaf?.sha256,
                rootSHA256: core.authority.root.sha256)
            if let tunnel = machine.tunnel {
                core.report(
                    .handshake(
                        ProxyHandshake(
                            at: core.now(), connection: connection, leg: .client, peer: client,
                            host: leg.sni ?? tunnel.authority.host, port: tunnel.authority.port, tls: leg)))
            }
            machine.clientHandshakeCompleted(leg)
            if machine.phase == .multiplexed { multiplex() }
        case .failed(let failure) where !failure.established:
            guard let tunnel = machine.tunnel else { return }
            let host = serverName ?? tunnel.authority.host
            report(failure, tunnel.authority, host: host)
        default: break
        }
    }

    private func report(_ failure: TLSFailure, _ authority: ProxyAuthority, host: String) {
        let alert = HandshakeSentence.alert(failure)
        core.report(
            .handshakeFailure(
                ProxyHandshakeFailure(
                    at: core.now(), connection: connection, leg: .client, client: client, host: host,
                    port: authority.port, sni: serverName, reason: HandshakeSentence.reason(failure),
                    alert: alert.map { Int($0.number) }, alertName: alert?.name,
                    verifyCode: HandshakeSentence.verifyCode(failure),
                    text: HandshakeSentence.client(failure, host: host))))
    }

    // MARK: The origin of the exchange

    func originOpened(_ link: any OriginLink, at address: ProxyAddress, tls: ProxyTLSLeg?, isReused: Bool) {
        self.link = link
        machine.originOpened(at: address, tls: tls, isReused: isReused)
        perform()
    }

    func originFailed(_ failure: ProxyFailure) {
        machine.originFailed(failure)
        perform()
    }

    func originReceived(_ part: OriginPart) {
        isInBurst = true
        machine.originReceived(part)
        perform()
    }

    func originReadCompleted() {
        isInBurst = false
        perform()
    }

    func originEnded() {
        isInBurst = false
        machine.originEnded()
        perform()
    }

    func originWritabilityChanged() { updateReading() }

    // MARK: The relay

    /// A connection whose bytes are passed on unread, as relay `id` of the machine.
    private final class Relay: OriginConnectionOwner {
        let id: Int
        private weak var client: ClientConnection?
        var connection: OriginConnection?

        init(_ id: Int, _ client: ClientConnection) {
            self.id = id
            self.client = client
        }

        private func tell(isInBurst: Bool = false, _ change: (inout ProxyMachine) -> Void) {
            guard let client else { return }
            client.isInBurst = isInBurst
            change(&client.machine)
            client.perform()
        }

        func originOpened(_ connection: OriginConnection, at address: ProxyAddress, session: TLSSession?) {
            tell { $0.relayOpened(id, at: address) }
        }

        func originFailed(_ connection: OriginConnection, _ failure: ProxyFailure) {
            tell { $0.relayFailed(id, failure) }
        }

        // Relays are not opened with TLS of ours.
        func originHandshakeFailed(_ connection: OriginConnection, _ failure: TLSFailure) {}

        func originReceived(_ connection: OriginConnection, _ bytes: ByteBuffer) {
            tell(isInBurst: true) { $0.relayReceived(id, bytes) }
        }

        func originReadCompleted(_ connection: OriginConnection) { tell { _ in } }
        func originInputEnded(_ connection: OriginConnection) { tell { $0.relayInputHasEnded(id) } }
        func originClosed(_ connection: OriginConnection, isClean: Bool) { tell { $0.relayHasClosed(id) } }
        func originWritabilityChanged(_ connection: OriginConnection) { client?.updateReading() }
    }

    private func openRelay(_ id: Int, _ target: UpstreamTarget) {
        guard let channel else { return }
        let relay = Relay(id, self)
        let connection = OriginConnection(target, offer: [], core: core, owner: relay)
        relay.connection = connection
        self.relay = relay
        connection.connect(on: channel.eventLoop)
    }

    private func relayOrigin(_ id: Int) {
        guard let origin = link as? HTTP1Origin else { return }
        link = nil
        let early = origin.giveAway()
        let relay = Relay(id, self)
        relay.connection = origin.connection
        origin.connection.owner = relay
        self.relay = relay
        if early.readableBytes > 0 { machine.relayReceived(id, early) }
    }

    // MARK: Actions

    private func perform() {
        guard !isPerforming else { return }
        isPerforming = true
        while true {
            let actions = machine.takeActions()
            if actions.isEmpty { break }
            for action in actions { perform(action) }
        }
        isPerforming = false
        if !isInBurst { flush() }
        updateReading()
        if machine.isAmidHead != (headTimer != nil) { watchHead() }
    }

    /// A head may come in pieces, but not for ever.
    private func watchHead() {
        headTimer?.cancel()
        headTimer = nil
        guard machine.isAmidHead, let channel, !isGone else { return }
        let here = NIOLoopBound(self, eventLoop: channel.eventLoop)
        headTimer = channel.eventLoop.scheduleTask(in: .seconds(Int64(core.configuration.headTimeout))) {
            here.value.machine.headTimedOut()
            here.value.perform()
        }
    }

    private func flush() {
        if clientNeedsFlush {
            clientNeedsFlush = false
            channel?.flush()
        }
        link?.flush()
        relay?.connection?.channel?.flush()
    }

    private func perform(_ action: ProxyMachine.Action) {
        switch action {
        case .writeToClient(let bytes):
            channel?.write(bytes, promise: nil)
            clientNeedsFlush = true
        case .report(let event): core.report(event)
        case .openOrigin(let target, let isFresh): pool?.open(target, isFresh: isFresh, for: self)
        case .send(let part): link?.send(part)
        case .leaveOrigin:
            // Its burst may go on, but it is not ours to wait for.
            isInBurst = false
            if let link {
                self.link = nil
                link.leave()
            } else {
                pool?.cancel(self)
            }
        case .relayOrigin(let id): relayOrigin(id)
        case .openRelay(let id, let target): openRelay(id, target)
        case .writeToRelay(let bytes): relay?.connection?.channel?.write(bytes, promise: nil)
        case .closeRelay:
            relay?.connection?.close()
            relay = nil
        case .closeRelayOutput: relay?.connection?.channel?.close(mode: .output, promise: nil)
        case .closeClientOutput: channel?.close(mode: .output, promise: nil)
        case .closeClient: closeClient()
        case .abortClient:
            isClosing = true
            flush()
            channel?.close(promise: nil)
        case .startTLS(let bytes): startTLS(bytes)
        case .awaitTunnel: awaitTunnel()
        }
    }

    /// How long a client that was told everything may take to hang up.
    private static let linger = TimeAmount.seconds(2)

    /// Closing at once would throw away what the client has not read yet, so the sending side is closed first.
    private func closeClient() {
        guard let channel, !isClosing else { return }
        isClosing = true
        // What its streams were told is written by them; of the connection itself nothing is.
        guard !isMultiplexed else { return channel.close(promise: nil) }
        let written = channel.eventLoop.makePromise(of: Void.self)
        channel.writeAndFlush(ByteBuffer(), promise: written)
        clientNeedsFlush = false
        let hasInputEnded = machine.clientInputEnded
        written.futureResult.whenComplete { _ in
            if hasInputEnded { return channel.close(promise: nil) }
            channel.close(mode: .output).whenFailure { _ in channel.close(promise: nil) }
            let timer = channel.eventLoop.scheduleTask(in: Self.linger) { channel.close(promise: nil) }
            channel.closeFuture.whenComplete { _ in timer.cancel() }
        }
    }

    private func awaitTunnel() {
        guard let channel else { return }
        let here = NIOLoopBound(self, eventLoop: channel.eventLoop)
        let timer = channel.eventLoop.scheduleTask(in: .seconds(1)) {
            here.value.machine.tunnelStayedSilent()
            here.value.perform()
        }
        channel.closeFuture.whenComplete { _ in timer.cancel() }
    }

    /// Lets `flush` and reads of both sides follow what the other side can take.
    private func updateReading() {
        guard let channel, !isPerforming else { return }
        let canSend = link?.isWritable ?? relay?.connection?.channel?.isWritable ?? true
        let isPaused = !machine.wantsClientBytes || !canSend
        if isPaused != isClientPaused {
            isClientPaused = isPaused
            try? channel.syncOptions?.setOption(.autoRead, value: !isPaused)
        }
        link?.setPaused(!channel.isWritable)
        relay?.connection?.setPaused(!channel.isWritable)
    }
}
