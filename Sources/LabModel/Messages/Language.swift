/// A language that the runner itself speaks. English, in the code, is the source of all others.
package enum Language: String, Sendable, Hashable, CaseIterable {
    case english = "en"
    case spanish = "es"

    /// The language of a tag such as `es`, `es-MX` or `es_ES.UTF-8`; nil where the runner does not speak it.
    package init?(tag: String) {
        guard let tag = LanguageTag(tag) else { return nil }
        self.init(rawValue: String(tag.text.prefix { $0 != "-" }))
    }

    /// What is shown to whoever asked for the tag.
    package static func shown(for tag: String) -> Language { Language(tag: tag) ?? .english }

    /// What stands between a whole number and its decimals.
    package var decimalMark: String {
        switch self {
        case .english: "."
        case .spanish: ","
        }
    }
}

/// The name of a language as it is chosen, recorded and put in file names: `es`, `pt-BR` (BCP 47, language and region).
package struct LanguageTag: Sendable, Hashable {
    package let text: String

    package static let english = LanguageTag(checked: "en")

    private init(checked text: String) { self.text = text }

    /// Reads a tag or the name of a locale, `es_ES.UTF-8`. Nil for what is neither, and for `C` and `POSIX`, which say
    /// nothing about a language.
    package init?(_ name: String) {
        let plain = name.prefix { $0 != "." && $0 != "@" }
        let parts = plain.split(whereSeparator: { $0 == "-" || $0 == "_" })
        let isLanguage = parts.first.map { (2...3).contains($0.utf8.count) && $0.utf8.allSatisfy(Self.isLetter) }
        guard isLanguage == true, parts.count <= 2 else { return nil }
        var text = parts[0].lowercased()
        if parts.count == 2 {
            guard (2...4).contains(parts[1].utf8.count),
                parts[1].utf8.allSatisfy({ Self.isLetter($0) || (0x30...0x39).contains($0) })
            else { return nil }
            text += "-" + (parts[1].utf8.count == 4 ? parts[1].lowercased() : parts[1].uppercased())
        }
        self.text = text
    }

    /// The language without its region.
    package var language: String { String(text.prefix { $0 != "-" }) }

    /// The first that says something: what was typed, `LAB_LANG`, and then the locale as POSIX orders its variables.
    ///
    /// - Returns: nil where none of them does.
    package static func chosen(option: String?, environment: [String: String]) -> LanguageTag? {
        if let option { return LanguageTag(option) }
        for name in ["LAB_LANG", "LC_ALL", "LC_MESSAGES", "LANG"] {
            if let value = environment[name], !value.isEmpty { return LanguageTag(value) }
        }
        return nil
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) }
}
