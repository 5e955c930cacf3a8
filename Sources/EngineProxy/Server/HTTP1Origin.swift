import NIOCore
import SupportTransport
import Wire

/// An HTTP/1 connection to an origin, and the exchange that uses it.
final class HTTP1Origin: OriginLink, OriginConnectionOwner {
    let connection: OriginConnection
    let address: ProxyAddress
    let tls: ProxyTLSLeg?
    private weak var pool: OriginPool?
    private weak var user: (any OriginUser)?
    private var codec = HTTP1OriginCodec()
    private var needsFlush = false
    private(set) var uses = 0

    init(_ connection: OriginConnection, at address: ProxyAddress, tls: ProxyTLSLeg?, pool: OriginPool) {
        self.connection = connection
        self.address = address
        self.tls = tls
        self.pool = pool
        connection.owner = self
    }

    /// Hands it to an exchange.
    func use(by user: any OriginUser) {
        self.user = user
        uses += 1
        user.originOpened(self, at: address, tls: tls, isReused: uses > 1)
    }

    // MARK: The exchange's side

    var isWritable: Bool { connection.channel?.isWritable ?? true }

    func send(_ part: RequestPart) {
        guard let bytes = codec.encode(part) else { return }
        connection.channel?.write(bytes, promise: nil)
        needsFlush = true
    }

    func flush() {
        guard needsFlush else { return }
        needsFlush = false
        connection.channel?.flush()
    }

    func setPaused(_ paused: Bool) { connection.setPaused(paused) }

    func leave() {
        user = nil
        flush()
        if codec.isReusable, let pool {
            setPaused(false)
            pool.park(self)
        } else {
            end()
        }
    }

    func end() {
        user = nil
        connection.close()
        pool?.gone(self)
    }

    /// Gives the connection away: it carries something other than HTTP from here on.
    ///
    /// - Returns: what it had sent already.
    func giveAway() -> ByteBuffer {
        flush()
        user = nil
        pool?.gone(self)
        return codec.takeAll()
    }

    // MARK: The connection's side

    func originOpened(_ connection: OriginConnection, at address: ProxyAddress, session: TLSSession?) {}
    func originFailed(_ connection: OriginConnection, _ failure: ProxyFailure) {}
    func originHandshakeFailed(_ connection: OriginConnection, _ failure: TLSFailure) {}

    func originReceived(_ connection: OriginConnection, _ bytes: ByteBuffer) {
        codec.received(bytes)
        guard user != nil else { return end() }
        while let part = codec.next() { user?.originReceived(part) }
    }

    func originReadCompleted(_ connection: OriginConnection) { user?.originReadCompleted() }
    func originWritabilityChanged(_ connection: OriginConnection) { user?.originWritabilityChanged() }
    func originInputEnded(_ connection: OriginConnection) { ended(.closed) }
    func originClosed(_ connection: OriginConnection, isClean: Bool) { ended(isClean ? .closed : .aborted) }

    private func ended(_ end: HTTPStreamEnd) {
        let part = codec.closed(end)
        guard let user else { return self.end() }
        if let part { user.originReceived(part) } else { user.originEnded() }
        // Whoever still uses it has all that it will ever say.
        if self.user != nil, connection.isClosed {
            self.user = nil
            user.originEnded()
        }
        user.originReadCompleted()
    }
}
