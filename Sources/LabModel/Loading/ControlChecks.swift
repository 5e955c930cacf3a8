import SupportDiagnostics

/// Holds each `forbid` to its control: an absence means something only beside a check that saw the same thing present.
enum ControlChecks {
    static func verify(_ steps: [StepDefinition], _ problems: Problems) {
        guard steps.contains(where: { $0.checks.contains { $0.control != nil } }) else { return }
        var known: [String: CheckDefinition.Polarity] = [:]
        for step in steps {
            for check in step.checks { known["\(step.id).\(check.name)"] = check.polarity }
        }
        var guesses = 100
        var names: [String]?
        for step in steps {
            for check in step.checks where check.polarity == .forbid {
                guard let control = check.control else { continue }
                if let found = known[control] {
                    if found == .forbid {
                        problems.report(
                            Diagnostic(
                                "check.control-forbids", "the control `\(control)` forbids something itself",
                                at: check.controlSpan ?? check.span,
                                help: ["a control is an `expect` that has seen what must be absent here"]))
                    }
                    continue
                }
                guesses -= 1
                names = names ?? known.keys.sorted()
                let nearest = guesses > 0 ? Suggestion.nearest(to: control, among: names ?? []) : nil
                problems.report(
                    Diagnostic(
                        "check.unknown-control", "there is no check `\(control)` to be the control",
                        at: check.controlSpan ?? check.span,
                        label: nearest.map { "did you mean `\($0)`?" } ?? "",
                        help: ["a control is named `step.check`"],
                        fix: check.controlSpan.flatMap { .spelling(of: control, as: nearest, at: $0) }))
            }
        }
    }
}
