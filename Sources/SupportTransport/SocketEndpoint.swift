import NIOCore

/// An IP address and a port: one end of a TCP connection.
package struct SocketEndpoint: Sendable, Hashable, Codable, CustomStringConvertible {
    /// As text, without brackets; an IPv4 address that came in through an IPv6 socket is written as IPv4.
    package var address: String
    package var port: UInt16

    package init(address: String, port: UInt16) {
        let mapped = "::ffff:"
        let isMapped = address.hasPrefix(mapped) && address.utf8.contains(UInt8(ascii: "."))
        self.address = isMapped ? String(address.dropFirst(mapped.count)) : address
        self.port = port
    }

    /// Nil for what is no IP socket.
    package init?(_ address: NIOCore.SocketAddress?) {
        guard let text = address?.ipAddress, let port = address?.port else { return nil }
        self.init(address: text, port: UInt16(truncatingIfNeeded: port))
    }

    package var description: String {
        address.utf8.contains(UInt8(ascii: ":")) ? "[\(address)]:\(port)" : "\(address):\(port)"
    }
}
