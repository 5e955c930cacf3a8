import SupportDiagnostics

/// A sidecar written anew from a lab and what there is of its translation: texts in the lab's order, every one with the
/// digest of its source; what is missing stands in the words of the lab, marked.
package enum TranslationDraft {
    package static func text(of lab: LabDefinition, language: LanguageTag, keeping old: Translation?) -> String {
        var lines = ["format: 1", "lab: \(lab.name)", "lang: \(language.text)"]
        let texts = lab.texts
        let title = texts.filter { $0.key == .title }
        lines += [
            "of: { title: \(digest(title, .title, old)) }", field("title", title.first, old, indent: 0), "",
        ]
        let sections = texts.compactMap { text -> (String, LabText)? in
            if case .section(let name) = text.key { (name, text) } else { nil }
        }
        if !sections.isEmpty {
            lines.append("sections:")
            lines += sections.map { field(scalar($0.0), $0.1, old, indent: 2) }
            lines.append("")
        }
        lines.append("steps:")
        for step in lab.steps {
            let part = stepLines(step, old)
            if !part.isEmpty { lines += ["  \(step.id):"] + part + [""] }
        }
        while lines.last == "" { lines.removeLast() }
        return lines.joined(separator: "\n") + "\n"
    }

    private static func stepLines(_ step: StepDefinition, _ old: Translation?) -> [String] {
        let texts = step.texts
        func text(_ part: LabText.Part) -> LabText? { texts.first { $0.key == .step(step.id, part) } }
        var marks: [String] = []
        var lines: [String] = []
        let singles = [
            ("title", LabText.Part.title), ("task", .task), ("explain", .explain), ("question", .question),
        ]
        for (name, part) in singles {
            guard let source = text(part) else { continue }
            marks.append("\(name): \(digest(texts, source.key, old))")
            lines.append(field(name, source, old, indent: 4))
        }
        // Commands are translated where somebody has begun to.
        let tools = step.byHand.map(\.tool).filter { old?.texts[.step(step.id, .byHand($0))] != nil }
        if !tools.isEmpty {
            let digests = tools.map { "\(YAMLText.quoted($0)): \(digest(texts, .step(step.id, .byHand($0)), old))" }
            marks.append("by-hand: { \(digests.joined(separator: ", ")) }")
            lines.append("    by-hand:")
            lines += tools.map { field(scalar($0), text(.byHand($0)), old, indent: 6) }
        }
        if let options = step.asked?.options, !options.isEmpty {
            let keys = options.indices.map { LabText.Key.step(step.id, .option($0)) }
            marks.append("options: [\(keys.map { digest(texts, $0, old) }.joined(separator: ", "))]")
            lines.append("    options:")
            lines += options.indices.map { field(nil, text(.option($0)), old, indent: 4) }
        }
        if !step.hints.isEmpty {
            let keys = step.hints.indices.map { LabText.Key.step(step.id, .hint($0)) }
            marks.append("hint: [\(keys.map { digest(texts, $0, old) }.joined(separator: ", "))]")
            lines.append("    hint:")
            lines += step.hints.indices.map { field(nil, text(.hint($0)), old, indent: 4) }
        }
        return marks.isEmpty ? [] : ["    of: { \(marks.joined(separator: ", ")) }"] + lines
    }

    /// The digest that the old translation was made from, so that a stale one stays stale; quoted, as eight digits would
    /// be a number.
    private static func digest(_ texts: [LabText], _ key: LabText.Key, _ old: Translation?) -> String {
        if let of = old?.texts[key]?.of, !of.isEmpty { return "\"\(of)\"" }
        return "\"\(texts.first { $0.key == key }?.digest ?? "")\""
    }

    private static func field(_ name: String?, _ source: LabText?, _ old: Translation?, indent: Int) -> String {
        let margin = String(repeating: " ", count: indent)
        let head = margin + (name.map { $0 + ":" } ?? "-")
        guard let source else { return head }
        let kept = old?.texts[source.key]
        let value = head + scalarOrBlock(kept?.text ?? source.template.source, indent: indent + 2)
        if kept == nil { return "\(margin)# to be translated\n\(value)" }
        if let kept, !kept.of.isEmpty, kept.of != source.digest {
            let now = source.template.source.split(separator: "\n").map { "\(margin)#   \($0)" }.joined(separator: "\n")
            return "\(margin)# STALE: the lab says now (`of` \(source.digest)):\n\(now)\n\(value)"
        }
        return value
    }

    private static func scalarOrBlock(_ text: String, indent: Int) -> String {
        let isProse = text.contains("\n") && !text.hasPrefix(" ") && YAMLText.isPlainBlock(text)
        guard isProse else { return " " + scalar(text) }
        let margin = String(repeating: " ", count: indent)
        let body = text.split(separator: "\n", omittingEmptySubsequences: false)
        let trimmed = body.last == "" ? body.dropLast() : body[...]
        return " " + (body.last == "" ? "|" : "|-") + "\n"
            + trimmed.map { $0.isEmpty ? "" : margin + $0 }.joined(separator: "\n")
    }

    private static func scalar(_ text: String) -> String { YAMLText.scalar(text) }
}
