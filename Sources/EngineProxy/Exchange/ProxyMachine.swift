import NIOCore
import Wire

/// What the proxy does for one client connection, and for the one origin connection that belongs to it. Pure: bytes and
/// incidents go in, actions come out; it knows no socket and no clock of its own.
///
/// Exchanges follow one another; bytes of a pipelined request wait in `clientInput` until their turn.
struct ProxyMachine {
    /// Legal exits:
    /// request → exchange (a request came), peeking (CONNECT came), closing;
    /// exchange → request (it ended), relaying (an upgrade was granted), closing;
    /// peeking → handshaking (TLS), request (HTTP), relaying (anything else), closing;
    /// handshaking → request, closing; relaying → closing; closing → nothing.
    enum Phase: Sendable, Hashable {
        case request
        case exchange
        /// A tunnel is open, and its first bytes will tell what it carries.
        case peeking
        case handshaking
        case relaying
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
        case openUpstream(id: Int, UpstreamTarget)
        case writeToUpstream(ByteBuffer)
        case closeUpstreamOutput
        case closeUpstream
        case report(ProxyEvent)
    }

    /// Where an origin connection leads.
    struct UpstreamTarget: Sendable, Hashable {
        var authority: ProxyAuthority
        var isTLS: Bool
        /// The name to ask for and to verify.
        var serverName: String
    }

    struct Upstream {
        var id: Int
        var target: UpstreamTarget
        var isOpen = false
        var address: ProxyAddress?
        var tls: ProxyTLSLeg?
        var input = HTTPInput(.response)
        var inputEnded = false
        /// Exchanges it has carried.
        var uses = 0
    }

    struct Exchange {
        var request: ProxyRequest
        var record: ExchangeRecord
        var path: String
        /// The client's bytes of this request are all read.
        var requestEnded = false
        /// The final response's head was sent to the client.
        var responseStarted = false
        var responseEnded = false
        /// The head is on its way to the origin.
        var isForwarded = false
        var isRetried = false
        var responseFraming = MessageHead.Framing.asReceived
        var requestTrailers: HTTPFields?
        var responseTrailers: HTTPFields?
        var closesClient: Bool
        var closesUpstream = false
    }

    /// What the machine is given from outside.
    struct Surroundings: Sendable {
        var connection: UInt64
        var client: ProxyAddress
        var bodyLimit: Int
        var budget: BodyBudget
        var now: @Sendable () -> Int64
        var nextFlowID: @Sendable () -> UInt64
        var onboarding: OnboardingSite
    }

    let around: Surroundings
    var phase = Phase.request
    var actions: [Action] = []
    var clientInput = HTTPInput(.request)
    var clientInputEnded = false
    var tunnel: ProxyRequest.Tunnel?
    var clientTLS: ProxyTLSLeg?
    var exchange: Exchange?
    var upstream: Upstream?
    var upstreamCount = 0
    var relay: ProxyTunnel?

    init(_ around: Surroundings) { self.around = around }

    /// Bytes that may wait here before the client is asked to pause.
    static let inputLimit = 64 << 10

    /// Whether more bytes from the client are welcome now.
    var wantsClientBytes: Bool {
        switch phase {
        case .relaying: upstream?.isOpen ?? false
        case .closing: true
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
        guard phase != .closing else { return }
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
            if upstream?.isOpen == true { act(.closeUpstreamOutput) }
            endRelayIfOver()
        case .exchange:
            run()
        case .request, .peeking, .handshaking:
            run()
            if phase == .request || phase == .peeking || phase == .handshaking { close() }
        case .closing: break
        }
    }

    /// The connection to the client is gone.
    mutating func clientHasClosed() {
        if relay != nil {
            finishRelay()
        } else if let exchange, phase == .exchange {
            exchange.record.failed(.clientGone)
            reportFlow()
        }
        phase = .closing
        exchange = nil
        closeUpstream()
    }

    /// TLS with the client is up: what follows are requests inside it.
    mutating func clientHandshakeCompleted(_ leg: ProxyTLSLeg) {
        guard phase == .handshaking, var tunnel else { return }
        clientTLS = leg
        tunnel.isTLS = true
        tunnel.serverName = leg.sni
        self.tunnel = tunnel
        phase = .request
        run()
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
                guard clientInputEnded, let exchange, !exchange.requestEnded,
                    exchange.isForwarded || exchange.responseEnded
                else { return }
                abort(.badRequest("The request broke off before its end."))
            case .peeking:
                guard decideTunnel() else { return }
            case .relaying:
                guard upstream?.isOpen == true, clientInput.waiting > 0 else { return }
                let bytes = clientInput.takeAll()
                relay?.sent &+= UInt64(bytes.readableBytes)
                act(.writeToUpstream(bytes))
                return
            case .handshaking, .closing:
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

    /// Gives the exchange up in the middle.
    mutating func abort(_ failure: ProxyFailure) {
        exchange?.record.failed(failure)
        reportFlow()
        exchange = nil
        phase = .closing
        closeUpstream()
        act(.abortClient)
    }

    mutating func close() {
        phase = .closing
        closeUpstream()
        act(.closeClient)
    }

    mutating func closeUpstream() {
        guard upstream != nil else { return }
        upstream = nil
        act(.closeUpstream)
    }

    mutating func reportFlow() {
        if let flow = exchange?.record.finish(at: now) { act(.report(.flow(flow))) }
    }
}
