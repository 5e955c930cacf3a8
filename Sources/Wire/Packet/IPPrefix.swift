/// A block of addresses in CIDR form (RFC 4632), such as 192.0.2.0/24: bits below the length are zero.
package struct IPPrefix: Hashable, Sendable {
    package let address: IPAddress
    package let length: Int

    /// The block of `length` bits that `address` lies in; nil when the length is not one of its family.
    package init?(containing address: IPAddress, length: Int) {
        guard length >= 0, length <= address.width else { return nil }
        self.length = length
        switch address {
        case .v4(let value):
            self.address = .v4(IPv4Address(rawValue: value.rawValue & ~(UInt32.max >> UInt32(length))))
        case .v6(let value):
            let high = length >= 64 ? value.high : value.high & ~(UInt64.max >> UInt64(length))
            let low = length <= 64 ? 0 : value.low & ~(UInt64.max >> UInt64(length - 64))
            self.address = .v6(IPv6Address(high: high, low: low))
        }
    }

    package func contains(_ other: IPAddress) -> Bool {
        guard other.family == address.family else { return false }
        return IPPrefix(containing: other, length: length) == self
    }
}

extension IPPrefix: LosslessStringConvertible {
    /// Strict: an address, a slash, a length, and no bit set below the length.
    package init?(_ text: String) {
        guard let interface = InterfaceAddress(text), interface.prefix.address == interface.address else { return nil }
        self = interface.prefix
    }

    package var description: String { "\(address)/\(length)" }
}

extension IPPrefix: Codable, CodableAsText {}

/// An address together with the length of the block its neighbours share, such as 192.0.2.10/24.
package struct InterfaceAddress: Hashable, Sendable {
    package let address: IPAddress
    package let prefix: IPPrefix

    package init?(_ address: IPAddress, length: Int) {
        guard let prefix = IPPrefix(containing: address, length: length) else { return nil }
        self.address = address
        self.prefix = prefix
    }

    package var length: Int { prefix.length }
}

extension InterfaceAddress: LosslessStringConvertible {
    /// Strict: an address, a slash and a length.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let address = IPAddress(String(parts[0])),
            let length = decimal(Array(parts[1].utf8)[...], maximum: address.width)
        else { return nil }
        self.init(address, length: length)
    }

    package var description: String { "\(address)/\(length)" }
}

extension InterfaceAddress: Codable, CodableAsText {}
