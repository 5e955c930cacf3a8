/// What a program showed on its terminal, as text: control sequences (ECMA-48) left out, line ends made plain.
package enum TerminalText {
    package static func plain(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        text.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            switch byte {
            case 0x1B: index = endOfEscape(in: bytes, at: index)
            case 0x0D: if index >= bytes.count || bytes[index] != 0x0A { text.append(0x0A) }
            case 0x09, 0x0A, 0x20...0x7E, 0x80...0xFF: text.append(byte)
            default: break
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The index after an escape sequence whose first byte after ESC is at `start`.
    private static func endOfEscape(in bytes: [UInt8], at start: Int) -> Int {
        guard start < bytes.count else { return start }
        switch bytes[start] {
        case UInt8(ascii: "["):
            var index = start + 1
            while index < bytes.count, !(0x40...0x7E).contains(bytes[index]) { index += 1 }
            return min(index + 1, bytes.count)
        case UInt8(ascii: "]"), UInt8(ascii: "P"):
            // Operating system commands and device strings end with BEL or ESC \.
            var index = start + 1
            while index < bytes.count {
                if bytes[index] == 0x07 { return index + 1 }
                if bytes[index] == 0x1B { return min(index + 2, bytes.count) }
                index += 1
            }
            return index
        case UInt8(ascii: "("), UInt8(ascii: ")"): return min(start + 2, bytes.count)
        default: return start + 1
        }
    }
}
