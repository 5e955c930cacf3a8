import Glibc

/// Addresses as text, and back.
package enum AddressText {
    /// Four decimal parts, as RFC 6943 §3.1.1 calls strict.
    package static func ipv4(_ text: some StringProtocol) -> UInt32? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var value: UInt32 = 0
        for part in parts {
            guard (1...3).contains(part.utf8.count), part.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }),
                let byte = UInt8(part)
            else { return nil }
            value = value << 8 | UInt32(byte)
        }
        return value
    }

    package static func ipv6(_ text: some StringProtocol) -> (UInt64, UInt64)? {
        guard text.utf8.count <= 45, text.utf8.contains(UInt8(ascii: ":")), !text.utf8.contains(0) else { return nil }
        var address = in6_addr()
        guard inet_pton(AF_INET6, String(text), &address) == 1 else { return nil }
        return withUnsafeBytes(of: &address) { bytes in
            var high: UInt64 = 0
            var low: UInt64 = 0
            for index in 0..<8 {
                high = high << 8 | UInt64(bytes[index])
                low = low << 8 | UInt64(bytes[index + 8])
            }
            return (high, low)
        }
    }

    package static func text(ipv4 value: UInt32) -> String {
        "\(value >> 24).\(value >> 16 & 0xFF).\(value >> 8 & 0xFF).\(value & 0xFF)"
    }

    /// RFC 5952.
    package static func text(ipv6 high: UInt64, _ low: UInt64) -> String {
        var bytes = [UInt8](repeating: 0, count: 16)
        for index in 0..<8 {
            bytes[index] = UInt8(truncatingIfNeeded: high >> UInt64(56 - 8 * index))
            bytes[index + 8] = UInt8(truncatingIfNeeded: low >> UInt64(56 - 8 * index))
        }
        var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN) + 1)
        guard inet_ntop(AF_INET6, bytes, &text, socklen_t(INET6_ADDRSTRLEN)) != nil else { return "::" }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    package static func text(ether value: UInt64) -> String {
        HexText.text((0..<6).map { UInt8(truncatingIfNeeded: value >> UInt64(40 - 8 * $0)) })
    }
}

/// Bytes as hexadecimal digits, and back.
package enum HexText {
    /// With colons: `16:03:01`.
    package static func text(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { byte in
            let hex = String(byte, radix: 16)
            return byte < 16 ? "0" + hex : hex
        }.joined(separator: ":")
    }

    /// `16:03:01`, `16-03-01`, `16.03.01`, `160301`, `1603.01`, `0x16`, `5`; nil for anything else.
    package static func bytes(_ text: some StringProtocol) -> [UInt8]? {
        let isNumber = text.hasPrefix("0x") || text.hasPrefix("0X")
        let digits = isNumber ? text.dropFirst(2) : text[...]
        guard !digits.isEmpty, !isNumber || digits.utf8.count <= 2 else { return nil }
        var result: [UInt8] = []
        var separator: Character?
        for character in digits where !character.isHexDigit || !character.isASCII {
            guard character == ":" || character == "-" || character == ".", separator ?? character == character else {
                return nil
            }
            separator = character
        }
        for part in separator.map({ digits.split(separator: $0, omittingEmptySubsequences: false) }) ?? [digits] {
            if part.count == 1, separator == nil, let byte = UInt8(part, radix: 16) {
                result.append(byte)
                continue
            }
            guard !part.isEmpty, part.count.isMultiple(of: 2) else { return nil }
            var rest = part
            while !rest.isEmpty {
                guard let byte = UInt8(rest.prefix(2), radix: 16) else { return nil }
                result.append(byte)
                rest = rest.dropFirst(2)
            }
        }
        return result
    }
}
