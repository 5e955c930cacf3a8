import SupportDiagnostics

/// Writes XML 1.0, indented, with every text escaped and no character that the format forbids.
struct XMLText {
    private(set) var text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    private var depth = 0

    mutating func element(_ name: String, _ attributes: [(String, String)] = [], _ body: (inout XMLText) -> Void) {
        line("<\(name)\(Self.attributes(attributes))>")
        depth += 1
        body(&self)
        depth -= 1
        line("</\(name)>")
    }

    mutating func leaf(_ name: String, _ content: String, _ attributes: [(String, String)] = []) {
        line("<\(name)\(Self.attributes(attributes))>\(Self.escaped(content))</\(name)>")
    }

    mutating func properties(_ properties: [(String, String)]) {
        element("properties") { xml in
            for (name, value) in properties {
                xml.line("<property\(Self.attributes([("name", name), ("value", value)]))/>")
            }
        }
    }

    private mutating func line(_ content: String) {
        text += String(repeating: "  ", count: depth) + content + "\n"
    }

    private static func attributes(_ attributes: [(String, String)]) -> String {
        attributes.map { " \($0.0)=\"\(escaped($0.1, isAttribute: true))\"" }.joined()
    }

    /// A bound on any one text: Jenkins cuts at 100,000 characters, GitLab refuses files over 30 MB.
    private static let longest = 100_000

    static func escaped(_ content: String, isAttribute: Bool = false) -> String {
        var result = ""
        var count = 0
        for scalar in content.unicodeScalars {
            count += 1
            if count > longest {
                result += "…"
                break
            }
            switch scalar {
            case "<": result += "&lt;"
            // Always, so that `]]>` never stands in a text.
            case ">": result += "&gt;"
            case "&": result += "&amp;"
            case "\"": result += "&quot;"
            case "\n" where !isAttribute, "\t" where !isAttribute: result.unicodeScalars.append(scalar)
            // A reader would turn a bare line break in an attribute into a blank.
            case "\n": result += "&#10;"
            case "\t": result += "&#9;"
            default: result.unicodeScalars.append(contentsOf: visible(scalar))
            }
        }
        return result
    }

    /// What XML 1.0 §2.2 forbids, and what moves terminals or reverses writing where a log is read, as something seen.
    private static func visible(_ scalar: Unicode.Scalar) -> String.UnicodeScalarView {
        switch scalar.value {
        case 0..<0x20: Unicode.Scalar(0x2400 + scalar.value).map { String($0).unicodeScalars } ?? "?".unicodeScalars
        case 0x7F: "␡".unicodeScalars
        case 0xFFFE, 0xFFFF: "\u{FFFD}".unicodeScalars
        default: Visible.text(String(scalar)).unicodeScalars
        }
    }
}
