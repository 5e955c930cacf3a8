/// A 48-bit link-layer address (IEEE 802), in the low bits of a number: 02:00:00:00:00:01 is 0x0200_0000_0001.
package struct MACAddress: Hashable, Sendable {
    package let rawValue: UInt64

    /// The upper sixteen bits are dropped.
    package init(rawValue: UInt64) { self.rawValue = rawValue & 0xFFFF_FFFF_FFFF }

    package static let broadcast = MACAddress(rawValue: 0xFFFF_FFFF_FFFF)
    package static let zero = MACAddress(rawValue: 0)

    /// The six bytes in the order they are sent.
    package var bytes: [UInt8] { Array(bigEndianBytes(rawValue)[2...]) }

    /// Whether it names a group; broadcast is the largest of them.
    package var isGroup: Bool { rawValue >> 40 & 1 == 1 }

    /// Where Ethernet carries packets for an IPv6 group (RFC 2464 §7).
    package init(group address: IPv6Address) {
        self.init(rawValue: 0x3333_0000_0000 | address.low & 0xFFFF_FFFF)
    }
}

extension MACAddress: LosslessStringConvertible {
    /// Strict: six pairs of hexadecimal digits between colons.
    package init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 6 else { return nil }
        var value: UInt64 = 0
        for part in parts {
            guard part.utf8.count == 2, part.first != "+", part.first != "-", let byte = UInt8(part, radix: 16) else {
                return nil
            }
            value = value << 8 | UInt64(byte)
        }
        rawValue = value
    }

    package var description: String {
        bytes.map { $0 < 16 ? "0" + String($0, radix: 16) : String($0, radix: 16) }.joined(separator: ":")
    }
}

extension MACAddress: Codable, CodableAsText {}
