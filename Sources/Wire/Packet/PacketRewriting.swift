/// Where a packet has the numbers that tell its flows apart: ports, or the identifier of an echo.
package struct PortField: Sendable {
    package let start: Int
    package let isEcho: Bool
    /// Whether the checksum is over the addresses, too: not that of ICMP for IPv4.
    package let coversAddresses: Bool
    /// Where the checksum is that covers them; nil where it was not quoted, or there is none.
    package let checksum: Int?

    package init?(_ packet: [UInt8], _ header: IPHeader) {
        start = header.payload.lowerBound
        guard header.hasTransportHeader, header.payload.count >= 8 else { return nil }
        let field: Int
        switch header.proto {
        case .icmp(header.family):
            guard
                [ICMPKind.echoRequest, .echoReply].contains(
                    ICMPKind(family: header.family, type: packet[start], code: 0))
            else { return nil }
            field = 2
        case .udp: field = 6
        case .tcp: field = 16
        default: return nil
        }
        isEcho = header.proto == .icmp(header.family)
        coversAddresses = !isEcho || header.family == .v6
        let hasNone = header.proto == .udp && packet[start + 6] == 0 && packet[start + 7] == 0
        checksum = header.payload.count < field + 2 || hasNone ? nil : start + field
    }

    package func source(_ packet: [UInt8]) -> UInt16 { word(packet, isEcho ? 4 : 0) }
    package func destination(_ packet: [UInt8]) -> UInt16 { word(packet, isEcho ? 4 : 2) }

    private func word(_ packet: [UInt8], _ offset: Int) -> UInt16 {
        UInt16(packet[start + offset]) << 8 | UInt16(packet[start + offset + 1])
    }
}

/// Changes of addresses and ports that mend the checksums over them (RFC 1624).
package enum PacketRewriting {
    package static func setSource(
        _ address: IPAddress, _ number: UInt16, _ port: PortField, in packet: inout [UInt8]
    ) {
        setSource(address, in: &packet, checksum: port.coversAddresses ? port.checksum : nil)
        setWord(number, at: port.start + (port.isEcho ? 4 : 0), in: &packet, checksum: port.checksum)
    }

    package static func setDestination(
        _ address: IPAddress, _ number: UInt16, _ port: PortField, in packet: inout [UInt8]
    ) {
        setDestination(address, in: &packet, checksum: port.coversAddresses ? port.checksum : nil)
        setWord(number, at: port.start + (port.isEcho ? 4 : 2), in: &packet, checksum: port.checksum)
    }

    /// Sets an address of the IP header, which is of the same family, and mends that header's checksum, where it has one, and
    /// that of the transport, where it covers addresses.
    package static func setSource(_ address: IPAddress, in packet: inout [UInt8], checksum: Int?) {
        setAddress(address, at: address.family == .v4 ? 12 : 8, in: &packet, checksum: checksum)
    }

    package static func setDestination(_ address: IPAddress, in packet: inout [UInt8], checksum: Int?) {
        setAddress(address, at: address.family == .v4 ? 16 : 24, in: &packet, checksum: checksum)
    }

    private static func setAddress(_ address: IPAddress, at offset: Int, in packet: inout [UInt8], checksum: Int?) {
        let bytes = address.bytes
        guard packet.count >= offset + bytes.count, packet[0] >> 4 == (address.family == .v4 ? 4 : 6) else { return }
        for index in stride(from: 0, to: bytes.count, by: 2) {
            let old = UInt16(packet[offset + index]) << 8 | UInt16(packet[offset + index + 1])
            let word = UInt16(bytes[index]) << 8 | UInt16(bytes[index + 1])
            setWord(word, at: offset + index, in: &packet, checksum: address.family == .v4 ? 10 : nil)
            if let checksum { mend(checksum, from: old, to: word, in: &packet) }
        }
    }

    private static func setWord(_ word: UInt16, at offset: Int, in packet: inout [UInt8], checksum: Int?) {
        let old = UInt16(packet[offset]) << 8 | UInt16(packet[offset + 1])
        packet.put16(word, at: offset)
        if let checksum { mend(checksum, from: old, to: word, in: &packet) }
    }

    private static func mend(_ checksum: Int, from old: UInt16, to new: UInt16, in packet: inout [UInt8]) {
        let sum = UInt16(packet[checksum]) << 8 | UInt16(packet[checksum + 1])
        packet.put16(InternetChecksum.updated(sum, from: old, to: new), at: checksum)
    }

    /// Computes the checksum of an ICMP message that goes to the end of the packet.
    package static func finishICMP(in packet: inout [UInt8], _ header: IPHeader) {
        let start = header.payload.lowerBound
        guard start >= 0, packet.count >= start + ICMPHeader.length else { return }
        packet.put16(0, at: start + 2)
        let value = packet.withUnsafeBytes { bytes in
            var sum = InternetChecksum()
            if header.family == .v6 {
                sum.addPseudoHeader(
                    source: header.source, destination: header.destination, protocol: .icmpv6,
                    length: bytes.count - start)
            }
            sum.add(bytes.part(start..<bytes.count))
            return sum.value
        }
        packet.put16(value, at: start + 2)
    }
}
