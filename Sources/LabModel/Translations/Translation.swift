import SupportDiagnostics

/// The texts of a lab in another language, as a sidecar `NAME.LANG.yml` has them.
package struct Translation: Sendable {
    package struct Text: Sendable {
        package var text: String
        /// The digest of the text that it was made from; empty where the sidecar does not say.
        package var of: String
        package var span: SourceSpan
    }

    package var language: LanguageTag
    package var texts: [LabText.Key: Text] = [:]

    package init(language: LanguageTag) { self.language = language }
}

extension LabDefinition {
    /// The lab with the texts of a translation in place of its own; what is missing or stale stays as it was written, for
    /// an instruction that no longer fits is worse than one in another language.
    package func translated(by translation: Translation, isDeclared: (String) -> Bool) -> LabDefinition {
        func text(_ key: LabText.Key, _ source: Template) -> Template {
            guard let text = translation.texts[key], text.of.isEmpty || text.of == LabText.digest(of: source.source)
            else { return source }
            let known = Set(source.references)
            return Template(text.text, isDeclared: { known.contains($0) || isDeclared($0) })
        }
        var lab = self
        lab.title = text(.title, title)
        for index in steps.indices {
            let step = steps[index]
            func part(_ part: LabText.Part, _ source: Template) -> Template { text(.step(step.id, part), source) }
            if let section = translation.texts[.section(step.section)] { lab.steps[index].section = section.text }
            lab.steps[index].title = part(.title, step.title)
            lab.steps[index].task = part(.task, step.task)
            lab.steps[index].explain = part(.explain, step.explain)
            lab.steps[index].byHand = step.byHand.map { ($0.tool, part(.byHand($0.tool), $0.command)) }
            if let asked = step.asked {
                lab.steps[index].asked = AskedText(
                    question: part(.question, asked.question),
                    options: asked.options.enumerated().map { part(.option($0), $1) })
            }
            for hint in step.hints.indices {
                lab.steps[index].hints[hint].text = part(.hint(hint), step.hints[hint].text)
            }
        }
        return lab
    }
}
