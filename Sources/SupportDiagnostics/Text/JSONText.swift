/// Writes JSON (RFC 8259) piece by piece, in the order in which it is told.
package struct JSONText: Sendable {
    package private(set) var text = ""
    private var needsComma = false

    package init() {}

    /// The text as a JSON string with its quotes. What could end a script element or move a terminal is escaped too.
    package static func quote(_ value: some StringProtocol) -> String {
        var result = "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F || isEscaped(scalar):
                result += escape(scalar)
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }

    package mutating func object(_ key: String? = nil, _ body: (inout JSONText) -> Void) {
        nest(key, "{", "}", body)
    }

    package mutating func array(_ key: String? = nil, _ body: (inout JSONText) -> Void) {
        nest(key, "[", "]", body)
    }

    package mutating func string(_ key: String? = nil, _ value: String) { raw(key, Self.quote(value)) }
    package mutating func integer(_ key: String? = nil, _ value: Int) { raw(key, String(value)) }
    package mutating func boolean(_ key: String? = nil, _ value: Bool) { raw(key, value ? "true" : "false") }

    private mutating func nest(_ key: String?, _ open: String, _ close: String, _ body: (inout JSONText) -> Void) {
        raw(key, open)
        needsComma = false
        body(&self)
        text += close
        needsComma = true
    }

    private mutating func raw(_ key: String?, _ value: String) {
        if needsComma { text += "," }
        if let key { text += Self.quote(key) + ":" }
        text += value
        needsComma = true
    }

    private static func isEscaped(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "<", ">", "\u{2028}", "\u{2029}": true
        default: scalar.properties.generalCategory == .format || scalar.properties.generalCategory == .control
        }
    }

    private static func escape(_ scalar: Unicode.Scalar) -> String {
        var result = ""
        for unit in String(scalar).utf16 {
            let hex = String(unit, radix: 16)
            result += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
        }
        return result
    }
}
