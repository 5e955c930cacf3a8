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
        var segments: [Segment] = []
        var literal = ""
        var rest = Substring(source)
        while let dollar = rest.firstIndex(of: "$") {
            literal += rest[..<dollar]
            let after = rest[rest.index(after: dollar)...]
            if let name = Template.name(atStartOf: after, isDeclared: isDeclared) {
                if !literal.isEmpty { segments.append(.literal(literal)) }
                literal = ""
                segments.append(.reference(name))
                rest = after.dropFirst(name.count)
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

    package var references: [String] {
        segments.compactMap { if case .reference(let name) = $0 { name } else { nil } }
    }

    /// The value: that of the reference where the text is nothing else, otherwise text with the values put in. Nil when
    /// a reference has no value yet.
    package func resolve(_ references: [String: Value]) -> Value? {
        if segments.count == 1, case .reference(let name) = segments[0] { return references[name] }
        var text = ""
        for segment in segments {
            switch segment {
            case .literal(let literal): text += literal
            case .reference(let name):
                guard let value = references[name] else { return nil }
                text += value.text
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
    private static func name(atStartOf text: Substring, isDeclared: (String) -> Bool) -> String? {
        guard let first = text.unicodeScalars.first, first.properties.isAlphabetic || first == "_" else { return nil }
        let run = text.unicodeScalars.prefix { isNamePart($0) || $0 == "." || $0 == "-" }
        var candidate = Substring(run)
        while !candidate.isEmpty {
            if let last = candidate.last, last != ".", last != "-", isDeclared(String(candidate)) {
                return String(candidate)
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
