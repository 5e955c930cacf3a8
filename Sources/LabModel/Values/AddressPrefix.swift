import SupportQuestions

/// A range of addresses, `198.51.100.0/24` or `2001:db8:1::/64`, with no bit set behind its length.
package struct AddressPrefix: Sendable, Hashable {
    package let isIPv6: Bool
    /// The first address; that of IPv4 in the low 32 bits.
    package let first: UInt128
    package let length: Int

    private var width: Int { isIPv6 ? 128 : 32 }

    /// Nil where the text is no such range.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, !parts[1].isEmpty, parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let length = Int(parts[1])
        else { return nil }
        if let address = AddressText.ipv4(String(parts[0])) {
            isIPv6 = false
            first = UInt128(address)
        } else if let (high, low) = AddressText.ipv6(String(parts[0])) {
            isIPv6 = true
            first = UInt128(high) << 64 | UInt128(low)
        } else {
            return nil
        }
        self.length = length
        guard length <= width, first & hostMask == 0 else { return nil }
    }

    private init(isIPv6: Bool, first: UInt128, length: Int) {
        self.isIPv6 = isIPv6
        self.first = first
        self.length = length
    }

    /// The bits behind the prefix.
    private var hostMask: UInt128 {
        // Of `::/0`, the shift leaves nothing, and one less than that is all bits.
        length >= width ? 0 : (UInt128(1) << UInt128(width - length)) &- 1
    }

    package func contains(_ other: AddressPrefix) -> Bool {
        isIPv6 == other.isIPv6 && other.length >= length && other.first & ~hostMask == first
    }

    /// One of the subnets of that length, by number; numbers beyond the last begin again.
    package func subnet(length: Int, number: UInt64) -> AddressPrefix? {
        guard length >= self.length, length <= width else { return nil }
        let bits = length - self.length
        let count = UInt128(1) << UInt128(min(bits, 127))
        return AddressPrefix(
            isIPv6: isIPv6, first: first | (UInt128(number) % count) << UInt128(width - length), length: length)
    }

    /// One of the addresses that a host may have, by number: neither the first (the network, or the router's anycast)
    /// nor, of IPv4, the last. Nil where there is none.
    package func host(number: UInt64) -> String? {
        let reserved: UInt128 = isIPv6 ? 1 : 2
        guard hostMask >= reserved else { return nil }
        let count = hostMask - (reserved - 1)
        return Self.text(first + 1 + UInt128(number) % count, isIPv6: isIPv6)
    }

    package var text: String { Self.text(first, isIPv6: isIPv6) + "/\(length)" }

    private static func text(_ address: UInt128, isIPv6: Bool) -> String {
        isIPv6
            ? AddressText.text(ipv6: UInt64(truncatingIfNeeded: address >> 64), UInt64(truncatingIfNeeded: address))
            : AddressText.text(ipv4: UInt32(truncatingIfNeeded: address))
    }

    /// The ranges that belong to nobody: documentation (RFC 5737, RFC 3849) and benchmarks (RFC 2544, RFC 5180).
    package static let reserved = [
        "192.0.2.0/24", "198.51.100.0/24", "203.0.113.0/24", "198.18.0.0/15", "2001:db8::/32", "2001:2::/48",
    ].compactMap { AddressPrefix($0) }

    package var isReserved: Bool { Self.reserved.contains { $0.contains(self) } }
}
