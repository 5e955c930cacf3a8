import NIOCore
import SupportCrypto

/// TLS as a channel handler over OpenSSL, for either side.
///
/// It fires plaintext as `ByteBuffer` reads and everything else as `TLSEvent` user events. Writes made before the handshake is
/// done wait for it. Closing sends close_notify and waits for the peer's, for at most `TLSTimeouts.close`.
///
/// Within a call OpenSSL only fills lists; they are fired afterwards, so that a handler that closes or writes while it
/// is being told something never re-enters OpenSSL.
package final class TLSHandler: ChannelDuplexHandler, RemovableChannelHandler {
    package typealias InboundIn = ByteBuffer
    package typealias InboundOut = ByteBuffer
    package typealias OutboundIn = ByteBuffer
    package typealias OutboundOut = ByteBuffer

    /// Legal exits: idle → handshaking → (suspended → handshaking) → established → closing → closed; anything → closed.
    enum State {
        case idle
        case handshaking
        case suspended
        case established
        case closing
        case closed
    }

    enum Delivery {
        case bytes(ByteBuffer)
        case event(TLSEvent)
        case error(TLSFailure)
        /// Completes promises, whose callbacks may do anything.
        case promise(() -> Void)
        case inputClosed
        case inactive
        case close
        case remove
    }

    let tlsContext: TLSContext
    let serverName: String?
    let decide: TLSServerDecider?
    let timeouts: TLSTimeouts
    /// Keep the sending side open after the peer's close_notify (and ours open to its bytes after `close(mode: .output)`).
    let allowsHalfClosure: Bool

    var state = State.idle
    var connection: TLSConnection?
    var handshakePromise: EventLoopPromise<TLSSession>?
    var closePromise: EventLoopPromise<Void>?
    var waitingWrites = MarkedCircularBuffer<WaitingWrite>(initialCapacity: 4)
    var records = CircularBuffer<WaitingWrite>()
    var isFlushNeeded = false
    var isOutputClosed = false
    var isInputClosed = false
    var isReadWanted = false
    var isReadHeld = false
    var deliveries = CircularBuffer<Delivery>()
    var isDelivering = false
    var handshakeTimer: Scheduled<Void>?
    var closeTimer: Scheduled<Void>?

    struct WaitingWrite {
        var bytes: ByteBuffer
        var promise: EventLoopPromise<Void>?
    }

    /// More than this is not read ahead of a decision.
    static let undecidedLimit = 65536

    /// A client that asks for `serverName` (a host name or an IP address) and verifies it.
    package static func client(
        _ context: TLSContext, serverName: String?, timeouts: TLSTimeouts = TLSTimeouts(),
        allowsHalfClosure: Bool = false,
        handshake: EventLoopPromise<TLSSession>? = nil
    ) -> TLSHandler {
        TLSHandler(
            context, serverName: serverName, decide: nil, timeouts: timeouts, allowsHalfClosure: allowsHalfClosure,
            handshake: handshake)
    }

    /// A server that asks `decide` about every client hello before it answers.
    package static func server(
        _ context: TLSContext, timeouts: TLSTimeouts = TLSTimeouts(), allowsHalfClosure: Bool = false,
        handshake: EventLoopPromise<TLSSession>? = nil, decide: @escaping TLSServerDecider
    ) -> TLSHandler {
        TLSHandler(
            context, serverName: nil, decide: decide, timeouts: timeouts, allowsHalfClosure: allowsHalfClosure,
            handshake: handshake)
    }

    /// A server with one certificate for all.
    package static func server(
        _ context: TLSContext, identity: ServerIdentity, alpn: [String] = [], timeouts: TLSTimeouts = TLSTimeouts(),
        handshake: EventLoopPromise<TLSSession>? = nil
    ) -> TLSHandler {
        server(context, timeouts: timeouts, handshake: handshake) { _, loop in
            loop.makeSucceededFuture(.accept(identity, alpn: alpn))
        }
    }

    private init(
        _ context: TLSContext, serverName: String?, decide: TLSServerDecider?, timeouts: TLSTimeouts,
        allowsHalfClosure: Bool, handshake: EventLoopPromise<TLSSession>?
    ) {
        tlsContext = context
        self.serverName = serverName
        self.decide = decide
        self.timeouts = timeouts
        self.allowsHalfClosure = allowsHalfClosure
        handshakePromise = handshake
    }

    // MARK: Life

    package func handlerAdded(context: ChannelHandlerContext) {
        if context.channel.isActive { start(context) }
    }

    package func handlerRemoved(context: ChannelHandlerContext) {
        finish(TLSFailure(.closedLocally))
    }

    package func channelActive(context: ChannelHandlerContext) {
        start(context)
        context.fireChannelActive()
    }

    package func channelInactive(context: ChannelHandlerContext) {
        inputEnded(context)
        finish(TLSFailure(.disconnectedDuringHandshake))
        deliveries.append(.inactive)
        deliver(context)
    }

    package func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case .some(.inputClosed) = event as? ChannelEvent, connection != nil else {
            return context.fireUserInboundEventTriggered(event)
        }
        inputEnded(context)
    }

    private func start(_ context: ChannelHandlerContext) {
        guard state == .idle else { return }
        do {
            connection = try TLSConnection(context: tlsContext, serverName: serverName)
        } catch {
            fail(error as? TLSFailure ?? TLSFailure(.configuration, detail: "\(error)"))
            return deliver(context)
        }
        state = .handshaking
        if let limit = timeouts.handshake {
            handshakeTimer = context.eventLoop.assumeIsolated().scheduleTask(in: limit) {
                guard self.state == .handshaking || self.state == .suspended else { return }
                self.fail(TLSFailure(.timeout))
                self.deliver(context)
            }
        }
        pump(context)
        context.read()
    }

    private func inputEnded(_ context: ChannelHandlerContext) {
        guard let connection else { return }
        connection.receivedEnd()
        if state == .suspended { fail(TLSFailure(.disconnectedDuringHandshake)) }
        pump(context)
    }

    // MARK: Reading

    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data)
        guard let connection else {
            // Passed through, and not removed yet.
            if case .some(.remove) = deliveries.last {
                deliveries.removeLast()
                deliveries.append(.bytes(bytes))
                deliveries.append(.remove)
            }
            return
        }
        connection.received(bytes)
        pump(context)
    }

    package func channelReadComplete(context: ChannelHandlerContext) {
        context.fireChannelReadComplete()
        if isReadWanted || state == .handshaking || state == .closing { requestRead(context) }
    }

    package func read(context: ChannelHandlerContext) {
        isReadWanted = true
        requestRead(context)
    }

    private func requestRead(_ context: ChannelHandlerContext) {
        if state == .suspended, let connection, connection.undecidedByteCount >= Self.undecidedLimit {
            isReadHeld = true
        } else {
            context.read()
        }
    }

    /// Runs OpenSSL as far as the input goes, sends what it made, then tells what happened.
    func pump(_ context: ChannelHandlerContext) {
        guard let connection else { return }
        if state == .handshaking { handshakeStep(connection, context) }
        if state == .suspended, connection.undecidedByteCount > Self.undecidedLimit * 4 {
            fail(TLSFailure(.tooMuchBeforeDecision))
        }
        if state == .established || state == .closing { readSteps(connection) }
        flushRecords(context, promise: nil)
        deliver(context)
    }

    private func handshakeStep(_ connection: TLSConnection, _ context: ChannelHandlerContext) {
        let step = connection.handshake()
        collectAlerts(connection)
        switch step {
        case .needsInput: break
        case .suspended(let hello): suspend(hello, context)
        case .completed(let session):
            state = .established
            handshakeTimer?.cancel()
            deliveries.append(.event(.handshakeCompleted(session)))
            if let handshakePromise { deliveries.append(.promise { handshakePromise.succeed(session) }) }
            handshakePromise = nil
            encryptWaiting(context)
        case .failed(let failure): fail(failure)
        }
    }

    private func readSteps(_ connection: TLSConnection) {
        while true {
            let step = connection.read()
            collectAlerts(connection)
            switch step {
            case .bytes(let plaintext):
                guard state == .established else { continue }
                isReadWanted = false
                deliveries.append(.bytes(plaintext))
            case .needsInput: return
            case .closeNotify: return peerClosed(inGoodOrder: true)
            case .truncated: return peerClosed(inGoodOrder: false)
            case .failed(let failure): return fail(failure)
            }
        }
    }

    private func peerClosed(inGoodOrder: Bool) {
        if !isInputClosed {
            isInputClosed = true
            // After our own close_notify a peer may just hang up.
            if inGoodOrder || state == .established {
                deliveries.append(.event(inGoodOrder ? .closeNotify : .truncated))
            }
            if allowsHalfClosure, !isOutputClosed, inGoodOrder { return deliveries.append(.inputClosed) }
        } else if allowsHalfClosure, !isOutputClosed {
            return
        }
        connection?.sendCloseNotify()
        deliveries.append(.close)
    }

    private func collectAlerts(_ connection: TLSConnection) {
        for (alert, isSent) in connection.takeAlerts() {
            deliveries.append(.event(isSent ? .alertSent(alert) : .alertReceived(alert)))
        }
    }

    // MARK: Client hello

    private func suspend(_ hello: ClientHello, _ context: ChannelHandlerContext) {
        state = .suspended
        deliveries.append(.event(.clientHello(hello)))
        guard let decide else { return fail(TLSFailure(.configuration)) }
        decide(hello, context.eventLoop).hop(to: context.eventLoop).assumeIsolated().whenComplete { result in
            self.decided(result, context)
        }
    }

    private func decided(_ result: Result<TLSServerDecision, any Error>, _ context: ChannelHandlerContext) {
        guard state == .suspended, let connection else { return }
        state = .handshaking
        switch result {
        case .success(.accept(let identity, let alpn)):
            do {
                try connection.accept(identity, alpn: alpn)
            } catch {
                connection.refuse(.internalError)
            }
        case .success(.refuse(let description)): connection.refuse(description)
        case .failure: connection.refuse(.internalError)
        case .success(.passThrough): return passThrough(connection, context)
        }
        pump(context)
        if isReadHeld {
            isReadHeld = false
            context.read()
        }
    }

    private func passThrough(_ connection: TLSConnection, _ context: ChannelHandlerContext) {
        let bytes = connection.takeUndecided()
        handshakeTimer?.cancel()
        handshakePromise?.fail(TLSFailure(.refused))
        handshakePromise = nil
        self.connection = nil
        state = .closed
        deliveries.append(.event(.passedThrough))
        deliveries.append(.bytes(bytes))
        deliveries.append(.remove)
        deliver(context)
    }
}
