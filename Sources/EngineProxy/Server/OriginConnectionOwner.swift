import NIOCore
import SupportTransport

/// Who is told what happens to an origin connection; one at a time, on the connection's event loop.
protocol OriginConnectionOwner: AnyObject {
    func originOpened(_ connection: OriginConnection, at address: ProxyAddress, session: TLSSession?)
    /// It could not be opened; nothing follows.
    func originFailed(_ connection: OriginConnection, _ failure: ProxyFailure)
    /// Its TLS handshake failed; nothing follows.
    func originHandshakeFailed(_ connection: OriginConnection, _ failure: TLSFailure)
    func originReceived(_ connection: OriginConnection, _ bytes: ByteBuffer)
    func originReadCompleted(_ connection: OriginConnection)
    func originInputEnded(_ connection: OriginConnection)
    /// It is gone after it was open; nothing follows.
    func originClosed(_ connection: OriginConnection, isClean: Bool)
    func originWritabilityChanged(_ connection: OriginConnection)
}

/// What an exchange holds of an origin: an HTTP/1 connection or a stream of an HTTP/2 connection.
protocol OriginLink: AnyObject {
    var isWritable: Bool { get }
    func send(_ part: RequestPart)
    func flush()
    func setPaused(_ paused: Bool)
    /// The exchange has no more use for it: it is kept for the next one, or ended.
    func leave()
}

/// An exchange as its origin sees it, on the event loop of both.
protocol OriginUser: AnyObject {
    func originOpened(_ link: any OriginLink, at address: ProxyAddress, tls: ProxyTLSLeg?, isReused: Bool)
    func originFailed(_ failure: ProxyFailure)
    func originReceived(_ part: OriginPart)
    func originReadCompleted()
    /// It ended, or refused the request, without more than was told.
    func originEnded()
    func originWritabilityChanged()
}
