import LabModel
import LabRunner
import Testing

@Suite("Asking a question, line by line") struct AnswerDialogueTests {
    private func question(_ form: AnswerForm, _ text: String = "How many?") -> StudentQuestion {
        StudentQuestion(step: "hops", question: text, options: form.options, form: form)
    }

    private func text(_ step: AnswerDialogue.Step) -> String {
        switch step {
        case .ask(let text): text
        case .done(_, let closing): closing
        }
    }

    @Test("the first answer that is what was asked for is taken")
    func taken() {
        var dialogue = AnswerDialogue(question(AnswerForm(kind: .number, unit: "ms")))
        #expect(text(dialogue.begin()).contains("How many?"))
        #expect(text(dialogue.received("many")).contains("That is no number in ms"))
        #expect(dialogue.received("12 ms") == .done(GivenAnswer("12 ms"), closing: ""))
    }

    @Test("after three lines the answer is taken as it is, and that was said before")
    func limit() {
        var dialogue = AnswerDialogue(question(AnswerForm(kind: .number)))
        _ = dialogue.begin()
        #expect(!text(dialogue.received("a")).contains("taken as it is"))
        #expect(text(dialogue.received("b")).contains("taken as it is"))
        #expect(dialogue.received("c") == .done(GivenAnswer("c"), closing: ""))
    }

    @Test("nothing but blanks is no answer in the end, and so is the end of the input")
    func nothing() {
        var dialogue = AnswerDialogue(question(AnswerForm(kind: .text)))
        _ = dialogue.begin()
        for _ in 1..<AnswerDialogue.tries {
            guard case .ask = dialogue.received("  ") else { return #expect(Bool(false)) }
        }
        guard case .done(nil, _) = dialogue.received("") else { return #expect(Bool(false)) }
        var other = AnswerDialogue(question(AnswerForm(kind: .text)))
        _ = other.begin()
        guard case .done(nil, let closing) = other.ended() else { return #expect(Bool(false)) }
        #expect(closing.contains("No answer."))
    }

    @Test("a line without end is refused and never kept")
    func long() {
        var dialogue = AnswerDialogue(question(AnswerForm(kind: .text)))
        _ = dialogue.begin()
        let line = String(repeating: "x", count: AnswerForm.longest + 1)
        #expect(text(dialogue.received(line)).contains("4096"))
        _ = dialogue.received(line)
        guard case .done(nil, _) = dialogue.received(line) else { return #expect(Bool(false)) }
    }

    @Test("what the lab says cannot control the terminal")
    func hostile() {
        let form = AnswerForm(kind: .choice, options: ["a\u{1B}[2J", "b\r\u{202E}c"])
        var dialogue = AnswerDialogue(question(form, "Which\u{1B}]0;x\u{07}?\u{9B}31m"))
        let shown = text(dialogue.begin())
        #expect(
            shown.unicodeScalars.allSatisfy { $0 == "\n" || ($0.value >= 0x20 && !(0x7F...0x9F).contains($0.value)) })
        #expect(!shown.contains("\u{202E}"))
    }

    @Test("options are chosen in the words of either language, and the runner speaks the student's")
    func languages() {
        var spanish = question(AnswerForm(kind: .choice, options: ["A router", "A bridge"]), "¿Qué es?")
        spanish.options = ["Un router", "Un puente"]
        spanish.language = .spanish
        spanish.attempt = 2
        for answer in ["2", "un puente", "A bridge"] {
            var dialogue = AnswerDialogue(spanish)
            let begin = text(dialogue.begin())
            #expect(begin.contains("2  Un puente") && begin.contains("sin respuesta") && begin.contains("Otra vez"))
            #expect(dialogue.received(answer) == .done(GivenAnswer(answer), closing: ""))
        }
    }
}
