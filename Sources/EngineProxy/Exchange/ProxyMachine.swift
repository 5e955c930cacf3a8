import NIOCore
import Wire

/// What the proxy does for one client connection that speaks HTTP/1, up to the point where it speaks something else inside a
/// tunnel. Pure: bytes and incidents go in, actions come out; it knows no socket and no clock of its own.
///
/// Exchanges follow one another; bytes of a pipelined request wait in `clientInput` until their turn.
struct ProxyMachine {
    /// Legal exits:
    /// request → exchange (a request came), peeking (CONNECT came), closing;
    /// exchange → request (it ended), relaying (an upgrade was granted), closing;
    /// peeking → handshaking (TLS), request (HTTP), relaying (anything else), closing;
    /// handshaking → request, multiplexed (HTTP/2 was agreed on), closing; relaying → closing; multiplexed → closing;
    /// closing → nothing.
    enum Phase: Sendable, Hashable {
        case request
        case exchange
        /// A tunnel is open, and its first bytes will tell what it carries.
        case peeking
        case handshaking
        case relaying
        /// The connection is HTTP/2; its streams have machines of their own.
        case multiplexed
        case closing
    }

    enum Action: Sendable {
        case writeToClient(ByteBuffer)
        /// Send what was written, then say that no more comes, then close.
        case closeClient
        case closeClientOutput
        /// Close at once: the response cannot be finished, and the client must not take it for complete.
        case abortClient
        /// Put TLS between the client and this machine; the bytes are the beginning of its client hello.
        case startTLS(ByteBuffer)
        /// Tell `tunnelStayedSilent()` if the phase is still `peeking` in a second.
        case awaitTunnel
        /// An origin for the exchange; `isFresh` forbids a connection that was used before.
        case openOrigin(UpstreamTarget, isFresh: Bool)
        case send(RequestPart)
        case leaveOrigin
        /// The exchange's origin connection carries bytes from here on, as relay `id`.
        case relayOrigin(id: Int)
        /// A connection that carries bytes unread.
        case openRelay(id: Int, UpstreamTarget)
        case writeToRelay(ByteBuffer)
        case closeRelayOutput
        case closeRelay
        case report(ProxyEvent)
    }

    struct Relay {
        var id: Int
        var isOpen = false
        var address: ProxyAddress?
        var inputEnded = false
    }

    let around: Surroundings
    var phase = Phase.request
    var actions: [Action] = []
    var clientInput = HTTPInput(.request)
    var clientInputEnded = false
    var tunnel: ProxyRequest.Tunnel?
    var clientTLS: ProxyTLSLeg?
    var exchange: ExchangeMachine?
    var requestTrailers: HTTPFields?
    var responseFraming = MessageHead.Framing.asReceived
    var relay: Relay?
    var relayCount = 0
    var relayRecord: ProxyTunnel?
    var webSocket: WebSocketRecord?

    init(_ around: Surroundings) { self.around = around }

    /// Bytes that may wait here before the client is asked to pause.
    static let inputLimit = 64 << 10

    /// Whether more bytes from the client are welcome now.
    var wantsClientBytes: Bool {
        switch phase {
        case .relaying: relay?.isOpen ?? false
        case .closing, .multiplexed: true
        default: clientInput.waiting < Self.inputLimit
        }
    }

    mutating func takeActions() -> [Action] {
        defer { actions = [] }
        return actions
    }

    mutating func act(_ action: Action) { actions.append(action) }

    var now: Int64 { around.now() }

    // MARK: The client

    mutating func clientReceived(_ bytes: ByteBuffer) {
        guard phase != .closing, phase != .multiplexed else { return }
        clientInput.append(bytes)
        run()
    }

    /// The client sends no more; it may still read.
    mutating func clientInputHasEnded() {
        guard !clientInputEnded else { return }
        clientInputEnded = true
        switch phase {
        case .relaying:
            run()
            if relay?.isOpen == true { act(.closeRelayOutput) }
            endRelayIfOver()
        case .exchange:
            run()
        case .request, .peeking, .handshaking:
            run()
            if phase == .request || phase == .peeking || phase == .handshaking { close() }
        case .multiplexed: close()
        case .closing: break
        }
    }

    /// The connection to the client is gone.
    mutating func clientHasClosed() {
        if relayRecord != nil {
            finishRelay()
        } else if phase == .exchange {
            exchange?.clientGone()
            settleExchange()
        }
        phase = .closing
        exchange = nil
        closeRelay()
    }

    /// TLS with the client is up: what follows are requests inside it, in HTTP/2 if that was agreed on.
    mutating func clientHandshakeCompleted(_ leg: ProxyTLSLeg) {
        guard phase == .handshaking, var tunnel else { return }
        clientTLS = leg
        tunnel.isTLS = true
        tunnel.serverName = leg.sni
        self.tunnel = tunnel
        phase = leg.alpn == "h2" ? .multiplexed : .request
        run()
    }

    /// Whether the client has begun something that means nothing before more of it comes.
    var isAmidHead: Bool {
        switch phase {
        case .request: clientInput.parser.isAmidHead
        case .peeking: clientInput.waiting > 0
        default: false
        }
    }

    /// What was begun did not come to its end in time.
    mutating func headTimedOut() {
        guard isAmidHead else { return }
        if phase == .request { reject(RequestRejection(.timeout)) } else { close() }
    }

    /// Reads on as far as the phase allows.
    mutating func run() {
        while true {
            switch phase {
            case .request:
                guard let event = clientInput.next() else {
                    if clientInputEnded { close() }
                    return
                }
                switch event {
                case .request(let head): begin(head)
                case .rejected(let reason): reject(RequestRejection(reason))
                default: continue
                }
            case .exchange:
                if forwardRequest() { continue }
                guard clientInputEnded, let exchange, exchange.wantsRequest else { return }
                self.exchange?.requestBrokeOff()
                settleExchange()
            case .peeking:
                guard decideTunnel() else { return }
            case .relaying:
                guard relay?.isOpen == true, clientInput.waiting > 0 else { return }
                let bytes = clientInput.takeAll()
                relayRecord?.sent &+= UInt64(bytes.readableBytes)
                act(.writeToRelay(bytes))
                readAlong(bytes, from: .client)
                return
            case .handshaking, .multiplexed, .closing:
                return
            }
        }
    }

    // MARK: Endings

    /// Refuses what came with a page and closes: what follows on this connection cannot be understood.
    mutating func reject(_ rejection: RequestRejection) {
        act(
            .report(
                .rejected(
                    ProxyRejected(
                        at: now, connection: around.connection, client: around.client, status: rejection.status,
                        kind: rejection.reason.rawValue, text: rejection.sentence))))
        act(.writeToClient(Page.rejection(rejection).bytes(includesBody: true, closesConnection: true)))
        close()
    }

    mutating func close() {
        phase = .closing
        closeRelay()
        act(.closeClient)
    }

    mutating func closeRelay() {
        guard relay != nil else { return }
        relay = nil
        act(.closeRelay)
    }
}
