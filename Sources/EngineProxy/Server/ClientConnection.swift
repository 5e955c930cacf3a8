import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import SupportCrypto
import SupportTransport

/// The thin part around a `ProxyMachine`: the last handler of a client's channel, and the owner of its origin connection.
/// Both channels run on the same event loop, so that nothing here is ever called from two threads.
final class ClientConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    let core: ProxyCore
    private let connection: UInt64
    private var machine: ProxyMachine
    private let client: ProxyAddress
    private var channel: (any Channel)?
    private var upstream: OriginConnection?
    private var serverName: String?
    private let shownLeaf = NIOLockedValueBox<Certificate?>(nil)

    private var isPerforming = false
    private var isInBurst = false
    private var clientNeedsFlush = false
    private var upstreamNeedsFlush = false
    private var isClientPaused = false
    private var isClosing = false
    private var isGone = false

    init(_ core: ProxyCore, client: ProxyAddress) {
        self.core = core
        self.client = client
        let number = core.nextConnection()
        connection = number
        machine = ProxyMachine(
            ProxyMachine.Surroundings(
                connection: number, client: client, bodyLimit: core.configuration.bodyLimit, budget: core.budget,
                now: core.now,
                nextFlowID: { core.nextFlow() }, onboarding: core.onboarding))
    }

    // MARK: The client's channel

    func handlerAdded(context: ChannelHandlerContext) {
        channel = context.channel
        core.report(.connected(ProxyConnected(at: core.now(), connection: connection, client: client)))
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
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
        core.report(.disconnected(ProxyDisconnected(at: core.now(), connection: connection, client: client)))
        channel = nil
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) { updateReading() }

    /// Whatever is wrong with the client's connection was told as an event, or is followed by its end: closing here would
    /// make a peer's reset look like our own doing.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if !(error is TLSFailure || error is IOError) { context.close(promise: nil) }
    }

    private func received(_ event: TLSEvent) {
        switch event {
        case .clientHello(let hello): serverName = hello.serverName
        case .handshakeCompleted(let session):
            let leg = ProxyTLSLeg(
                session, leafSHA256: shownLeaf.withLockedValue { $0 }?.sha256,
                rootSHA256: core.authority.root.sha256)
            if let tunnel = machine.tunnel {
                core.report(
                    .handshake(
                        ProxyHandshake(
                            at: core.now(), connection: connection, leg: .client, peer: client,
                            host: leg.sni ?? tunnel.authority.host, port: tunnel.authority.port, tls: leg)))
            }
            machine.clientHandshakeCompleted(leg)
        case .failed(let failure) where !failure.established:
            guard let tunnel = machine.tunnel else { return }
            let host = serverName ?? tunnel.authority.host
            report(failure, .client, tunnel.authority, host: host, text: HandshakeSentence.client(failure, host: host))
        default: break
        }
    }

    private func report(
        _ failure: TLSFailure, _ leg: ProxyLeg, _ authority: ProxyAuthority, host: String, text: String
    ) {
        let alert = HandshakeSentence.alert(failure)
        core.report(
            .handshakeFailure(
                ProxyHandshakeFailure(
                    at: core.now(), connection: connection, leg: leg, client: client, host: host, port: authority.port,
                    sni: leg == .client ? serverName : nil, reason: HandshakeSentence.reason(failure),
                    alert: alert.map { Int($0.number) }, alertName: alert?.name,
                    verifyCode: HandshakeSentence.verifyCode(failure), text: text)))
    }

    // MARK: The origin's channel

    func originOpened(_ origin: OriginConnection, at address: ProxyAddress, session: TLSSession?) {
        let leg = session.map { session in
            ProxyTLSLeg(
                session, leafSHA256: session.peerChain.first.map { DigestAlgorithm.sha256.digest(of: $0) },
                rootSHA256: session.verifiedChain.last.map { DigestAlgorithm.sha256.digest(of: $0) })
        }
        if let leg {
            core.report(
                .handshake(
                    ProxyHandshake(
                        at: core.now(), connection: connection, leg: .server, peer: address,
                        host: origin.target.serverName, port: origin.target.authority.port, tls: leg)))
        }
        machine.upstreamOpened(origin.id, at: address, tls: leg)
        perform()
    }

    func originFailed(_ origin: OriginConnection, _ failure: ProxyFailure) {
        if upstream === origin { upstream = nil }
        machine.upstreamFailed(origin.id, failure)
        perform()
    }

    func originHandshakeFailed(_ origin: OriginConnection, _ failure: TLSFailure) {
        let host = origin.target.serverName
        let reason = HandshakeSentence.origin(failure, host: host)
        report(failure, .server, origin.target.authority, host: host, text: reason.sentence)
        originFailed(origin, reason)
    }

    func originReceived(_ origin: OriginConnection, _ bytes: ByteBuffer) {
        isInBurst = true
        machine.upstreamReceived(origin.id, bytes)
        perform()
    }

    func originReadCompleted() {
        isInBurst = false
        perform()
    }

    func originInputEnded(_ origin: OriginConnection) {
        isInBurst = false
        machine.upstreamInputHasEnded(origin.id)
        perform()
    }

    func originClosed(_ origin: OriginConnection, isClean: Bool) {
        isInBurst = false
        machine.upstreamHasClosed(origin.id, isClean: isClean)
        if upstream === origin { upstream = nil }
        perform()
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
    }

    private func flush() {
        if clientNeedsFlush {
            clientNeedsFlush = false
            channel?.flush()
        }
        if upstreamNeedsFlush {
            upstreamNeedsFlush = false
            upstream?.channel?.flush()
        }
    }

    private func perform(_ action: ProxyMachine.Action) {
        switch action {
        case .writeToClient(let bytes):
            channel?.write(bytes, promise: nil)
            clientNeedsFlush = true
        case .writeToUpstream(let bytes):
            upstream?.channel?.write(bytes, promise: nil)
            upstreamNeedsFlush = true
        case .report(let event): core.report(event)
        case .openUpstream(let id, let target): open(id, target)
        case .closeUpstream:
            upstream?.close()
            upstream = nil
        case .closeUpstreamOutput: upstream?.channel?.close(mode: .output, promise: nil)
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
        let isPaused = !machine.wantsClientBytes || !(upstream?.channel?.isWritable ?? true)
        if isPaused != isClientPaused {
            isClientPaused = isPaused
            try? channel.syncOptions?.setOption(.autoRead, value: !isPaused)
        }
        upstream?.setPaused(!channel.isWritable)
    }

    func originWritabilityChanged() { updateReading() }

    private func startTLS(_ bytes: ByteBuffer) {
        guard let channel, let tunnel = machine.tunnel else { return }
        let leaves = core.leaves
        let shown = shownLeaf
        let fallback = tunnel.authority.host
        let handler = TLSHandler.server(core.serverContext, timeouts: .proxy, allowsHalfClosure: true) { hello, loop in
            do {
                let identity = try leaves.identity(for: SubjectAlternativeName(host: hello.serverName ?? fallback))
                shown.withLockedValue { $0 = identity.certificate }
                // Nothing else is spoken here yet; a client that offers no protocols is not told one.
                return loop.makeSucceededFuture(
                    .accept(identity, alpn: hello.alpn.contains("http/1.1") ? ["http/1.1"] : []))
            } catch {
                return loop.makeSucceededFuture(.refuse(.unrecognizedName))
            }
        }
        do {
            try channel.pipeline.syncOperations.addHandler(handler, position: .first)
        } catch {
            return channel.close(promise: nil)
        }
        channel.pipeline.fireChannelRead(bytes)
        channel.pipeline.fireChannelReadComplete()
    }

    private func open(_ id: Int, _ target: ProxyMachine.UpstreamTarget) {
        guard let channel else { return }
        let origin = OriginConnection(id: id, target: target, owner: self)
        upstream = origin
        origin.connect(on: channel.eventLoop)
    }
}
