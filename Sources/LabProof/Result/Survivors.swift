import LabModel
import LabSteps
import SupportDiagnostics

/// Checks that no wrong run fails, as problems of the file that they stand in.
package enum Survivors {
    package static func diagnostics(_ result: ProofResult, of lab: ProofLab) -> [Diagnostic] {
        result.survivors.compactMap { survivor in
            guard let (check, step) = lab.lab.check(survivor.name) else { return nil }
            return Diagnostic(
                "proof.survivor", "no wrong run fails `\(survivor.name)`", at: check.span,
                label: "passes in \(survivor.passed) of \(result.runs.count) wrong runs, is not judged in "
                    + "\(survivor.notJudged)",
                help: [suggestion(for: check, of: step), template(for: check, of: step, lab)])
        }
    }

    /// What could make the check fail while its step is done.
    private static func suggestion(for check: CheckDefinition, of step: StepDefinition) -> String {
        if check.polarity == .forbid {
            return "a wrong run in which it does happen during `\(step.id)` would fail it"
        }
        let ideas: [(field: String, idea: String)] = [
            ("root.sha256", "under another authority: insert a second proxy, and use its certificate"),
            ("ca.sha256", "with the certificate of another authority: insert a second proxy, and use its certificate"),
            ("lab.http.proxy", "through another proxy, or none: change `via`"),
            ("lab.flow.", "past the proxy: `via: none`"),
            ("lab.handshake.", "with a client that trusts the proxy already: `move` the step `trust` before it"),
            ("lab.visit.", "as seen from another address: through another proxy, or none"),
            ("random", "with the connections of another program: exchange the proxy, the key log or the capture"),
            ("lab.ping.", "with the host down: `world: { hosts: { NAME: { down: true } } }`"),
            ("lab.probe.", "with a slower link, or the host down: `world: { hosts: { NAME: { down: true } } }`"),
            ("lab.trace.", "over another way: `world: { routers: { NAME: null } }`"),
            ("lab.hop.", "over another way: `world: { routers: { NAME: null } }`"),
            ("dns.", "with another host behind the name: `world: { names: { NAME: OTHER } }`"),
            ("lab.listen.", "with another port, or another service behind it"),
            ("lab.terminal.", "with other keys typed"),
            ("lab.http.body", "with another page: `world: { sites: { NAME: { pages: … } } }`"),
            ("lab.http.version", "with another version: `version: \"1.1\"`"),
        ]
        let idea = ideas.first { check.text.contains($0.field) }?.idea ?? "with another value for one of its fields"
        return "a wrong run in which `\(step.id)` is done \(idea)"
    }

    private static func template(for check: CheckDefinition, of step: StepDefinition, _ lab: ProofLab) -> String {
        let shorthand = StepCatalog.kind(named: step.kind)?.schema.shorthand
        let field = shorthand ?? step.plan.keys.sorted().first { $0 != "within" } ?? "FIELD"
        let file = LabKey.path(of: lab.path)
        return "in `\(file)`: `wrong: { NAME: { because: …, change: { steps: { \(step.id): { \(field): … } } }, "
            + "fails: [\(step.id).\(check.name)] } }`"
    }
}
