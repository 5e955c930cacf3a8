internal import LabModel

/// What a view has said of each step so far, so that it can tell at the end what has changed: a check whose control
/// comes in a later step can only be judged then.
struct ShownSteps {
    private var shown: [String: StepResult] = [:]

    mutating func add(_ step: StepResult) { shown[step.id] = step }

    func changed(in record: RunRecord) -> [StepResult] {
        record.steps.filter { step in
            guard let before = shown[step.id] else { return false }
            return before.outcome != step.outcome || before.points != step.points
        }
    }
}
