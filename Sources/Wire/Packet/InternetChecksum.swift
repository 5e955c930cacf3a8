/// The one's complement sum of RFC 1071, which IPv4, ICMP, UDP and TCP share.
package struct InternetChecksum: Sendable {
    private var sum: UInt64 = 0
    /// Whether an odd number of bytes went in, so that the next one is the low half of a word.
    private var odd = false

    package init() {}

    package mutating func add(_ bytes: UnsafeRawBufferPointer) {
        var index = 0
        if odd, !bytes.isEmpty {
            sum &+= UInt64(bytes[0])
            odd = false
            index = 1
        }
        while index + 4 <= bytes.count {
            sum &+= UInt64(bytes.be32(index))
            index += 4
        }
        if index + 2 <= bytes.count {
            sum &+= UInt64(bytes.be16(index))
            index += 2
        }
        if index < bytes.count {
            sum &+= UInt64(bytes[index]) << 8
            odd = true
        }
    }

    package mutating func add(_ bytes: [UInt8]) { bytes.withUnsafeBytes { add($0) } }

    /// The pseudo-header that ties a transport checksum to its addresses (RFC 768, RFC 8200 §8.1).
    package mutating func addPseudoHeader(
        source: IPAddress, destination: IPAddress, protocol number: IPProtocol, length: Int
    ) {
        for address in [source, destination] {
            switch address {
            case .v4(let value): sum &+= UInt64(value.rawValue)
            case .v6(let value):
                for half in [value.high, value.low] { sum &+= half >> 32 &+ half & 0xFFFF_FFFF }
            }
        }
        sum &+= UInt64(number.rawValue) &+ UInt64(truncatingIfNeeded: length)
    }

    /// The value for the checksum field. Over bytes that hold a correct checksum it is 0.
    package var value: UInt16 {
        var folded = sum
        while folded >> 16 != 0 { folded = folded & 0xFFFF &+ folded >> 16 }
        return ~UInt16(truncatingIfNeeded: folded)
    }

    package static func of(_ bytes: UnsafeRawBufferPointer) -> UInt16 {
        var checksum = InternetChecksum()
        checksum.add(bytes)
        return checksum.value
    }

    package static func of(_ bytes: [UInt8]) -> UInt16 { bytes.withUnsafeBytes { of($0) } }

    /// A checksum after one 16-bit word under it changed (RFC 1624 equation 3).
    package static func updated(_ checksum: UInt16, from old: UInt16, to new: UInt16) -> UInt16 {
        var sum = UInt32(~checksum) &+ UInt32(~old) &+ UInt32(new)
        sum = sum & 0xFFFF &+ sum >> 16
        sum = sum & 0xFFFF &+ sum >> 16
        return ~UInt16(truncatingIfNeeded: sum)
    }
}
