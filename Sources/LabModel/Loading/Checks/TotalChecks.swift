import SupportDiagnostics

/// Controls, conditions, points and groups, once all steps are known.
struct TotalChecks {
    let lab: LabDefinition
    let declarations: Declarations
    let problems: Problems

    /// - Parameter stated: `max-points` of the lab.
    func verify(stated: Located<Double>?, groups: [String: GroupDefinition], used: Set<String>) {
        ControlChecks.verify(lab.steps, problems)
        Reachability(steps: lab.steps, declarations: declarations, problems: problems).verify()
        if let stated { verifyPoints(stated) }
        for group in groups.values.sorted(by: { $0.name < $1.name }) where !used.contains(group.name) {
            problems.report(
                Diagnostic(
                    "group.unused", "the group `\(group.name)` is never used, so nothing in it was checked",
                    severity: .warning, at: group.span))
        }
    }

    /// Steps that this variant does not offer count for nothing.
    private func verifyPoints(_ stated: Located<Double>) {
        let values = declarations.values
        let offered = lab.steps.filter { step in
            !step.isOptional
                && step.conditions.allSatisfy {
                    !$0.isKnownBeforeRun || $0.holds(references: values, hasPassed: { _ in false })
                }
        }
        let sum = offered.reduce(0) { $0 + Self.points(of: $1) }
        guard (sum - stated.value).magnitude > 1e-6 else { return }
        var sections: [(name: String, points: Double)] = []
        for step in offered {
            let points = Self.points(of: step)
            if let last = sections.indices.last, sections[last].name == step.section {
                sections[last].points += points
            } else {
                sections.append((step.section, points))
            }
        }
        let listed = sections.prefix(12).map {
            "\($0.name.isEmpty ? "before the first section" : "“\($0.name)”"): \(Self.text($0.points))"
        }
        problems.report(
            Diagnostic(
                "lab.points",
                "the lab states \(Self.text(stated.value)) points, but its checks have \(Self.text(sum))",
                at: stated.span, notes: sections.count > 1 ? [listed.joined(separator: ", ")] : [],
                help: ["steps that are `optional` have none; a check without points of its own has one"]))
    }

    /// Of the checks that students see; hidden ones come on top.
    private static func points(of step: StepDefinition) -> Double {
        step.checks.filter { !$0.isHidden }.reduce(0) { $0 + $1.points }
    }

    private static func text(_ points: Double) -> String {
        points == points.rounded() && points.magnitude < 1e15 ? String(Int64(points)) : String(points)
    }
}
