import LabModel
import SupportDiagnostics

/// How a question is asked line by line. Pure: lines in, what to write and what came of it out.
///
/// An answer that is not what was asked for is asked for again, twice; the third is taken as it is, for a student who
/// cannot write a number is wrong, not absent.
package struct AnswerDialogue: Sendable {
    package enum Step: Sendable, Hashable {
        /// Write this, then read a line.
        case ask(String)
        /// Write this; that is all.
        case done(GivenAnswer?, closing: String)
    }

    /// How many lines are read at most.
    package static let tries = 3

    private let question: StudentQuestion
    private var lines = 0

    package init(_ question: StudentQuestion) { self.question = question }

    /// The question itself.
    package mutating func begin() -> Step {
        var text = "\n"
        if question.attempt > 1 { text += "  " + say(.onceMore) + "\n" }
        for line in question.question.split(separator: "\n", omittingEmptySubsequences: true) {
            text += "  " + Visible.text(line) + "\n"
        }
        for (index, option) in question.options.enumerated() {
            text += "    \(index + 1)  " + Visible.text(GivenAnswer([option]).text) + "\n"
        }
        if let how { text += "  " + how + "\n" }
        return .ask(text + "  " + say(.howToLeave) + "\n  > ")
    }

    /// A line without its end.
    package mutating func received(_ line: String) -> Step {
        lines += 1
        let given = GivenAnswer(line)
        let isLast = lines >= Self.tries
        guard line.utf8.count <= AnswerForm.longest else {
            return isLast ? leave() : again(.tooLong(bytes: AnswerForm.longest))
        }
        if given.isEmpty { return isLast ? leave() : again(.empty) }
        if question.form.read(given).isUnderstood || question.shownForm.read(given).isUnderstood || isLast {
            return .done(given, closing: "")
        }
        switch question.form.kind {
        case .number: return again(.noNumber(unit: question.form.unit))
        default: return again(.noOption(count: question.options.count))
        }
    }

    /// The end of the input: Ctrl-D.
    package mutating func ended() -> Step { leave() }

    private func leave() -> Step { .done(nil, closing: "\n  " + say(.left) + "\n") }

    private func again(_ why: AskingMessage) -> Step {
        let last = lines == Self.tries - 1 ? " " + say(.lastTry) : ""
        return .ask("  " + say(why) + last + "\n  > ")
    }

    private var how: String? {
        switch question.form.kind {
        case .text: nil
        case .number: say(.pleaseNumber(unit: question.form.unit))
        case .choice: say(.pleaseChooseOne)
        case .choices: say(.pleaseChooseSeveral)
        case .secret: say(.pleaseSecret)
        }
    }

    private func say(_ message: AskingMessage) -> String { Visible.text(message.text(in: question.language)) }
}
