import SupportDiagnostics

/// A place in the program that waits for the values of references.
struct Binding: Sendable, Hashable {
    enum Part: Sendable, Hashable {
        case value(FieldValue)
        case reference(String, SourceSpan)
    }

    /// Which constants of the program are filled.
    let constants: Int
    let type: FieldType
    let bits: Int
    let part: Kind
    /// Text is sought among bytes.
    var isSearched = false

    enum Kind: Sendable, Hashable {
        /// Each value of the reference is one constant.
        case each(String, SourceSpan)
        /// `[r1, $middle, www]`: one list.
        case list([Part])
        /// `{80, $port}`: literals with the references among them.
        case set([Matcher], [(name: String, span: SourceSpan)])

        static func == (left: Kind, right: Kind) -> Bool { left.names == right.names }
        func hash(into hasher: inout Hasher) { hasher.combine(names) }

        var names: [String] {
            switch self {
            case .each(let name, _): [name]
            case .list(let parts): parts.compactMap { if case .reference(let name, _) = $0 { name } else { nil } }
            case .set(_, let references): references.map(\.name)
            }
        }
    }

    var names: [String] { part.names }

    func matchers(_ references: [String: [FieldValue]]) throws(ReferenceProblem) -> [Matcher] {
        switch part {
        case .each(let name, let span):
            return try Self.matchers(
                Self.values(name, span, references), name, span, type, bits, isSearched: isSearched)
        case .list(let parts):
            var items: [FieldValue] = []
            for part in parts {
                switch part {
                case .value(let value): items.append(value)
                case .reference(let name, let span): items += try Self.values(name, span, references)
                }
            }
            return [.value(.list(items))]
        case .set(let literals, let names):
            var result = literals
            for (name, span) in names {
                result += try Self.matchers(Self.values(name, span, references), name, span, type, bits)
            }
            return result
        }
    }

    /// A reference without values would let every negation hold: `not in $column` must not pass because the column is
    /// empty.
    private static func values(
        _ name: String, _ span: SourceSpan, _ references: [String: [FieldValue]]
    ) throws(ReferenceProblem) -> [FieldValue] {
        guard let values = references[name] else { throw ReferenceProblem(name, span, .unknown) }
        let isEmpty = values.allSatisfy { if case .list(let items) = $0 { items.isEmpty } else { false } }
        guard !isEmpty else { throw ReferenceProblem(name, span, .empty) }
        return values
    }

    /// The values as constants of a type; a list is compared as a whole.
    static func matchers(
        _ values: [FieldValue], _ name: String, _ span: SourceSpan, _ type: FieldType, _ bits: Int,
        isSearched: Bool = false
    ) throws(ReferenceProblem) -> [Matcher] {
        if type == .list {
            if values.count == 1, case .list = values[0] { return [.value(values[0])] }
            return values.isEmpty ? [] : [.value(.list(values))]
        }
        var result: [Matcher] = []
        for value in values {
            // A column may have lists in its rows: what they hold is what is meant.
            if case .list(let items) = value {
                result += try matchers(items, name, span, type, bits, isSearched: isSearched)
            } else if isSearched, type == .bytes, case .string(let text) = value {
                result.append(.value(.bytes(Array(text.utf8))))
            } else if case .string(let text) = value, type != .string,
                let matcher = try? Literal.matcher(text, as: type, bits: bits)
            {
                result.append(matcher)
            } else if let converted = value.converted(to: type, bits: bits) {
                result.append(.value(converted))
            } else {
                throw ReferenceProblem(name, span, .conversion(value, type))
            }
        }
        return result
    }
}

/// A `$name` whose value does not fit the question.
package struct ReferenceProblem: Error, Sendable, Hashable {
    package enum Reason: Sendable, Hashable {
        /// Nothing of that name was given to the evaluation.
        case unknown
        case conversion(FieldValue, FieldType)
        /// It has no values at all: what was to give them recorded none.
        case empty
    }

    package let name: String
    package let span: SourceSpan
    package let reason: Reason

    init(_ name: String, _ span: SourceSpan, _ reason: Reason) {
        self.name = name
        self.span = span
        self.reason = reason
    }

    package var diagnostic: Diagnostic {
        switch reason {
        case .unknown: Diagnostic("question.no-value", "`$\(name)` has no value yet", at: span)
        case .empty: Diagnostic("question.no-value", "`$\(name)` is empty: nothing was recorded there", at: span)
        case .conversion(let value, let type):
            Diagnostic(
                "question.reference-type", "`$\(name)` is `\(value.text)`, expected \(type.described)", at: span)
        }
    }
}
