import SupportDiagnostics

/// A variable of a lab.
package struct VariableDefinition: Sendable {
    package enum Source: Sendable {
        case value(Value)
        /// Drawn from the student's seed.
        case pick(Generator)
        /// Only `--set` gives it: a secret that does not stand in the lab.
        case given
    }

    package var name: String
    package var source: Source
    package var rule: VariableRule
    /// Never shown, and never in a run folder.
    package var isSecret: Bool
    package var span: SourceSpan

    package init(name: String, source: Source, rule: VariableRule, isSecret: Bool = false, span: SourceSpan) {
        self.name = name
        self.source = source
        self.rule = rule
        self.isSecret = isSecret
        self.span = span
    }
}
