import SupportDiagnostics
import SupportYAML

extension WrongChange {
    /// The change as edits of the lab's tree.
    ///
    /// - Parameters:
    ///   - lab: the lab as it is, which gives steps without an id their names.
    ///   - catalogue: for steps whose plan is written as a bare value.
    package func edits(of lab: LabDefinition, catalogue: [StepSchema]) -> LabEdits {
        let names = lab.steps.map { (id: $0.id, kind: $0.kind, span: $0.span) }
        return LabEdits(
            steps: { items in
                var items = Self.named(items, names)
                for (step, patch) in plans {
                    guard let index = Self.index(of: step, in: items),
                        let kind = names.first(where: { $0.id == step })?.kind,
                        let schema = catalogue.first(where: { $0.name == kind })
                    else { continue }
                    items[index] = Self.patched(items[index], schema, patch)
                }
                for (step, place) in moves {
                    guard let from = Self.index(of: step, in: items) else { continue }
                    let item = items.remove(at: from)
                    items.insert(item, at: Self.position(place, in: items) ?? from)
                }
                for (steps, place) in insertions {
                    guard let position = Self.position(place, in: items) else { continue }
                    items.insert(contentsOf: steps, at: position)
                }
                return items
            },
            world: { node in world.map { WorldPatch.merged(node, with: $0) } ?? node })
    }

    /// Steps without an id are named by their position, which must not change with what is inserted before them.
    private static func named(
        _ items: [YAMLNode], _ names: [(id: String, kind: String, span: SourceSpan)]
    ) -> [YAMLNode] {
        items.map { item in
            guard item.value(of: "id") == nil, item.mapping != nil,
                let name = names.first(where: { $0.span == item.span })
            else { return item }
            return item.setting("id", to: .text(name.id, at: item.span), at: item.span)
        }
    }

    private static func index(of step: String, in items: [YAMLNode]) -> Int? {
        items.firstIndex { $0.value(of: "id")?.scalar?.text == step }
    }

    private static func position(_ place: Place, in items: [YAMLNode]) -> Int? {
        switch place {
        case .before(let step): index(of: step, in: items)
        case .after(let step): index(of: step, in: items).map { $0 + 1 }
        }
    }

    private static func patched(_ item: YAMLNode, _ schema: StepSchema, _ patch: YAMLNode) -> YAMLNode {
        guard let plan = item.value(of: schema.name) else { return item }
        let whole =
            plan.mapping != nil
            ? plan
            : schema.shorthand.map {
                YAMLNode.mapping([YAMLPair(key: .text($0, at: plan.span), value: plan)], at: plan.span)
            } ?? plan
        return item.setting(schema.name, to: whole.merged(with: patch), at: plan.span)
    }
}

/// A patch of a world. Besides what any patch can do, `routers: { r4: null }` and `links: { r3-r4: null }` reach into
/// lists; a router that is gone takes its links with it.
enum WorldPatch {
    static func merged(_ world: YAMLNode, with patch: YAMLNode) -> YAMLNode {
        guard let changes = patch.mapping else { return patch }
        var result = world
        var plain: [YAMLPair] = []
        for change in changes {
            let old = world.value(of: change.key.text)?.sequence
            guard let old, let removals = change.value.mapping, removals.allSatisfy(\.value.isNull) else {
                plain.append(change)
                if change.key.text == "routers" {
                    let gone = change.value.mapping?.filter(\.value.isNull).map(\.key.text) ?? []
                    result = without(Set(gone), result, at: change.key.span)
                }
                continue
            }
            let names = Set(removals.map(\.key.text))
            let kept = old.filter { item in
                names.isDisjoint(with: Self.names(of: item))
            }
            result = result.setting(
                change.key.text, to: YAMLNode(.sequence(kept), at: change.value.span), at: change.key.span)
            if change.key.text == "routers" { result = without(names, result, at: change.key.span) }
        }
        return result.merged(with: .mapping(plain, at: patch.span))
    }

    /// What an item of a list may be called: itself, its `name`, or `A-B` for the two ends of a link.
    private static func names(of item: YAMLNode) -> [String] {
        if let text = item.scalar?.text { return [text] }
        if let name = item.value(of: "name")?.scalar?.text { return [name] }
        let ends = item.value(of: "between")?.sequence?.compactMap { $0.scalar?.text } ?? []
        return ends.count == 2 ? ["\(ends[0])-\(ends[1])", "\(ends[1])-\(ends[0])"] : []
    }

    private static func without(_ routers: Set<String>, _ world: YAMLNode, at span: SourceSpan) -> YAMLNode {
        guard let links = world.value(of: "links")?.sequence else { return world }
        let kept = links.filter { link in
            !(link.value(of: "between")?.sequence ?? []).contains {
                $0.scalar.map { routers.contains($0.text) } ?? false
            }
        }
        return world.setting("links", to: YAMLNode(.sequence(kept), at: span), at: span)
    }
}
