import NIOCore
import SupportCrypto

/// What a server does about a client hello.
package enum TLSServerDecision: Sendable {
    /// Go on with this certificate; `alpn` is this side's preference. With an empty list no protocol is agreed on; with a list
    /// that has nothing in common with the client's the handshake ends in no_application_protocol.
    case accept(ServerIdentity, alpn: [String])
    /// End with this fatal alert.
    case refuse(TLSAlert.Description)
    /// Not for us: hand the bytes on as they came.
    case passThrough
}

/// Decides about a client hello, now or later. A failed future refuses with internal_error.
package typealias TLSServerDecider = @Sendable (ClientHello, any EventLoop) -> EventLoopFuture<TLSServerDecision>

/// How long a TLS handler waits for its peer.
package struct TLSTimeouts: Sendable {
    /// From the channel's start to the end of the handshake; nil waits for ever.
    package var handshake: TimeAmount? = .seconds(30)
    /// From our close_notify to the peer's, before the channel is closed anyway.
    package var close: TimeAmount = .seconds(2)

    package init() {}
}
