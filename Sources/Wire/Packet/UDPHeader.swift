/// The header of a UDP datagram (RFC 768).
package struct UDPHeader: Sendable, Hashable {
    package let sourcePort: UInt16
    package let destinationPort: UInt16
    package let length: Int
    package let checksum: UInt16
    /// Cut to what is there when truncation was allowed.
    package let payload: Range<Int>

    package init(parsing bytes: UnsafeRawBufferPointer, truncationAllowed: Bool = false) throws(PacketError) {
        guard bytes.count >= 8 else { throw .truncated(.udp, needed: 8, found: bytes.count) }
        sourcePort = bytes.be16(0)
        destinationPort = bytes.be16(2)
        let promised = Int(bytes.be16(4))
        length = promised == 0 && truncationAllowed ? bytes.count : promised
        checksum = bytes.be16(6)
        guard length >= 8 else { throw .malformed(.udp, field: "udp.length") }
        guard truncationAllowed || length <= bytes.count else {
            throw .truncated(.udp, needed: length, found: bytes.count)
        }
        payload = 8..<min(length, bytes.count)
    }

    /// A datagram with its checksum, for the payload of an IP packet between these addresses. A payload that does not fit
    /// into 65535 bytes is cut.
    package static func datagram(
        from source: IPAddress, port sourcePort: UInt16, to destination: IPAddress, port destinationPort: UInt16,
        payload: some Collection<UInt8>
    ) -> [UInt8] {
        let payload = payload.prefix(65535 - 8)
        var datagram: [UInt8] = []
        datagram.reserveCapacity(8 + payload.count)
        datagram.append16(sourcePort)
        datagram.append16(destinationPort)
        datagram.append16(UInt16(8 + payload.count))
        datagram.append16(0)
        datagram += payload
        var checksum = InternetChecksum()
        checksum.addPseudoHeader(source: source, destination: destination, protocol: .udp, length: datagram.count)
        checksum.add(datagram)
        // 0 would mean "no checksum"; its other form is all ones.
        datagram.put16(checksum.value == 0 ? 0xFFFF : checksum.value, at: 6)
        return datagram
    }

    /// Whether the datagram's checksum holds, or IPv4's permission to have none was used.
    package static func checksumHolds(
        in datagram: UnsafeRawBufferPointer, from source: IPAddress, to destination: IPAddress
    ) -> Bool {
        guard datagram.count >= 8 else { return false }
        if datagram.be16(6) == 0 { return source.family == .v4 }
        var checksum = InternetChecksum()
        checksum.addPseudoHeader(source: source, destination: destination, protocol: .udp, length: datagram.count)
        checksum.add(datagram)
        return checksum.value == 0
    }
}
