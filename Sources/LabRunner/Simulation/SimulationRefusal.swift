import LabModel
import LabSteps

/// Steps of a lab that nobody can perform without real hosts; told before any step ran.
package struct SimulationRefusal: Error, Sendable, CustomStringConvertible {
    /// In the lab's order: where each stands, and why.
    package let steps: [(place: String, text: String)]
    private let lab: String

    /// Nil where every step that is to be taken can be simulated.
    package init?(of request: RunRequest) {
        let lab = request.lab
        let selection = request.only.isEmpty ? nil : StepSelection(request.only, in: lab)
        steps = lab.steps.compactMap { step in
            guard !request.skipped.contains(step.id), selection?.contains(step.id) ?? true,
                let kind = StepCatalog.kind(named: step.kind), let reason = kind.obstacle(toSimulating: step.plan)
            else { return nil }
            return (step.place, "the step `\(step.id)` (`\(step.kind)`) \(reason)")
        }
        self.lab = lab.name
        if steps.isEmpty { return nil }
    }

    package var description: String {
        "the lab `\(lab)` cannot be simulated: a simulated network has packets, names and links, and nothing else"
    }

    /// What to do next.
    package var help: String {
        "run it without `--simulate`, or take other steps with `--only`; " + "steps of the kinds "
            + StepCatalog.simulated.map { "`\($0)`" }.joined(separator: ", ") + " can be simulated"
    }
}
