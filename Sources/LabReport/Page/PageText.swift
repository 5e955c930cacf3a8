import SupportDiagnostics

/// Text on its way into a page.
package enum PageText {
    /// The longest text a page shows in one place; the JSON report and the evidence have the rest.
    static let longest = 8000

    /// One line of text that templates may insert with double braces: nothing hidden in it, and no character that means
    /// something to HTML is joined with its neighbours. The template engine escapes whole grapheme clusters, and a quote
    /// with a combining mark on it would be none that it knows, yet still be a quote to the browser.
    static func safe(_ text: String) -> String {
        let visible = Visible.text(clipped(text))
        guard visible.contains(where: joinsMarkup) else { return visible }
        var result = ""
        for character in visible {
            if joinsMarkup(character) {
                result += character.unicodeScalars.map { String($0) }.joined(separator: "\u{25CC}")
            } else {
                result.append(character)
            }
        }
        return result
    }

    /// Text of several lines, each made safe; to be shown with its line breaks.
    static func safeLines(_ text: String) -> String {
        clipped(text).split(separator: "\n", omittingEmptySubsequences: false).map { safe(String($0)) }
            .joined(separator: "\n")
    }

    /// As `safe`, and escaped, for HTML that is built by hand.
    package static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in safe(text).unicodeScalars {
            switch scalar {
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "&": result += "&amp;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// One line as HTML, escaped, with what stands between backticks as code.
    static func prose(_ text: String) -> String {
        let parts = text.split(separator: "`", omittingEmptySubsequences: false)
        // Without a partner a backtick is a backtick.
        guard parts.count % 2 == 1 else { return escaped(text) }
        return parts.enumerated().map { index, part in
            index % 2 == 0 || part.isEmpty ? escaped(String(part)) : "<code>\(escaped(String(part)))</code>"
        }.joined()
    }

    /// A relative link with every byte encoded that means something in a URL (RFC 3986 §2.3), or nil for a path that
    /// leaves its folder.
    static func link(_ path: String, base: String) -> String? {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard !path.isEmpty, !parts.contains(".."), !parts.contains("") else { return nil }
        return encoded(base) + encoded(path)
    }

    private static func encoded(_ path: String) -> String {
        var result = ""
        for byte in path.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"), UInt8(ascii: "/"):
                result.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                let hex = String(byte, radix: 16, uppercase: true)
                result += "%" + (hex.count < 2 ? "0" : "") + hex
            }
        }
        return result
    }

    private static func joinsMarkup(_ character: Character) -> Bool {
        let scalars = character.unicodeScalars
        return scalars.count > 1 && scalars.contains { "<>&\"'".unicodeScalars.contains($0) }
    }

    private static func clipped(_ text: String) -> String {
        let scalars = text.unicodeScalars
        guard let end = scalars.index(scalars.startIndex, offsetBy: longest, limitedBy: scalars.endIndex),
            end < scalars.endIndex
        else { return text }
        return String(scalars[..<end]) + "… (cut; the JSON report has all of it)"
    }
}
