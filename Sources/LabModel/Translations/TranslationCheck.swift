import SupportDiagnostics

/// What is missing, stale or lost in a translation.
struct TranslationCheck {
    let lab: LabDefinition
    let translation: Translation
    let file: SourceSpan
    let problems: Problems

    func run() {
        var missing: [(owner: String, names: [String])] = []
        for source in lab.texts {
            if let text = translation.texts[source.key] {
                check(text, against: source)
            } else if !isCounted(source.key), let (owner, name) = source.key.missedAs {
                if missing.last?.owner == owner {
                    missing[missing.count - 1].names.append(name)
                } else {
                    missing.append((owner, [name]))
                }
            }
        }
        for (owner, names) in missing {
            problems.report(
                Diagnostic(
                    "translation.missing",
                    "\(owner) has no \(names.joined(separator: ", ")) in `\(translation.language.text)`",
                    severity: .warning, at: file.startPoint,
                    help: [
                        "`lab translate \(lab.name) --to \(translation.language.text)` adds what is missing, "
                            + "in the words of the lab"
                    ]))
        }
    }

    /// A hint or an option that is missing among others: that their number differs is told already.
    private func isCounted(_ key: LabText.Key) -> Bool {
        switch key {
        case .step(let id, .hint): translation.texts[.step(id, .hint(0))] != nil
        case .step(let id, .option): translation.texts[.step(id, .option(0))] != nil
        default: false
        }
    }

    private func check(_ text: Translation.Text, against source: LabText) {
        let made = source.span.map { [Diagnostic.Label($0, "the text it was made from")] } ?? []
        let remedy = "once it says the same, write `\(source.digest)` for this text in `of`"
        if text.of.isEmpty {
            problems.report(
                Diagnostic(
                    "translation.unmarked", "the translation does not say which text it was made from",
                    severity: .warning, at: text.span, secondary: made, help: [remedy]))
        } else if text.of != source.digest {
            problems.report(
                Diagnostic(
                    "translation.stale", "the text was changed since it was translated", severity: .warning,
                    at: text.span, secondary: made, help: [remedy + "; until then the lab's own text is shown"]))
        }
        let kept = Set(Template(text.text, isDeclared: Set(source.template.references).contains).references)
        for name in source.template.references.unique where !kept.contains(name) {
            problems.report(
                Diagnostic(
                    "translation.lost-reference", "the translation has lost `$\(name)`", at: text.span,
                    secondary: source.span.map { [.init($0, "`$\(name)` is in here")] } ?? [],
                    help: ["every `$name` of a text stands in its translation too: its value differs between students"])
            )
        }
    }
}

extension LabText.Key {
    /// Whose text is missing, and what it is called there; nil for what need not be translated.
    fileprivate var missedAs: (String, String)? {
        switch self {
        case .title: ("the lab", "`title`")
        case .section(let title): ("the section `\(title)`", "title")
        case .step(let id, let part):
            switch part {
            case .title: ("`\(id)`", "`title`")
            case .task: ("`\(id)`", "`task`")
            case .explain: ("`\(id)`", "`explain`")
            case .hint(let index): ("`\(id)`", "`hint` \(index + 1)")
            case .question: ("`\(id)`", "`question`")
            case .option(let index): ("`\(id)`", "`options` \(index + 1)")
            case .byHand: nil
            }
        }
    }
}

extension [String] {
    fileprivate var unique: [String] {
        indices.filter { !self[..<$0].contains(self[$0]) }.map { self[$0] }
    }
}
