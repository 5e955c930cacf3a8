import LabModel

/// A question as it is put to somebody.
package struct StudentQuestion: Sendable {
    package var step: String
    /// In the student's language, as are the options.
    package var question: String
    package var options: [String]
    package var form: AnswerForm
    /// From 1; later ones are asked because the checks of the step did not pass.
    package var attempt: Int
    package var language: Language
    /// Everything that has a value by now.
    package var references: [String: Value]

    package init(
        step: String, question: String, options: [String], form: AnswerForm, attempt: Int = 1,
        language: Language = .english, references: [String: Value] = [:]
    ) {
        self.step = step
        self.question = question
        self.options = options
        self.form = form
        self.attempt = attempt
        self.language = language
        self.references = references
    }

    /// The form with the options as they are shown: an answer in the words of either language is understood.
    package var shownForm: AnswerForm {
        var form = form
        if form.options.count == options.count { form.options = options }
        return form
    }
}

/// Who answers questions and hands in files during a run.
package protocol Respondent: Sendable {
    /// The answer, or nil where none is given. It must not wait for somebody who is not there.
    ///
    /// - Parameter willAsk: called once before a question is shown on the terminal.
    func answer(_ question: StudentQuestion, willAsk: @Sendable () -> Void) async throws -> GivenAnswer?

    /// The file of that name; nil where there is none.
    ///
    /// - Parameter references: everything that has a value by now.
    /// - Throws: `StepFailure` where it cannot be taken.
    func file(
        _ name: String, step: String, limit: Int, references: [String: Value]
    ) async throws -> [UInt8]?
}

/// A run beside which nobody sits.
package struct Nobody: Respondent {
    package init() {}

    package func answer(_ question: StudentQuestion, willAsk: @Sendable () -> Void) async throws -> GivenAnswer? { nil }

    package func file(
        _ name: String, step: String, limit: Int, references: [String: Value]
    ) async throws -> [UInt8]? { nil }
}

/// Answers that were written down before, and a folder that is handed in; whom they do not cover, `other` is asked.
package struct WrittenResponses: Respondent {
    private let answers: [String: GivenAnswer]
    private let folder: String?
    private let other: any Respondent

    /// - Parameters:
    ///   - answers: by step.
    ///   - folder: absolute; nil: nothing is handed in.
    package init(answers: [String: GivenAnswer], folder: String?, otherwise other: any Respondent = Nobody()) {
        self.answers = answers
        self.folder = folder
        self.other = other
    }

    package func answer(_ question: StudentQuestion, willAsk: @Sendable () -> Void) async throws -> GivenAnswer? {
        if let written = answers[question.step] { return written }
        return try await other.answer(question, willAsk: willAsk)
    }

    package func file(
        _ name: String, step: String, limit: Int, references: [String: Value]
    ) async throws -> [UInt8]? {
        guard let folder else { return nil }
        return try HandedInFile.read(name, in: folder, limit: limit)
    }
}
