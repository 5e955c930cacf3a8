import SupportDiagnostics

/// Gives variables their values in one run.
struct VariableValues {
    let settings: LabSettings
    let seed: Seed
    let problems: Problems

    func value(of variable: VariableDefinition) -> Value {
        if let text = settings.overrides[variable.name] {
            if variable.isSecret, text == Redaction.mask(variable.name) { return .string(text) }
            // A shorter one would be found, and masked, all over a run.
            let tooShort = variable.isSecret && text.utf8.count < 4 ? "at least 4 characters" : nil
            if let expected = tooShort ?? variable.rule.violation(of: .string(text)) {
                problems.report(.badSetting(variable, text, expected: expected))
            } else if let value = variable.rule.type.value(of: text) {
                return value
            }
        }
        switch variable.source {
        case .value(let value): return value
        case .pick(let generator): return seed.pick(generator, for: variable.name)
        case .given: return .string(Redaction.mask(variable.name))
        }
    }

    func reportUnknown(among variables: [VariableDefinition]) {
        let known = Set(variables.map(\.name))
        for name in settings.overrides.keys.sorted() where !known.contains(name) {
            problems.report(.unknownSetting(name, settings.overrides[name] ?? "", variables: variables.map(\.name)))
        }
    }
}

extension Diagnostic {
    fileprivate static func badSetting(_ variable: VariableDefinition, _ text: String, expected: String) -> Diagnostic {
        let shown = variable.isSecret ? "…" : text
        let source = SourceFile(name: "--set", text: "\(variable.name)=\(shown)")
        return Diagnostic(
            "lab.bad-setting", "`--set \(variable.name)=\(shown)`: expected \(expected)",
            at: source.span((variable.name.utf8.count + 1)..<source.bytes.count),
            label: variable.isSecret ? "not shown: it is a secret" : "",
            secondary: [.init(variable.span, "the variable is declared here")])
    }

    fileprivate static func unknownSetting(_ name: String, _ text: String, variables: [String]) -> Diagnostic {
        let nearest = Suggestion.nearest(to: name, among: variables)
        let source = SourceFile(name: "--set", text: "\(name)=…")
        return Diagnostic(
            "lab.unknown-setting", "`--set \(name)=…`: the lab has no variable `\(name)`",
            at: source.span(0..<name.utf8.count), label: nearest.map { "did you mean `\($0)`?" } ?? "",
            help: variables.isEmpty ? [] : ["its variables are " + variables.map { "`\($0)`" }.joined(separator: ", ")])
    }
}
