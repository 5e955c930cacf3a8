import LabModel
import LabSteps
import SupportDiagnostics
import SupportYAML

/// Wrong runs that need no author: each step left out, each key of a plan dropped, each input replaced by its like.
struct GeneratedRuns {
    let lab: ProofLab
    let reference: RunEvidence
    let earlier: RunEvidence

    func generate(into plan: inout ProofPlan) {
        for step in lab.lab.steps {
            var change = WrongChange()
            change.skipped = [step.id]
            plan.add(PlannedRun("skip \(step.id)", .skipped, change))
        }
        for step in lab.lab.steps {
            for pair in lab.plan(of: step)?.mapping ?? [] where !step.isProse(pair.key.text) {
                let span = pair.key.span
                plan.add(
                    PlannedRun(
                        "\(step.id) without \(pair.key.text)", .dropped,
                        change(of: step, pair.key.text, to: .text("~", at: span))))
            }
        }
        for variable in lab.lab.variables { add(variable, &plan) }
        for (index, step) in lab.lab.steps.enumerated() {
            addTwins(of: step, earlierSteps: Array(lab.lab.steps[..<index]), &plan)
        }
        let answers = AnswerTwins(lab: lab, reference: reference, earlier: earlier)
        for step in lab.lab.steps { answers.add(step, &plan) }
    }

    private func change(of step: StepDefinition, _ key: String, to value: YAMLNode) -> WrongChange {
        var change = WrongChange()
        change.plans = [(step.id, .mapping([YAMLPair(key: .text(key, at: value.span), value: value)], at: value.span))]
        return change
    }

    // MARK: Variables

    /// Another student's value in everything that is done, while checks keep this student's.
    private func add(_ variable: VariableDefinition, _ plan: inout ProofPlan) {
        let name = "another \(variable.name)"
        guard let own = lab.loaded.references[variable.name] else { return }
        let others = earlier.lab.loaded.references[variable.name]
        var value = others.flatMap { $0 == own ? nil : $0.text }
        if value == nil {
            if let number = own.int {
                let next = Value.int(number &+ 1)
                value = variable.rule.violation(of: next) == nil ? next.text : String(number &- 1)
            } else {
                value = lab.lab.world?.twin(ofName: own.text)
            }
        }
        guard let value else {
            return plan.omit(name, "every student has the same value, and nothing in the world is like it")
        }
        var change = WrongChange()
        change.variables = [variable.name: value]
        // A secret is none of a report's, not even another student's.
        plan.add(PlannedRun(variable.isSecret ? name : "\(name): \(value)", .foreign, change))
    }

    // MARK: Inputs of plans

    private func addTwins(of step: StepDefinition, earlierSteps: [StepDefinition], _ plan: inout ProofPlan) {
        guard let node = lab.plan(of: step) else { return }
        let schema = StepCatalog.kind(named: step.kind)?.schema
        let fields: [(key: String, value: YAMLNode)] =
            node.mapping.map { $0.map { ($0.key.text, $0.value) } } ?? schema?.shorthand.map { [($0, node)] } ?? []
        let twins = InputTwins(lab: lab, reference: reference, earlier: earlier, earlierSteps: earlierSteps)
        for (key, value) in fields where !step.isProse(key) {
            for twin in twins.all(of: value, at: "\(step.id).\(key)") {
                switch twin {
                case .none(let name, let reason): plan.omit(name, reason)
                case .value(let name, let origin, let node, let inputs):
                    plan.add(PlannedRun(name, origin, change(of: step, key, to: node), inputs: inputs))
                }
            }
        }
    }
}

extension WorldDefinition {
    /// Another name of the world that could stand in the place of a name.
    func twin(ofName name: String) -> String? {
        guard names.contains(where: { $0.name == name }) else { return nil }
        let hasSite = sites.contains { $0.name == name }
        return names.first { other in
            other.name != name && sites.contains { $0.name == other.name } == hasSite
        }?.name ?? names.first { $0.name != name }?.name
    }

    /// Another host's address in the place of a host's: `world.printer.address` for `world.ghost.address`.
    func twin(ofReference reference: String) -> String? {
        let parts = reference.split(separator: ".", maxSplits: 2).map(String.init)
        guard parts.count == 3, parts[0] == "world" else { return nil }
        let names = hosts.map(\.name)
        guard let index = names.firstIndex(of: parts[1]) else { return nil }
        let others = names[(index + 1)...] + names[..<index]
        return others.map { "world.\($0).\(parts[2])" }.first { references[$0] != nil }
    }
}
