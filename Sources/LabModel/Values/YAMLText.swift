/// Text written so that YAML reads the very same text back: plain where it may be, quoted where it must be.
package enum YAMLText {
    /// On one line: `week 2`, or `"a: b"` with every control character escaped.
    package static func scalar(_ text: String) -> String { isPlain(text) ? text : quoted(text) }

    /// Double-quoted: YAML's escapes are those of JSON and `\xNN` besides.
    package static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\t": result += "\\t"
            case "\r": result += "\\r"
            case _ where isPrintable(scalar): result.unicodeScalars.append(scalar)
            default:
                let hex = String(scalar.value, radix: 16, uppercase: true)
                let width = scalar.value < 0x100 ? 2 : scalar.value < 0x1_0000 ? 4 : 8
                result += width == 2 ? "\\x" : width == 4 ? "\\u" : "\\U"
                result += String(repeating: "0", count: width - hex.count) + hex
            }
        }
        return result + "\""
    }

    /// Whether every line may stand in a block as it is: nothing but printable characters, no line that only spaces
    /// tell from another.
    package static func isPlainBlock(_ text: String) -> Bool {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        return text.unicodeScalars.allSatisfy { $0 == "\n" || isPrintable($0) } && !text.hasSuffix("\n\n")
            && lines.allSatisfy { !$0.hasSuffix(" ") && !$0.hasPrefix("#") } && lines.first?.isEmpty == false
    }

    /// A safe part of what YAML allows plain in a block: words that no reader takes for anything but text.
    private static func isPlain(_ text: String) -> Bool {
        let others: Set = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"]
        guard let first = text.unicodeScalars.first, let last = text.unicodeScalars.last, text.utf8.count <= 400,
            first.properties.isAlphabetic || "/($¿¡".unicodeScalars.contains(first), last != ":", last != " ",
            !text.contains(": "), !text.contains(" #"), !others.contains(text.lowercased())
        else { return false }
        return text.unicodeScalars.allSatisfy { isPrintable($0) && !"{}[]\"".unicodeScalars.contains($0) }
    }

    /// YAML 1.2 §5.1, without what could hide on a screen.
    package static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x20...0x7E: true
        case 0xA0...0xD7FF, 0xE000...0xFFFD, 0x1_0000...0x10_FFFF:
            scalar.properties.generalCategory != .format && scalar.properties.generalCategory != .lineSeparator
                && scalar.properties.generalCategory != .paragraphSeparator
                && scalar.properties.generalCategory != .control && scalar.value != 0xFEFF
        default: false
        }
    }
}
