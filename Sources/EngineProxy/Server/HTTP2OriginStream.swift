import NIOCore
import NIOHPACK
import NIOHTTP2
import Wire

/// One exchange on an origin's HTTP/2 connection: the last handler of its stream's channel.
final class HTTP2OriginStream: ChannelInboundHandler, OriginLink {
    typealias InboundIn = HTTP2Frame.FramePayload
    typealias OutboundOut = HTTP2Frame.FramePayload

    private var user: (any OriginUser)?
    private let origin: HTTP2Origin
    private let address: ProxyAddress
    private let tls: ProxyTLSLeg?
    private let isReused: Bool
    private var channel: (any Channel)?
    private var method = ""
    private var hasHead = false
    private var hasEnded = false
    private var requestEnded = false
    /// The site has reset it.
    private var isReset = false
    /// The site broke a rule, for which the stream was reset.
    private var isFaulty = false
    private var needsFlush = false
    private var isPaused = false
    /// Held until it is known whether the message ends with it.
    private var waitingHead: HPACKHeaders?

    init(user: any OriginUser, of origin: HTTP2Origin, at address: ProxyAddress, tls: ProxyTLSLeg?, isReused: Bool) {
        self.user = user
        self.origin = origin
        self.address = address
        self.tls = tls
        self.isReused = isReused
    }

    // MARK: The exchange's side

    var isWritable: Bool { channel?.isWritable ?? true }

    func send(_ part: RequestPart) {
        switch part {
        case .head(let request, let path):
            method = request.head.method
            waitingHead = HTTP2MessageHead.request(request, path: path)
        case .body(let bytes):
            writeHead(endStream: false)
            write(.data(.init(data: .byteBuffer(bytes))))
        case .end(let trailers):
            requestEnded = true
            let trailers = trailers.map(HTTP2MessageHead.trailers) ?? HPACKHeaders()
            if trailers.isEmpty, waitingHead != nil { return writeHead(endStream: true) }
            writeHead(endStream: false)
            if trailers.isEmpty {
                write(.data(.init(data: .byteBuffer(ByteBuffer()), endStream: true)))
            } else {
                write(.headers(.init(headers: trailers, endStream: true)))
            }
        }
    }

    func flush() {
        writeHead(endStream: false)
        guard needsFlush else { return }
        needsFlush = false
        channel?.flush()
    }

    func setPaused(_ paused: Bool) {
        guard paused != isPaused, let channel else { return }
        isPaused = paused
        try? channel.syncOptions?.setOption(.autoRead, value: !paused)
        // Unlike a socket's channel, a stream's does not begin by itself.
        if !paused { channel.read() }
    }

    /// Ends what is still open of the stream (RFC 9113, section 5.4.2); the connection stays.
    func leave() {
        user = nil
        flush()
        // A stream that both sides have ended ends by itself; to reset it would look like abuse to the site.
        if !hasEnded || !requestEnded { channel?.close(promise: nil) }
        channel = nil
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

    // MARK: The stream's side

    func channelActive(context: ChannelHandlerContext) {
        channel = context.channel
        guard let user else { return context.close(promise: nil) }
        user.originOpened(self, at: address, tls: tls, isReused: isReused)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .headers(let frame): received(frame)
        case .data(let frame):
            if case .byteBuffer(let bytes) = frame.data, bytes.readableBytes > 0 { tell(.body(bytes)) }
            if frame.endStream { end(trailers: nil) }
        case .rstStream: isReset = true
        default: break
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) { user?.originReadCompleted() }
    func channelWritabilityChanged(context: ChannelHandlerContext) { user?.originWritabilityChanged() }

    func channelInactive(context: ChannelHandlerContext) {
        channel = nil
        guard let user else { return }
        self.user = nil
        if !hasEnded {
            if isFaulty || origin.isFaulty {
                user.originReceived(.failed(.badResponse("it breaks the rules of HTTP/2")))
            } else if hasHead {
                user.originReceived(.failed(.truncated))
            } else {
                user.originEnded()
            }
        }
        user.originReadCompleted()
    }

    // The end of the channel follows, and says all there is to say.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if let error = error as? NIOHTTP2Errors.StreamClosed, !isReset {
            isFaulty = HTTP2Fault.isFault(error.errorCode)
        }
        context.close(promise: nil)
    }

    private func received(_ frame: HTTP2Frame.FramePayload.Headers) {
        guard !hasHead else {
            guard frame.endStream, let trailers = HTTP2MessageHead.fields(of: frame.headers) else {
                return refuse("its trailers are malformed")
            }
            return end(trailers: trailers)
        }
        guard let head = HTTP2MessageHead.response(frame.headers, endsStream: frame.endStream, method: method) else {
            return refuse("a header field holds a forbidden character, or its status is none")
        }
        guard !head.isInterim || !frame.endStream else { return refuse("it ends with an interim response") }
        hasHead = !head.isInterim
        tell(.head(head))
        if frame.endStream { end(trailers: nil) }
    }

    private func end(trailers: HTTPFields?) {
        hasEnded = true
        tell(.end(trailers: trailers))
    }

    /// Resets the stream for what is wrong with it (RFC 9113, section 8.1.1).
    private func refuse(_ flaw: String) {
        write(.rstStream(.protocolError))
        tell(.failed(.badResponse(flaw)))
    }

    private func tell(_ part: OriginPart) { user?.originReceived(part) }
}
