import LabModel
import SupportDiagnostics
import SupportQuestions

/// `ask`: asks the student a question and keeps the answer.
package enum AskKind: StudentStepKind {
    package static let answer = Table(
        "answer", "the answer to the question",
        fields: [
            Field("lab.answer.text", .string, "the answer, blanks at its ends left out; for a choice the option"),
            Field("lab.answer.number", .float, "the number, in the unit that was asked for"),
            Field("lab.answer.duration", .duration, "the number as a span of time, where its unit is one"),
            Field("lab.answer.choice", .unsigned, "the number of an option that was chosen, from 1", isMany: true),
            Field("lab.answer.option", .string, "an option that was chosen, as the lab writes it", isMany: true),
            Field("lab.answer.choices", .list, "the numbers of all options that were chosen, rising"),
            Field("lab.answer.sha256", .bytes, "the SHA-256 of the answer's text; all that is kept of a secret"),
            Field(
                "lab.answer.understood", .boolean, "whether it is what was asked for: a number, an option",
                isAlwaysThere: true),
        ])

    package static let schema = StepSchema(
        "ask", "asks the student a question and keeps the answer",
        fields: [
            PlanField("question", .string, required: true, prose: true, "what is asked, in one sentence or two"),
            PlanField(
                "type", .choice(AnswerForm.Kind.allCases.map(\.rawValue)), default: .string("text"),
                "what the answer is: of a `secret` only the digest is kept, `choices` are any of the options"),
            PlanField("unit", .string, "the unit of a number, such as `ms`, `MB` or `hops`"),
            PlanField("options", .list(.string), "what can be chosen, for `choice` and `choices`"),
        ],
        shorthand: "question",
        results: [
            ResultField("answer", .string, "the answer's text; a secret gives none"),
            ResultField("number", .float, "the number, in the unit that was asked for"),
        ],
        tables: [answer],
        guide: .ask)

    private static let artefact = "answer.json"

    /// What the run folder keeps of an answer: as it was given, or only its digest.
    private struct Kept: Codable {
        var answer: GivenAnswer?
        var sha256: String
    }

    package static func nothing(_ plan: StepPlan) -> Reason { .nobodyAnswered }

    package static func receive(_ plan: StepPlan, from student: any StudentContext) async throws -> Submission? {
        let form = AnswerForm(plan: plan.values)
        guard let given = try await student.answer(as: form), !given.isEmpty else { return nil }
        let isSecret = form.kind == .secret
        let kept = Kept(answer: isSecret ? nil : given, sha256: Hex.string(given.sha256))
        let reading = form.read(given)
        var results: [String: Value] = [:]
        if !isSecret { results["answer"] = .string(words(of: reading, form)) }
        if let number = reading.number { results["number"] = .double(number) }
        return Submission(
            artefacts: [(artefact, try JSON.encode(kept))],
            outcome: StepOutcome(
                results: results, notes: [isSecret ? "answered; only the digest is kept" : note(given)]))
    }

    /// What was chosen, in the words of the lab; otherwise what was typed.
    private static func words(of reading: AnswerReading, _ form: AnswerForm) -> String {
        reading.choices.isEmpty ? reading.text : form.words(reading.choices).joined(separator: ", ")
    }

    private static func note(_ given: GivenAnswer) -> String {
        let text = Visible.text(given.text)
        return "answered: " + (text.count > 200 ? String(text.prefix(200)) + "…" : text)
    }

    package static func derive(_ evidence: StepEvidence) -> Derived {
        guard let kept = evidence.json(Kept.self, artefact) else { return Derived() }
        var row = RowBuilder(answer)
        guard let given = kept.answer else {
            row.set("lab.answer.sha256", Hex.bytes(kept.sha256).map { .bytes($0) })
            row.set("lab.answer.understood", true)
            return Derived(tables: [TableRows(answer, [row.row], provenance: .selfReported)])
        }
        let form = AnswerForm(plan: evidence.plan.values)
        let reading = form.read(given)
        row.set("lab.answer.text", words(of: reading, form))
        row.set("lab.answer.number", reading.number.map { .float($0) })
        row.set("lab.answer.duration", reading.duration.map { .duration($0) })
        for choice in reading.choices { row.set("lab.answer.choice", number: choice) }
        for option in form.words(reading.choices) { row.set("lab.answer.option", option) }
        if form.takesSeveral, reading.isUnderstood {
            row.set("lab.answer.choices", .list(reading.choices.map { .string(String($0)) }))
        }
        row.set("lab.answer.sha256", .bytes(given.sha256))
        row.set("lab.answer.understood", reading.isUnderstood)
        return Derived(
            tables: [TableRows(answer, [row.row], provenance: .selfReported)],
            explanations: reading.isUnderstood ? [] : [misread(form)])
    }

    private static func misread(_ form: AnswerForm) -> String {
        switch form.kind {
        case .number: "the answer is no number" + (form.unit.isEmpty ? "" : " in \(form.unit)")
        case .choice, .choices: "the answer is none of the options"
        case .text, .secret: "the answer is empty"
        }
    }
}
