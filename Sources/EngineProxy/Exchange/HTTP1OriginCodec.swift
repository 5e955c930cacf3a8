import NIOCore
import Wire

/// HTTP/1 as an origin connection speaks it: pieces of requests become bytes, bytes become pieces of responses. Pure.
struct HTTP1OriginCodec {
    private var input = HTTPInput(.response)
    private var isChunked = false
    private var requestEnded = true
    private var responseEnded = true
    private var hasHead = false
    private var hasFinalHead = false
    private var trailers: HTTPFields?
    private var isFlawed = false
    private var method = ""

    /// Whether another request may follow on this connection.
    var isReusable: Bool { requestEnded && responseEnded && !isFlawed && input.waiting == 0 }

    mutating func encode(_ part: RequestPart) -> ByteBuffer? {
        switch part {
        case .head(let request, let path):
            requestEnded = false
            responseEnded = false
            hasHead = false
            hasFinalHead = false
            trailers = nil
            isChunked = request.head.framing == .chunked
            method = request.head.method
            input.requestSent(method: method)
            return MessageHead.request(request, path: path)
        case .body(let bytes):
            guard isChunked else { return bytes }
            return MessageHead.chunk(bytes)
        case .end(let trailers):
            requestEnded = true
            return isChunked ? MessageHead.trailers(trailers) : nil
        }
    }

    mutating func received(_ bytes: ByteBuffer) {
        input.append(bytes)
        // Nobody asked: such a connection is not used again.
        if responseEnded { isFlawed = true }
    }

    /// The next piece of the response under way; nil when more bytes are needed, or the response is over.
    mutating func next() -> OriginPart? {
        while !responseEnded, let event = input.next() {
            if let part = part(event) { return part }
        }
        return nil
    }

    /// What the end of the origin's bytes means for the response under way; nil where nothing of one came.
    mutating func closed(_ end: HTTPStreamEnd) -> OriginPart? {
        isFlawed = true
        guard !responseEnded, let event = input.closed(end), hasHead else { return nil }
        return part(event)
    }

    /// What followed the head that changed the protocol.
    mutating func takeAll() -> ByteBuffer { input.takeAll() }

    private mutating func part(_ event: HTTPInput.Event) -> OriginPart? {
        switch event {
        case .response(let head):
            hasHead = true
            if let flaw = ResponseRules.flaw(head) { return fail(.badResponse(flaw)) }
            let response = ResponseHead(head)
            guard !response.isInterim else { return .head(response) }
            hasFinalHead = true
            if ProxyRequest.connectionTokens(head.fields).contains("close") || head.version == .http10 {
                isFlawed = true
            }
            if head.framing == .tunnel { responseEnded = true }
            return .head(response)
        case .body(let bytes): return .body(bytes)
        case .trailers(let fields):
            trailers = fields
            return nil
        case .end(.complete):
            // The end of an interim response is none.
            guard hasFinalHead else { return nil }
            return endResponse()
        case .end(.closed):
            isFlawed = true
            return endResponse()
        case .end(.truncated): return fail(.truncated)
        case .rejected(let reason):
            // Line ends and folds in heads are mended; here the parser has lost its way.
            return fail(
                .badResponse(reason == .headTooLarge ? "its header fields are too large" : "it is no proper HTTP/1"))
        case .request: return nil
        }
    }

    private mutating func endResponse() -> OriginPart {
        responseEnded = true
        // An origin that answers early may want no more of the request; whether it reads on, its connection is not used
        // again. Bytes behind a response belong to no request of ours.
        if !requestEnded || input.waiting > 0 { isFlawed = true }
        return .end(trailers: trailers)
    }

    private mutating func fail(_ failure: ProxyFailure) -> OriginPart {
        responseEnded = true
        isFlawed = true
        return .failed(failure)
    }
}
