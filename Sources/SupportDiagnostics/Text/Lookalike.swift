/// Characters that look like others and are not: word processors, web pages and chat programs put them in.
package enum Lookalike {
    package enum Kind: Sendable, Hashable {
        case space
        case quote
        /// `≤`, `≠` and the like.
        case relation
    }

    package struct Found: Sendable, Hashable {
        package let kind: Kind
        /// In bytes.
        package let range: Range<Int>
        /// What was meant, in ASCII.
        package let replacement: String
        package let scalar: Unicode.Scalar
    }

    /// The first one of these kinds in a range of UTF-8.
    package static func first(of kinds: [Kind], in bytes: [UInt8], _ range: Range<Int>) -> Found? {
        let end = min(range.upperBound, bytes.count)
        guard range.lowerBound < end, var index = bytes[range.lowerBound..<end].firstIndex(where: { $0 >= 0x80 }) else {
            return nil
        }
        while index < end {
            guard bytes[index] >= 0x80 else {
                index += 1
                continue
            }
            guard let (scalar, length) = UTF8Reading.scalar(in: bytes[...], at: index) else {
                index += 1
                continue
            }
            if let (kind, replacement) = meaning(of: scalar), kinds.contains(kind) {
                return Found(kind: kind, range: index..<(index + length), replacement: replacement, scalar: scalar)
            }
            index += length
        }
        return nil
    }

    /// The text inside typographic quotes, where a text begins and ends with them.
    package static func unquoted(_ text: String) -> String? {
        guard text.unicodeScalars.count >= 2, let first = text.unicodeScalars.first,
            let last = text.unicodeScalars.last, meaning(of: first)?.kind == .quote, meaning(of: last)?.kind == .quote
        else { return nil }
        return String(text.unicodeScalars.dropFirst().dropLast())
    }

    private static func meaning(of scalar: Unicode.Scalar) -> (kind: Kind, replacement: String)? {
        switch scalar.value {
        case 0x00A0, 0x2000...0x200A, 0x202F, 0x205F, 0x3000: (.space, " ")
        case 0x200B, 0x2060, 0xFEFF: (.space, "")
        case 0x201C, 0x201D, 0x201E, 0x201F, 0x00AB, 0x00BB: (.quote, "\"")
        case 0x2018, 0x2019, 0x201A, 0x201B, 0x2039, 0x203A: (.quote, "'")
        case 0x2264: (.relation, "<=")
        case 0x2265: (.relation, ">=")
        case 0x2260: (.relation, "!=")
        case 0xFF1D: (.relation, "==")
        default: nil
        }
    }
}

extension Diagnostic {
    /// A space that is none, at its place.
    package static func noBreakSpace(_ found: Lookalike.Found, at span: SourceSpan) -> Diagnostic {
        let number = String(found.scalar.value, radix: 16, uppercase: true)
        let name = "U+" + String(repeating: "0", count: max(0, 4 - number.count)) + number
        return Diagnostic(
            "text.no-break-space", "this looks like a space and is none: it is the character \(name)", at: span,
            label: found.replacement.isEmpty ? "remove it" : "write an ordinary space",
            help: ["word processors and web pages put it there; `lab lint --fix` replaces it"],
            fix: .init(replace: span, with: found.replacement))
    }

    /// Typographic quotes around `inner`, where `span` has the quotes too; nil for one that nothing closes.
    package static func smartQuote(_ inner: String?, at span: SourceSpan) -> Diagnostic {
        let plain = inner.flatMap { $0.contains("\"") || $0.contains("\\") ? nil : "\"\($0)\"" }
        return Diagnostic(
            "text.smart-quote", "typographic quotes are letters like others: they do not enclose a text", at: span,
            label: plain.map { "write `\($0)`" } ?? "", help: ["word processors make them out of plain quotes"],
            fix: plain.map { .init(replace: span, with: $0) })
    }
}
