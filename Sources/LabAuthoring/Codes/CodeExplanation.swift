/// What `lab explain CODE` says of one code of a diagnostic.
package struct CodeExplanation: Sendable, Hashable {
    /// Where the problem can be seen.
    package enum Example: Sendable, Hashable {
        /// A file of `Fixtures/Labs/broken`.
        case gallery(String)
        /// No lab file shows it; the test that does, by its name.
        case test(String)
    }

    /// Stable and dotted: `yaml.tab`.
    package let code: String
    /// A few words, without a full stop.
    package let title: String
    /// Whole sentences: what lint has found.
    package let meaning: String
    /// Whole sentences: what would happen if nobody minded.
    package let reason: String
    /// Whole sentences: what to write instead.
    package let advice: String
    package let example: Example

    /// - Parameter test: the test that shows the problem, for a code that no lab file can show; otherwise the gallery
    ///   has a file named after the code.
    package init(
        _ code: String, _ title: String, meaning: String, reason: String, advice: String, test: String? = nil
    ) {
        self.code = code
        self.title = title
        self.meaning = meaning
        self.reason = reason
        self.advice = advice
        example = test.map(Example.test) ?? .gallery(Self.fileName(code))
    }

    /// The part before the dot.
    package var family: String { String(code.prefix { $0 != "." }) }

    private static func fileName(_ code: String) -> String {
        code.split(separator: ".").joined(separator: "-") + ".yml"
    }
}
