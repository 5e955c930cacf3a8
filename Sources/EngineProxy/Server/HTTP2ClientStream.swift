import NIOCore
import NIOHPACK
import NIOHTTP2
import SupportTransport
import Wire

/// One exchange of an HTTP/2 client: the last handler of its stream's channel, around an `ExchangeMachine`.
final class HTTP2ClientStream: ChannelInboundHandler, OriginUser {
    typealias InboundIn = HTTP2Frame.FramePayload
    typealias OutboundOut = HTTP2Frame.FramePayload

    private enum Waiting {
        case body(ByteBuffer)
        case end(trailers: HTTPFields?)
    }

    private let connection: ClientConnection
    private var exchange: ExchangeMachine?
    private var channel: (any Channel)?
    private var link: (any OriginLink)?
    private var relay: HTTP2Relay?
    /// What came of the request before anybody wanted it; no more than the stream's window.
    private var waiting = CircularBuffer<Waiting>()
    /// Held until it is known whether the message ends with it.
    private var waitingHead: HPACKHeaders?
    private var isRefused = false
    /// The client has ended its side.
    private var isRequestOver = false
    private var isReset = false
    private var isPerforming = false
    private var isInBurst = false
    private var needsFlush = false
    private var isPaused = false

    init(_ connection: ClientConnection) { self.connection = connection }

    // MARK: The stream's side

