import SupportDiagnostics
import SupportQuestions
import WireSessions

/// Display filters as Wireshark reads them, over frames.
package enum FilterCompilation {
    /// - Parameter name: what diagnostics call the text: `-Y`, `filter`.
    package static func compile(_ text: String, name: String) throws(Diagnostics) -> CompiledQuestion {
        let question: Question
        do { question = try Question.parse(SourceText(text, name: name)) } catch { throw Diagnostics([error]) }
        return try CompiledQuestion.compile(question, against: [FrameTable.table], language: .filter)
    }
}
