import NIOCore
import Wire

/// From the origin's connection to the response's last byte on the way to the client.
extension ProxyMachine {
    mutating func upstreamOpened(_ id: Int, at address: ProxyAddress, tls: ProxyTLSLeg?) {
        guard upstream?.id == id else { return }
        upstream?.isOpen = true
        upstream?.address = address
        upstream?.tls = tls
        switch phase {
        case .exchange: forwardHead(isReused: false)
        case .relaying:
            relay?.server = address
            if clientInputEnded, clientInput.waiting == 0 { act(.closeUpstreamOutput) }
        default: break
        }
        run()
        if phase == .relaying, clientInputEnded { act(.closeUpstreamOutput) }
    }

    mutating func upstreamFailed(_ id: Int, _ failure: ProxyFailure) {
        guard upstream?.id == id else { return }
        upstream = nil
        switch phase {
        case .exchange: giveUp(failure)
        case .relaying:
            relay?.error = failure.flowError
            finishRelay()
            close()
        case .peeking:
            // Found while the client was silent; it is told when it speaks.
            break
        default: break
        }
        run()
    }

    /// Shows the client a page where that is still possible.
    mutating func giveUp(_ failure: ProxyFailure) {
        guard let exchange else { return }
        exchange.record.failed(failure)
        if exchange.responseStarted { return abort(failure) }
        answer(with: .badGateway(failure))
    }

    mutating func upstreamReceived(_ id: Int, _ bytes: ByteBuffer) {
        guard upstream?.id == id else { return }
        switch phase {
        case .relaying:
            relay?.received &+= UInt64(bytes.readableBytes)
            act(.writeToClient(bytes))
        case .peeking:
            beginRelay(.serverSpokeFirst)
            upstreamReceived(id, bytes)
        case .exchange:
            upstream?.input.append(bytes)
            readResponse()
            run()
        case .request:
            // Nobody asked: such a connection is not used again.
            closeUpstream()
        case .handshaking, .closing: break
        }
    }

    private mutating func readResponse() {
        while phase == .exchange, let exchange, exchange.isForwarded, !exchange.responseEnded,
            let event = upstream?.input.next()
        {
            responseEvent(event)
        }
        // Bytes behind a response belong to no request of ours.
        if phase != .relaying, let upstream, upstream.input.waiting > 0, exchange?.responseEnded ?? true {
            closeUpstream()
        }
    }

    private mutating func responseEvent(_ event: HTTPInput.Event) {
        guard let exchange else { return }
        switch event {
        case .response(let head): responseHead(head)
        case .body(let bytes):
            exchange.record.responseBodyReceived(bytes)
            let isChunked = exchange.responseFraming == .chunked
            if isChunked { act(.writeToClient(Self.chunkHeader(bytes.readableBytes))) }
            act(.writeToClient(bytes))
            if isChunked { act(.writeToClient(ByteBuffer(string: "\r\n"))) }
        case .trailers(let fields):
            exchange.record.responseTrailersReceived(fields)
            self.exchange?.responseTrailers = fields
        case .end(.complete):
            // The end of an interim response is none.
            if exchange.responseStarted { endResponse() }
        case .end(.closed):
            self.exchange?.closesUpstream = true
            endResponse()
        case .end(.truncated): giveUp(.truncated)
        case .rejected(let reason):
            // Line ends and folds in heads are mended; here the parser has lost its way.
            giveUp(.badResponse(reason == .headTooLarge ? "its header fields are too large" : "it is no proper HTTP/1"))
        case .request: break
        }
    }

    private mutating func responseHead(_ head: HTTP1ResponseHead) {
        guard var exchange else { return }
        if let flaw = ResponseRules.flaw(head) { return giveUp(.badResponse(flaw)) }
        let isClient10 = exchange.request.head.version == .http10
        if head.isInterim {
            if !isClient10 {
                act(.writeToClient(MessageHead.response(head, framing: .asReceived, closesConnection: false)))
            }
            return
        }
        if head.framing == .tunnel {
            guard head.status == 101, exchange.request.upgrade != nil else {
                return giveUp(.badResponse("it changes to a protocol that nobody asked for"))
            }
            return upgrade(head)
        }
        let tokens = ProxyRequest.connectionTokens(head.fields)
        exchange.closesUpstream = tokens.contains("close") || head.version == .http10
        switch head.framing {
        case .chunked, .untilClose:
            exchange.responseFraming = isClient10 ? .untilClose : .chunked
            if isClient10 { exchange.closesClient = true }
        case .none, .length, .tunnel: exchange.responseFraming = .asReceived
        }
        exchange.record.responded(head, at: now)
        exchange.responseStarted = true
        self.exchange = exchange
        act(
            .writeToClient(
                MessageHead.response(
                    head, framing: exchange.responseFraming, closesConnection: exchange.closesClient,
                    keepsAlive10: isClient10)))
    }

    private mutating func endResponse() {
        guard let exchange else { return }
        if exchange.responseFraming == .chunked {
            act(.writeToClient(MessageHead.trailers(exchange.responseTrailers)))
        }
        self.exchange?.responseEnded = true
        // An origin that answers early may want no more of the request; whether it reads on, its connection is not used again.
        if !exchange.requestEnded { self.exchange?.closesUpstream = true }
        endExchangeIfOver()
    }

    /// The origin sends no more.
    mutating func upstreamInputHasEnded(_ id: Int) {
        guard upstream?.id == id, upstream?.inputEnded == false else { return }
        upstream?.inputEnded = true
        if phase == .relaying {
            act(.closeClientOutput)
            return endRelayIfOver()
        }
        upstreamEnded(.closed)
    }

    /// The connection to the origin is gone; `isClean` is false for resets and their like.
    mutating func upstreamHasClosed(_ id: Int, isClean: Bool) {
        guard upstream?.id == id else { return }
        if phase == .relaying {
            finishRelay()
            return close()
        }
        upstreamEnded(isClean ? .closed : .aborted)
    }

    private mutating func upstreamEnded(_ end: HTTPStreamEnd) {
        guard let ended = upstream else { return }
        if phase == .exchange, let exchange, !exchange.isForwarded, !exchange.responseEnded {
            // It ended before it was of any use.
            upstream = nil
            giveUp(.closedWithoutAnswer(ended.target.authority))
            return run()
        }
        if phase == .exchange, let exchange, exchange.isForwarded, !exchange.responseEnded {
            if let event = upstream?.input.closed(end), exchange.responseStarted || ended.input.parser.messageCount > 0
            {
                responseEvent(event)
            } else if mayRetry(exchange, ended) {
                self.exchange?.isRetried = true
                self.exchange?.isForwarded = false
                return open(ended.target)
            } else {
                giveUp(.closedWithoutAnswer(ended.target.authority))
            }
        }
        closeUpstream()
        run()
    }

    /// A connection that was kept open may have been closed by the origin just as the next request was sent: that request
    /// was not seen, and goes out again on a new connection if it is still at hand.
    private func mayRetry(_ exchange: Exchange, _ upstream: Upstream) -> Bool {
        upstream.uses > 1 && !exchange.isRetried && !exchange.responseStarted && exchange.request.head.framing == .none
    }
}
