import SupportDiagnostics

/// Finds steps that no run can reach, and conditions that decide nothing.
struct Reachability {
    let steps: [StepDefinition]
    let declarations: Declarations
    let problems: Problems

    func verify() {
        var unreachable: [String: StepDefinition] = [:]
        for step in steps {
            let cause = contradiction(in: step) ?? impossible(in: step) ?? waiting(for: unreachable, step)
            if let cause {
                unreachable[step.id] = step
                problems.report(cause)
            } else {
                warnAboutTrivial(step)
            }
            reportPoints(of: step)
        }
    }

    private func problem(_ step: StepDefinition, _ why: String, at span: SourceSpan, _ notes: [String] = [])
        -> Diagnostic
    {
        Diagnostic("step.unreachable", "no run takes the step `\(step.id)`: \(why)", at: span, notes: notes)
    }

    /// `passed` and `not-passed` of the same check.
    private func contradiction(in step: StepDefinition) -> Diagnostic? {
        var wanted: [String: Bool] = [:]
        for condition in step.conditions {
            guard case .passed(let name, let value) = condition.test else { continue }
            if let other = wanted[name], other != value {
                return problem(step, "`\(name)` would have to pass and not to pass", at: condition.span)
            }
            wanted[name] = value
        }
        return nil
    }

    /// Conditions on variables that have few values, of which none fits.
    private func impossible(in step: StepDefinition) -> Diagnostic? {
        let fixed = step.conditions.filter { outcomes(of: [$0])?.allSatisfy { !$0 } ?? false }
        if let first = fixed.first {
            return problem(step, "its condition never holds", at: first.span, domains(of: [first]))
        }
        let known = step.conditions.filter { outcomes(of: [$0]) != nil }
        guard known.count > 1, let last = known.last, outcomes(of: known)?.allSatisfy({ !$0 }) ?? false else {
            return nil
        }
        return problem(step, "its conditions never hold together", at: last.span, domains(of: known))
    }

    private func waiting(for unreachable: [String: StepDefinition], _ step: StepDefinition) -> Diagnostic? {
        guard !unreachable.isEmpty else { return nil }
        if let need = step.needs.first(where: { unreachable[$0] != nil }) {
            return problem(step, "it builds on `\(need)`, which no run takes", at: step.idSpan)
        }
        for condition in step.conditions {
            guard case .passed(let name, true) = condition.test else { continue }
            let (id, _) = Scope.split(name)
            if unreachable[id] != nil { return problem(step, "no run takes `\(id)`", at: condition.span) }
        }
        return nil
    }

    private func warnAboutTrivial(_ step: StepDefinition) {
        for condition in step.conditions where outcomes(of: [condition])?.allSatisfy({ $0 }) ?? false {
            problems.report(
                Diagnostic(
                    "when.always", "this condition always holds", severity: .warning, at: condition.span,
                    notes: domains(of: [condition])))
        }
    }

    /// Who fails a check must not earn what others cannot.
    private func reportPoints(of step: StepDefinition) {
        guard !step.isOptional, step.checks.contains(where: { $0.points > 0 }) else { return }
        for condition in step.conditions {
            guard case .passed(let name, false) = condition.test else { continue }
            problems.report(
                Diagnostic(
                    "when.points", "only who does not pass `\(name)` could earn the points of `\(step.id)`",
                    at: condition.span, help: ["make the step `optional: true`, or give it `points: 0`"]))
        }
    }

    // MARK: All values that variables may have

    /// What conditions come to together for every combination of values; nil where there are too many to try, or where
    /// more than variables decide.
    private func outcomes(of conditions: [ConditionDefinition]) -> [Bool]? {
        guard let axes = axes(of: conditions), !axes.isEmpty else { return nil }
        var combinations: [[String: Value]] = [[:]]
        for (name, values) in axes {
            guard combinations.count * values.count <= 1_000 else { return nil }
            combinations = combinations.flatMap { known in values.map { known.merging([name: $0]) { $1 } } }
        }
        return combinations.map { values in
            conditions.allSatisfy { $0.holds(references: values, hasPassed: { _ in false }) }
        }
    }

    /// The variables of conditions with all their values; nil where something else decides. Items and parameters are
    /// meant to differ from use to use, so what they decide is no mistake.
    private func axes(of conditions: [ConditionDefinition]) -> [(name: String, values: [Value])]? {
        var axes: [(name: String, values: [Value])] = []
        for condition in conditions {
            guard case .question(_, let operands) = condition.test else { return nil }
            for operand in operands {
                guard case .name(let name) = operand, let values = declarations[name]?.rule?.domain else { return nil }
                if !axes.contains(where: { $0.name == name }) { axes.append((name, values)) }
            }
        }
        return axes
    }

    private func domains(of conditions: [ConditionDefinition]) -> [String] {
        (axes(of: conditions) ?? []).map { name, values in
            "`$\(name)` is " + values.prefix(10).map { "`\($0.text)`" }.joined(separator: " or ")
        }
    }
}
