import Wire

/// An address and a port, or the identifier of an echo.
package struct TransportAddress: Codable, Sendable, Hashable, CustomStringConvertible {
    package var address: IPAddress
    package var port: UInt16

    package init(_ address: IPAddress, _ port: UInt16) {
        self.address = address
        self.port = port
    }

    package init(_ address: IPv4Address, _ port: UInt16) { self.init(.v4(address), port) }

    package var description: String { address.family == .v4 ? "\(address):\(port)" : "[\(address)]:\(port)" }
}
