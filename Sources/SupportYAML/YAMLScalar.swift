import SupportDiagnostics

/// A text in a YAML document, and how it was written, because that decides what it may mean.
package struct YAMLScalar: Sendable, Hashable {
    package enum Style: String, Sendable, Hashable {
        case plain, singleQuoted, doubleQuoted, literal, folded
    }

    /// The text with the place of each of its bytes.
    package let source: SourceText
    package let style: Style
    /// A comment that ends the line of a plain text. A ` #` that was meant as part of the text looks like this.
    package var comment: SourceSpan? { commentRange.map { source.file.span(Int($0.lowerBound)..<Int($0.upperBound)) } }
    /// Small, because a document has many scalars and few comments.
    private let commentRange: Range<UInt32>?

    package init(_ source: SourceText, style: Style, comment: SourceSpan? = nil) {
        self.source = source
        self.style = style
        commentRange = comment.map { UInt32(clamping: $0.range.lowerBound)..<UInt32(clamping: $0.range.upperBound) }
    }

    package var text: String { source.text }
    package var span: SourceSpan { source.span }

    package var isNull: Bool {
        style == .plain && ["", "~", "null", "Null", "NULL"].contains(text)
    }

    /// What a plain scalar is in YAML 1.1 and what readers may take it for. Quoted and block scalars are always text.
    package enum Look: Sendable, Hashable {
        case null, text, integer, float
        case boolean(Bool)
        /// `yes`, `no`, `on`, `off`, `y`, `n`: booleans to YAML 1.1, text to YAML 1.2.
        case doubtfulBoolean(Bool)
        /// `010` is 8 to YAML 1.1 and 10 to most people.
        case octal
        /// `22:22` is 1342 to YAML 1.1.
        case sexagesimal
        /// `1e3` and the like: a float to some readers, text to others.
        case exponent
    }

    package var look: Look {
        guard style == .plain else { return .text }
        if isNull { return .null }
        switch text.lowercased() {
        case "true": return .boolean(true)
        case "false": return .boolean(false)
        case "yes", "on", "y": return .doubtfulBoolean(true)
        case "no", "off", "n": return .doubtfulBoolean(false)
        default: return numericLook
        }
    }

    private var numericLook: Look {
        var digits = Substring(text)
        if digits.first == "-" || digits.first == "+" { digits = digits.dropFirst() }
        guard let first = digits.first, first.isASCII, first.isNumber || first == "." else { return .text }
        let isDigit: (Character) -> Bool = { $0.isASCII && $0.isNumber }
        if digits.allSatisfy(isDigit) { return first == "0" && digits.count > 1 ? .octal : .integer }
        if digits.hasPrefix("0x"), digits.count > 2, digits.dropFirst(2).allSatisfy(\.isHexDigit) { return .integer }
        if digits.hasPrefix("0o"), digits.count > 2, digits.dropFirst(2).allSatisfy(isDigit) { return .octal }
        let parts = digits.split(separator: ":", omittingEmptySubsequences: false)
        if parts.count > 1, parts.allSatisfy({ !$0.isEmpty && $0.allSatisfy(isDigit) }) { return .sexagesimal }
        let mantissa = digits.prefix { $0 != "e" && $0 != "E" }
        let points = mantissa.filter { $0 == "." }.count
        guard points <= 1, mantissa.contains(where: isDigit), mantissa.allSatisfy({ isDigit($0) || $0 == "." }) else {
            return .text
        }
        if mantissa.count == digits.count { return .float }
        let exponent = digits.dropFirst(mantissa.count + 1).drop { $0 == "+" || $0 == "-" }
        return !exponent.isEmpty && exponent.allSatisfy(isDigit) ? .exponent : .text
    }

    var described: String {
        if isNull { return "nothing" }
        let shown = text.count > 40 ? text.prefix(39) + "…" : text[...]
        switch look {
        case .integer, .octal: return "the number `\(shown)`"
        case .float, .exponent: return "the number `\(shown)`"
        case .boolean: return "`\(shown)`"
        default: return text.isEmpty ? "empty text" : "the text `\(shown)`"
        }
    }
}
