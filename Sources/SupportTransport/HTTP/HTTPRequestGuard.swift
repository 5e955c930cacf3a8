import NIOCore
import NIOHTTP1

/// Answers requests that break the rules of `HTTPRequestViolation` with 400 and closes, so that what comes after it sees only
/// requests that can be read in one way.
///
/// The violation is fired as an error for whoever keeps a log.
package final class HTTPRequestGuard: ChannelDuplexHandler, RemovableChannelHandler {
    package typealias InboundIn = HTTPServerRequestPart
    package typealias InboundOut = HTTPServerRequestPart
    package typealias OutboundIn = HTTPServerResponsePart
    package typealias OutboundOut = HTTPServerResponsePart

    private let isHTTP2: Bool
    private var isShut = false
    private var isResponding = false

    package init(isHTTP2: Bool = false) { self.isHTTP2 = isHTTP2 }

    package func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isShut else { return }
        if case .head(let head) = unwrapInboundIn(data),
            let violation = HTTPRequestViolation.inHead(head, isHTTP2: isHTTP2)
        {
            return shut(context, violation)
        }
        context.fireChannelRead(data)
    }

    package func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard !isShut else {
            promise?.fail(ChannelError.ioOnClosedChannel)
            return
        }
        switch unwrapOutboundIn(data) {
        case .head(let head): isResponding = head.status.code >= 200 || head.status == .switchingProtocols
        case .body: break
        case .end: isResponding = false
        }
        context.write(data, promise: promise)
    }

    package func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard error is HTTPParserError else { return context.fireErrorCaught(error) }
        shut(context, .unparsable)
    }

    private func shut(_ context: ChannelHandlerContext, _ violation: HTTPRequestViolation) {
        guard !isShut else { return }
        isShut = true
        if !isResponding {
            let body = context.channel.allocator.buffer(string: violation.rawValue + "\n")
            var headers: HTTPHeaders = ["content-type": "text/plain", "content-length": "\(body.readableBytes)"]
            if !isHTTP2 { headers.add(name: "connection", value: "close") }
            let head = HTTPResponseHead(version: .http1_1, status: .badRequest, headers: headers)
            context.write(wrapOutboundOut(.head(head)), promise: nil)
            context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
        }
        context.fireErrorCaught(violation)
        context.close(mode: .all, promise: nil)
    }
}
