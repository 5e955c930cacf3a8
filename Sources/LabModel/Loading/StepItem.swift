import SupportDiagnostics
import SupportYAML

/// One item of `steps` after includes, groups and `foreach` have been put in place.
struct StepItem {
    let node: YAMLNode
    /// What names mean within it.
    let scope: Scope
    /// What its id ends with: the items of its `foreach`.
    let suffix: String
    /// The uses of groups that it comes from, each by what its ids begin with, outermost first.
    let families: [String]
    /// `when` of the groups it comes from, outermost first, with the scope that each was written in.
    let conditions: [(node: YAMLNode, scope: Scope)]
    /// Where it was used or repeated: a problem of the item is shown with them.
    let origins: [Diagnostic.Label]
}

extension StepItem {
    /// The item with the whole id of its step where its own stood, as key files and reports know it.
    func named() -> StepItem {
        guard !scope.prefix.isEmpty || !suffix.isEmpty, let id = node.value(of: "id"), let text = id.scalar?.text else {
            return self
        }
        let whole = YAMLNode.text(scope.prefix + text + suffix, at: id.span)
        return with(node.setting("id", to: whole, at: id.span))
    }

    private func with(_ node: YAMLNode) -> StepItem {
        StepItem(
            node: node, scope: scope, suffix: suffix, families: families, conditions: conditions, origins: origins)
    }

    /// Steps that were changed since, each with what it had before; new ones belong to the lab itself.
    static func matching(_ nodes: [YAMLNode], with items: [StepItem], in scope: Scope) -> [StepItem] {
        let named = Dictionary(
            items.compactMap { item in item.id.map { ($0, item) } }, uniquingKeysWith: { first, _ in first })
        var others: [SourceSpan: [StepItem]] = [:]
        for item in items.reversed() where item.id == nil { others[item.node.span, default: []].append(item) }
        return nodes.map { node in
            if let id = node.value(of: "id")?.scalar?.text {
                if let item = named[id], item.node.span == node.span { return item.with(node) }
            } else if let item = others[node.span]?.popLast() {
                return item.with(node)
            }
            return StepItem(node: node, scope: scope, suffix: "", families: [], conditions: [], origins: [])
        }
    }

    /// As it is written in the item's node.
    var id: String? { node.value(of: "id")?.scalar?.text }
}
