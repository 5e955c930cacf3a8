/// What a TLS handler tells the handlers after it, as user inbound events, in the order in which it happened.
package enum TLSEvent: Sendable {
    /// Server only: the client hello, before anything was answered.
    case clientHello(ClientHello)
    /// Server only: the decision was to pass the bytes on as they are. The handler takes itself out of the pipeline; what it
    /// had received comes next as ordinary reads.
    case passedThrough
    case handshakeCompleted(TLSSession)
    case alertSent(TLSAlert)
    case alertReceived(TLSAlert)
    /// The peer has finished sending, in good order.
    case closeNotify
    /// The peer's bytes ended without a close_notify: what was received may be cut short (RFC 8446 section 6.1).
    case truncated
    /// Nothing more will come; the same value is also fired as an error, and the channel is closed.
    case failed(TLSFailure)
}

/// What a handshake agreed on.
package struct TLSSession: Sendable, Hashable {
    package var version: TLSVersion
    /// The IANA name: `TLS_AES_128_GCM_SHA256`.
    package var cipher: String
    /// The IANA number of the cipher suite.
    package var cipherCode: UInt16
    package var alpn: String?
    /// The name the client asked for (SNI).
    package var serverName: String?
    /// 32 bytes: what joins this connection to its packets and its lines in a key log.
    package var clientRandom: [UInt8]
    package var serverRandom: [UInt8]
    /// The peer's certificates as presented, DER, leaf first.
    package var peerChain: [[UInt8]]
    /// The chain that verification built, DER, leaf first, the trusted root last; empty when nothing was verified.
    package var verifiedChain: [[UInt8]]
    package var isResumed: Bool
}
