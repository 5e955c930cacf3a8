/// The header of an IPv6 packet with its chain of extension headers walked (RFC 8200).
package struct IPv6Header: Sendable, Hashable {
    /// More than any sender in good faith uses; RFC 8200 names six kinds.
    package static let extensionLimit = 8

    package let trafficClass: UInt8
    package let flowLabel: UInt32
    package let payloadLength: Int
    package let hopLimit: UInt8
    package let source: IPv6Address
    package let destination: IPv6Address
    /// The first header's own next-header field.
    package let nextHeader: IPProtocol
    /// What the packet carries behind the extension headers. Meaningless behind a fragment that is not the first.
    package let proto: IPProtocol
    package let fragment: Fragment?
    /// What lies behind the extension headers, in the bytes that were parsed; cut to what is there when truncation was allowed.
    package let payload: Range<Int>

    package struct Fragment: Sendable, Hashable {
        /// In bytes.
        package let offset: Int
        package let moreFragments: Bool
        package let identification: UInt32
    }

    package var isFragment: Bool { fragment != nil }
    package var fragmentOffset: Int { fragment?.offset ?? 0 }
    package var totalLength: Int { 40 + payloadLength }

    /// Reads the header at the start of `bytes`; bytes behind the payload length are ignored.
    ///
    /// `truncationAllowed` accepts what snap lengths and ICMP quotes leave of a packet.
    package init(parsing bytes: UnsafeRawBufferPointer, truncationAllowed: Bool = false) throws(PacketError) {
        guard bytes.count >= 40 else { throw .truncated(.ipv6, needed: 40, found: bytes.count) }
        guard bytes[0] >> 4 == 6 else { throw .malformed(.ipv6, field: "ipv6.version") }
        trafficClass = bytes[0] << 4 | bytes[1] >> 4
        flowLabel = bytes.be32(0) & 0xF_FFFF
        let promised = Int(bytes.be16(4))
        payloadLength = promised == 0 && truncationAllowed ? bytes.count - 40 : promised
        guard truncationAllowed || 40 + payloadLength <= bytes.count else {
            throw .truncated(.ipv6, needed: 40 + payloadLength, found: bytes.count)
        }
        nextHeader = IPProtocol(rawValue: bytes[6])
        hopLimit = bytes[7]
        source = bytes.ipv6(8)
        destination = bytes.ipv6(24)
        let end = min(bytes.count, 40 + payloadLength)
        let chain = try ExtensionChain(walking: bytes, from: 40, to: end, first: nextHeader, lenient: truncationAllowed)
        proto = chain.proto
        fragment = chain.fragment
        payload = chain.offset..<end
    }
}

/// Where the extension headers of a packet lead.
private struct ExtensionChain {
    var proto: IPProtocol
    var offset: Int
    var fragment: IPv6Header.Fragment?

    init(
        walking bytes: UnsafeRawBufferPointer, from start: Int, to end: Int, first: IPProtocol, lenient: Bool
    ) throws(PacketError) {
        proto = first
        offset = start
        var count = 0
        while true {
            let length: Int
            switch proto {
            case .hopByHop, .routing, .destinationOptions, .mobility, .fragment, .authentication:
                guard end - offset >= 8 else {
                    if lenient { return }
                    throw .truncated(.ipv6, needed: offset + 8, found: end)
                }
                length =
                    switch proto {
                    case .fragment: 8
                    case .authentication: (Int(bytes[offset + 1]) + 2) * 4
                    default: (Int(bytes[offset + 1]) + 1) * 8
                    }
            default: return
            }
            count += 1
            guard count <= IPv6Header.extensionLimit else { throw .tooManyExtensionHeaders }
            guard end - offset >= length else {
                if lenient { return }
                throw .truncated(.ipv6, needed: offset + length, found: end)
            }
            if proto == .fragment {
                let word = bytes.be16(offset + 2)
                fragment = IPv6Header.Fragment(
                    offset: Int(word & 0xFFF8), moreFragments: word & 1 == 1, identification: bytes.be32(offset + 4))
            }
            proto = IPProtocol(rawValue: bytes[offset])
            offset += length
            // Behind any but the first piece lies the middle of something: not a header.
            if let fragment, fragment.offset > 0 { return }
        }
    }
}

extension IPv6Header {
    /// A whole packet without extension headers. A payload that does not fit into 65535 bytes is cut.
    package static func packet(
        from source: IPv6Address, to destination: IPv6Address, proto: IPProtocol, hopLimit: UInt8 = 64,
        trafficClass: UInt8 = 0, flowLabel: UInt32 = 0, payload: some Collection<UInt8>
    ) -> [UInt8] {
        let payload = payload.prefix(65535)
        var packet: [UInt8] = []
        packet.reserveCapacity(40 + payload.count)
        packet.append32(6 << 28 | UInt32(trafficClass) << 20 | flowLabel & 0xF_FFFF)
        packet.append16(UInt16(payload.count))
        packet.append(proto.rawValue)
        packet.append(hopLimit)
        packet += source.bytes
        packet += destination.bytes
        packet += payload
        return packet
    }
}
