import SupportDiagnostics
import SupportYAML

/// A file of answers, `--answers FILE`: the ids of `ask` steps, each with its answer.
///
///     hops: 3
///     layers: [the destination address, the TTL]
package enum AnswerFile {
    /// The answers by step, with everything that is wrong with the file.
    package static func read(
        _ file: SourceFile, for lab: LabDefinition
    ) -> (answers: [String: GivenAnswer], problems: [Diagnostic]) {
        let problems = Problems()
        var answers: [String: GivenAnswer] = [:]
        for pair in YAMLDocument.read(file, problems: problems)?.pairs("the file of answers", problems) ?? [] {
            guard isAsked(pair.key, in: lab, problems), let given = answer(pair, problems) else { continue }
            answers[pair.key.text] = given
        }
        return (answers, problems.inFileOrder)
    }

    private static func isAsked(_ key: YAMLScalar, in lab: LabDefinition, _ problems: Problems) -> Bool {
        let asking = lab.steps.filter { $0.kind == "ask" }.map(\.id)
        if asking.contains(key.text) { return true }
        let nearest = Suggestion.nearest(to: key.text, among: asking)
        let listed = asking.map { "`\($0)`" }.joined(separator: ", ")
        problems.report(
            Diagnostic(
                "answers.unknown-step", "the lab asks nothing in a step `\(key.text)`", at: key.span,
                label: nearest.map { "did you mean `\($0)`?" } ?? "",
                help: [asking.isEmpty ? "it asks nothing at all" : "it asks in \(listed)"]))
        return false
    }

    private static func answer(_ pair: YAMLPair, _ problems: Problems) -> GivenAnswer? {
        // Nothing behind the colon: not answered yet.
        if pair.value.isNull { return nil }
        let nodes = pair.value.sequence ?? [pair.value]
        let texts = nodes.compactMap { $0.scalar?.text }
        let given = GivenAnswer(texts)
        if texts.count == nodes.count, given.text.utf8.count <= AnswerForm.longest {
            return given.isEmpty ? nil : given
        }
        problems.report(
            Diagnostic(
                "answers.value",
                texts.count == nodes.count
                    ? "the answer to `\(pair.key.text)` is longer than \(AnswerForm.longest) bytes"
                    : "the answer to `\(pair.key.text)` is a text, a number or a list of them",
                at: pair.value.span, help: ["`\(pair.key.text): an answer`, or `\(pair.key.text): [one, another]`"]))
        return nil
    }
}
