import SupportDiagnostics
import SupportYAML

/// A group of steps that may be used many times, as its author wrote it.
struct GroupDefinition {
    var name: String
    var span: SourceSpan
    var parameters: [Parameter]
    var items: [YAMLNode]
    /// The ids that its steps are written with.
    var ids: Set<String>

    struct Parameter {
        enum Content {
            case value(VariableRule)
            /// An earlier step, written `$id`.
            case step
        }

        var name: String
        var span: SourceSpan
        var content: Content
        var fallback: YAMLNode?

        var description: String {
            switch content {
            case .value(let rule): rule.type.description
            case .step: "an earlier step, written `$id`"
            }
        }
    }
}

/// Reads `groups` and the files of groups that it includes.
struct GroupReader {
    let files: LabFiles
    let problems: Problems

    func read(_ node: YAMLNode?) -> [String: GroupDefinition] {
        var groups: [String: GroupDefinition] = [:]
        if let node { read(node, IncludeChain(main: files.mainName), into: &groups) }
        return groups
    }

    private func read(_ node: YAMLNode, _ chain: IncludeChain, into groups: inout [String: GroupDefinition]) {
        for pair in node.pairs("`groups`", problems) ?? [] {
            if pair.key.text == "include" {
                for name in pair.value.strings("`include` of `groups`", problems) ?? [] {
                    guard let longer = chain.including(name, problems),
                        let root = files.root(of: name, as: .groups, problems)
                    else { continue }
                    read(root, longer, into: &groups)
                }
            } else if let group = group(pair) {
                if let first = groups[group.name] {
                    problems.report(
                        Diagnostic(
                            "group.duplicate", "there is a group `\(group.name)` already", at: group.span,
                            secondary: [.init(first.span, "the first")]))
                    continue
                }
                groups[group.name] = group
            }
        }
    }

    private func group(_ pair: YAMLPair) -> GroupDefinition? {
        let name = pair.key.text
        guard
            var fields = FieldReader(
                pair.value, of: "the group `\(name)`", declared: LabGrammar.group.names, problems)
        else { return nil }
        let parameters = (fields.map("parameters") ?? []).compactMap(parameter)
        let items = fields.list("steps", required: true) ?? []
        fields.finish(help: "a group has `parameters` and `steps`")
        if items.isEmpty, fields.node("steps")?.sequence != nil {
            problems.report(Diagnostic("group.empty", "the group `\(name)` has no steps", at: pair.key.span))
        }
        let mentioned = Mentions.names(in: items)
        for parameter in parameters where !mentioned.contains(parameter.name) {
            problems.report(
                Diagnostic(
                    "group.unused-parameter", "no step of `\(name)` uses its parameter `$\(parameter.name)`",
                    at: parameter.span))
        }
        return GroupDefinition(
            name: name, span: pair.key.span, parameters: parameters, items: items, ids: Self.ids(of: items))
    }

    /// `port: port`, or `port: { type: port, default: 9000, min: 1024 }`.
    private func parameter(_ pair: YAMLPair) -> GroupDefinition.Parameter? {
        let name = pair.key.text
        guard Names.isVariable(name), Names.reserved[name] == nil else {
            problems.report(
                Diagnostic(
                    "group.bad-parameter",
                    "a parameter's name is made of letters, digits and `_`, begins with a letter and has no meaning yet",
                    at: pair.key.span))
            return nil
        }
        var parameter = GroupDefinition.Parameter(
            name: name, span: pair.key.span, content: .value(VariableRule(.text)), fallback: nil)
        guard pair.value.mapping != nil else {
            guard let type = type(pair.value, "the type of `\(name)`") else { return parameter }
            parameter.content = content(type, VariableRule(type.variable ?? .text))
            return parameter
        }
        guard
            var fields = FieldReader(
                pair.value, of: "the parameter `\(name)`", declared: LabGrammar.parameter.names, problems)
        else { return nil }
        let type = fields.node("type").flatMap { self.type($0, fields.name("type")) } ?? .value(.text)
        parameter.fallback = fields.node("default")
        let rule = VariableRuleReader(problems: problems).read(
            &fields, type: type.variable ?? .text, at: pair.key.span)
        fields.finish()
        parameter.content = content(type, rule)
        return parameter
    }

    private enum TypeName {
        case value(VariableType)
        case step

        var variable: VariableType? { if case .value(let type) = self { type } else { nil } }
    }

    private func type(_ node: YAMLNode, _ name: String) -> TypeName? {
        guard let text = node.string(name, problems) else { return nil }
        if text.value == "step" { return .step }
        if let type = VariableType(rawValue: text.value) { return .value(type) }
        let names = VariableType.allCases.map(\.rawValue) + ["step"]
        let nearest = Suggestion.nearest(to: text.value, among: names)
        problems.report(
            Diagnostic(
                "field.choice",
                "\(name) must be one of \(names.map { "`\($0)`" }.joined(separator: ", ")), found `\(text.value)`",
                at: text.span, label: nearest.map { "did you mean `\($0)`?" } ?? "",
                fix: .spelling(of: text.value, as: nearest, at: text.span)))
        return nil
    }

    private func content(_ type: TypeName, _ rule: VariableRule) -> GroupDefinition.Parameter.Content {
        if case .step = type { .step } else { .value(rule) }
    }

    private static func ids(of items: [YAMLNode]) -> Set<String> {
        var ids = Set<String>()
        for item in items {
            if let id = item.value(of: "id")?.scalar?.text { ids.insert(id) }
            if let name = item.value(of: "use")?.value(of: "as")?.scalar?.text { ids.insert(name) }
        }
        return ids
    }
}

/// The names that stand after `$` anywhere in a part of a file, up to their first dot or hyphen.
enum Mentions {
    static func names(in nodes: [YAMLNode]) -> Set<String> {
        var names = Set<String>()
        for node in nodes { collect(node, into: &names) }
        return names
    }

    private static func collect(_ node: YAMLNode, into names: inout Set<String>) {
        switch node.content {
        case .scalar(let scalar): collect(scalar.text, into: &names)
        case .sequence(let items): for item in items { collect(item, into: &names) }
        case .mapping(let pairs): for pair in pairs { collect(pair.value, into: &names) }
        }
    }

    private static func collect(_ text: String, into names: inout Set<String>) {
        let bytes = text.utf8
        var index = bytes.startIndex
        while let dollar = bytes[index...].firstIndex(of: UInt8(ascii: "$")) {
            let start = bytes.index(after: dollar)
            index =
                bytes[start...].firstIndex { !Names.isAlphanumeric($0) && $0 != UInt8(ascii: "_") } ?? bytes.endIndex
            if index > start { names.insert(String(text[start..<index])) }
        }
    }
}
