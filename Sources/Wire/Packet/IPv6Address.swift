/// An IPv6 address (RFC 4291): the first and the last eight bytes, each in host byte order.
package struct IPv6Address: Hashable, Sendable {
    package var high: UInt64
    package var low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    package static let any = IPv6Address(high: 0, low: 0)
    package static let loopback = IPv6Address(high: 0, low: 1)
    package static let allNodes = IPv6Address(high: 0xFF02_0000_0000_0000, low: 1)
    package static let allRouters = IPv6Address(high: 0xFF02_0000_0000_0000, low: 2)

    /// The sixteen bytes in network order.
    package var bytes: [UInt8] { bigEndianBytes(high) + bigEndianBytes(low) }

    package var isMulticast: Bool { high >> 56 == 0xFF }
    package var isLinkLocal: Bool { high >> 54 == 0xFE80 >> 6 }
    package var isLoopback: Bool { self == .loopback }
    package var isUnspecified: Bool { high == 0 && low == 0 }
    package var isUnicast: Bool { !isMulticast && !isUnspecified }

    /// The group that neighbor solicitations for this address go to (RFC 4291 §2.7.1).
    package var solicitedNode: IPv6Address {
        IPv6Address(high: 0xFF02_0000_0000_0000, low: 0x0000_0001_FF00_0000 | low & 0xFF_FFFF)
    }

    /// The name under which its PTR record stands (RFC 3596 §2.5), without a trailing dot.
    package var reverseName: String {
        var labels: [String] = []
        for byte in bytes.reversed() {
            labels.append(String(byte & 15, radix: 16))
            labels.append(String(byte >> 4, radix: 16))
        }
        return labels.joined(separator: ".") + ".ip6.arpa"
    }

    private var groups: [UInt16] {
        (0..<8).map { index in
            UInt16(truncatingIfNeeded: (index < 4 ? high : low) >> (48 - 16 * UInt64(index & 3)))
        }
    }
}

extension IPv6Address: LosslessStringConvertible {
    /// Strict: the forms of RFC 4291 §2.2, no zone, no brackets, nothing around them.
    package init?(_ text: String) {
        var bytes = Array(text.utf8)[...]
        guard bytes.count <= 45, bytes.count >= 2 else { return nil }
        var tail: [UInt16] = []
        if bytes.contains(UInt8(ascii: ".")) {
            guard let colon = bytes.lastIndex(of: UInt8(ascii: ":")),
                let embedded = IPv4Address(utf8: bytes[(colon + 1)...])
            else { return nil }
            tail = [UInt16(embedded.rawValue >> 16), UInt16(embedded.rawValue & 0xFFFF)]
            let endsInGap = colon > bytes.startIndex && bytes[colon - 1] == UInt8(ascii: ":")
            bytes = endsInGap ? bytes[...colon] : bytes[..<colon]
        }
        guard let groups = IPv6Address.groups(of: bytes, room: 8 - tail.count) else { return nil }
        let all = groups + tail
        high = all[0..<4].reduce(0) { $0 << 16 | UInt64($1) }
        low = all[4..<8].reduce(0) { $0 << 16 | UInt64($1) }
    }

    /// The hexadecimal groups of `text` with `::` filled up to `room` groups, or nil.
    private static func groups(of text: ArraySlice<UInt8>, room: Int) -> [UInt16]? {
        let colon = UInt8(ascii: ":")
        var gap: Int?
        var index = text.startIndex
        while index + 1 < text.endIndex {
            if text[index] == colon, text[index + 1] == colon {
                guard gap == nil else { return nil }
                gap = index
                index += 1
            }
            index += 1
        }
        func parse(_ part: ArraySlice<UInt8>) -> [UInt16]? {
            if part.isEmpty { return [] }
            var result: [UInt16] = []
            for group in part.split(separator: colon, omittingEmptySubsequences: false) {
                guard (1...4).contains(group.count), let value = hexadecimal(group) else { return nil }
                result.append(value)
            }
            return result
        }
        guard let gap else {
            guard let groups = parse(text), groups.count == room else { return nil }
            return groups
        }
        guard let left = parse(text[..<gap]), let right = parse(text[(gap + 2)...]),
            left.count + right.count < room
        else { return nil }
        return left + Array(repeating: 0, count: room - left.count - right.count) + right
    }

    private static func hexadecimal(_ text: ArraySlice<UInt8>) -> UInt16? {
        var value: UInt16 = 0
        for byte in text {
            let digit: UInt8
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte - UInt8(ascii: "A") + 10
            default: return nil
            }
            value = value << 4 | UInt16(digit)
        }
        return value
    }

    /// The canonical text of RFC 5952: lower case, the longest run of zero groups (two or more, the first of equals) as
    /// `::`, and IPv4-mapped addresses with their dotted part.
    package var description: String {
        if high == 0, low >> 32 == 0xFFFF {
            return "::ffff:\(IPv4Address(rawValue: UInt32(truncatingIfNeeded: low)))"
        }
        let groups = self.groups
        var best = 0..<0
        var start = 0
        while start < 8 {
            var end = start
            while end < 8, groups[end] == 0 { end += 1 }
            if end - start > best.count, end - start >= 2 { best = start..<end }
            start = max(end, start + 1)
        }
        func text(_ range: Range<Int>) -> String {
            groups[range].map { String($0, radix: 16) }.joined(separator: ":")
        }
        return best.isEmpty ? text(0..<8) : text(0..<best.lowerBound) + "::" + text(best.upperBound..<8)
    }
}

extension IPv6Address: Comparable {
    package static func < (left: IPv6Address, right: IPv6Address) -> Bool {
        (left.high, left.low) < (right.high, right.low)
    }
}

extension IPv6Address: Codable, CodableAsText {}

func bigEndianBytes(_ value: UInt64) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: value >> (56 - 8 * UInt64($0))) }
}
