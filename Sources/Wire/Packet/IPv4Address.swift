/// An IPv4 address (RFC 791), held in host byte order: 192.0.2.1 is 0xC000_0201.
package struct IPv4Address: Hashable, Sendable {
    package var rawValue: UInt32

    package init(rawValue: UInt32) { self.rawValue = rawValue }

    package init(_ a: UInt8, _ b: UInt8, _ c: UInt8, _ d: UInt8) {
        rawValue = UInt32(a) << 24 | UInt32(b) << 16 | UInt32(c) << 8 | UInt32(d)
    }

    package static let any = IPv4Address(rawValue: 0)
    package static let broadcast = IPv4Address(rawValue: 0xFFFF_FFFF)
    package static let loopback = IPv4Address(127, 0, 0, 1)

    /// The four bytes in network order.
    package var bytes: [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: rawValue >> (24 - 8 * UInt32($0))) } }

    package var isMulticast: Bool { rawValue >> 28 == 0xE }
    package var isLoopback: Bool { rawValue >> 24 == 127 }
    package var isUnspecified: Bool { rawValue == 0 }

    /// Whether the address may stand as the source of a packet that somebody answers (RFC 1122 §3.2.1.3).
    package var isUnicast: Bool { !isMulticast && rawValue != 0 && rawValue >> 28 != 0xF }

    /// The name under which its PTR record stands (RFC 1035 §3.5), without a trailing dot.
    package var reverseName: String {
        bytes.reversed().map { String($0) }.joined(separator: ".") + ".in-addr.arpa"
    }
}

extension IPv4Address: LosslessStringConvertible {
    /// Strict: four decimal numbers, no leading zero (which some readers take for octal), nothing around them.
    package init?(_ text: String) {
        self.init(utf8: Array(text.utf8)[...])
    }

    init?(utf8 text: ArraySlice<UInt8>) {
        var value: UInt32 = 0
        var rest = text
        for index in 0..<4 {
            if index > 0 {
                guard rest.first == UInt8(ascii: ".") else { return nil }
                rest = rest.dropFirst()
            }
            let part = rest.prefix { $0 != UInt8(ascii: ".") }
            guard let octet = decimal(part, maximum: 255) else { return nil }
            value = value << 8 | UInt32(octet)
            rest = rest.dropFirst(part.count)
        }
        guard rest.isEmpty else { return nil }
        rawValue = value
    }

    package var description: String {
        String(unsafeUninitializedCapacity: 15) { text in
            var count = 0
            for shift in [UInt32(24), 16, 8, 0] {
                let byte = UInt8(truncatingIfNeeded: rawValue >> shift)
                if byte >= 100 {
                    text[count] = UInt8(ascii: "0") + byte / 100
                    count += 1
                }
                if byte >= 10 {
                    text[count] = UInt8(ascii: "0") + byte / 10 % 10
                    count += 1
                }
                text[count] = UInt8(ascii: "0") + byte % 10
                count += 1
                if shift > 0 {
                    text[count] = UInt8(ascii: ".")
                    count += 1
                }
            }
            return count
        }
    }
}

extension IPv4Address: Comparable {
    package static func < (left: IPv4Address, right: IPv4Address) -> Bool { left.rawValue < right.rawValue }
}

extension IPv4Address: Codable, CodableAsText {}

/// A decimal number without sign or leading zero, or nil.
func decimal(_ text: ArraySlice<UInt8>, maximum: Int) -> Int? {
    guard !text.isEmpty, text.count <= 5 else { return nil }
    if text.count > 1, text.first == UInt8(ascii: "0") { return nil }
    var value = 0
    for byte in text {
        guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
        value = value * 10 + Int(byte - UInt8(ascii: "0"))
    }
    return value <= maximum ? value : nil
}
