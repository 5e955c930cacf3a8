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
}
