import SupportCrypto

/// What a question wants for an answer, and how an answer is read. Pure: what a student typed gives the same reading on
/// the terminal, in a file of answers and when a run is judged again.
package struct AnswerForm: Sendable, Hashable {
    package enum Kind: String, Sendable, Hashable, CaseIterable {
        case text
        case number
        /// One of the options.
        case choice
        /// Any of the options, at least one.
        case choices
        /// A text of which only the digest is kept.
        case secret
    }

    package var kind: Kind
    /// The unit of a number; empty for one without.
    package var unit: String
    /// What can be chosen, as the lab writes it.
    package var options: [String]

    package init(kind: Kind, unit: String = "", options: [String] = []) {
        self.kind = kind
        self.unit = unit
        self.options = options
    }

    /// From the plan of an `ask` step; what it does not say is a text.
    package init(plan: [String: Value]) {
        kind = plan["type"]?.string.flatMap(Kind.init(rawValue:)) ?? .text
        unit = plan["unit"]?.string ?? ""
        options = plan["options"]?.list?.map(\.text) ?? []
    }

    package var takesSeveral: Bool { kind == .choices }

    /// The longest answer that is taken, in bytes: what a terminal gives as one line.
    package static let longest = 4096

    /// Reads an answer. One that is not what was asked for is an answer all the same: it has a text and nothing else.
    package func read(_ given: GivenAnswer) -> AnswerReading {
        var reading = AnswerReading(text: given.text)
        switch kind {
        case .text, .secret: reading.isUnderstood = !given.text.isEmpty
        case .number:
            guard let number = AnswerNumber(given.text, unit: unit) else { break }
            reading.number = number.value
            reading.duration = number.nanoseconds
            reading.isUnderstood = true
        case .choice:
            guard let place = place(of: given.text) else { break }
            reading.choices = [place]
            reading.isUnderstood = true
        case .choices:
            // One text may name several; an option that holds a comma itself is tried whole first.
            let parts = given.parts.flatMap { part in
                place(of: part) != nil ? [part] : part.split { ",;".contains($0) }.map { GivenAnswer.plain(String($0)) }
            }
            let places = parts.map { place(of: $0) }
            guard !places.isEmpty, !places.contains(nil) else { break }
            reading.choices = Set(places.compactMap { $0 }).sorted()
            reading.isUnderstood = true
        }
        return reading
    }

    /// The number of an option, from 1, by its number or its words in any case.
    private func place(of text: String) -> Int? {
        if let index = options.firstIndex(where: { GivenAnswer.plain($0) == text }) { return index + 1 }
        if let index = options.firstIndex(where: { GivenAnswer.plain($0).lowercased() == text.lowercased() }) {
            return index + 1
        }
        guard let number = Int(text), options.indices.contains(number - 1) else { return nil }
        return number
    }

    /// The words of options by their numbers.
    package func words(_ choices: [Int]) -> [String] {
        choices.filter { options.indices.contains($0 - 1) }.map { options[$0 - 1] }
    }
}

/// An answer as it was given: one text, or several.
package struct GivenAnswer: Sendable, Hashable, Codable {
    /// Each without blanks at its ends, runs of blanks within as one.
    package let parts: [String]

    package init(_ parts: [String]) { self.parts = parts.map(Self.plain).filter { !$0.isEmpty } }

    package init(_ text: String) { self.init([text]) }

    package init(from decoder: any Decoder) throws {
        self.init(try decoder.singleValueContainer().decode([String].self))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(parts)
    }

    package var isEmpty: Bool { parts.isEmpty }
    package var text: String { parts.joined(separator: ", ") }

    /// SHA-256 of the text: what is kept of a secret.
    package var sha256: [UInt8] { DigestAlgorithm.sha256.digest(of: Array(text.utf8)) }

    static func plain(_ text: String) -> String {
        text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
}

/// What an answer says.
package struct AnswerReading: Sendable, Hashable {
    package var text: String
    /// In the unit that was asked for.
    package var number: Double?
    /// Nanoseconds, where the unit is one of time.
    package var duration: Int64?
    /// Numbers of options, from 1, rising.
    package var choices: [Int] = []
    /// Whether it is what was asked for: a number, an option.
    package var isUnderstood = false

    package init(text: String) { self.text = text }
}
