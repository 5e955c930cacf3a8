/// Text of a lab in which `$name` stands for a variable, a step's result or a fact of the world.
package struct Template: Sendable, Hashable {
    package enum Segment: Sendable, Hashable {
        case literal(String)
        /// The name without its `$`: `port`, `mitm.ca.sha256`.
        case reference(String)
    }

    package let source: String
    package let segments: [Segment]

    /// Splits `source` at its references. Only declared names are references, so that `$PWD` stays as it is; of
    /// `$site.` at the end of a sentence only `$site` is taken.
    package init(_ source: String, isDeclared: (String) -> Bool) {
        self.init(source) { isDeclared($0) ? .reference($0) : nil }
    }

    /// - Parameter naming: what stands in the place of a name, nil for names that nobody declared.
    package init(_ source: String, naming: (String) -> Segment?) {
        var segments: [Segment] = []
        var literal = ""
        var rest = Substring(source)
        while let dollar = rest.firstIndex(of: "$") {
            literal += rest[..<dollar]
            let after = rest[rest.index(after: dollar)...]
            if let (written, segment) = Template.name(atStartOf: after, naming: naming) {
                if case .literal(let text) = segment {
                    literal += text
                } else {
                    if !literal.isEmpty { segments.append(.literal(literal)) }
                    literal = ""
                    segments.append(segment)
                }
                rest = after.dropFirst(written.count)
            } else {
                literal.append("$")
                rest = after
            }
        }
        literal += rest
        if !literal.isEmpty { segments.append(.literal(literal)) }
        self.source = source
        self.segments = segments
    }

    /// Whether it is text and nothing else, just as it was written.
    package var isPlain: Bool { segments.isEmpty || segments == [.literal(source)] }

    /// The text with all that is known already in its place, so that equal texts mean the same.
    package var written: String { rendered([:]) }

    package var references: [String] {
        segments.compactMap { if case .reference(let name) = $0 { name } else { nil } }
    }

    /// The value: that of the reference where the text is nothing else, otherwise text with the values put in. Nil when
    /// a reference has no value yet.
    package func resolve(_ references: [String: Value]) -> Value? { resolve { references[$0] } }

    package func resolve(_ value: (String) -> Value?) -> Value? {
        if segments.count == 1, case .reference(let name) = segments[0] { return value(name) }
        var text = ""
        for segment in segments {
            switch segment {
            case .literal(let literal): text += literal
            case .reference(let name):
                guard let found = value(name) else { return nil }
                text += found.text
            }
        }
        return .string(text)
    }

    /// The text with every value that is known put in; the others stay as they were written.
    package func rendered(_ references: [String: Value]) -> String {
        segments.map { segment in
            switch segment {
            case .literal(let literal): literal
            case .reference(let name): references[name]?.text ?? "$" + name
            }
        }.joined()
    }

    /// The longest declared name at the start of `text`.
    private static func name(
        atStartOf text: Substring, naming: (String) -> Segment?
    ) -> (written: Substring, segment: Segment)? {
        guard let first = text.unicodeScalars.first, first.properties.isAlphabetic || first == "_" else { return nil }
        let run = text.unicodeScalars.prefix { isNamePart($0) || $0 == "." || $0 == "-" }
        var candidate = Substring(run)
        while !candidate.isEmpty {
            if let last = candidate.last, last != ".", last != "-", let segment = naming(String(candidate)) {
                return (candidate, segment)
            }
            // A name ends where its parts end: of `$port9` neither `$port` nor `$p` is meant.
            guard let cut = candidate.lastIndex(where: { $0 == "." || $0 == "-" }) else { return nil }
            candidate = candidate[..<cut]
        }
        return nil
    }

    private static func isNamePart(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "_" || (scalar.isASCII && (scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)))
    }
}
