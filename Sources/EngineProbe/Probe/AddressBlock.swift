import Wire

/// The addresses of a block, as a sweep asks them.
package enum AddressBlock {
    package static let limit = 65_536

    /// In their order; without the first and last of an IPv4 block that has more than two (RFC 919, RFC 3021). Nil when there are
    /// more than ``limit``.
    package static func hosts(_ block: IPPrefix) -> [IPAddress]? {
        let bits = block.address.width - block.length
        guard bits <= 16 else { return nil }
        let count = UInt32(1) << UInt32(bits)
        switch block.address {
        case .v4(let first):
            let edge: UInt32 = count > 2 ? 1 : 0
            return (edge..<count - edge).map { .v4(IPv4Address(rawValue: first.rawValue &+ $0)) }
        case .v6(let first):
            return (0..<count).map { .v6(IPv6Address(high: first.high, low: first.low | UInt64($0))) }
        }
    }
}
