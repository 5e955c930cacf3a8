/// The content types of TLS records (RFC 8446, section 5.1).
package enum TLSContentType {
    package static let changeCipherSpec: UInt8 = 20
    package static let alert: UInt8 = 21
    package static let handshake: UInt8 = 22
    package static let applicationData: UInt8 = 23
}

/// A TLS record as it stands on the wire, and whether it could be opened. The payload is lent.
package struct TLSRecord {
    package static let headerLength = 5
    /// TLS 1.2 allows 2048 bytes of expansion, TLS 1.3 fewer.
    package static let mostPayload = 16_384 + 2048

    package enum Protection: Sendable, Hashable {
        case plaintext
        /// Opened; the type that stood inside, which for TLS 1.2 is that of the header.
        case opened(innerType: UInt8)
        case closed
    }

    package let type: UInt8
    package let version: UInt16
    package let payload: UnsafeRawBufferPointer
    package let protection: Protection

    /// The five bytes at the beginning of a record, or nil where no TLS record can begin like that.
    struct Header {
        let type: UInt8
        let version: UInt16
        let length: Int

        /// `bytes` has at least five bytes.
        init?(_ bytes: UnsafeRawBufferPointer) {
            type = bytes[0]
            version = UInt16(bytes[1]) << 8 | UInt16(bytes[2])
            length = Int(bytes[3]) << 8 | Int(bytes[4])
            guard (20...24).contains(type), bytes[1] == 3, bytes[2] <= 4, length <= TLSRecord.mostPayload else {
                return nil
            }
        }
    }

    /// Whether a byte stream that begins like this is TLS; nil while too few bytes are there to tell.
    package static func looksLikeTLS(_ bytes: UnsafeRawBufferPointer) -> Bool? {
        guard let first = bytes.first else { return nil }
        guard (20...23).contains(first) else { return false }
        if bytes.count >= 2, bytes[1] != 3 { return false }
        guard bytes.count >= headerLength else { return nil }
        guard let header = Header(bytes) else { return false }
        return header.length > 0
    }
}
