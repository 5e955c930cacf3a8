import NIOCore
import Wire

/// Exchanges of an HTTP/1 client: its requests taken apart, the answers written as it reads them.
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
        case .origin(let isTLS, let authority, let path):
            let target = UpstreamTarget(
                authority: authority, isTLS: isTLS, serverName: tunnel?.serverName ?? authority.host,
                isHTTP1Only: request.upgrade != nil)
            var exchange = ExchangeMachine(
                request, path: path, target: target, host: tunnel?.host ?? authority.host, clientTLS: clientTLS,
                around: around)
            phase = .exchange
            exchange.start()
            self.exchange = exchange
            settleExchange()
        }
    }

    /// Takes one step through the request's body. False when there is nothing to do before something else happens.
    mutating func forwardRequest() -> Bool {
        guard let exchange, exchange.wantsRequest else { return false }
        guard let event = clientInput.next() else { return false }
        switch event {
        case .body(let bytes): self.exchange?.requestBody(bytes)
        case .trailers(let fields): requestTrailers = fields
        case .end(.complete):
            self.exchange?.requestEnd(trailers: requestTrailers)
            requestTrailers = nil
        case .rejected(let reason): self.exchange?.requestFailed(RequestRejection(reason))
        case .end, .request, .response: self.exchange?.requestBrokeOff()
        }
        settleExchange()
        return true
    }

    // MARK: The origin

    mutating func originOpened(at address: ProxyAddress, tls: ProxyTLSLeg?, isReused: Bool) {
        exchange?.originOpened(at: address, tls: tls, isReused: isReused)
        settleAndRun()
    }

    mutating func originFailed(_ failure: ProxyFailure) {
        exchange?.originFailed(failure)
        settleAndRun()
    }

    mutating func originReceived(_ part: OriginPart) {
        exchange?.received(part)
        settleAndRun()
    }

    /// The origin's connection or stream ended, and with it whatever was still expected.
    mutating func originEnded() {
        exchange?.originEnded()
        settleAndRun()
    }

    private mutating func settleAndRun() {
        settleExchange()
        run()
    }

    // MARK: What the exchange wants

    /// Does what the exchange asked for, and makes ready for the next request or for the end when it is over.
    mutating func settleExchange() {
        guard let actions = exchange?.takeActions() else { return }
        for action in actions {
            switch action {
            case .respond(let part): respond(part)
            case .openOrigin(let target, let isFresh): act(.openOrigin(target, isFresh: isFresh))
            case .send(let part): act(.send(part))
            case .leaveOrigin: act(.leaveOrigin)
            case .report(let event): act(.report(event))
            case .upgraded(let head): return upgrade(head)
            case .abortClient:
                exchange = nil
                phase = .closing
                return act(.abortClient)
            }
        }
        guard let exchange, exchange.isOver else { return }
        self.exchange = nil
        requestTrailers = nil
        if exchange.closesClient {
            close()
        } else if phase == .exchange {
            phase = .request
        }
    }

    private mutating func respond(_ part: ResponsePart) {
        guard let exchange else { return }
        switch part {
        case .interim(let head):
            act(.writeToClient(MessageHead.response(head, framing: .asReceived, closesConnection: false)))
        case .head(let head):
            let isClient10 = exchange.request.head.version == .http10
            switch head.framing {
            case .chunked, .untilClose:
                responseFraming = isClient10 ? .untilClose : .chunked
                if isClient10 { self.exchange?.closesClient = true }
            case .none, .length, .tunnel: responseFraming = .asReceived
            }
            act(
                .writeToClient(
                    MessageHead.response(
                        head, framing: responseFraming, closesConnection: self.exchange?.closesClient ?? true,
                        keepsAlive10: isClient10)))
        case .body(let bytes):
            act(.writeToClient(responseFraming == .chunked ? MessageHead.chunk(bytes) : bytes))
        case .end(let trailers):
            if responseFraming == .chunked { act(.writeToClient(MessageHead.trailers(trailers))) }
        case .page(let page):
            let isHead = exchange.request.head.method == "HEAD"
            act(.writeToClient(page.bytes(includesBody: !isHead, closesConnection: exchange.closesClient)))
        }
    }
}
