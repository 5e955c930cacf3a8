/// What an IP packet carries: the numbers of the IANA registry that IPv4 and IPv6 share.
package struct IPProtocol: RawRepresentable, Hashable, Sendable, Codable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) { self.rawValue = rawValue }

    package static let hopByHop = IPProtocol(rawValue: 0)
    package static let icmp = IPProtocol(rawValue: 1)
    package static let igmp = IPProtocol(rawValue: 2)
    package static let tcp = IPProtocol(rawValue: 6)
    package static let udp = IPProtocol(rawValue: 17)
    package static let routing = IPProtocol(rawValue: 43)
    package static let fragment = IPProtocol(rawValue: 44)
    package static let authentication = IPProtocol(rawValue: 51)
    package static let icmpv6 = IPProtocol(rawValue: 58)
    package static let noNextHeader = IPProtocol(rawValue: 59)
    package static let destinationOptions = IPProtocol(rawValue: 60)
    package static let mobility = IPProtocol(rawValue: 135)

    /// ICMP as the family knows it.
    package static func icmp(_ family: IPFamily) -> IPProtocol { family == .v4 ? .icmp : .icmpv6 }
}

extension IPProtocol: CustomStringConvertible {
    package var description: String {
        switch self {
        case .icmp: "icmp"
        case .icmpv6: "icmpv6"
        case .tcp: "tcp"
        case .udp: "udp"
        default: "protocol \(rawValue)"
        }
    }
}

/// What an Ethernet frame carries.
package struct EtherType: RawRepresentable, Hashable, Sendable {
    package let rawValue: UInt16

    package init(rawValue: UInt16) { self.rawValue = rawValue }

    package static let ipv4 = EtherType(rawValue: 0x0800)
    package static let arp = EtherType(rawValue: 0x0806)
    package static let vlan = EtherType(rawValue: 0x8100)
    package static let providerBridge = EtherType(rawValue: 0x88A8)
    package static let ipv6 = EtherType(rawValue: 0x86DD)
}
