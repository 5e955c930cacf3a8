/// Makes text from files and networks safe to print: nothing in it can move the cursor, change colours, reverse the
/// direction of writing or hide.
package enum Visible {
    /// The text with every control, format and undecodable character replaced by something that can be seen.
    package static func text(_ text: some StringProtocol) -> String {
        guard text.unicodeScalars.contains(where: isHidden) else { return String(text) }
        var result = ""
        for scalar in text.unicodeScalars { result += glyph(scalar) }
        return result
    }

    /// How one scalar is printed. Tabs are the caller's business: here they become a picture.
    static func glyph(_ scalar: Unicode.Scalar) -> String {
        guard isHidden(scalar) else { return String(scalar) }
        switch scalar.value {
        case 0..<0x20: return picture(0x2400 + scalar.value)
        case 0x7F: return "\u{2421}"
        default:
            let hex = String(scalar.value, radix: 16, uppercase: true)
            return "<U+" + String(repeating: "0", count: max(0, 4 - hex.count)) + hex + ">"
        }
    }

    /// How many columns of a terminal a scalar takes as `glyph` prints it.
    static func width(_ scalar: Unicode.Scalar) -> Int {
        if scalar.value < 0x7F, scalar.value >= 0x20 { return 1 }
        if isHidden(scalar) { return scalar.value < 0x80 ? 1 : glyph(scalar).unicodeScalars.count }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark: return 0
        default: return isWide(scalar.value) ? 2 : 1
        }
    }

    /// How many columns of a terminal a text takes, printed by `text`.
    package static func columns(_ text: some StringProtocol) -> Int {
        text.unicodeScalars.reduce(0) { $0 + width($1) }
    }

    private static func picture(_ value: UInt32) -> String {
        Unicode.Scalar(value).map { String($0) } ?? "?"
    }

    private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.value >= 0x20, scalar.value < 0x7F { return false }
        switch scalar.properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: return true
        default: return scalar.properties.isDefaultIgnorableCodePoint
        }
    }

    /// East Asian Wide and emoji presentation (Unicode 15, UAX #11), as blocks.
    private static func isWide(_ value: UInt32) -> Bool {
        switch value {
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xA000...0xA4CF,
            0xA960...0xA97F, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6,
            0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1F9FF, 0x1FA70...0x1FAFF, 0x20000...0x3FFFD, 0x231A,
            0x231B, 0x23E9...0x23EC, 0x23F0, 0x23F3, 0x2705, 0x274C, 0x2728:
            true
        default: false
        }
    }
}
