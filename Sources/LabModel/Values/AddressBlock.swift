import SupportQuestions

/// A prefix as a range of addresses, IPv4 or IPv6.
struct AddressBlock {
    private let first: (high: UInt64, low: UInt64)
    private let length: Int
    private let isIPv4: Bool

    /// Nil where the text is no prefix; bits behind its length are read over.
    init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let length = Int(parts[1]), length >= 0,
            let (value, isIPv4) = Self.value(String(parts[0])), length <= (isIPv4 ? 32 : 128)
        else { return nil }
        self.length = isIPv4 ? length + 96 : length
        self.isIPv4 = isIPv4
        first = Self.masked(value, self.length)
    }

    /// False for what is no address.
    func contains(_ address: String) -> Bool {
        guard let (value, isIPv4) = Self.value(address), isIPv4 == self.isIPv4 else { return false }
        return Self.masked(value, length) == first
    }

    func overlaps(_ other: AddressBlock) -> Bool {
        let shorter = min(length, other.length)
        return isIPv4 == other.isIPv4 && Self.masked(first, shorter) == Self.masked(other.first, shorter)
    }

    /// Whether an IPv4 address is the first or the last of the block: the network's own and the broadcast address.
    func reserves(_ address: String) -> Bool {
        guard isIPv4, length < 127, case (let value, true)? = Self.value(address) else { return false }
        let hosts = (UInt64(1) << UInt64(128 - length)) - 1
        return value.low & hosts == 0 || value.low & hosts == hosts
    }

    private static func value(_ text: String) -> ((high: UInt64, low: UInt64), isIPv4: Bool)? {
        if let value = AddressText.ipv4(text) { return ((0, UInt64(value)), true) }
        return AddressText.ipv6(text).map { (($0.0, $0.1), false) }
    }

    private static func masked(_ value: (high: UInt64, low: UInt64), _ length: Int) -> (high: UInt64, low: UInt64) {
        if length <= 0 { return (0, 0) }
        if length <= 64 { return (value.high & ~(length == 64 ? 0 : UInt64.max >> UInt64(length)), 0) }
        return (value.high, value.low & ~(length >= 128 ? 0 : UInt64.max >> UInt64(length - 64)))
    }
}
