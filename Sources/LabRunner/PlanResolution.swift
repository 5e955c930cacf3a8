import LabModel
import LabSteps

/// Puts values in the place of a plan's references.
package enum PlanResolution {
    /// - Throws: `StepFailure` where a reference has no value, or one that does not fit.
    package static func resolve(_ step: StepDefinition, references: [String: Value]) throws -> StepPlan {
        var values: [String: Value] = [:]
        for (name, node) in step.plan {
            guard let value = try node.resolve(references) else {
                let missing = node.references.first { references[$0] == nil } ?? name
                throw StepFailure(.subject, "`$\(missing)` has no value: the step that gives it gave none")
            }
            values[name] = value
        }
        return StepPlan(values)
    }
}
