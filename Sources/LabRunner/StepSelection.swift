import LabModel
import LabSteps

/// The steps that `--only` names, by step or by `step.check`, and all that they build on: what their plans and questions
/// refer to, the controls of what they forbid, and what earlier steps changed on their host.
struct StepSelection {
    private let ids: Set<String>

    init(_ names: [String], in lab: LabDefinition) {
        var ids = Set<String>()
        var open = names.map { name in
            lab.step(name) != nil ? name : name.split(separator: ".").first.map(String.init) ?? name
        }
        while let id = open.popLast() {
            guard ids.insert(id).inserted, let step = lab.step(id) else { continue }
            open +=
                step.needs + step.conditions.flatMap(\.steps) + Self.needsOfChecks(of: step, in: lab)
                + Self.changesBefore(step, in: lab)
        }
        self.ids = ids
    }

    func contains(_ id: String) -> Bool { ids.contains(id) }

    private static func needsOfChecks(of step: StepDefinition, in lab: LabDefinition) -> [String] {
        let controls = step.checks.compactMap(\.control)
        let references = step.checks.flatMap(\.references)
        return (controls + references).compactMap { name in
            name.split(separator: ".").first.map(String.init).flatMap { lab.step($0)?.id }
        }
    }

    /// A client reads its host's proxy setting and trust store, which earlier steps may have changed.
    private static func changesBefore(_ step: StepDefinition, in lab: LabDefinition) -> [String] {
        guard [RequestKind.schema.name, ProgramKind.schema.name].contains(step.kind) else { return [] }
        let changes = [SystemProxyKind.schema.name, TrustKind.schema.name]
        return lab.steps.prefix { $0.id != step.id }.filter { $0.host == step.host && changes.contains($0.kind) }
            .map(\.id)
    }

    /// Names that stand for no step and no check of the lab.
    static func unknown(_ names: [String], in lab: LabDefinition) -> [String] {
        let known = Set(lab.steps.map(\.id) + lab.steps.flatMap { step in step.checks.map { "\(step.id).\($0.name)" } })
        return names.filter { !known.contains($0) }
    }
}
