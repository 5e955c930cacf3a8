import NIOCore
import Wire

/// From a request's head to its last byte on the way to the origin.
extension ProxyMachine {
    mutating func begin(_ head: HTTP1RequestHead) {
        let request: ProxyRequest
        do {
            request = try ProxyRequest(head, in: tunnel)
        } catch {
            return reject(error)
        }
        switch request.destination {
        case .tunnel(let authority): openTunnel(authority)
        case .origin(let isTLS, let authority, let path): begin(request, isTLS: isTLS, authority, path: path)
        }
    }

    private mutating func begin(_ request: ProxyRequest, isTLS: Bool, _ authority: ProxyAuthority, path: String) {
        let head = request.head
        let host = tunnel?.host ?? authority.host
        let flow = ProxyFlow(
            id: around.nextFlowID(), connection: around.connection, client: around.client, server: nil,
            scheme: isTLS ? "https" : "http", method: head.method, host: host, port: authority.port, path: path,
            version: "\(head.version)", request: ProxyMessage(headers: MessageHead.headers(head.fields)), status: nil,
            reason: nil, responseVersion: nil, contentType: nil, response: nil, answeredBy: .origin,
            timings: ProxyTimings(start: now, end: now), clientTLS: clientTLS, serverTLS: nil, error: nil)
        exchange = Exchange(
            request: request, record: ExchangeRecord(flow: flow, bodyLimit: around.bodyLimit, budget: around.budget),
            path: path,
            closesClient: request.closesConnection)
        phase = .exchange
        if OnboardingSite.hosts.contains(host) {
            return answer(with: around.onboarding.page(method: head.method, path: path))
        }
        let target = UpstreamTarget(
            authority: authority, isTLS: isTLS, serverName: tunnel?.serverName ?? authority.host)
        if let upstream, upstream.target == target, upstream.isOpen {
            forwardHead(isReused: true)
        } else {
            open(target)
        }
    }

    mutating func open(_ target: UpstreamTarget) {
        closeUpstream()
        upstreamCount += 1
        upstream = Upstream(id: upstreamCount, target: target)
        exchange?.record.connecting(at: now)
        act(.openUpstream(id: upstreamCount, target))
    }

    mutating func forwardHead(isReused: Bool) {
        guard let exchange, var upstream, let address = upstream.address else { return }
        upstream.uses += 1
        upstream.input.requestSent(method: exchange.request.head.method)
        self.upstream = upstream
        exchange.record.connected(to: address, tls: upstream.tls, at: now, isReused: isReused)
        self.exchange?.isForwarded = true
        act(.writeToUpstream(MessageHead.request(exchange.request, path: exchange.path)))
    }

    /// Takes one step through the request's body. False when there is nothing to do before something else happens.
    mutating func forwardRequest() -> Bool {
        guard let exchange, !exchange.requestEnded, exchange.isForwarded || exchange.responseEnded else { return false }
        guard let event = clientInput.next() else { return false }
        let isChunked = exchange.request.head.framing == .chunked
        // After an early answer the rest of the request is read only to find its end.
        let isWanted = exchange.isForwarded && upstream?.isOpen == true
        switch event {
        case .body(let bytes):
            exchange.record.requestBodyReceived(bytes)
            guard isWanted else { return true }
            if isChunked { act(.writeToUpstream(Self.chunkHeader(bytes.readableBytes))) }
            act(.writeToUpstream(bytes))
            if isChunked { act(.writeToUpstream(ByteBuffer(string: "\r\n"))) }
        case .trailers(let fields):
            exchange.record.requestTrailersReceived(fields)
            self.exchange?.requestTrailers = fields
        case .end(.complete):
            if isChunked, isWanted { act(.writeToUpstream(MessageHead.trailers(exchange.requestTrailers))) }
            exchange.record.requestEnded(at: now)
            self.exchange?.requestEnded = true
            endExchangeIfOver()
        case .rejected(let reason):
            let rejection = RequestRejection(reason)
            if exchange.responseStarted {
                abort(.badRequest(rejection.sentence))
            } else {
                exchange.record.failed(.badRequest(rejection.sentence))
                self.exchange?.closesClient = true
                answer(with: .rejection(rejection), endsRequest: true)
            }
        case .end, .request, .response:
            abort(.badRequest("The request broke off before its end."))
        }
        return true
    }

    static func chunkHeader(_ size: Int) -> ByteBuffer { ByteBuffer(string: String(size, radix: 16) + "\r\n") }

    /// Answers in the origin's place.
    ///
    /// - Parameter endsRequest: what is left of the request is not read any more, and the connection ends.
    mutating func answer(with page: Page, endsRequest: Bool = false) {
        guard var exchange else { return }
        // A client that waits for 100 Continue may send its body or not: nobody can tell where the next request begins.
        let isEndKnown = !endsRequest && (exchange.requestEnded || !exchange.request.expectsContinue)
        if !isEndKnown || exchange.request.head.framing != .none { exchange.closesClient = true }
        if !isEndKnown { exchange.requestEnded = true }
        let isHead = exchange.request.head.method == "HEAD"
        act(.writeToClient(page.bytes(includesBody: !isHead, closesConnection: exchange.closesClient)))
        exchange.record.answered(with: page, at: now)
        exchange.responseStarted = true
        exchange.responseEnded = true
        exchange.closesUpstream = true
        if exchange.request.head.framing == .none { exchange.requestEnded = true }
        self.exchange = exchange
        endExchangeIfOver()
    }

    /// Both messages are through: report, and make ready for the next request or for the end.
    mutating func endExchangeIfOver() {
        guard let exchange, exchange.requestEnded, exchange.responseEnded else { return }
        reportFlow()
        self.exchange = nil
        if exchange.closesUpstream { closeUpstream() }
        if exchange.closesClient {
            close()
        } else {
            phase = .request
        }
    }
}
