import LabModel
import LabSteps

/// What an optional step needs of this machine.
enum OptionalNeeds {
    /// Why the step cannot be offered here, or nil.
    static func missing(for step: StepDefinition, references: [String: Value]) -> Reason? {
        guard step.kind == ProgramKind.schema.name, let run = try? step.plan["run"]?.resolve(references),
            let program = run.list?.first?.text ?? run.string, ProgramSearch.find(program) == nil
        else { return nil }
        return .notInstalled(program: program)
    }
}