    func handlerAdded(context: ChannelHandlerContext) { channel = context.channel }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        isInBurst = true
        switch unwrapInboundIn(data) {
        case .headers(let frame):
            isRequestOver = isRequestOver || frame.endStream
            received(frame)
        // Nobody wants what comes behind an answer that did not wait for it.
        case .data where isRefused || exchange?.isOver == true && relay == nil: break
        case .data(let frame) where relay != nil:
            if case .byteBuffer(let bytes) = frame.data { relay?.clientSent(bytes) }
            if frame.endStream { relay?.clientEnded() }
        case .data(let frame):
            isRequestOver = isRequestOver || frame.endStream
            if case .byteBuffer(let bytes) = frame.data, bytes.readableBytes > 0 { waiting.append(.body(bytes)) }
            if frame.endStream { waiting.append(.end(trailers: nil)) }
        default: break
        }
        perform()
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        isInBurst = false
        perform()
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) { updateReading() }

    func channelInactive(context: ChannelHandlerContext) {
        isInBurst = false
        isReset = true
        exchange?.clientGone()
        perform()
        relay?.clientGone()
        relay = nil
        channel = nil
    }

    // The end of the stream follows.
    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private func received(_ frame: HTTP2Frame.FramePayload.Headers) {
        guard !isRefused else { return }
        guard exchange == nil else {
            guard let trailers = HTTP2MessageHead.fields(of: frame.headers) else {
                exchange?.requestFailed(RequestRejection(.fieldValue))
                return
            }
            return waiting.append(.end(trailers: trailers))
        }
        do {
            let webSocket = try ProxyRequest.webSocket(
                frame.headers, endsStream: frame.endStream, in: connection.tunnel, key: Self.randomKey)
            if let webSocket { return begin(webSocket) }
            begin(try ProxyRequest(frame.headers, endsStream: frame.endStream, in: connection.tunnel))
        } catch {
            refuse(error)
        }
    }

    private static func randomKey() -> String {
        var generator = SystemRandomNumberGenerator()
        return WebSocketKey.random(&generator)
    }

    private func begin(_ request: ProxyRequest) {
        guard case .origin(let isTLS, let authority, let path) = request.destination else { return }
        let tunnel = connection.tunnel
        let target = UpstreamTarget(
            authority: authority, isTLS: isTLS, serverName: tunnel?.serverName ?? authority.host,
            isHTTP1Only: request.upgrade != nil)
        var exchange = ExchangeMachine(
            request, path: path, target: target, host: tunnel?.host ?? authority.host,
            clientTLS: connection.clientTLS, around: connection.around)
        exchange.start()
        self.exchange = exchange
    }

    /// Answers with a page; other streams go on.
    private func refuse(_ rejection: RequestRejection) {
        isRefused = true
        connection.core.report(
            .rejected(
                ProxyRejected(
                    at: connection.core.now(), connection: connection.around.connection,
                    client: connection.around.client, status: rejection.status, kind: rejection.reason.rawValue,
                    text: rejection.sentence)))
        write(page: .rejection(rejection), isHead: false)
        endUnread()
        flush()
    }

    // MARK: The origin's side

    func originOpened(_ link: any OriginLink, at address: ProxyAddress, tls: ProxyTLSLeg?, isReused: Bool) {
        self.link = link
        exchange?.originOpened(at: address, tls: tls, isReused: isReused)
        perform()
    }

    func originFailed(_ failure: ProxyFailure) {
        exchange?.originFailed(failure)
        perform()
    }

    func originReceived(_ part: OriginPart) {
        isInBurst = true
        exchange?.received(part)
        perform()
    }

    func originReadCompleted() {
        isInBurst = false
        perform()
    }

    func originEnded() {
        isInBurst = false
        exchange?.originEnded()
        perform()
    }

    func originWritabilityChanged() { updateReading() }

    // MARK: Actions

    private func perform() {
        guard !isPerforming else { return }
        isPerforming = true
        while true {
            if let actions = exchange?.takeActions(), !actions.isEmpty {
                for action in actions { perform(action) }
            } else if exchange?.wantsRequest == true, let next = waiting.popFirst() {
                switch next {
                case .body(let bytes): exchange?.requestBody(bytes)
                case .end(let trailers): exchange?.requestEnd(trailers: trailers)
                }
            } else {
                break
            }
        }
        isPerforming = false
        if exchange?.isOver == true { endUnread() }
        if !isInBurst { flush() }
        updateReading()
    }

    /// Asks the client to stop, where it was answered before it had said everything (RFC 9113, section 8.1).
    private func endUnread() {
        guard !isRequestOver, !isReset, relay == nil else { return }
        isReset = true
        waiting.removeAll()
        write(.rstStream(.noError))
    }

    private func perform(_ action: ExchangeMachine.Action) {
        switch action {
        case .respond(let part): respond(part)
        case .openOrigin(let target, let isFresh): connection.pool?.open(target, isFresh: isFresh, for: self)
        case .send(let part): link?.send(part)
        case .leaveOrigin:
            // Its burst may go on, but it is not ours to wait for.
            isInBurst = false
            if let link {
                self.link = nil
                link.leave()
            } else {
                connection.pool?.cancel(self)
            }
        case .report(let event): connection.core.report(event)
        case .abortClient:
            writeHead(endStream: false)
            isReset = true
            write(.rstStream(.internalError))
            flush()
        case .upgraded(let head): upgrade(head)
        }
    }

    // MARK: WebSocket

    /// The site speaks WebSocket from here on, and so does the stream (RFC 8441, section 5).
    private func upgrade(_ head: ResponseHead) {
        guard let origin = link as? HTTP1Origin, let flow = exchange?.record.flow else { return }
        link = nil
        let early = origin.giveAway()
        let relay = HTTP2Relay(origin.connection, for: self, head, of: flow, connection)
        self.relay = relay
        var shown = head
        shown.status = 200
        shown.fields.remove("sec-websocket-accept")
        write(.headers(.init(headers: HTTP2MessageHead.response(shown))))
        if early.readableBytes > 0 { relay.siteSent(early) }
        while let next = waiting.popFirst() {
            switch next {
            case .body(let bytes): relay.clientSent(bytes)
            case .end: relay.clientEnded()
            }
        }
    }

    func relayed(_ bytes: ByteBuffer) {
        isInBurst = true
        write(.data(.init(data: .byteBuffer(bytes))))
    }

    func relayEnded() {
        write(.data(.init(data: .byteBuffer(ByteBuffer()), endStream: true)))
        isInBurst = false
        flush()
    }

    private func respond(_ part: ResponsePart) {
        switch part {
        case .interim(let head): write(.headers(.init(headers: HTTP2MessageHead.response(head))))
        case .head(let head): waitingHead = HTTP2MessageHead.response(head)
        case .body(let bytes):
            writeHead(endStream: false)
            write(.data(.init(data: .byteBuffer(bytes))))
        case .end(let trailers):
            let trailers = trailers.map(HTTP2MessageHead.trailers) ?? HPACKHeaders()
            if trailers.isEmpty, waitingHead != nil { return writeHead(endStream: true) }
            writeHead(endStream: false)
            if trailers.isEmpty {
                write(.data(.init(data: .byteBuffer(ByteBuffer()), endStream: true)))
            } else {
                write(.headers(.init(headers: trailers, endStream: true)))
            }
        case .page(let page): write(page: page, isHead: exchange?.request.head.method == "HEAD")
        }
    }

    private func write(page: Page, isHead: Bool) {
        let isEmpty = isHead || page.body.isEmpty
        write(.headers(.init(headers: HTTP2MessageHead.page(page), endStream: isEmpty)))
        if !isEmpty { write(.data(.init(data: .byteBuffer(ByteBuffer(bytes: page.body)), endStream: true))) }
    }

    private func writeHead(endStream: Bool) {
        guard let head = waitingHead else { return }
        waitingHead = nil
        write(.headers(.init(headers: head, endStream: endStream)))
    }

    /// What the connection refuses to send ends the stream: nobody would ever hear of it otherwise.
    private func write(_ payload: HTTP2Frame.FramePayload) {
        guard let channel else { return }
        channel.write(payload).whenFailure { _ in channel.close(promise: nil) }
        needsFlush = true
    }

    private func flush() {
        writeHead(endStream: false)
        link?.flush()
        relay?.flush()
        guard needsFlush else { return }
        needsFlush = false
        channel?.flush()
    }

    /// Lets reads of both sides follow what the other side can take.
    private func updateReading() {
        guard let channel, !isPerforming else { return }
        let isWanted = exchange.map { $0.isOver || $0.wantsRequest } ?? true
        let isPaused = !isWanted || !(link?.isWritable ?? relay?.isWritable ?? true)
        if isPaused != self.isPaused {
            self.isPaused = isPaused
            try? channel.syncOptions?.setOption(.autoRead, value: !isPaused)
            // Unlike a socket's channel, a stream's does not begin by itself.
            if !isPaused { channel.read() }
        }
        link?.setPaused(!channel.isWritable)
        relay?.setPaused(!channel.isWritable)
    }
}
