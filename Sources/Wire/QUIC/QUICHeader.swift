/// The part of a packet that stands in the clear (RFC 9000, section 17; RFC 8999).
package struct QUICHeader: Sendable, Hashable {
    package let type: QUICPacketType
    /// Nil for a short header.
    package let version: UInt32?
    package let destination: [UInt8]
    /// Empty for a short header.
    package let source: [UInt8]
    /// Of an Initial packet or a Retry.
    package let token: [UInt8]
    /// Versions that a Version Negotiation packet offers.
    package let supportedVersions: [UInt32]
    /// Bytes from the beginning of the packet to the packet number.
    let numberOffset: Int
    /// Bytes of the whole packet; what follows in the datagram is another one.
    package let length: Int

    package var isLong: Bool { version != nil }

    /// The longest connection ID that versions 1 and 2 know.
    package static let mostIDBytes = 20

    /// Reads a long header; nil where the bytes are none.
    package init?(long bytes: UnsafeRawBufferPointer) {
        var reader = ByteReader(bytes)
        guard let first = reader.u8(), first & 0x80 != 0, let version = reader.u32(),
            var destination = reader.vector8(),
            var source = reader.vector8(), let destinationID = destination.array(destination.remaining),
            let sourceID = source.array(source.remaining)
        else { return nil }
        self.version = version
        self.destination = destinationID
        self.source = sourceID
        guard version != 0 else {
            var versions: [UInt32] = []
            while let version = reader.u32() { versions.append(version) }
            guard !versions.isEmpty else { return nil }
            type = .versionNegotiation
            supportedVersions = versions
            token = []
            (numberOffset, length) = (bytes.count, bytes.count)
            return
        }
        supportedVersions = []
        guard destinationID.count <= Self.mostIDBytes, sourceID.count <= Self.mostIDBytes else { return nil }
        guard let known = QUICVersion(rawValue: version) else {
            type = .unknown
            token = []
            (numberOffset, length) = (bytes.count, bytes.count)
            return
        }
        guard first & 0x40 != 0 else { return nil }
        type = known.type(bits: first >> 4)
        if type == .retry {
            // The last 16 bytes authenticate the packet.
            guard reader.remaining >= 16, let token = reader.array(reader.remaining - 16) else { return nil }
            self.token = token
            (numberOffset, length) = (bytes.count, bytes.count)
            return
        }
        if type == .initial {
            guard let token = reader.quicBytes() else { return nil }
            self.token = Array(token)
        } else {
            token = []
        }
        guard let payload = reader.quicInteger(), let payload = Int(exactly: payload), payload <= reader.remaining
        else { return nil }
        numberOffset = reader.offset
        length = reader.offset + payload
    }

    /// Reads a short header, whose connection ID has a length that only its receiver knows.
    package init?(short bytes: UnsafeRawBufferPointer, idLength: Int) {
        var reader = ByteReader(bytes)
        guard let first = reader.u8(), first & 0xc0 == 0x40, let destination = reader.array(idLength) else {
            return nil
        }
        type = .oneRTT
        version = nil
        self.destination = destination
        source = []
        token = []
        supportedVersions = []
        numberOffset = reader.offset
        length = bytes.count
    }

    /// Whether a datagram begins like the first one of a connection: a long header with the fixed bit, connection IDs
    /// of sane lengths, and a version that is known or reserved to exercise negotiation (RFC 9000, section 15).
    package static func looksLikeQUIC(_ bytes: UnsafeRawBufferPointer) -> Bool {
        guard bytes.count >= 7, bytes[0] & 0xc0 == 0xc0, let header = QUICHeader(long: bytes),
            let version = header.version
        else { return false }
        if QUICVersion(rawValue: version) != nil { return true }
        return version & 0x0f0f_0f0f == 0x0a0a_0a0a && header.destination.count >= 8
    }
}
