import LabModel
import LabSteps
import SupportDiagnostics
import SupportYAML

/// What could stand in the place of an input of a plan: its stale twin from an earlier run, or a foreign one.
struct InputTwins {
    enum Twin {
        case value(name: String, PlannedRun.Origin, YAMLNode, inputs: [String: String])
        /// There is none, and why.
        case none(name: String, reason: String)
    }

    let lab: ProofLab
    let reference: RunEvidence
    let earlier: RunEvidence
    let earlierSteps: [StepDefinition]

    /// - Parameter place: `step.key`, for names.
    func all(of node: YAMLNode, at place: String) -> [Twin] {
        var twins: [Twin] = []
        for scalar in node.scalars {
            let template = Template(scalar.text, isDeclared: isDeclared)
            for name in template.references { twins += self.twins(of: name, in: node, at: place) }
            if template.references.isEmpty { twins += namesOfWorld(in: scalar.text, of: node, at: place) }
        }
        return twins
    }

    private func isDeclared(_ name: String) -> Bool {
        lab.loaded.references[name] != nil || owner(of: name) != nil
    }

    /// The earlier step whose result a name stands for, and what stands behind its id.
    private func owner(of name: String) -> (step: StepDefinition, suffix: String)? {
        for step in earlierSteps {
            if name == step.id { return (step, "") }
            guard name.hasPrefix(step.id + "."), let schema = StepCatalog.kind(named: step.kind)?.schema else {
                continue
            }
            let result = String(name.dropFirst(step.id.count + 1))
            if schema.result(result) != nil { return (step, "." + result) }
        }
        return nil
    }

    private func twins(of name: String, in node: YAMLNode, at place: String) -> [Twin] {
        guard let (step, suffix) = owner(of: name) else {
            guard let other = lab.lab.world?.twin(ofReference: name) else { return [] }
            return [foreign(name, "$" + other, node, place)]
        }
        var twins = earlierSteps.filter { $0.kind == step.kind && $0.id != step.id }.map { other in
            foreign(name, "$" + other.id + suffix, node, place)
        }
        twins.append(stale(name, step, suffix, node, place))
        return twins
    }

    private func foreign(_ name: String, _ other: String, _ node: YAMLNode, _ place: String) -> Twin {
        .value(
            name: "\(place): \(other) for $\(name)", .foreign, replacing(name, by: other, in: node), inputs: [:])
    }

    /// The result's value in the earlier run: a file is brought along, anything else is written as it was.
    private func stale(
        _ name: String, _ step: StepDefinition, _ suffix: String, _ node: YAMLNode, _ place: String
    ) -> Twin {
        let title = "\(place): stale $\(name)"
        let results = StepCatalog.kind(named: step.kind)?.schema.results ?? []
        let field = suffix.isEmpty ? results.first?.name ?? "" : String(suffix.dropFirst())
        guard let old = earlier.steps.performed[step.id]?.results[field],
            let new = reference.steps.performed[step.id]?.results[field]
        else { return .none(name: title, reason: "an earlier run gives no such value") }
        if let path = old.string, path.hasPrefix(RunFolder.evidence + "/"), RunFolder.isInside(path) {
            let brought = "\(step.id)-\(Paths.last(path))"
            let node = replacing(name, by: "\(RunFolder.inputs)/\(brought)", in: node)
            return .value(name: title, .stale, node, inputs: [brought: path])
        }
        if old == new { return .none(name: title, reason: "an earlier run gives the same value") }
        return .value(name: title, .stale, replacing(name, by: old.text, in: node), inputs: [:])
    }

    /// A name of the world that is written out has a twin as well.
    private func namesOfWorld(in text: String, of node: YAMLNode, at place: String) -> [Twin] {
        guard let world = lab.lab.world else { return [] }
        let found = world.names.map(\.name).filter {
            TextSearch(Array(text.utf8)).ranges(of: $0, whole: true).count == 1
        }
        // Of `www.example.test` and `example.test` the longer one is meant.
        guard let name = found.max(by: { $0.utf8.count < $1.utf8.count }), let other = world.twin(ofName: name) else {
            return []
        }
        let changed = node.mapping(scalars: { $0 == text ? $0.replacing(name, with: other) : $0 })
        return [.value(name: "\(place): \(other) for \(name)", .foreign, changed, inputs: [:])]
    }

    private func replacing(_ name: String, by other: String, in node: YAMLNode) -> YAMLNode {
        node.mapping(scalars: { text in
            Template(text, isDeclared: isDeclared).segments.map { segment in
                switch segment {
                case .literal(let literal): literal
                case .reference(let found): found == name ? other : "$" + found
                }
            }.joined()
        })
    }
}

extension YAMLNode {
    /// Every text and number within, keys left aside.
    fileprivate var scalars: [YAMLScalar] {
        switch content {
        case .scalar(let scalar): [scalar]
        case .sequence(let items): items.flatMap(\.scalars)
        case .mapping(let pairs): pairs.flatMap(\.value.scalars)
        }
    }

    fileprivate func mapping(scalars change: (String) -> String) -> YAMLNode {
        switch content {
        case .scalar(let scalar):
            let text = change(scalar.text)
            return text == scalar.text ? self : .text(text, style: scalar.style, at: span)
        case .sequence(let items): return YAMLNode(.sequence(items.map { $0.mapping(scalars: change) }), at: span)
        case .mapping(let pairs):
            return .mapping(pairs.map { YAMLPair(key: $0.key, value: $0.value.mapping(scalars: change)) }, at: span)
        }
    }
}
