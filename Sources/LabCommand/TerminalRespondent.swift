import Glibc
import LabModel
import LabRunner
import SupportLinux

/// Asks the student at the terminal of this process.
struct TerminalRespondent: Respondent {
    let input: Int32
    let output: Int32

    init(input: Int32 = STDIN_FILENO, output: Int32 = STDERR_FILENO) {
        self.input = input
        self.output = output
    }

    /// Nil where nobody sits at a terminal.
    static func present() -> TerminalRespondent? {
        let asker = TerminalRespondent()
        return Terminal.isTerminal(asker.input) && Terminal.isTerminal(asker.output) ? asker : nil
    }

    func answer(_ question: StudentQuestion, willAsk: @Sendable () -> Void) async throws -> GivenAnswer? {
        willAsk()
        return try await Threads.perform(name: "question") { try ask(question) }
    }

    func file(
        _ name: String, step: String, limit: Int, references: [String: Value]
    ) async throws -> [UInt8]? { nil }

    private func ask(_ question: StudentQuestion) throws -> GivenAnswer? {
        let quiet = question.form.kind == .secret ? try RawTerminal(input: input, output: output, mode: .unechoed) : nil
        defer { quiet?.restore() }
        var dialogue = AnswerDialogue(question)
        var reader = LineReader(input)
        var step = dialogue.begin()
        while true {
            switch step {
            case .ask(let text):
                Standard.write(text, to: output)
                step = reader.next().map { dialogue.received($0) } ?? dialogue.ended()
            case .done(let answer, let closing):
                Standard.write(closing, to: output)
                return answer
            }
        }
    }
}

/// Lines of a terminal in its ordinary mode, in which it edits them itself.
private struct LineReader {
    private let descriptor: Int32
    private var rest: [UInt8] = []

    init(_ descriptor: Int32) { self.descriptor = descriptor }

    /// A line without its end; nil at the end of the input.
    mutating func next() -> String? {
        while true {
            if let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
                let line = rest[..<end]
                rest.removeSubrange(...end)
                return String(decoding: line, as: UTF8.self)
            }
            // A line that goes on and on is one line: its beginning is enough to refuse it.
            if rest.count > 1 << 16 { rest.removeLast(rest.count - (1 << 16)) }
            var buffer = [UInt8](repeating: 0, count: 4096)
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return nil }
            rest += buffer[..<count]
        }
    }
}
