import Wire

/// An IPv4 address and a port, or the identifier of an echo.
package struct TransportAddress: Codable, Sendable, Hashable, CustomStringConvertible {
    package var address: IPv4Address
    package var port: UInt16

    package init(_ address: IPv4Address, _ port: UInt16) {
        self.address = address
        self.port = port
    }

    package var description: String { "\(address):\(port)" }
}
