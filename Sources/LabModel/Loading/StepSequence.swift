import SupportDiagnostics
import SupportQuestions
import SupportYAML

/// Reads all items of a lab in order: each step may refer to those before it.
struct StepSequence {
    let catalogue: [StepSchema]
    let sharedTables: [Table]
    let world: WorldDefinition?
    let host: String
    let problems: Problems

    func read(_ items: [StepItem], of fields: FieldReader) -> [StepDefinition] {
        let names = NameCheck(items)
        var section = ""
        var steps: [StepDefinition] = []
        steps.reserveCapacity(items.count)
        var told = Set<Diagnostic>()
        let ahead = QuestionsAhead(items, catalogue: catalogue, sharedTables: sharedTables)
        defer { ahead.stop() }
        for (index, item) in items.enumerated() {
            let questions = ahead.questions(of: index)
            if let title = sectionTitle(item) {
                section = title
                continue
            }
            let found = Problems()
            let reader = StepReader(
                catalogue: catalogue, sharedTables: sharedTables, world: world, defaultHost: host, item: item,
                names: names, compiled: questions, problems: found)
            let result = reader.read(section: section, position: steps.count + 1)
            report(found, of: item, &told)
            guard let (step, schema) = result else { continue }
            steps.append(step)
            let declarations = item.scope.declarations
            declarations.declare(step: step, of: schema)
            if !item.suffix.isEmpty {
                declarations.add(step.id, toFamily: String(step.id.dropLast(item.suffix.count)))
            }
            for family in item.families { declarations.add(step.id, toFamily: family) }
        }
        if steps.isEmpty, !problems.hasErrors {
            problems.report(
                Diagnostic(
                    "lab.empty", "a lab without steps checks nothing",
                    at: fields.node.mapping?.first { $0.key.text == "steps" }?.key.span ?? fields.node.span.startPoint,
                    help: ["`lab explain` lists the kinds of steps"]))
        }
        return steps
    }

    /// The title of a section, where the item is one: it has a `section` and no kind.
    private func sectionTitle(_ item: StepItem) -> String? {
        guard let pairs = item.node.mapping, pairs.contains(where: { $0.key.text == "section" }),
            !pairs.contains(where: { pair in catalogue.contains { $0.name == pair.key.text } }),
            var fields = FieldReader(item.node, of: "a section", problems)
        else { return nil }
        let title = fields.text("section")?.text
        fields.finish(help: "a section has a title only; its steps follow as items of their own")
        return title.map { item.scope.template($0).rendered(item.scope.declarations.values) } ?? ""
    }

    /// What is wrong with a step that was put in place several times is told once, with the first place.
    private func report(_ found: Problems, of item: StepItem, _ told: inout Set<Diagnostic>) {
        guard !item.origins.isEmpty || !item.suffix.isEmpty else { return problems.report(found.all) }
        for problem in found.all where told.insert(problem).inserted {
            var shown = problem
            shown.secondary += item.origins
            problems.report(shown)
        }
    }
}
