import NIOCore
import Wire

/// One exchange, from the head of its request to the last byte of both messages, whatever versions of HTTP the client and
/// the origin speak. Pure: pieces of messages and incidents go in, actions come out.
struct ExchangeMachine {
    enum Action: Sendable {
        case respond(ResponsePart)
        /// An origin connection is wanted; `isFresh` forbids one that was used before.
        case openOrigin(UpstreamTarget, isFresh: Bool)
        case send(RequestPart)
        /// Nothing more is wanted of the origin, or expected from it.
        case leaveOrigin
        /// The origin granted an upgrade: both sides speak something else from here on.
        case upgraded(ResponseHead)
        /// The response cannot be finished, and the client must not take it for complete.
        case abortClient
        case report(ProxyEvent)
    }

    let request: ProxyRequest
    let path: String
    let target: UpstreamTarget
    let record: ExchangeRecord
    private let now: @Sendable () -> Int64
    private let onboarding: OnboardingSite?

    /// The client's part of the exchange is all read, or what is left of it is not wanted.
    private(set) var requestEnded = false
    /// The head is on its way to the origin.
    private(set) var isForwarded = false
    /// The final response's head was sent to the client.
    private(set) var responseStarted = false
    private(set) var responseEnded = false
    /// Both messages are through, or the exchange was given up.
    private(set) var isOver = false
    /// Where the next request of an HTTP/1 client would begin cannot be known, or it asked for the end.
    var closesClient: Bool
    private var isAsking = false
    private var hasOrigin = false
    private var isOriginReused = false
    private var isRetried = false
    private var interimCount = 0
    /// Nobody has so many hints to give in good faith.
    private static let interimLimit = 100
    private var actions: [Action] = []

    /// - Parameters:
    ///   - target: where the request goes.
    ///   - host: the host as people call it.
    init(
        _ request: ProxyRequest, path: String, target: UpstreamTarget, host: String, clientTLS: ProxyTLSLeg?,
        around: Surroundings
    ) {
        self.request = request
        self.path = path
        self.target = target
        now = around.now
        onboarding = OnboardingSite.hosts.contains(host) ? around.onboarding : nil
        closesClient = request.closesConnection
        let head = request.head
        let flow = ProxyFlow(
            id: around.nextFlowID(), connection: around.connection, client: around.client, server: nil,
            scheme: target.isTLS ? "https" : "http", method: head.method, host: host, port: target.authority.port,
            path: path, version: "\(head.version)", request: ProxyMessage(headers: MessageHead.headers(head.fields)),
            status: nil, reason: nil, responseVersion: nil, contentType: nil, response: nil, answeredBy: .origin,
            timings: ProxyTimings(start: around.now(), end: around.now()), clientTLS: clientTLS, serverTLS: nil,
            error: nil)
        record = ExchangeRecord(flow: flow, bodyLimit: around.bodyLimit, budget: around.budget)
    }

    mutating func takeActions() -> [Action] {
        defer { actions = [] }
        return actions
    }

    private mutating func act(_ action: Action) { actions.append(action) }

    /// Begins: asks for an origin, or answers in its place.
    mutating func start() {
        if let onboarding { return answer(with: onboarding.page(method: request.head.method, path: path)) }
        open(isFresh: false)
    }

    private mutating func open(isFresh: Bool) {
        record.connecting(at: now())
        isAsking = true
        act(.openOrigin(target, isFresh: isFresh))
    }

    // MARK: The client's message

    /// Whether the body's next piece can be taken: before an origin is there, nobody wants it.
    var wantsRequest: Bool { !isOver && !requestEnded && (isForwarded || responseEnded) }

    // After an early answer the rest of the request is read only to find its end.
    mutating func requestBody(_ bytes: ByteBuffer) {
        record.requestBodyReceived(bytes)
        if isForwarded, hasOrigin { act(.send(.body(bytes))) }
    }

    mutating func requestEnd(trailers: HTTPFields?) {
        guard !requestEnded, !isOver else { return }
        if let trailers { record.requestTrailersReceived(trailers) }
        if isForwarded, hasOrigin { act(.send(.end(trailers: trailers))) }
        record.requestEnded(at: now())
        requestEnded = true
        endIfOver()
    }

    /// The request turned out to be damaged.
    mutating func requestFailed(_ rejection: RequestRejection) {
        guard !isOver else { return }
        if responseStarted { return abort(.badRequest(rejection.sentence)) }
        record.failed(.badRequest(rejection.sentence))
        closesClient = true
        answer(with: .rejection(rejection), endsRequest: true)
    }

    /// The client ended its message before its end.
    mutating func requestBrokeOff() { abort(.badRequest("The request broke off before its end.")) }

    /// Nobody waits for the answer any more.
    mutating func clientGone() {
        guard !isOver else { return }
        record.failed(.clientGone)
        end()
    }

    // MARK: The origin

    mutating func originOpened(at address: ProxyAddress, tls: ProxyTLSLeg?, isReused: Bool) {
        guard isAsking else { return }
        isAsking = false
        hasOrigin = true
        isForwarded = true
        isOriginReused = isReused
        record.connected(to: address, tls: tls, at: now(), isReused: isReused)
        act(.send(.head(request, path: path)))
        if request.head.framing == .none {
            requestEnded = true
            record.requestEnded(at: now())
            act(.send(.end(trailers: nil)))
        }
    }

