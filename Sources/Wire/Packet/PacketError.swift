/// Why bytes are not the packet they were taken for.
package enum PacketError: Error, Hashable, Sendable {
    package enum Layer: String, Sendable, Hashable {
        case ethernet, arp, ipv4, ipv6, icmp, udp, tcp, neighborDiscovery
    }

    /// Fewer bytes than the layer's header, or than the header promised.
    case truncated(Layer, needed: Int, found: Int)
    /// A field, named as Wireshark names it, with a value that the layer does not allow.
    case malformed(Layer, field: String)
    /// More IPv6 extension headers than anybody sends in good faith.
    case tooManyExtensionHeaders

}

extension PacketError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .truncated(let layer, let needed, let found):
            "The \(layer.rawValue) packet was cut: \(needed) bytes were promised or needed, \(found) are there."
        case .malformed(let layer, let field):
            "The \(layer.rawValue) packet has an impossible value in \(field)."
        case .tooManyExtensionHeaders:
            "The IPv6 packet has more than \(IPv6Header.extensionLimit) extension headers."
        }
    }
}
