import SupportDiagnostics

/// A question in Wireshark's display filter language, parsed but not yet held against tables.
package struct Question: Sendable, Hashable {
    package let source: SourceText
    let root: Test
    /// The names after `$` in the question, in order, each once.
    package let references: [Located<String>]

    /// How many bytes a question may have.
    package static let longest = Lexer.longest

    /// Parses a question; throws one diagnostic at the exact token that does not fit.
    package static func parse(_ source: SourceText) throws(Diagnostic) -> Question {
        let root = try QuestionParser.parse(source)
        let names = source.text.utf8.contains(UInt8(ascii: "$")) ? references(in: root, source) : []
        return Question(source: source, root: root, references: names)
    }

    package var text: String { source.text }

    private static func references(in root: Test, _ source: SourceText) -> [Located<String>] {
        var names: [Located<String>] = []
        OperandVisitor { operand, _ in
            guard case .reference(let name) = operand.kind, !names.contains(where: { $0.value == name }) else { return }
            names.append(Located(name, at: source.span(of: operand.range)))
        }.visit(root)
        return names
    }

    /// The texts in quotes and the words that the question compares something with: what it looks for.
    package var wantedTexts: [String] {
        var texts: [String] = []
        OperandVisitor { operand, isCompared in
            guard isCompared else { return }
            switch operand.kind {
            case .string(let bytes): texts.append(String(decoding: bytes, as: UTF8.self))
            case .word(let word): texts.append(word)
            default: break
            }
        }.visit(root)
        return texts
    }

    /// The words that must be fields where they stand, and those behind a relation, which may be literals.
    var words: (fields: [Located<String>], literals: [Located<String>]) {
        var words: (fields: [Located<String>], literals: [Located<String>]) = ([], [])
        OperandVisitor { operand, isCompared in
            guard case .word(let word) = operand.kind else { return }
            let located = Located(word, at: source.span(of: operand.range))
            if isCompared, !word.utf8.contains(UInt8(ascii: ".")) {
                words.literals.append(located)
            } else {
                words.fields.append(located)
            }
        }.visit(root)
        return words
    }
}

/// Which extensions a question may use.
package enum QuestionLanguage: Sendable, Hashable {
    /// `filter`: Wireshark's language and nothing else.
    case filter
    /// `expect` and `forbid`: with units, references and lists.
    case expect
}

/// What a `$name` in a question stands for.
package struct QuestionReference: Sendable, Hashable {
    /// Nil where that shows only at run time, as for a variable given on the command line.
    package let type: FieldType?
    /// Known before the run, as for a variable; nil for the result of a step.
    package let values: [FieldValue]?

    package init(type: FieldType? = nil, values: [FieldValue]? = nil) {
        self.type = type
        self.values = values
    }

    package static func text(_ text: String) -> QuestionReference {
        QuestionReference(values: [.string(text)])
    }
}

/// Shows every operand of a question, in the order of the text, and whether it stands behind a relation or in a set.
private struct OperandVisitor {
    let see: (_ operand: Operand, _ isCompared: Bool) -> Void

    func visit(_ test: Test) {
        switch test.kind {
        case .and(let left, let right), .or(let left, let right), .xor(let left, let right):
            visit(left)
            visit(right)
        case .not(let inner): visit(inner)
        case .presence(let operand): visit(operand)
        case .relation(_, let left, _, let right), .memberOfReference(_, let left, _, let right):
            visit(left)
            visit(right, isCompared: true)
        case .member(_, let left, _, let elements):
            visit(left)
            for element in elements {
                visit(element.lower, isCompared: true)
                if let upper = element.upper { visit(upper) }
            }
        }
    }

    private func visit(_ operand: Operand, isCompared: Bool = false) {
        see(operand, isCompared)
        switch operand.kind {
        // The names in a list are names, not fields.
        case .list(let elements):
            for element in elements { if case .reference = element.kind { see(element, false) } }
        case .call(_, _, let arguments): for argument in arguments { visit(argument) }
        case .slice(let value, _), .layer(let value, _), .negative(let value): visit(value)
        case .arithmetic(_, let left, let right):
            visit(left)
            visit(right)
        case .word, .string, .character, .reference: break
        }
    }
}
