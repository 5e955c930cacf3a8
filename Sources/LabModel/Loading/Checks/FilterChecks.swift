import SupportDiagnostics
import SupportQuestions
import SupportYAML

/// Display filters within plans, which are compiled again when the step is performed.
struct FilterChecks {
    let catalogue: [StepSchema]
    let sharedTables: [Table]
    let places: StepPlaces
    let problems: Problems

    func verify(_ steps: [StepDefinition]) {
        guard let frames = sharedTables.first(where: { $0.name == "frame" }) else { return }
        var filters: [String: [String]] = [:]
        for kind in catalogue {
            for field in kind.fields where field.type == .filter { filters[kind.name, default: []].append(field.name) }
        }
        for step in steps {
            for name in filters[step.kind] ?? [] {
                // One with references is known only when they have values.
                guard case .value? = step.plan[name],
                    let scalar = places.field(name, of: step, shorthand: nil)?.scalar
                else { continue }
                verify(scalar.source, against: frames)
            }
        }
    }

    private func verify(_ source: SourceText, against frames: Table) {
        let question: Question
        do { question = try Question.parse(source) } catch { return problems.report(error) }
        do {
            problems.report(
                try CompiledQuestion.compile(question, against: [frames], language: .filter).warnings)
        } catch {
            problems.report(error.all)
        }
    }
}
