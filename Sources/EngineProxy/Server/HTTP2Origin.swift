import NIOCore
import NIOHTTP2
import SupportTransport

/// An HTTP/2 connection to an origin, whose streams serve the exchanges of one client connection.
final class HTTP2Origin: OriginConnectionOwner {
    let connection: OriginConnection
    private let address: ProxyAddress
    private let tls: ProxyTLSLeg?
    private weak var pool: OriginPool?
    private let multiplexer: NIOHTTP2Handler.StreamMultiplexer
    private var uses = 0
    /// The site broke a rule that ends the connection.
    private(set) var isFaulty = false

    /// Puts HTTP/2 on a connection that has agreed on it.
    init(_ connection: OriginConnection, at address: ProxyAddress, tls: ProxyTLSLeg?, pool: OriginPool) throws {
        self.connection = connection
        self.address = address
        self.tls = tls
        self.pool = pool
        multiplexer = try connection.multiplex()
        connection.owner = self
    }

    /// Opens a stream for an exchange, or tells that there is none.
    func use(by user: any OriginUser, on loop: any EventLoop, orElse refused: @escaping () -> Void) {
        uses += 1
        let (address, tls, isReused) = (address, tls, uses > 1)
        let opening = NIOLoopBound((user: user, refused: refused, origin: self), eventLoop: loop)
        let promise = loop.makePromise(of: (any Channel).self)
        promise.futureResult.whenFailure { _ in opening.value.refused() }
        multiplexer.createStreamChannel(promise: promise) { channel in
            channel.eventLoop.makeCompletedFuture {
                let stream = HTTP2OriginStream(
                    user: opening.value.user, of: opening.value.origin, at: address, tls: tls, isReused: isReused)
                try channel.pipeline.syncOperations.addHandler(stream)
            }
        }
    }

    /// An error that the connection's handlers were told of; its streams hear of their end next.
    func failed(_ error: any Error) {
        isFaulty = isFaulty || !(error is IOError || error is TLSFailure || HTTP2Fault.isOfStream(error))
    }

    func end() {
        connection.close()
        pool?.gone(self)
    }

    func originOpened(_ connection: OriginConnection, at address: ProxyAddress, session: TLSSession?) {}
    func originFailed(_ connection: OriginConnection, _ failure: ProxyFailure) {}
    func originHandshakeFailed(_ connection: OriginConnection, _ failure: TLSFailure) {}
    func originReceived(_ connection: OriginConnection, _ bytes: ByteBuffer) {}
    func originReadCompleted(_ connection: OriginConnection) {}
    func originWritabilityChanged(_ connection: OriginConnection) {}
    // Its streams hear of the end by themselves.
    func originInputEnded(_ connection: OriginConnection) { end() }
    func originClosed(_ connection: OriginConnection, isClean: Bool) { end() }
}
