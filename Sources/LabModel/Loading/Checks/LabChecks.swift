import SupportDiagnostics
import SupportQuestions
import SupportYAML

/// What shows only when a lab is looked at as a whole.
struct LabChecks {
    let catalogue: [StepSchema]
    let sharedTables: [Table]
    let problems: Problems

    /// - Parameter parts: the files that the lab includes.
    func verify(
        _ root: YAMLNode, parts: [(content: LabFiles.Content, root: YAMLNode)], steps: [StepDefinition],
        world: WorldDefinition?, declarations: Declarations
    ) {
        let places = StepPlaces([root] + parts.map(\.root), catalogue: catalogue)
        TextTraps(catalogue: catalogue, steps: steps, declarations: declarations, problems: problems).verify(
            root, parts)
        PortChecks(places: places, world: world, declarations: declarations, problems: problems).verify(steps)
        HintChecks(places: places, problems: problems).verify(steps)
        AskChecks(places: places, problems: problems).verify(steps)
        QuestionChecks(problems: problems).verify(steps)
        FilterChecks(catalogue: catalogue, sharedTables: sharedTables, places: places, problems: problems)
            .verify(steps)
    }
}

/// Where steps were written: the node that a definition was read from.
struct StepPlaces {
    private var nodes: [SourceSpan: YAMLNode] = [:]

    init(_ roots: [YAMLNode], catalogue: [StepSchema]) {
        let kinds = Set(catalogue.map(\.name))
        for root in roots { collect(root, kinds) }
    }

    private mutating func collect(_ node: YAMLNode, _ kinds: Set<String>) {
        switch node.content {
        case .scalar: break
        case .sequence(let items):
            for item in items {
                if item.mapping?.contains(where: { kinds.contains($0.key.text) }) == true { nodes[item.span] = item }
                collect(item, kinds)
            }
        case .mapping(let pairs): for pair in pairs { collect(pair.value, kinds) }
        }
    }

    /// The step's own mapping; nil for one that stands in no file, as wrong runs insert them.
    func node(of step: StepDefinition) -> YAMLNode? { nodes[step.span] }

    /// The value of a field of the step's plan, also where its kind's shorthand gives it.
    func field(_ name: String, of step: StepDefinition, shorthand: String?) -> YAMLNode? {
        guard let plan = node(of: step)?.value(of: step.kind) else { return nil }
        if plan.mapping != nil { return plan.value(of: name) }
        return name == shorthand ? plan : nil
    }
}
