/// Where a packet has the numbers that tell its flows apart: ports, or the identifier of an echo.
package struct PortField: Sendable {
    package let start: Int
    package let isEcho: Bool
    /// Where the checksum is that covers them; nil where it was not quoted, or there is none.
    package let checksum: Int?

    package init?(_ packet: [UInt8], _ header: IPv4Header) {
        start = header.payload.lowerBound
        guard header.fragmentOffset == 0, header.payload.count >= 8 else { return nil }
        let field: Int
        switch header.proto {
        case .icmp:
            guard packet[start] == 8 || packet[start] == 0 else { return nil }
            field = 2
        case .udp: field = 6
        case .tcp: field = 16
        default: return nil
        }
        isEcho = header.proto == .icmp
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
        _ address: IPv4Address, _ number: UInt16, _ port: PortField, in packet: inout [UInt8], _ header: IPv4Header
    ) {
        setAddress(address, at: 12, in: &packet, checksum: port.isEcho ? nil : port.checksum)
        setWord(number, at: port.start + (port.isEcho ? 4 : 0), in: &packet, checksum: port.checksum)
    }

    package static func setDestination(
        _ address: IPv4Address, _ number: UInt16, _ port: PortField, in packet: inout [UInt8], _ header: IPv4Header
    ) {
        setAddress(address, at: 16, in: &packet, checksum: port.isEcho ? nil : port.checksum)
        setWord(number, at: port.start + (port.isEcho ? 4 : 2), in: &packet, checksum: port.checksum)
    }

    /// Sets an address of the IPv4 header and mends the header's checksum, and that of the transport, which covers it too.
    package static func setAddress(_ address: IPv4Address, at offset: Int, in packet: inout [UInt8], checksum: Int?) {
        for (index, word) in [address.rawValue >> 16, address.rawValue & 0xFFFF].enumerated() {
            let old = UInt16(packet[offset + 2 * index]) << 8 | UInt16(packet[offset + 2 * index + 1])
            setWord(UInt16(word), at: offset + 2 * index, in: &packet, checksum: 10)
            if let checksum { mend(checksum, from: old, to: UInt16(word), in: &packet) }
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
    package static func finishICMP(in packet: inout [UInt8], from start: Int) {
        guard start >= 0, packet.count >= start + ICMPHeader.length else { return }
        packet.put16(0, at: start + 2)
        let sum = packet.withUnsafeBytes { InternetChecksum.of($0.part(start..<$0.count)) }
        packet.put16(sum, at: start + 2)
    }
}
