/// What of a lab's values may be kept, and what is judged with.
extension LoadedLab {
    /// The real values of secrets, by name.
    private var secrets: [String: String] {
        let names = lab?.secrets.map(\.name) ?? []
        return Dictionary(
            names.compactMap { name in references[name].map { (name, $0.text) } }, uniquingKeysWith: { $1 })
    }

    package var redaction: Redaction { Redaction(secrets) }

    /// Values as the judge knows them: evidence is masked before it is judged, so a secret is its mask.
    package var judgedReferences: [String: Value] {
        references.merging(secrets.map { ($0.key, .string(Redaction.mask($0.key))) }) { $1 }
    }

    /// The values of variables as a run folder keeps them.
    package var recordedVariables: [String: Value] {
        let names = Set(lab?.variables.map(\.name) ?? [])
        return judgedReferences.filter { names.contains($0.key) }
    }

    /// Secrets that only `--set` can give, and that nobody gave.
    package var missingSecrets: [String] {
        (lab?.secrets ?? []).filter { variable in
            guard case .given = variable.source else { return false }
            return references[variable.name]?.text == Redaction.mask(variable.name)
        }.map(\.name)
    }
}
