import Dispatch
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
        let told = Problems()
        // A thread for what takes no time would only cost some.
        let isLarge = steps.count >= Self.many
        let size = isLarge ? (steps.count + 7) / 8 : max(1, steps.count)
        let portions = stride(from: 0, to: steps.count, by: size).map {
            (steps[$0..<min($0 + size, steps.count)], QuestionChecks())
        }
        // None changes what another reads. The longest comes first.
        nonisolated(unsafe) let passes =
            [{ texts(root, parts, steps, world, declarations, told) }]
            + portions.map { part in { part.1.verify(part.0) } }
        if isLarge {
            DispatchQueue.concurrentPerform(iterations: passes.count) { passes[$0]() }
        } else {
            passes.forEach { $0() }
        }
        for found in [told] + portions.map(\.1.problems) { problems.report(found.all) }
        problems.report(
            QuestionChecks.controls(of: steps, among: portions.reduce(into: []) { $0.formUnion($1.1.impossible) }))
    }

    private static let many = 500

    private func texts(
        _ root: YAMLNode, _ parts: [(content: LabFiles.Content, root: YAMLNode)], _ steps: [StepDefinition],
        _ world: WorldDefinition?, _ declarations: Declarations, _ problems: Problems
    ) {
        let places = StepPlaces([root] + parts.map(\.root), catalogue: catalogue)
        TextTraps(catalogue: catalogue, steps: steps, declarations: declarations, problems: problems).verify(
            root, parts)
        PortChecks(places: places, world: world, declarations: declarations, problems: problems).verify(steps)
        HintChecks(places: places, problems: problems).verify(steps)
        AskChecks(places: places, problems: problems).verify(steps)
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
