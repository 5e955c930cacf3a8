import SupportQuestions

/// Addresses that follow from a prefix.
enum AddressPlan {
    /// The first usable address of a prefix: `198.51.100.1` for `198.51.100.0/24`; nil where the text is no prefix with
    /// room for a router and a host.
    static func first(of prefix: String) -> String? {
        let parts = prefix.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let length = Int(parts[1]), length >= 0 else { return nil }
        if let base = AddressText.ipv4(String(parts[0])), length <= 30 {
            let mask = length == 0 ? 0 : UInt32.max << UInt32(32 - length)
            guard base & ~mask == 0 else { return nil }
            return AddressText.text(ipv4: base | 1)
        }
        if let (high, low) = AddressText.ipv6(String(parts[0])), length <= 126, low & 1 == 0 {
            return AddressText.text(ipv6: high, low | 1)
        }
        return nil
    }

    /// Whether the text is a prefix, of any length, with no bit set behind that.
    static func isPrefix(_ text: String) -> Bool {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let length = UInt64(parts[1]), parts[1].utf8.allSatisfy({ $0 >= 0x30 }) else {
            return false
        }
        if let base = AddressText.ipv4(String(parts[0])) {
            return length <= 32 && (length == 32 || base & (UInt32.max >> UInt32(length)) == 0)
        }
        if let (high, low) = AddressText.ipv6(String(parts[0])) {
            switch length {
            case 0..<64: return high & (UInt64.max >> length) == 0 && low == 0
            case 64..<128: return low & (UInt64.max >> (length - 64)) == 0
            default: return length == 128
            }
        }
        return false
    }

    /// The address of this number in a prefix; nil where the prefix ends before it.
    static func address(_ number: UInt32, of prefix: String) -> String? {
        let parts = prefix.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let length = Int(parts[1]), length >= 0 else { return nil }
        if let base = AddressText.ipv4(String(parts[0])), length <= 30 {
            // The last address of an IPv4 prefix is its broadcast address.
            guard number < UInt32.max >> UInt32(length) else { return nil }
            return AddressText.text(ipv4: base | number)
        }
        if let (high, low) = AddressText.ipv6(String(parts[0])), length <= 96 {
            return AddressText.text(ipv6: high, low | UInt64(number))
        }
        return nil
    }

    /// Prefixes for networks that were given none: from the second half of what RFC 2544 keeps for benchmarks, the first being
    /// the routers', and from RFC 3849's documentation block.
    static func network(_ number: Int) -> (prefix: String, prefix6: String)? {
        guard (0...255).contains(number) else { return nil }
        return ("198.19.\(number).0/24", "2001:db8:f0\(String(number + 256, radix: 16).dropFirst())::/64")
    }
}
