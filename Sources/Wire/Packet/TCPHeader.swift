/// The header of a TCP segment (RFC 9293 §3.1).
package struct TCPHeader: Sendable, Hashable {
    package struct Flags: OptionSet, Sendable, Hashable {
        package let rawValue: UInt16

        package init(rawValue: UInt16) { self.rawValue = rawValue }

        package static let fin = Flags(rawValue: 1)
        package static let syn = Flags(rawValue: 2)
        package static let rst = Flags(rawValue: 4)
        package static let psh = Flags(rawValue: 8)
        package static let ack = Flags(rawValue: 16)
        package static let urg = Flags(rawValue: 32)
        package static let ece = Flags(rawValue: 64)
        package static let cwr = Flags(rawValue: 128)
        package static let ae = Flags(rawValue: 256)
    }

    package let sourcePort: UInt16
    package let destinationPort: UInt16
    package let sequence: UInt32
    package let acknowledgment: UInt32
    package let headerLength: Int
    package let flags: Flags
    package let window: UInt16
    package let checksum: UInt16
    package let urgentPointer: UInt16
    package let payload: Range<Int>

    package var options: Range<Int> { 20..<headerLength }

    /// Reads the header; everything behind it in `bytes` is payload.
    package init(parsing bytes: UnsafeRawBufferPointer) throws(PacketError) {
        guard bytes.count >= 20 else { throw .truncated(.tcp, needed: 20, found: bytes.count) }
        sourcePort = bytes.be16(0)
        destinationPort = bytes.be16(2)
        sequence = bytes.be32(4)
        acknowledgment = bytes.be32(8)
        headerLength = Int(bytes[12] >> 4) * 4
        flags = Flags(rawValue: bytes.be16(12) & 0x1FF)
        window = bytes.be16(14)
        checksum = bytes.be16(16)
        urgentPointer = bytes.be16(18)
        guard headerLength >= 20 else { throw .malformed(.tcp, field: "tcp.hdr_len") }
        guard bytes.count >= headerLength else {
            throw .truncated(.tcp, needed: headerLength, found: bytes.count)
        }
        payload = headerLength..<bytes.count
    }

    /// A segment without options, with its checksum, for the payload of an IP packet between these addresses.
    package static func segment(
        from source: IPAddress, port sourcePort: UInt16, to destination: IPAddress, port destinationPort: UInt16,
        sequence: UInt32, acknowledgment: UInt32, flags: Flags, window: UInt16 = 0,
        payload: some Collection<UInt8> = []
    ) -> [UInt8] {
        var segment: [UInt8] = []
        segment.reserveCapacity(20 + payload.count)
        segment.append16(sourcePort)
        segment.append16(destinationPort)
        segment.append32(sequence)
        segment.append32(acknowledgment)
        segment.append16(0x5000 | flags.rawValue & 0x1FF)
        segment.append16(window)
        segment.append32(0)
        segment += payload
        var checksum = InternetChecksum()
        checksum.addPseudoHeader(source: source, destination: destination, protocol: .tcp, length: segment.count)
        checksum.add(segment)
        segment.put16(checksum.value, at: 16)
        return segment
    }
}
