import SupportDiagnostics
import SupportYAML

/// Puts included files, groups and repetitions in the place where they are named. Nothing is read of the steps
/// themselves, and nothing is copied: every item is a node of the file that it was written in.
struct Expansion {
    /// More steps than any lab has; groups within groups grow fast.
    static let limit = 20_000

    let files: LabFiles
    let groups: [String: GroupDefinition]
    let problems: Problems
    private(set) var items: [StepItem] = []
    private(set) var usedGroups = Set<String>()
    private var names: [String: SourceSpan] = [:]
    private var isFull = false

    init(files: LabFiles, groups: [String: GroupDefinition], problems: Problems) {
        self.files = files
        self.groups = groups
        self.problems = problems
    }

    /// Where an item stands.
    struct Place {
        var scope: Scope
        var suffix = ""
        var conditions: [(node: YAMLNode, scope: Scope)] = []
        var origins: [Diagnostic.Label] = []
        var chain: IncludeChain
        var families: [String] = []
        /// The groups that are being put in place, outermost first.
        var groups: [String] = []
    }

    mutating func expand(_ nodes: [YAMLNode], at place: Place) {
        if items.isEmpty { items.reserveCapacity(min(nodes.count, Self.limit)) }
        for node in nodes {
            guard !isFull else { return }
            if let pair = key("include", of: node) {
                include(node, pair.value, place)
            } else if let pair = key("foreach", of: node) {
                for turn in ForeachReader(problems: problems).turns(pair.value, in: place) {
                    put(node, turn)
                }
            } else {
                put(node, place)
            }
        }
    }

    private mutating func put(_ node: YAMLNode, _ place: Place) {
        if let pair = key("use", of: node) { return use(node, pair, place) }
        guard items.count < Self.limit else {
            isFull = true
            problems.report(
                Diagnostic(
                    "lab.too-many-steps", "the lab comes to more than \(Self.limit) steps here",
                    at: node.span.startPoint,
                    secondary: place.origins, help: ["groups and `foreach` within each other multiply"]))
            return
        }
        items.append(
            StepItem(
                node: node, scope: place.scope, suffix: place.suffix, families: place.families,
                conditions: place.conditions, origins: place.origins
            ).named())
    }

    private func key(_ name: String, of node: YAMLNode) -> YAMLPair? {
        node.mapping?.first { $0.key.text == name }
    }

    // MARK: include

    private mutating func include(_ node: YAMLNode, _ value: YAMLNode, _ place: Place) {
        guard var fields = FieldReader(node, of: "the item", problems) else { return }
        fields.expect(["include"])
        fields.finish(help: "`include: FILE` stands alone in its item")
        guard let name = value.string("`include`", problems), let chain = place.chain.including(name, problems),
            let root = files.root(of: name, as: .steps, problems)
        else { return }
        guard let nodes = root.list("the file of steps `\(name.value)`", problems) else { return }
        var inner = place
        inner.chain = chain
        expand(nodes, at: inner)
    }

    // MARK: use

    private mutating func use(_ node: YAMLNode, _ pair: YAMLPair, _ place: Place) {
        guard var fields = FieldReader(node, of: "the item", problems) else { return }
        fields.expect(["use", "foreach"])
        let condition = fields.node("when")
        fields.finish(help: "an item with `use` has `foreach` and `when` besides; steps have the rest")
        guard var use = FieldReader(pair.value, of: "`use`", declared: LabGrammar.use.names, problems) else { return }
        let name = use.string("group", required: true)
        let prefix = use.string("as", required: true)
        let given = use.pair("with")
        use.finish(help: "`use: { group: NAME, as: PREFIX, with: { … } }`")
        guard let name, let prefix, let group = group(name) else { return }
        usedGroups.insert(group.name)
        guard Names.isIdentifier(prefix.value) else {
            problems.report(.badIdentifier(prefix, noun: "a group's `as`"))
            return
        }
        if place.groups.contains(group.name) {
            let circle = (place.groups + [group.name]).map { "`\($0)`" }.joined(separator: " uses ")
            problems.report(
                Diagnostic("group.cycle", "the group `\(group.name)` uses itself", at: name.span, notes: [circle]))
            return
        }
        let local = place.scope.prefix + prefix.value + place.suffix
        if let first = names[local] {
            problems.report(
                Diagnostic(
                    "group.same-prefix", "two uses of groups are both called `\(local)`", at: prefix.span,
                    secondary: [.init(first, "the first")],
                    help: ["`as` begins the ids of the steps: they would collide"]
                ))
            return
        }
        names[local] = prefix.span
        guard
            let bindings = ParameterReader(problems: problems).bindings(
                of: group, given: given, use: pair, place: place)
        else { return }
        var inner = place
        inner.scope = Scope(group: bindings, prefix: local + "-", ids: group.ids, in: place.scope.lab)
        inner.suffix = ""
        if let condition { inner.conditions.append((condition, place.scope)) }
        inner.origins.append(.init(name.span, "used here"))
        inner.groups.append(group.name)
        inner.families.append(local)
        expand(group.items, at: inner)
    }

    private func group(_ name: Located<String>) -> GroupDefinition? {
        if let group = groups[name.value] { return group }
        let nearest = Suggestion.nearest(to: name.value, among: groups.keys.sorted())
        let listed = groups.keys.sorted().map { "`\($0)`" }.joined(separator: ", ")
        problems.report(
            Diagnostic(
                "group.unknown", "there is no group `\(name.value)`", at: name.span,
                label: nearest.map { "did you mean `\($0)`?" } ?? "",
                help: [groups.isEmpty ? "`groups:` at the top of the lab defines them" : "the groups are \(listed)"],
                fix: .spelling(of: name.value, as: nearest, at: name.span)))
        return nil
    }
}

extension Diagnostic {
    static func badIdentifier(_ name: Located<String>, noun: String) -> Diagnostic {
        Diagnostic(
            "step.bad-id", "\(noun) is made of letters, digits and hyphens and begins with a letter", at: name.span,
            help: ["ids name steps in reports, references and evidence folders"])
    }
}
