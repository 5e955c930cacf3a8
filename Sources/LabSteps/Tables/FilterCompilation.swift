import SupportDiagnostics
import SupportQuestions
import WireSessions

/// Display filters as Wireshark reads them, over frames.
package enum FilterCompilation {
    /// - Parameter name: what diagnostics call the text: `-Y`, `filter`.
    package static func compile(_ text: String, name: String) throws(Diagnostics) -> CompiledQuestion {
        do {
            let question = try Question.parse(SourceText(text, name: name))
            return try CompiledQuestion.compile(question, against: [FrameTable.table], language: .filter)
        } catch let problem as Diagnostic {
            throw Diagnostics([problem])
        } catch let problems as Diagnostics {
            throw problems
        } catch {
            throw Diagnostics([Diagnostic("question.unreadable", "\(error)")])
        }
    }
}
