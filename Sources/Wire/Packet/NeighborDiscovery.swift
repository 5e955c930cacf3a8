/// The messages by which IPv6 nodes find each other on a link (RFC 4861), read from and built into ICMPv6 messages.
package enum NeighborDiscovery: Sendable, Hashable {
    case routerSolicitation(sourceLinkLayer: MACAddress?)
    case routerAdvertisement(lifetime: UInt16, sourceLinkLayer: MACAddress?)
    case neighborSolicitation(target: IPv6Address, sourceLinkLayer: MACAddress?)
    case neighborAdvertisement(
        target: IPv6Address, router: Bool, solicited: Bool, override: Bool, targetLinkLayer: MACAddress?)

    private static let sourceOption: UInt8 = 1
    private static let targetOption: UInt8 = 2

    /// Reads a whole ICMPv6 message. The caller has checked its hop limit of 255 and its checksum.
    package init(parsing bytes: UnsafeRawBufferPointer) throws(PacketError) {
        let header = try ICMPHeader(parsing: bytes)
        func need(_ count: Int) throws(PacketError) {
            guard bytes.count >= count else {
                throw .truncated(.neighborDiscovery, needed: count, found: bytes.count)
            }
        }
        switch header.type {
        case 133:
            self = .routerSolicitation(
                sourceLinkLayer: try NeighborDiscovery.linkLayer(Self.sourceOption, in: bytes, from: 8))
        case 134:
            try need(16)
            self = .routerAdvertisement(
                lifetime: bytes.be16(6),
                sourceLinkLayer: try NeighborDiscovery.linkLayer(Self.sourceOption, in: bytes, from: 16))
        case 135:
            try need(24)
            self = .neighborSolicitation(
                target: bytes.ipv6(8),
                sourceLinkLayer: try NeighborDiscovery.linkLayer(Self.sourceOption, in: bytes, from: 24))
        case 136:
            try need(24)
            self = .neighborAdvertisement(
                target: bytes.ipv6(8), router: bytes[4] & 0x80 != 0, solicited: bytes[4] & 0x40 != 0,
                override: bytes[4] & 0x20 != 0,
                targetLinkLayer: try NeighborDiscovery.linkLayer(Self.targetOption, in: bytes, from: 24))
        default: throw .malformed(.neighborDiscovery, field: "icmpv6.type")
        }
    }

    /// The address in the first option of this kind. An option of length 0 makes the message invalid (RFC 4861 §4.6).
    private static func linkLayer(
        _ kind: UInt8, in bytes: UnsafeRawBufferPointer, from start: Int
    ) throws(PacketError) -> MACAddress? {
        var offset = start
        while offset + 8 <= bytes.count {
            let length = Int(bytes[offset + 1]) * 8
            guard length > 0 else { throw .malformed(.neighborDiscovery, field: "icmpv6.opt.length") }
            if bytes[offset] == kind, length == 8 { return bytes.mac(offset + 2) }
            offset += length
        }
        return nil
    }

    /// The ICMPv6 message with its checksum.
    package func message(from source: IPv6Address, to destination: IPv6Address) -> [UInt8] {
        var body: [UInt8] = []
        let type: UInt8
        var rest: UInt32 = 0
        func option(_ kind: UInt8, _ address: MACAddress?) -> [UInt8] {
            address.map { [kind, 1] + $0.bytes } ?? []
        }
        switch self {
        case .routerSolicitation(let address):
            type = 133
            body = option(Self.sourceOption, address)
        case .routerAdvertisement(let lifetime, let address):
            type = 134
            rest = 64 << 24 | UInt32(lifetime)
            body = Array(repeating: 0, count: 8) + option(Self.sourceOption, address)
        case .neighborSolicitation(let target, let address):
            type = 135
            body = target.bytes + option(Self.sourceOption, address)
        case .neighborAdvertisement(let target, let router, let solicited, let override, let address):
            type = 136
            rest = (router ? 1 << 31 : 0) | (solicited ? 1 << 30 : 0) | (override ? 1 << 29 : 0)
            body = target.bytes + option(Self.targetOption, address)
        }
        return ICMPHeader.message(type: type, rest: rest, payload: body, from: .v6(source), to: .v6(destination))
    }
}
