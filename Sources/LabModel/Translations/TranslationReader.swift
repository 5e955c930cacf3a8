import SupportDiagnostics
import SupportYAML

/// Reads a sidecar and holds it against its lab.
struct TranslationReader {
    let lab: LabDefinition
    let problems: Problems

    /// - Parameter language: what the file's name says.
    func read(_ node: YAMLNode, language: LanguageTag) -> Translation? {
        guard var fields = FieldReader(node, of: "the translation", declared: LabGrammar.translation.names, problems)
        else { return nil }
        _ = fields.integer("format", in: 1...1, required: true)
        expect(fields.string("lab", required: true), lab.name, "translation.other-lab", "`lab`", "the lab beside it is")
        expect(
            fields.string("lang", required: true), language.text, "translation.other-lang", "`lang`",
            "its file name says")
        var translation = Translation(language: language)
        let digests = Digests(&fields, of: "the translation", problems)
        if let title = fields.text("title") {
            translation.texts[.title] = text(title, of: digests["title"])
        }
        readSections(&fields, into: &translation)
        let steps = fields.map("steps") ?? []
        for pair in steps { readStep(pair, beside: steps, into: &translation) }
        fields.finish(help: "a translation has texts alone: `title`, `sections`, and `steps` by id")
        TranslationCheck(lab: lab, translation: translation, file: node.span, problems: problems).run()
        return translation
    }

    private func expect(_ found: Located<String>?, _ expected: String, _ code: String, _ field: String, _ why: String) {
        guard let found, found.value != expected else { return }
        problems.report(
            Diagnostic(
                code, "\(field) is `\(found.value)`, but \(why) `\(expected)`",
                at: found.span, fix: .init(replace: found.span, with: expected)))
    }

    private func readSections(_ fields: inout FieldReader, into translation: inout Translation) {
        let sections = lab.steps.map(\.section)
        let pairs = fields.map("sections") ?? []
        for pair in pairs {
            guard sections.contains(pair.key.text) else {
                problems.report(
                    unknown(
                        "translation.unknown-section", "section", pair.key, beside: pairs, among: sections,
                        help: "was its title changed in the lab?"))
                continue
            }
            guard let title = pair.value.text("the section `\(pair.key.text)`", problems) else { continue }
            translation.texts[.section(pair.key.text)] = text(title, of: LabText.digest(of: pair.key.text))
        }
    }

    private func readStep(_ pair: YAMLPair, beside pairs: [YAMLPair], into translation: inout Translation) {
        let id = pair.key.text
        guard let step = lab.step(id) else {
            problems.report(
                unknown(
                    "translation.unknown-step", "step", pair.key, beside: pairs, among: lab.steps.map(\.id),
                    help: "translations are keyed by id"))
            return
        }
        let name = "the translation of `\(id)`"
        guard var fields = FieldReader(pair.value, of: name, declared: LabGrammar.stepTranslation.names, problems)
        else { return }
        let digests = Digests(&fields, of: name, problems)
        for (field, part) in [("title", LabText.Part.title), ("task", .task), ("explain", .explain)] {
            if let found = fields.text(field) {
                translation.texts[.step(id, part)] = text(found, of: digests[field])
            }
        }
        let tools = fields.map("by-hand") ?? []
        for tool in tools {
            guard step.byHand.contains(where: { $0.tool == tool.key.text }) else {
                problems.report(
                    unknown(
                        "translation.unknown-tool", "tool", tool.key, beside: tools,
                        among: step.byHand.map(\.tool), help: "see `by-hand` of the step"))
                continue
            }
            if let found = tool.value.text("`\(tool.key.text)` of `by-hand`", problems) {
                translation.texts[.step(id, .byHand(tool.key.text))] = text(
                    found, of: digests.byTool[tool.key.text] ?? "")
            }
        }
        if let question = fields.text("question"), step.asked != nil {
            translation.texts[.step(id, .question)] = text(question, of: digests["question"])
        }
        readTexts(
            &fields, "options", step.asked?.options.count ?? 0, of: step, LabText.Part.option, digests.byOption,
            "translate each option, in the same order: answers are told by their number", into: &translation)
        readTexts(
            &fields, "hint", step.hints.count, of: step, LabText.Part.hint, digests.byHint,
            "translate each hint, in the same order; what a hint costs stays in the lab", into: &translation)
        fields.finish(
            help: "a translation has `title`, `task`, `explain`, `question`, `options`, `by-hand` and `hint`; all else "
                + "stays in the lab")
    }

    /// Texts of which a step has several, in the order of the lab.
    private func readTexts(
        _ fields: inout FieldReader, _ key: String, _ count: Int, of step: StepDefinition,
        _ part: (Int) -> LabText.Part, _ digests: [String], _ help: String, into translation: inout Translation
    ) {
        guard let node = fields.node(key) else { return }
        let items = node.sequence ?? [node]
        if items.count != count {
            let noun = key == "hint" ? ("hint", "hints") : ("option", "options")
            problems.report(
                Diagnostic(
                    "translation.hint-count",
                    "`\(step.id)` has \(Plural.count(count, noun.0, noun.1)), its translation has \(items.count)",
                    at: node.span,
                    secondary: step.textSpans[part(0)].map { [.init($0, "the \(noun.1) of the lab")] } ?? [],
                    help: [help]))
        }
        for (index, item) in items.enumerated() where index < count {
            if let found = item.text(key == "hint" ? "a hint" : "an option", problems) {
                translation.texts[.step(step.id, part(index))] = text(
                    found, of: digests.indices.contains(index) ? digests[index] : "")
            }
        }
    }

    private func text(_ text: SourceText, of digest: String) -> Translation.Text {
        Translation.Text(text: text.text, of: digest, span: text.span)
    }

    /// - Parameter pairs: the mapping that the key stands in, which cannot have another key twice.
    private func unknown(
        _ code: String, _ kind: String, _ key: YAMLScalar, beside pairs: [YAMLPair], among known: [String],
        help: String
    ) -> Diagnostic {
        let nearest = Suggestion.nearest(to: key.text, among: known)
        return Diagnostic(
            code, "the lab has no \(kind) `\(key.text)`", at: key.span,
            label: nearest.map { "did you mean `\($0)`?" } ?? "", help: [help],
            fix: .spelling(
                of: key.text, as: nearest, at: key.span, taken: pairs.contains { $0.key.text == nearest }))
    }
}

/// `of`: the digests of the texts that translations were made from, by field.
private struct Digests {
    private(set) var byField: [String: String] = [:]
    private(set) var byTool: [String: String] = [:]
    private(set) var byHint: [String] = []
    private(set) var byOption: [String] = []

    init(_ fields: inout FieldReader, of owner: String, _ problems: Problems) {
        guard var digests = fields.fields("of") else { return }
        for field in ["title", "task", "explain", "question"] { byField[field] = digests.string(field)?.value }
        for pair in digests.map("by-hand") ?? [] {
            byTool[pair.key.text] = pair.value.string("the digest of `\(pair.key.text)`", problems)?.value
        }
        byOption = (digests.strings("options") ?? []).map(\.value)
        byHint = (digests.strings("hint") ?? []).map(\.value)
        digests.finish(help: "`of` has a digest for each translated text; `lab translate` writes it")
    }

    subscript(field: String) -> String { byField[field] ?? "" }
}