    mutating func originFailed(_ failure: ProxyFailure) {
        guard isAsking else { return }
        isAsking = false
        giveUp(failure)
    }

    mutating func received(_ part: OriginPart) {
        guard isForwarded, !responseEnded, !isOver else { return }
        switch part {
        case .head(let head): responseHead(head)
        case .body(let bytes):
            guard responseStarted else { return }
            record.responseBodyReceived(bytes)
            act(.respond(.body(bytes)))
        case .end(let trailers):
            guard responseStarted else { return giveUp(.closedWithoutAnswer(target.authority)) }
            if let trailers { record.responseTrailersReceived(trailers) }
            act(.respond(.end(trailers: trailers)))
            responseEnded = true
            endIfOver()
        case .failed(let failure): giveUp(failure)
        }
    }

    /// The origin's side ended, and said nothing (more) that could be passed on.
    mutating func originEnded() {
        guard !isOver, hasOrigin else { return }
        leave()
        guard !responseEnded else { return }
        guard mayRetry else { return giveUp(.closedWithoutAnswer(target.authority)) }
        isRetried = true
        isForwarded = false
        requestEnded = false
        open(isFresh: true)
    }

    /// A connection that was kept open may have been closed by the origin just as the next request was sent: that request
    /// was not seen, and goes out again on a new connection if it is still at hand.
    private var mayRetry: Bool {
        isForwarded && isOriginReused && !isRetried && !responseStarted && request.head.framing == .none
            && Self.idempotentMethods.contains(request.head.method)
    }

    /// Those that may be sent twice (RFC 9110, section 9.2.2, and the registry of methods), and need no body.
    private static let idempotentMethods: Set<String> = [
        "GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE", "PROPFIND", "REPORT", "SEARCH", "MKCOL", "COPY", "MOVE",
        "UNLOCK",
    ]

    private mutating func responseHead(_ head: ResponseHead) {
        guard !responseStarted else { return giveUp(.badResponse("it has two heads")) }
        if head.isInterim {
            interimCount += 1
            guard interimCount <= Self.interimLimit else {
                return giveUp(.badResponse("it has more than \(Self.interimLimit) interim responses"))
            }
            if request.head.version != .http10 { act(.respond(.interim(head))) }
            return
        }
        if head.framing == .tunnel {
            guard head.status == 101, request.upgrade != nil else {
                return giveUp(.badResponse("it changes to a protocol that nobody asked for"))
            }
            // A client of HTTP/1 looks for itself; for others the proxy made the key.
            if request.head.version == .http20, !WebSocketKey.fits(head.fields, request.head.fields) {
                return giveUp(.badResponse("its Sec-WebSocket-Accept does not answer the key"))
            }
            record.responded(head, at: now())
            record.requestEnded(at: now())
            report()
            isOver = true
            return act(.upgraded(head))
        }
        record.responded(head, at: now())
        responseStarted = true
        act(.respond(.head(shown(head))))
    }

    /// The head as the client sees it: an alternative service would lead around the proxy (RFC 7838, section 3).
    private func shown(_ head: ResponseHead) -> ResponseHead {
        guard head.fields.contains("alt-svc") else { return head }
        var head = head
        head.fields.remove("alt-svc")
        record.withheld("alt-svc")
        return head
    }

    // MARK: Endings

    /// Shows the client a page where that is still possible.
    private mutating func giveUp(_ failure: ProxyFailure) {
        guard !isOver, !responseEnded else { return }
        record.failed(failure)
        if responseStarted { return abort(failure) }
        answer(with: .badGateway(failure))
    }

    /// Answers in the origin's place.
    ///
    /// - Parameter endsRequest: what is left of the request is not read any more, and the connection ends.
    private mutating func answer(with page: Page, endsRequest: Bool = false) {
        // A client that waits for 100 Continue may send its body or not: nobody can tell where the next request begins.
        let isEndKnown = !endsRequest && (requestEnded || !request.expectsContinue)
        if !isEndKnown || request.head.framing != .none { closesClient = true }
        if !isEndKnown || request.head.framing == .none { requestEnded = true }
        record.answered(with: page, at: now())
        act(.respond(.page(page)))
        responseStarted = true
        responseEnded = true
        leave()
        endIfOver()
    }

    private mutating func leave() {
        guard hasOrigin || isAsking else { return }
        hasOrigin = false
        isAsking = false
        act(.leaveOrigin)
    }

    private mutating func endIfOver() {
        if requestEnded, responseEnded { end() }
    }

    private mutating func end() {
        report()
        isOver = true
        leave()
    }

    /// Gives the exchange up in the middle.
    private mutating func abort(_ failure: ProxyFailure) {
        guard !isOver else { return }
        record.failed(failure)
        end()
        act(.abortClient)
    }

    private mutating func report() {
        if let flow = record.finish(at: now()) { act(.report(.flow(flow))) }
    }
}
