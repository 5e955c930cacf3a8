import LabModel
import LabSteps

/// The student as one step meets them.
struct StepStudent: StudentContext {
    let definition: StepDefinition
    let attempt: Int
    let language: Language
    let references: [String: Value]
    let respondent: any Respondent
    let willAsk: @Sendable () -> Void

    var step: String { definition.id }

    func answer(as form: AnswerForm) async throws -> GivenAnswer? {
        let question = StudentQuestion(
            step: step, question: definition.asked?.question.rendered(references) ?? "",
            options: definition.asked?.options.map { $0.rendered(references) } ?? form.options, form: form,
            attempt: attempt, language: language, references: references)
        guard let given = try await respondent.answer(question, willAsk: willAsk), !given.isEmpty else { return nil }
        guard given.text.utf8.count <= AnswerForm.longest else {
            throw StepFailure(
                .subject, "the answer is longer than \(AnswerForm.longest) bytes", help: "give a shorter one")
        }
        // What was chosen in the student's language is kept by its numbers, which mean the same in every language.
        guard !form.read(given).isUnderstood else { return given }
        let shown = question.shownForm.read(given)
        return shown.isUnderstood && !shown.choices.isEmpty ? GivenAnswer(shown.choices.map { String($0) }) : given
    }

    func file(_ name: String, limit: Int) async throws -> [UInt8]? {
        try await respondent.file(name, step: step, limit: limit, references: references)
    }
}

/// What came of asking the student for what a step takes.
enum Received {
    /// The step is not one of those that ask.
    case notAsked
    case given(Submission)
    case nothing(Reason)
    case refused(StepFailure)
}
