import NIOCore
import NIOHTTP1

/// Asks a proxy for a tunnel (CONNECT, RFC 9110 section 9.3.6) and tells the status it answered; then takes itself out.
final class TunnelRequest: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundOut = HTTPClientRequestPart

    private let head: HTTPRequestHead
    private var answer: ((Result<Int, WebFailure>) -> Void)?
    private var code = 0

    init(head: HTTPRequestHead, answer: @escaping (Result<Int, WebFailure>) -> Void) {
        self.head = head
        self.answer = answer
    }

    func handlerAdded(context: ChannelHandlerContext) {
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        // A refusal counts with its head; an acceptance once its message has ended, before which bytes are still HTTP's.
        switch unwrapInboundIn(data) {
        case .head(let head):
            if head.status.code >= 300 {
                tell(.success(Int(head.status.code)), context)
            } else {
                code = Int(head.status.code)
            }
        case .body: break
        case .end: if code >= 200 { tell(.success(code), context) }
        }
    }

    private func tell(_ result: Result<Int, WebFailure>, _ context: ChannelHandlerContext) {
        guard let answer else { return }
        self.answer = nil
        context.pipeline.syncOperations.removeHandler(self, promise: nil)
        answer(result)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        tell(
            .failure(WebFailure(.proxy, .malformedResponse, "What the proxy answered to CONNECT is not HTTP.")), context
        )
    }

    func channelInactive(context: ChannelHandlerContext) {
        tell(
            .failure(WebFailure(.proxy, .closed, "The proxy closed the connection without answering CONNECT.")), context
        )
    }
}
