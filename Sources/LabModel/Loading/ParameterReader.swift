import SupportDiagnostics
import SupportYAML

/// Reads what a `use` gives to a group, against the group's parameters.
struct ParameterReader {
    let problems: Problems

    /// Nil after reporting: with a hole the group would only give more problems.
    func bindings(
        of group: GroupDefinition, given: YAMLPair?, use: YAMLPair, place: Expansion.Place
    ) -> [String: Scope.Binding]? {
        let before = problems.all.count
        let pairs = given?.value.pairs("`with`", problems) ?? []
        reportUnknown(pairs, group)
        var bindings: [String: Scope.Binding] = [:]
        for parameter in group.parameters {
            if let pair = pairs.first(where: { $0.key.text == parameter.name }) {
                bindings[parameter.name] = binding(pair.value, parameter, group, place.scope)
            } else if let fallback = parameter.fallback {
                bindings[parameter.name] = binding(fallback, parameter, group, place.scope.lab)
            } else {
                problems.report(
                    Diagnostic(
                        "group.missing-parameter", "the group `\(group.name)` needs its parameter `\(parameter.name)`",
                        at: given?.key.span ?? use.key.span,
                        label: "no `\(parameter.name)` here",
                        secondary: [.init(parameter.span, "declared here, without a `default`")]))
            }
        }
        return problems.all.count == before ? bindings : nil
    }

    private func reportUnknown(_ pairs: [YAMLPair], _ group: GroupDefinition) {
        let known = group.parameters.map(\.name)
        for pair in pairs where !known.contains(pair.key.text) {
            let nearest = Suggestion.nearest(to: pair.key.text, among: known)
            let listed = known.map { "`\($0)`" }.joined(separator: ", ")
            problems.report(
                Diagnostic(
                    "group.unknown-parameter", "the group `\(group.name)` has no parameter `\(pair.key.text)`",
                    at: pair.key.span, label: nearest.map { "did you mean `\($0)`?" } ?? "",
                    secondary: [.init(group.span, "the group is defined here")],
                    help: [known.isEmpty ? "it has none" : "its parameters are \(listed)"],
                    fix: .spelling(
                        of: pair.key.text, as: nearest, at: pair.key.span,
                        taken: pairs.contains { $0.key.text == nearest })))
        }
    }

    private func binding(
        _ node: YAMLNode, _ parameter: GroupDefinition.Parameter, _ group: GroupDefinition, _ scope: Scope
    ) -> Scope.Binding? {
        let name = "`\(parameter.name)` of `\(group.name)`"
        guard let scalar = node.scalar, !scalar.isNull else {
            return mismatch(node, parameter, name, found: node.described)
        }
        switch parameter.content {
        case .step:
            guard scalar.text.first == "$" else { return mismatch(node, parameter, name, found: node.described) }
            return .alias(String(scalar.text.dropFirst()), in: scope)
        case .value(let rule):
            if let alone = Self.reference(scalar.text) {
                return reference(alone, node, rule, parameter, name, scope)
            }
            let template = scope.template(scalar.text)
            guard !template.isPlain else {
                if Mentions.names(in: [node]).contains(where: { $0 != $0.uppercased() }) {
                    return mixed(node, name)
                }
                guard let value = rule.type.read(node, name, problems) else { return nil }
                return check(value, node, rule, parameter, name) ? .value(value) : nil
            }
            guard let text = template.resolve({ scope.declarations[$0]?.value })?.text else {
                return mixed(node, name)
            }
            if template.references.contains(where: { scope.declarations[$0]?.isSecret ?? false }) {
                problems.report(
                    Diagnostic(
                        "group.mixed-parameter", "\(name) holds a secret among other text", at: node.span,
                        help: ["give the secret as a parameter of its own"]))
                return nil
            }
            let value = rule.type.value(of: text)
            guard let value else { return mismatch(node, parameter, name, found: "`\(text)`") }
            return check(value, node, rule, parameter, name) ? .value(value) : nil
        }
    }

    private func mixed(_ node: YAMLNode, _ name: String) -> Scope.Binding? {
        problems.report(
            Diagnostic(
                "group.mixed-parameter", "\(name) mixes text with what has no value before the lab runs", at: node.span,
                help: ["give the `$name` alone, and put the text around it within the group"]))
        return nil
    }

    /// The name of a text that is one `$name` and nothing else.
    private static func reference(_ text: String) -> String? {
        guard text.first == "$" else { return nil }
        let name = text.dropFirst()
        let fits = name.utf8.allSatisfy {
            Names.isAlphanumeric($0) || [UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: ".")].contains($0)
        }
        return fits && !name.isEmpty ? String(name) : nil
    }

    private func reference(
        _ text: String, _ node: YAMLNode, _ rule: VariableRule, _ parameter: GroupDefinition.Parameter, _ name: String,
        _ scope: Scope
    ) -> Scope.Binding? {
        switch scope.lookUp(text) {
        case .value(let value)?: return check(value, node, rule, parameter, name) ? .value(value) : nil
        case .name(let global)?:
            if let entry = scope.declarations[global], !entry.isSecret, let value = entry.value,
                !check(value, node, rule, parameter, name)
            {
                return nil
            }
        case nil: break
        }
        return .alias(text, in: scope)
    }

    private func check(
        _ value: Value, _ node: YAMLNode, _ rule: VariableRule, _ parameter: GroupDefinition.Parameter, _ name: String
    ) -> Bool {
        guard let expected = rule.violation(of: value) else { return true }
        problems.report(
            Diagnostic(
                "group.parameter-type", "\(name) must be \(expected), found `\(value.text)`", at: node.span,
                secondary: [.init(parameter.span, "declared here")]))
        return false
    }

    private func mismatch(
        _ node: YAMLNode, _ parameter: GroupDefinition.Parameter, _ name: String, found: String
    ) -> Scope.Binding? {
        problems.report(
            Diagnostic(
                "group.parameter-type", "\(name) must be \(parameter.description), found \(found)", at: node.span,
                secondary: [.init(parameter.span, "declared here")]))
        return nil
    }
}
