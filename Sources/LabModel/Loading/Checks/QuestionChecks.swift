import SupportDiagnostics
import SupportQuestions

/// Finds checks whose outcome is certain before the run: those that cannot pass, cannot fail, or follow from another.
final class QuestionChecks {
    let problems = Problems()
    /// Those that cannot pass, as `step.check`: no control may be among them.
    private(set) var impossible: Set<String> = []

    /// A check with what is certain of it, worked out once. A class, because checks are large and are compared in pairs.
    private final class Analysed {
        let check: CheckDefinition
        let analysis: QuestionAnalysis
        let impossibility: QuestionFinding?
        let isCertain: Bool

        init(_ check: CheckDefinition) {
            self.check = check
            analysis = QuestionAnalysis(check.question)
            impossibility = analysis.impossibility
            isCertain = analysis.isCertain
        }

        var isOpen: Bool { impossibility == nil && !isCertain }
    }

    func verify(_ steps: ArraySlice<StepDefinition>) {
        for step in steps {
            let analysed = step.checks.map(Analysed.init)
            for one in analysed {
                if one.impossibility != nil, one.check.polarity == .expect {
                    impossible.insert("\(step.id).\(one.check.name)")
                }
                verify(one)
            }
            compare(analysed.filter(\.isOpen))
        }
    }

    private func verify(_ one: Analysed) {
        let outside = one.analysis.outsideDomain
        problems.report(
            outside.map { finding in
                Diagnostic(
                    "question.outside-domain", "no row ever has such a value", at: finding.span, label: finding.text)
            })
        guard outside.isEmpty else { return }
        if let finding = one.impossibility { return problems.report(impossible(one.check, finding)) }
        guard one.isCertain else { return problems.report(one.analysis.surprises) }
        if one.check.polarity == .expect, one.analysis.asksForAnyRow { return }
        problems.report(certain(one.check))
    }

    private func impossible(_ check: CheckDefinition, _ finding: QuestionFinding) -> Diagnostic {
        let secondary = finding.other.map { [Diagnostic.Label($0, "the other")] } ?? []
        guard check.polarity == .expect else {
            return Diagnostic(
                "check.cannot-fail", "`\(check.name)` forbids what no row can show", at: finding.span,
                label: finding.text, secondary: secondary, help: ["such a check earns its points whatever happens"])
        }
        return Diagnostic(
            "check.cannot-pass", "no row can satisfy `\(check.name)`", at: finding.span, label: finding.text,
            secondary: secondary,
            notes: ["a question is judged on one row of `\(check.question.table.name)` at a time"],
            help: ["what is true of two rows takes two checks"])
    }

    private func certain(_ check: CheckDefinition) -> Diagnostic {
        let table = check.question.table.name
        guard check.polarity == .expect else {
            return Diagnostic(
                "check.cannot-pass", "`\(check.name)` forbids what every row shows", at: check.span,
                label: "every \(table) satisfies this")
        }
        return Diagnostic(
            "check.cannot-fail", "every row satisfies `\(check.name)`: it checks nothing", at: check.span,
            label: "every \(table) satisfies this", help: ["ask for what only a right run shows"])
    }

    /// Earlier checks of the same step decide later ones.
    private func compare(_ checks: [Analysed]) {
        for (index, later) in checks.enumerated() {
            for earlier in checks[..<index] {
                guard let problem = compare(earlier, later) else { continue }
                problems.report(problem)
                break
            }
        }
    }

    private func compare(_ earlier: Analysed, _ later: Analysed) -> Diagnostic? {
        let other = [Diagnostic.Label(earlier.check.span, "`\(earlier.check.name)`")]
        switch (earlier.check.polarity, later.check.polarity) {
        case (.expect, .expect) where earlier.analysis.implies(later.analysis),
            (.forbid, .forbid) where later.analysis.implies(earlier.analysis):
            return Diagnostic(
                "check.implied",
                "`\(later.check.name)` follows from `\(earlier.check.name)`: it passes whenever that does",
                severity: .warning, at: later.check.span, secondary: other,
                help: ["leave it out, or ask for what the other does not"])
        case (.expect, .forbid) where earlier.analysis.implies(later.analysis):
            return Diagnostic(
                "check.contradiction", "`\(later.check.name)` forbids what `\(earlier.check.name)` expects",
                at: later.check.span, label: "one of the two always fails", secondary: other)
        default: return nil
        }
    }

    /// The problems of controls among checks that cannot pass.
    static func controls(of steps: [StepDefinition], among impossible: Set<String>) -> [Diagnostic] {
        guard !impossible.isEmpty else { return [] }
        return steps.flatMap { step in
            step.checks.compactMap { check in
                guard check.polarity == .forbid, let control = check.control, impossible.contains(control) else {
                    return nil
                }
                return Diagnostic(
                    "check.control-cannot-pass", "the control `\(control)` cannot pass",
                    at: check.controlSpan ?? check.span, label: "so this absence never counts",
                    help: ["a control is an `expect` that sees, in a right run, what must be absent here"])
            }
        }
    }
}
