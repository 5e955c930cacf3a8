import SupportCrypto
import SupportDiagnostics

/// One text of a lab that people read and translations give again.
package struct LabText: Sendable {
    /// Where the text stands in its lab; sidecars are keyed by it.
    package enum Key: Sendable, Hashable {
        case title
        case section(String)
        case step(String, Part)
    }

    package enum Part: Sendable, Hashable {
        case title
        case task
        case explain
        /// What one types by hand, by tool. Commands are the same in most languages, so none is missed.
        case byHand(String)
        case hint(Int)
        /// What an `ask` step asks.
        case question
        case option(Int)
    }

    package var key: Key
    package var template: Template
    /// Where it is written; nil for a text that the loader made up.
    package var span: SourceSpan?

    /// The mark by which a translation names the text that it was made from: eight hexadecimal digits of SHA-256 over
    /// its words. Breaking lines elsewhere leaves it as it is.
    package var digest: String { Self.digest(of: template.source) }

    package static func digest(of text: String) -> String {
        let words = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return String(Hex.string(DigestAlgorithm.sha256.digest(of: Array("lab text\0\(words)".utf8))).prefix(8))
    }
}

extension LabDefinition {
    /// The texts that a translation should have, in the order of the file; empty ones are left out.
    package var texts: [LabText] {
        var texts = [LabText(key: .title, template: title, span: titleSpan)]
        var section = ""
        for step in steps {
            if step.section != section {
                section = step.section
                let key = LabText.Key.section(section)
                if !section.isEmpty, !texts.contains(where: { $0.key == key }) {
                    texts.append(LabText(key: key, template: Template(section, isDeclared: { _ in false })))
                }
            }
            texts += step.texts
        }
        return texts
    }
}

extension StepDefinition {
    package var texts: [LabText] {
        var parts: [(LabText.Part, Template)] = [(.title, title), (.task, task), (.explain, explain)]
        parts += byHand.map { (.byHand($0.tool), $0.command) }
        if let asked {
            parts.append((.question, asked.question))
            parts += asked.options.enumerated().map { (.option($0), $1) }
        }
        parts += hints.enumerated().map { (.hint($0), $1.text) }
        return parts.filter { !$0.1.source.isEmpty }.map {
            LabText(key: .step(id, $0), template: $1, span: textSpans[$0])
        }
    }
}
