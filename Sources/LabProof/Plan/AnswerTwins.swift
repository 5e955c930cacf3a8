import LabModel
import LabSteps
import SupportDiagnostics

/// What somebody who does not know better could answer or hand in.
package struct AnswerTwins {
    let lab: ProofLab
    let reference: RunEvidence
    let earlier: RunEvidence

    func add(_ step: StepDefinition, _ plan: inout ProofPlan) {
        guard StepCatalog.kind(named: step.kind) is any StudentStepKind.Type else { return }
        guard let record = reference.steps.performed[step.id], record.failure == nil,
            let right = lab.lab.key?.answers[step.id]?.value
        else { return plan.omit("\(step.id) answered wrongly", "the key has no answer to `\(step.id)`") }
        switch right {
        case .texts(let texts): addAnswers(step, record, right: texts, &plan)
        case .file(let path):
            let bytes = lab.lab.key?.files[path] ?? []
            addFiles(step, text: String(decoding: bytes, as: UTF8.self), &plan)
        case .content(let text): addFiles(step, text: text, &plan)
        case .nothing: break
        }
    }

    // MARK: Answers

    private func addAnswers(
        _ step: StepDefinition, _ record: PerformedStep, right: [String], _ plan: inout ProofPlan
    ) {
        let form = AnswerForm(plan: record.plan.values)
        for wrong in Self.wrongAnswers(form, record.results, right: GivenAnswer(right)) {
            add(step, .texts(wrong), "\(step.id) answered \(wrong.joined(separator: ", "))", .foreign, &plan)
        }
        guard let own = record.results["answer"]?.string,
            let other = earlier.steps.performed[step.id]?.results["answer"],
            let old = other.string, old != own
        else { return }
        add(step, .texts([old]), "\(step.id): another student's answer", .stale, &plan)
    }

    /// Answers that lie beside the right one.
    package static func wrongAnswers(_ form: AnswerForm, _ results: [String: Value], right given: GivenAnswer)
        -> [[String]]
    {
        switch form.kind {
        case .text, .secret: return [["something else"]]
        case .number:
            guard let right = number(results["number"]) else { return [] }
            return [[shown(right + 1)], [shown(right - 1)], [shown(right * 10 + 10)]]
        case .choice:
            let right = results["answer"]?.string
            return form.options.filter { $0 != right }.map { [$0] }
        case .choices:
            let given = form.read(given).choices
            let all = Array(1...max(1, form.options.count))
            let fewer = given.count > 1 ? given.map { one in given.filter { $0 != one } } : []
            let more = all.filter { !given.contains($0) }.map { given + [$0] }
            return (fewer + more).map { $0.map(String.init) }
        }
    }

    private static func number(_ value: Value?) -> Double? {
        switch value {
        case .double(let number)?: number
        case .int(let number)?: Double(number)
        default: nil
        }
    }

    private static func shown(_ number: Double) -> String {
        Int64(exactly: number).map { String($0) } ?? String(number)
    }

    // MARK: Files

    private func addFiles(_ step: StepDefinition, text: String, _ plan: inout ProofPlan) {
        add(step, .content(""), "\(step.id) handed in empty", .foreign, &plan)
        add(step, .content(String(text.prefix(text.count / 2))), "\(step.id) handed in by half", .foreign, &plan)
    }

    private func add(
        _ step: StepDefinition, _ answer: KeyAnswer, _ name: String, _ origin: PlannedRun.Origin,
        _ plan: inout ProofPlan
    ) {
        var change = WrongChange()
        change.answers[step.id] = answer
        plan.add(PlannedRun(name, origin, change))
    }
}
