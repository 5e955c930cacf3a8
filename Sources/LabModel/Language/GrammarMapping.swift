/// One mapping of a lab's files with the keys that it may have.
///
/// Declared once: readers hold the keys that they ask for to it, `lab explain` and the documentation print it, and the
/// JSON Schema is made from it, so that none of them can know a key that the others do not.
package struct GrammarMapping: Sendable {
    /// `lab`, `step`, `check`: what shapes and schemas refer to it by.
    package let name: String
    /// What people read above it: `A check`.
    package let title: String
    /// What it is for: Markdown, whole sentences.
    package let summary: String
    package let keys: [GrammarKey]
    /// The mapping as a lab writes it, YAML; empty where a larger example shows it.
    package let example: String

    package init(_ name: String, _ title: String, _ summary: String, keys: [GrammarKey], example: String = "") {
        self.name = name
        self.title = title
        self.summary = summary
        self.keys = keys
        self.example = example
    }

    /// The keys' names, in order.
    package var names: [String] { keys.map(\.name) }
}

/// One key of a mapping.
package struct GrammarKey: Sendable {
    package let name: String
    package let shape: GrammarShape
    package let isRequired: Bool
    /// What holds where the key is left away, as a lab writes it; empty where nothing does.
    package let fallback: String
    /// One sentence or two, lower case, without a full stop.
    package let summary: String

    package init(
        _ name: String, _ shape: GrammarShape, required: Bool = false, default fallback: String = "", _ summary: String
    ) {
        self.name = name
        self.shape = shape
        self.isRequired = required
        self.fallback = fallback
        self.summary = summary
    }
}

/// What may stand under a key.
package indirect enum GrammarShape: Sendable {
    /// Text in which `$name` is put in.
    case text
    /// Text that is taken as it is.
    case word
    /// The id of a step, and the like: letters, digits, `-` and `_`, a letter first.
    case identifier
    /// A question, in the language of checks.
    case question
    /// This number and no other.
    case exactly(Int)
    case integer(ClosedRange<Int>)
    case number
    case boolean
    /// `50ms`, `2s`
    case duration
    case choice([String])
    /// Text, a number or a boolean.
    case scalar
    case ipv4
    case ipv6
    /// `198.51.100.0/24`
    case prefix
    case prefix6
    /// Another mapping, by its name.
    case mapping(String)
    case list(GrammarShape)
    /// A list, or one item without one.
    case oneOrMany(GrammarShape)
    /// Names of the author's own, each with such a value; `keys` is a regular expression that they all match.
    case named(GrammarShape, keys: String = "")
    /// A name that may stand without a value.
    case optional(GrammarShape)
    case either(GrammarShape, GrammarShape)
    /// Keys of which only the rest of the file says what they may be, such as fields of another step.
    case fields
    case anything

    /// The shape in words, as tables of keys show it.
    package var words: String {
        switch self {
        case .text: "text"
        case .word: "text"
        case .identifier: "a name"
        case .question: "a question"
        case .exactly(let number): "`\(number)`"
        case .integer(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .number: "a number"
        case .boolean: "`true` or `false`"
        case .duration: "a duration such as `50ms`"
        case .choice(let names): names.map { "`\($0)`" }.joined(separator: ", ")
        case .scalar: "text, a number or a boolean"
        case .ipv4: "an IPv4 address"
        case .ipv6: "an IPv6 address"
        case .prefix: "an IPv4 prefix such as `198.51.100.0/24`"
        case .prefix6: "an IPv6 prefix such as `2001:db8:1::/64`"
        case .mapping(let name): LabGrammar.mapping(name).map { "\($0.title.lowercasedFirst)" } ?? name
        case .list(let item): "a list, each item \(item.words)"
        case .oneOrMany(let item): "\(item.words), or a list of them"
        case .named(let value, _): "names, each with \(value.words)"
        case .optional(let value): "\(value.words), or nothing"
        case .fields: "keys as that step has them"
        case .anything: "what fits there"
        case .either(let one, let other): "\(one.words), or \(other.words)"
        }
    }
}

extension String {
    /// `a check` of `A check`.
    package var lowercasedFirst: String { prefix(1).lowercased() + dropFirst() }
}
