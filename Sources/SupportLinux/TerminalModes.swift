import CLinux

/// What a program has switched on a terminal by its output: followed, so that just that can be switched off again.
///
/// Modes are DEC's private ones, `CSI ? Pm h` and `l` (ECMA-48, and xterm's control sequences).
package struct TerminalModes: Sendable {
    private enum Place {
        case text, escape, control
        /// Within `CSI ?`, with the numbers so far.
        case modes([Int])
    }

    private var place = Place.text
    private var modes: UInt8 = 0

    package init() {}

    /// Never 0, so that 0 can say something else.
    package var byte: UInt8 { modes | UInt8(LAB_MODE_NONE.rawValue) }

    /// What switches off all that is on.
    package var reset: [UInt8] {
        var text = [CChar](repeating: 0, count: 128)
        let length = lab_terminal_reset_text(Int32(modes), &text, Int32(text.count))
        return text.prefix(Int(length)).map { UInt8(bitPattern: $0) }
    }

    package mutating func follow(_ bytes: [UInt8]) { for byte in bytes { follow(byte) } }

    private mutating func follow(_ byte: UInt8) {
        switch place {
        case .text: if byte == 0x1B { place = .escape }
        case .escape:
            switch byte {
            case UInt8(ascii: "["): place = .control
            case UInt8(ascii: "="): set(LAB_MODE_KEYPAD, to: true)
            case UInt8(ascii: ">"): set(LAB_MODE_KEYPAD, to: false)
            case UInt8(ascii: "c"):
                modes = 0
                place = .text
            case 0x1B: break
            default: place = .text
            }
        case .control:
            switch byte {
            case UInt8(ascii: "?"): place = .modes([0])
            case UInt8(ascii: "m"): set(LAB_MODE_COLOUR, to: true)
            case 0x1B: place = .escape
            // Parameters and intermediate bytes come before the last one.
            case 0x20...0x3F: break
            default: place = .text
            }
        case .modes(var numbers):
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                let last = numbers.count - 1
                numbers[last] = min(99_999, numbers[last] * 10 + Int(byte - UInt8(ascii: "0")))
                place = .modes(numbers)
            case UInt8(ascii: ";") where numbers.count < 32: place = .modes(numbers + [0])
            case UInt8(ascii: "h"), UInt8(ascii: "l"):
                for number in numbers { set(number, to: byte == UInt8(ascii: "h")) }
                place = .text
            case 0x1B: place = .escape
            case 0x20...0x3F: break
            default: place = .text
            }
        }
    }

    private mutating func set(_ number: Int, to isOn: Bool) {
        switch number {
        case 1: set(LAB_MODE_CURSOR_KEYS, to: isOn)
        case 25: set(LAB_MODE_HIDDEN_CURSOR, to: !isOn)
        case 47, 1047, 1049: set(LAB_MODE_ALTERNATE_SCREEN, to: isOn)
        case 9, 1000, 1001, 1002, 1003, 1005, 1006, 1015: set(LAB_MODE_MOUSE, to: isOn)
        case 2004: set(LAB_MODE_BRACKETED_PASTE, to: isOn)
        default: break
        }
    }

    private mutating func set(_ mode: lab_terminal_modes, to isOn: Bool) {
        let bit = UInt8(mode.rawValue)
        modes = isOn ? modes | bit : modes & ~bit
        place = .text
    }
}
