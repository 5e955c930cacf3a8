import NIOCore
import NIOHTTP1
import SupportTransport

/// Answers the requests of one connection (HTTP/1) or one stream (HTTP/2) from the sites, and writes the site log.
final class SiteHandler: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let server: WebServerState
    private let connection: WebConnection
    private var head: HTTPRequestHead?
    private var bodyCount = 0
    private var sending: Sending?

    /// A response on its way out.
    private struct Sending {
        var record: WebRequestRecord
        var fillerLeft: Int
        var keepsAlive: Bool
    }

    init(server: WebServerState, connection: WebConnection) {
        self.server = server
        self.connection = connection
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            bodyCount = 0
            start(head, context)
        case .body(let bytes):
            bodyCount += bytes.readableBytes
            if bodyCount > server.configuration.requestBodyLimit { refuseBody(context) }
        case .end:
            guard let head, sending == nil else { return }
            respond(server.sites.answer(head, isSecure: connection.tls != nil), to: head, context)
        }
    }

    private func start(_ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        if let length = head.headers["content-length"].first.flatMap({ Int($0) }),
            length > server.configuration.requestBodyLimit
        {
            return refuseBody(context)
        }
        guard head.version == .http1_1, head.headers[canonicalForm: "expect"].contains(where: { $0 == "100-continue" })
        else { return }
        context.writeAndFlush(
            wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: .continue))), promise: nil)
    }

    private func refuseBody(_ context: ChannelHandlerContext) {
        guard let head, sending == nil else { return }
        respond(
            SiteAnswer(.payloadTooLarge, "The request body is larger than this server reads."), to: head, context,
            mustClose: true)
    }

    private func respond(
        _ answer: SiteAnswer, to head: HTTPRequestHead, _ context: ChannelHandlerContext, mustClose: Bool = false
    ) {
        let isHTTP2 = head.version.major == 2
        let keepsAlive = isHTTP2 || (head.isKeepAlive && !mustClose)
        var fields = answer.fields
        let isBodiless = answer.isBodyLeftOut
        if head.method == .HEAD || (!isBodiless && !answer.isChunked) {
            fields.replaceOrAdd(name: "content-length", value: "\(answer.bodyCount)")
        }
        fields.add(name: "date", value: HTTPDate.text(server.now()))
        fields.add(name: "server", value: "lab")
        // An HTTP/1.0 client reads a body without length up to the end of the connection.
        let endsWithConnection = head.version == .http1_0 && answer.isChunked && !isBodiless
        let stays = keepsAlive && !endsWithConnection
        if !isHTTP2 { fields.add(name: "connection", value: stays ? "keep-alive" : "close") }
        sending = Sending(record: record(head, answer), fillerLeft: 0, keepsAlive: stays)
        let responseHead = HTTPResponseHead(
            version: head.version == .http1_0 ? .http1_0 : .http1_1, status: answer.status, headers: fields)
        context.write(wrapOutboundOut(.head(responseHead)), promise: nil)
        if isBodiless { return finish(context) }
        switch answer.body {
        case .bytes(let bytes):
            if !bytes.isEmpty {
                context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: bytes)))), promise: nil)
            }
            sending?.record.bodyBytes = bytes.count
            finish(context)
        case .filler(let count):
            sending?.fillerLeft = count
            sendFiller(context)
        }
    }

    private func record(_ head: HTTPRequestHead, _ answer: SiteAnswer) -> WebRequestRecord {
        let version = head.version.major == 2 ? "2" : "\(head.version.major).\(head.version.minor)"
        return WebRequestRecord(
            time: server.now(), client: connection.client, server: connection.server,
            host: head.headers["host"].first.flatMap { HTTPAuthority($0) }?.host ?? "", method: head.method.rawValue,
            path: head.uri, version: version, status: Int(answer.status.code), bodyBytes: 0,
            userAgent: head.headers["user-agent"].first, tls: connection.tls, isComplete: false)
    }

    /// Writes as much filler as the channel takes; goes on when it is writable again.
    private func sendFiller(_ context: ChannelHandlerContext) {
        while let left = sending?.fillerLeft, left > 0, context.channel.isWritable {
            let piece = Filler.piece(count: left)
            sending?.fillerLeft -= piece.readableBytes
            sending?.record.bodyBytes += piece.readableBytes
            context.write(wrapOutboundOut(.body(.byteBuffer(piece))), promise: nil)
            if left > piece.readableBytes { context.flush() }
        }
        if sending?.fillerLeft == 0 { finish(context) }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable, let sending, sending.fillerLeft > 0 { sendFiller(context) }
        context.fireChannelWritabilityChanged()
    }

    /// Ends a response. Its line is in the log before its last bytes are sent: whoever has a response finds it logged.
    private func finish(_ context: ChannelHandlerContext) {
        guard var record = sending?.record, let keepsAlive = sending?.keepsAlive else { return }
        sending = nil
        head = nil
        record.isComplete = true
        server.log(.request(record))
        let channel = context.channel
        context.writeAndFlush(wrapOutboundOut(.end(nil))).whenComplete { _ in
            if !keepsAlive { channel.close(promise: nil) }
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        if let sending {
            self.sending = nil
            server.log(.request(sending.record))
        }
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if let violation = error as? HTTPRequestViolation {
            server.log(.rejected(client: connection.client, violation: violation))
        } else {
            context.close(promise: nil)
        }
    }
}

/// Printable bytes for bodies whose content does not matter.
enum Filler {
    private static let block: ByteBuffer = {
        let line = "0123456789 abcdefghijklmnopqrstuvwxyz ABCDEFGHIJKLMNOPQRSTUVWXY\n"
        var block = ByteBuffer()
        for _ in 0..<1024 { block.writeString(line) }
        return block
    }()

    /// At most 64 KiB, sharing memory with all others. Every line has 64 bytes.
    static func piece(count: Int) -> ByteBuffer {
        var block = block
        return block.readSlice(length: min(count, block.readableBytes)) ?? ByteBuffer()
    }
}
