import Glibc
import NIOCore
import NIOHTTP1
import SupportTransport
import Wire

/// Sends a request on a channel and collects the response: counts all of it, keeps so much, takes content codings off.
final class ResponseCollector: ChannelInboundHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    /// What happened, in order; after `failed` or `ended` nothing more.
    enum Event {
        case head(WebExchange.Response)
        case ended(WebExchange.Response)
        case failed(WebFailure, WebExchange.Response?)
    }

    private let head: HTTPRequestHead
    private let body: [UInt8]
    private let limit: Int
    private let isHTTP2: Bool
    private let tell: (Event) -> Void
    private var response: WebExchange.Response?
    private var decoder: HTTPContentDecoder?
    private var kept: [UInt8] = []
    private var isTruncated = false
    private var isOver = false

    init(
        head: HTTPRequestHead, body: [UInt8], limit: Int, isHTTP2: Bool, tell: @escaping (Event) -> Void
    ) {
        self.head = head
        self.body = body
        self.limit = limit
        self.isHTTP2 = isHTTP2
        self.tell = tell
    }

    private var isSent = false

    func handlerAdded(context: ChannelHandlerContext) { if context.channel.isActive { send(context) } }

    func channelActive(context: ChannelHandlerContext) {
        send(context)
        context.fireChannelActive()
    }

    private func send(_ context: ChannelHandlerContext) {
        // A handler that is added while the channel becomes active hears of it both ways.
        guard !isSent else { return }
        isSent = true
        context.write(wrapOutboundOut(.head(head))).assumeIsolated().whenFailure { self.over($0) }
        if !body.isEmpty {
            context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: body)))), promise: nil)
        }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isOver else { return }
        switch unwrapInboundIn(data) {
        case .head(let head): if head.status.code >= 200 || head.status.code == 101 { begin(head) }
        case .body(let bytes): take(bytes)
        case .end: if response != nil { end() }
        }
    }

    private func begin(_ head: HTTPResponseHead) {
        let version = isHTTP2 ? "2" : "\(head.version.major).\(head.version.minor)"
        let begun = WebExchange.Response(
            version: version, code: Int(head.status.code), reason: isHTTP2 ? "" : head.status.reasonPhrase,
            fields: head.headers.map { WebField($0.name, $0.value) })
        response = begun
        if !isHTTP2, HTTPRequestViolation.inFraming(head.headers, version: head.version) != nil {
            return fail(
                WebFailure(.http, .malformedResponse, "The response can be read in two ways, and is not believed."))
        }
        openDecoder(head.headers[canonicalForm: "content-encoding"].map { $0.lowercased() })
        tell(.head(begun))
    }

    private func openDecoder(_ names: [String]) {
        var codings: [HTTPContentCoding] = []
        for name in names where name != "identity" && !name.isEmpty {
            guard let coding = HTTPContentCoding(name: name), codings.count < 4 else {
                response?.codingFailure = "unknown content coding"
                return
            }
            codings.append(coding)
        }
        guard !codings.isEmpty else { return }
        do {
            // Counting what is not kept costs no memory; a bomb is stopped all the same.
            decoder = try HTTPContentDecoder(codings, limit: max(limit, 1 << 30))
        } catch {
            response?.codingFailure = "\(error)"
        }
    }

    private func take(_ bytes: ByteBuffer) {
        response?.encodedCount += bytes.readableBytes
        bytes.withUnsafeReadableBytes { input in
            guard let decoder else { return keep(input) }
            do {
                try decoder.decode(input) { keep($0) }
            } catch {
                if response?.codingFailure == nil { response?.codingFailure = "\(error)" }
            }
        }
    }

    private func keep(_ bytes: UnsafeRawBufferPointer) {
        response?.bodyCount += bytes.count
        let room = limit - kept.count
        if room > 0 { kept.append(contentsOf: bytes.prefix(room)) }
    }

    private func end() {
        guard !isTruncated else {
            return fail(
                WebFailure(.http, .closed, "The connection ended without saying that the response was complete."))
        }
        if let decoder, response?.codingFailure == nil {
            do { try decoder.finish() } catch { response?.codingFailure = "\(error)" }
        }
        isOver = true
        guard var response else { return }
        response.body = kept
        response.isComplete = true
        tell(.ended(response))
    }

    private func fail(_ failure: WebFailure) {
        guard !isOver else { return }
        isOver = true
        response?.body = kept
        tell(.failed(failure, response))
    }

    private func over(_ error: any Error) {
        switch error {
        case let failure as TLSFailure: fail(WebFailure(failure, host: head.headers["host"].first ?? "The server"))
        case HTTPParserError.invalidEOFState:
            fail(WebFailure(.http, .closed, "The connection ended before the response did."))
        case is HTTPParserError: fail(WebFailure(.http, .malformedResponse, "What came back is not HTTP."))
        case let error as IOError where error.errnoCode == ECONNRESET:
            fail(WebFailure(.http, .closed, "The other side reset the connection."))
        case is ChannelError: fail(WebFailure(.http, .closed, "The connection ended before the response did."))
        default: fail(WebFailure(.http, .malformedResponse, "The response could not be read: \(error)."))
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .some(.truncated) = event as? TLSEvent { isTruncated = true }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { over(error) }

    func channelInactive(context: ChannelHandlerContext) {
        fail(WebFailure(.http, .closed, "The connection ended before the response did."))
        context.fireChannelInactive()
    }
}
