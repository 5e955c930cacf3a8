/// The header of an IP packet of either version.
package enum IPHeader: Sendable, Hashable {
    case v4(IPv4Header)
    case v6(IPv6Header)

    /// Reads by the version in the first four bits.
    package init(parsing bytes: UnsafeRawBufferPointer, truncationAllowed: Bool = false) throws(PacketError) {
        guard let first = bytes.first else { throw .truncated(.ipv4, needed: 20, found: 0) }
        if first >> 4 == 6 {
            self = .v6(try IPv6Header(parsing: bytes, truncationAllowed: truncationAllowed))
        } else {
            self = .v4(try IPv4Header(parsing: bytes, truncationAllowed: truncationAllowed))
        }
    }

    package var family: IPFamily {
        switch self {
        case .v4: .v4
        case .v6: .v6
        }
    }

    package var source: IPAddress {
        switch self {
        case .v4(let header): .v4(header.source)
        case .v6(let header): .v6(header.source)
        }
    }

    package var destination: IPAddress {
        switch self {
        case .v4(let header): .v4(header.destination)
        case .v6(let header): .v6(header.destination)
        }
    }

    package var proto: IPProtocol {
        switch self {
        case .v4(let header): header.proto
        case .v6(let header): header.proto
        }
    }

    /// TTL or hop limit.
    package var timeToLive: UInt8 {
        switch self {
        case .v4(let header): header.timeToLive
        case .v6(let header): header.hopLimit
        }
    }

    package var payload: Range<Int> {
        switch self {
        case .v4(let header): header.payload
        case .v6(let header): header.payload
        }
    }

    package var totalLength: Int {
        switch self {
        case .v4(let header): header.totalLength
        case .v6(let header): header.totalLength
        }
    }

    package var isFragment: Bool {
        switch self {
        case .v4(let header): header.isFragment
        case .v6(let header): header.isFragment
        }
    }

    package var fragmentOffset: Int {
        switch self {
        case .v4(let header): header.fragmentOffset
        case .v6(let header): header.fragmentOffset
        }
    }

    package var moreFragments: Bool {
        switch self {
        case .v4(let header): header.moreFragments
        case .v6(let header): header.fragment?.moreFragments ?? false
        }
    }

    /// What the pieces of one packet have in common: 16 bits in IPv4, 32 in IPv6.
    package var fragmentIdentification: UInt32 {
        switch self {
        case .v4(let header): UInt32(header.identification)
        case .v6(let header): header.fragment?.identification ?? 0
        }
    }

    /// Whether the payload begins with the header of ``proto``.
    package var hasTransportHeader: Bool { fragmentOffset == 0 }
}

/// Building packets of the family that the addresses have.
package enum IPPacket {
    /// A whole packet, or nil when the addresses are of two families.
    package static func build(
        from source: IPAddress, to destination: IPAddress, proto: IPProtocol, timeToLive: UInt8 = 64,
        identification: UInt16 = 0, dontFragment: Bool = false, payload: [UInt8]
    ) -> [UInt8]? {
        switch (source, destination) {
        case (.v4(let source), .v4(let destination)):
            payload.withUnsafeBytes {
                IPv4Header.packet(
                    from: source, to: destination, proto: proto, timeToLive: timeToLive,
                    identification: identification, dontFragment: dontFragment, payload: $0)
            }
        case (.v6(let source), .v6(let destination)):
            IPv6Header.packet(
                from: source, to: destination, proto: proto, hopLimit: timeToLive, payload: payload)
        default: nil
        }
    }
}
