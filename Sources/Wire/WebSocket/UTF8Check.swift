/// Whether octets that come in pieces are UTF-8 (RFC 3629): no overlong forms, no surrogates, nothing above U+10FFFF.
struct UTF8Check {
    /// Continuation octets that are still to come.
    private var left = 0
    private var lower: UInt8 = 0x80
    private var upper: UInt8 = 0xBF
    private var isBroken = false

    /// Valid so far, and at the end of a character.
    var isWhole: Bool { !isBroken && left == 0 }

    mutating func read(_ octets: UnsafeRawBufferPointer) {
        guard !isBroken else { return }
        var index = 0
        while index < octets.count {
            // Most text is ASCII, eight octets at a time.
            if left == 0 {
                while index + 8 <= octets.count,
                    octets.loadUnaligned(fromByteOffset: index, as: UInt64.self) & 0x8080_8080_8080_8080 == 0
                {
                    index += 8
                }
                guard index < octets.count else { return }
            }
            guard read(octets[index]) else {
                isBroken = true
                return
            }
            index += 1
        }
    }

    private mutating func read(_ octet: UInt8) -> Bool {
        if left > 0 {
            guard octet >= lower, octet <= upper else { return false }
            (lower, upper) = (0x80, 0xBF)
            left -= 1
            return true
        }
        switch octet {
        case 0x00...0x7F: return true
        case 0xC2...0xDF: left = 1
        case 0xE0...0xEF:
            left = 2
            if octet == 0xE0 { lower = 0xA0 }
            if octet == 0xED { upper = 0x9F }
        case 0xF0...0xF4:
            left = 3
            if octet == 0xF0 { lower = 0x90 }
            if octet == 0xF4 { upper = 0x8F }
        default: return false
        }
        return true
    }
}
