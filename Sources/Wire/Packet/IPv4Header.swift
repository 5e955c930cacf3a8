/// The header of an IPv4 packet (RFC 791).
package struct IPv4Header: Sendable, Hashable {
    package let headerLength: Int
    /// DSCP and ECN together.
    package let trafficClass: UInt8
    package let totalLength: Int
    package let identification: UInt16
    package let dontFragment: Bool
    package let moreFragments: Bool
    /// In bytes.
    package let fragmentOffset: Int
    package let timeToLive: UInt8
    package let proto: IPProtocol
    package let checksum: UInt16
    package let source: IPv4Address
    package let destination: IPv4Address
    /// Where the payload lies in the bytes that were parsed; cut to what is there when truncation was allowed.
    package let payload: Range<Int>

    /// Whether the packet is a piece of a larger one; only the first piece (offset 0) has a transport header.
    package var isFragment: Bool { moreFragments || fragmentOffset > 0 }
    package var options: Range<Int> { 20..<headerLength }

    /// Reads the header at the start of `bytes`; bytes behind the total length (Ethernet's padding) are ignored.
    ///
    /// `truncationAllowed` accepts what snap lengths and ICMP quotes leave of a packet, and the total length 0 that captures
    /// show where the network card was to cut the packet up.
    package init(parsing bytes: UnsafeRawBufferPointer, truncationAllowed: Bool = false) throws(PacketError) {
        guard bytes.count >= 20 else { throw .truncated(.ipv4, needed: 20, found: bytes.count) }
        guard bytes[0] >> 4 == 4 else { throw .malformed(.ipv4, field: "ip.version") }
        headerLength = Int(bytes[0] & 15) * 4
        guard headerLength >= 20 else { throw .malformed(.ipv4, field: "ip.hdr_len") }
        guard bytes.count >= headerLength else {
            throw .truncated(.ipv4, needed: headerLength, found: bytes.count)
        }
        trafficClass = bytes[1]
        let promised = Int(bytes.be16(2))
        totalLength = promised == 0 && truncationAllowed ? bytes.count : promised
        guard totalLength >= headerLength else { throw .malformed(.ipv4, field: "ip.len") }
        guard truncationAllowed || totalLength <= bytes.count else {
            throw .truncated(.ipv4, needed: totalLength, found: bytes.count)
        }
        identification = bytes.be16(4)
        let fragment = bytes.be16(6)
        dontFragment = fragment & 0x4000 != 0
        moreFragments = fragment & 0x2000 != 0
        fragmentOffset = Int(fragment & 0x1FFF) * 8
        timeToLive = bytes[8]
        proto = IPProtocol(rawValue: bytes[9])
        checksum = bytes.be16(10)
        source = IPv4Address(rawValue: bytes.be32(12))
        destination = IPv4Address(rawValue: bytes.be32(16))
        payload = headerLength..<min(totalLength, bytes.count)
    }

    /// Whether the header's checksum holds in the bytes it was parsed from.
    package static func checksumHolds(in bytes: UnsafeRawBufferPointer) -> Bool {
        guard let first = bytes.first else { return false }
        let length = Int(first & 15) * 4
        return length >= 20 && length <= bytes.count && InternetChecksum.of(bytes.part(0..<length)) == 0
    }
}

extension IPv4Header {
    /// A whole packet without options. A payload that does not fit into 65535 bytes is cut, for the length field ends there.
    package static func packet(
        from source: IPv4Address, to destination: IPv4Address, proto: IPProtocol, timeToLive: UInt8 = 64,
        trafficClass: UInt8 = 0, identification: UInt16 = 0, dontFragment: Bool = false, moreFragments: Bool = false,
        fragmentOffset: Int = 0, payload: UnsafeRawBufferPointer
    ) -> [UInt8] {
        let payload = UnsafeRawBufferPointer(rebasing: payload.prefix(65535 - 20))
        return [UInt8](header: 20, payload: payload) { packet in
            packet[0] = 0x45
            packet[1] = trafficClass
            packet.put16(UInt16(20 + payload.count), at: 2)
            packet.put16(identification, at: 4)
            let offset = UInt16(truncatingIfNeeded: fragmentOffset / 8) & 0x1FFF
            packet.put16((dontFragment ? 0x4000 : 0) | (moreFragments ? 0x2000 : 0) | offset, at: 6)
            packet[8] = timeToLive
            packet[9] = proto.rawValue
            packet.put16(0, at: 10)
            packet.put32(source.rawValue, at: 12)
            packet.put32(destination.rawValue, at: 16)
            packet.put16(InternetChecksum.of(UnsafeRawBufferPointer(rebasing: packet[..<20])), at: 10)
        }
    }

    package static func packet(
        from source: IPv4Address, to destination: IPv4Address, proto: IPProtocol, timeToLive: UInt8 = 64,
        trafficClass: UInt8 = 0, identification: UInt16 = 0, dontFragment: Bool = false, moreFragments: Bool = false,
        fragmentOffset: Int = 0, payload: some Collection<UInt8>
    ) -> [UInt8] {
        Array(payload).withUnsafeBytes {
            packet(
                from: source, to: destination, proto: proto, timeToLive: timeToLive, trafficClass: trafficClass,
                identification: identification, dontFragment: dontFragment, moreFragments: moreFragments,
                fragmentOffset: fragmentOffset, payload: $0)
        }
    }

    /// Sets the TTL of a packet and mends the checksum incrementally (RFC 1624), as routers do: a wrong sum stays wrong.
    package static func setTimeToLive(_ value: UInt8, in packet: inout [UInt8], at start: Int = 0) {
        guard start >= 0, packet.count >= start + 20 else { return }
        let old = UInt16(packet[start + 8]) << 8 | UInt16(packet[start + 9])
        packet[start + 8] = value
        let new = UInt16(value) << 8 | UInt16(packet[start + 9])
        let checksum = UInt16(packet[start + 10]) << 8 | UInt16(packet[start + 11])
        packet.put16(InternetChecksum.updated(checksum, from: old, to: new), at: start + 10)
    }
}
