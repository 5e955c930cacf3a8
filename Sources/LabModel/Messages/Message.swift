/// Something that the runner says to a student: one case a message, its arguments typed, every language beside it.
///
/// The compiler holds the catalogue complete: a message without its Spanish does not build. Tests hold that no language
/// loses an argument.
package protocol Message: Sendable {
    var english: String { get }
    var spanish: String { get }
}

extension Message {
    package func text(in language: Language) -> String {
        switch language {
        case .english: english
        case .spanish: spanish
        }
    }
}

/// Numbers with their nouns.
package enum Plural {
    /// `1 check`, `3 checks`; English and Spanish have the same two forms, and both say `0 checks`.
    package static func count(_ number: Int, _ one: String, _ other: String) -> String {
        "\(number) \(form(number, one, other))"
    }

    package static func form(_ number: Int, _ one: String, _ other: String) -> String { number == 1 ? one : other }
}
