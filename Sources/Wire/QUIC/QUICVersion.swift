import SupportCrypto

/// A version of QUIC whose packets can be opened.
package enum QUICVersion: UInt32, Sendable, Hashable, CaseIterable {
    /// RFC 9000 and 9001.
    case v1 = 0x0000_0001
    /// RFC 9369: version 1 with other numbers, to keep middle boxes from freezing them.
    case v2 = 0x6b33_43cf

    /// RFC 9001, section 5.2; RFC 9369, section 3.3.1.
    var initialSalt: [UInt8] {
        switch self {
        case .v1:
            [
                0x38, 0x76, 0x2c, 0xf7, 0xf5, 0x59, 0x34, 0xb3, 0x4d, 0x17, 0x9a, 0xe6, 0xa4, 0xc8, 0x0c, 0xad, 0xcc,
                0xbb, 0x7f, 0x0a,
            ]
        case .v2:
            [
                0x0d, 0xed, 0xe3, 0xde, 0xf7, 0x00, 0xa6, 0xdb, 0x81, 0x93, 0x81, 0xbe, 0x6e, 0x26, 0x9d, 0xcb, 0xf9,
                0xbd, 0x2e, 0xd9,
            ]
        }
    }

    /// The label from which a secret is derived: `quic key`, `quicv2 ku`.
    func label(_ purpose: String) -> String { self == .v1 ? "quic " + purpose : "quicv2 " + purpose }

    /// The type in the two bits of a long header.
    func type(bits: UInt8) -> QUICPacketType {
        let order: [QUICPacketType] =
            self == .v1 ? [.initial, .zeroRTT, .handshake, .retry] : [.retry, .initial, .zeroRTT, .handshake]
        return order[Int(bits & 3)]
    }

    /// The secrets of Initial packets, which anybody can derive from the destination connection ID of the client's first
    /// (RFC 9001, section 5.2).
    package func initialSecrets(destination: [UInt8]) -> (client: [UInt8], server: [UInt8])? {
        let secret = HKDF.extract(.sha256, salt: initialSalt, secret: destination)
        guard
            let client = HKDF.expandLabel(.sha256, secret: secret, label: "client in", context: [], length: 32),
            let server = HKDF.expandLabel(.sha256, secret: secret, label: "server in", context: [], length: 32)
        else { return nil }
        return (client, server)
    }
}

/// What a packet is for (RFC 9000, section 17).
package enum QUICPacketType: Sendable, Hashable {
    case initial
    case zeroRTT
    case handshake
    case retry
    case versionNegotiation
    /// Short header.
    case oneRTT
    /// A long header of a version that is not known.
    case unknown

    /// As `quic.long.packet_type` numbers it; nil where the number is not that of version 1.
    package var longNumber: UInt8? {
        switch self {
        case .initial: 0
        case .zeroRTT: 1
        case .handshake: 2
        case .retry: 3
        default: nil
        }
    }

    package var name: String {
        switch self {
        case .initial: "Initial"
        case .zeroRTT: "0-RTT"
        case .handshake: "Handshake"
        case .retry: "Retry"
        case .versionNegotiation: "Version Negotiation"
        case .oneRTT: "Protected Payload"
        case .unknown: "Unknown version"
        }
    }
}
