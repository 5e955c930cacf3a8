import LabModel
import LabRunner
import SupportDiagnostics

/// A student who gives what the key says, or what a wrong run says instead.
struct KeyRespondent: Respondent {
    let key: LabKey?
    /// By step.
    let instead: [String: KeyAnswer]

    func answer(_ question: StudentQuestion, willAsk: @Sendable () -> Void) async throws -> GivenAnswer? {
        guard case .texts(let texts) = response(to: question.step) else { return nil }
        return GivenAnswer(texts.map { Self.text($0, question.references) })
    }

    func file(
        _ name: String, step: String, limit: Int, references: [String: Value]
    ) async throws -> [UInt8]? {
        let bytes: [UInt8]
        switch response(to: step) {
        case .content(let text): bytes = Array(Self.text(text, references).utf8)
        case .file(let path): bytes = key?.files[path] ?? []
        case .texts, .nothing: return nil
        }
        guard bytes.count <= limit else {
            throw StepFailure(.subject, "`\(name)` is larger than \(Plural.count(limit, "byte", "bytes"))")
        }
        return bytes
    }

    private func response(to step: String) -> KeyAnswer { instead[step] ?? key?.answers[step]?.value ?? .nothing }

    private static func text(_ text: String, _ references: [String: Value]) -> String {
        Template(text, isDeclared: { references[$0] != nil }).rendered(references)
    }
}
