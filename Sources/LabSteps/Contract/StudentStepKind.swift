import LabModel

/// A kind in which the student gives something to the runner, an answer or a file. It needs no world, its actor is the
/// student, and what was not given was not done.
package protocol StudentStepKind: StepKind {
    /// Takes what the student gives. It goes into the run folder as it is returned.
    ///
    /// - Returns: nil where the student gives nothing.
    /// - Throws: `StepFailure` where what is given cannot be taken.
    static func receive(_ plan: StepPlan, from student: any StudentContext) async throws -> Submission?

    /// What is told of a step for which nothing was given.
    static func nothing(_ plan: StepPlan) -> Reason
}

extension StudentStepKind {
    package static func obstacle(toSimulating plan: [String: PlanNode]) -> String? { nil }
}

/// What a student gave, as artefacts of the step.
package struct Submission: Sendable {
    package var artefacts: [(name: String, bytes: [UInt8])]
    package var outcome: StepOutcome

    package init(artefacts: [(name: String, bytes: [UInt8])], outcome: StepOutcome) {
        self.artefacts = artefacts
        self.outcome = outcome
    }
}

/// The student, as one step meets them.
package protocol StudentContext: Sendable {
    var step: String { get }

    /// The answer to a question, or nil where there is none. Never waits where nobody is there to answer.
    func answer(as form: AnswerForm) async throws -> GivenAnswer?

    /// A file of the folder that is handed in, or nil where there is none.
    ///
    /// - Throws: `StepFailure` where it is no plain file within that folder, or larger than `limit` bytes.
    func file(_ name: String, limit: Int) async throws -> [UInt8]?
}
