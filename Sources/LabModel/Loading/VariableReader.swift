import SupportDiagnostics
import SupportYAML

/// Reads `vars` and the files of variables that it includes.
struct VariableReader {
    let files: LabFiles
    let problems: Problems

    func read(_ node: YAMLNode?) -> [VariableDefinition] {
        var variables: [VariableDefinition] = []
        if let node { read(node, IncludeChain(main: files.mainName), into: &variables) }
        return variables
    }

    private func read(_ node: YAMLNode, _ chain: IncludeChain, into variables: inout [VariableDefinition]) {
        var known = Dictionary(variables.map { ($0.name, $0.span) }, uniquingKeysWith: { first, _ in first })
        for pair in node.pairs("`vars`", problems) ?? [] {
            if pair.key.text == "include" {
                include(pair.value, chain, into: &variables)
                known = Dictionary(variables.map { ($0.name, $0.span) }, uniquingKeysWith: { first, _ in first })
            } else if let variable = variable(pair) {
                if let first = known[variable.name] {
                    problems.report(
                        Diagnostic(
                            "variable.duplicate", "there is a variable `\(variable.name)` already", at: pair.key.span,
                            secondary: [.init(first, "the first")]))
                    continue
                }
                known[variable.name] = variable.span
                variables.append(variable)
            }
        }
    }

    private func include(_ node: YAMLNode, _ chain: IncludeChain, into variables: inout [VariableDefinition]) {
        for name in node.strings("`include` of `vars`", problems) ?? [] {
            guard let longer = chain.including(name, problems),
                let root = files.root(of: name, as: .variables, problems)
            else { continue }
            read(root, longer, into: &variables)
        }
    }

    private func variable(_ pair: YAMLPair) -> VariableDefinition? {
        let name = pair.key.text
        guard Names.isVariable(name) else {
            let other = name.map { $0 == "-" || $0 == "." || $0 == " " ? "_" : $0 }
            let possible = Names.isVariable(String(other)) ? "such as `\(String(other))`" : ""
            problems.report(
                Diagnostic(
                    "lab.bad-variable", "a variable's name is made of letters, digits and `_` and begins with a letter",
                    at: pair.key.span, label: possible))
            return nil
        }
        if let meaning = Names.reserved[name] {
            problems.report(
                Diagnostic(
                    "lab.bad-variable", "`\(name)` is no name for a variable: `$\(name)` is \(meaning)",
                    at: pair.key.span))
            return nil
        }
        guard pair.value.mapping != nil else {
            guard let (value, type) = plainValue(pair.value, "`\(name)`") else { return nil }
            return VariableDefinition(name: name, source: .value(value), rule: VariableRule(type), span: pair.key.span)
        }
        guard
            var fields = FieldReader(
                pair.value, of: "the variable `\(name)`", declared: LabGrammar.variable.names, problems)
        else { return nil }
        return variable(name, &fields, pair)
    }

    private func variable(_ name: String, _ fields: inout FieldReader, _ pair: YAMLPair) -> VariableDefinition? {
        let isSecret = fields.boolean("secret")?.value ?? false
        let given = fields.node("default")
        let pick = fields.pair("pick")
        let type = fields.choice("type", as: VariableType.self)
        let generator = pick.flatMap { GeneratorReader(problems: problems).read($0.value, &fields) }
        refuse(generator.map(\.keys) ?? (pick == nil ? VariableRule.keys : Generator.keys), &fields)
        if pick != nil, generator == nil { return nil }
        let rule: VariableRule
        if let generator {
            rule = self.rule(of: generator, type)
        } else {
            rule = VariableRuleReader(problems: problems).read(
                &fields, type: type?.value ?? given.flatMap(naturalType) ?? .text, at: pair.key.span)
        }
        // What a generator that cannot be read leaves aside is no surprise.
        fields.expect(LabGrammar.variable.names)
        fields.finish(help: "`lab explain vars` lists what a variable may have")
        if isSecret { checkSecret(rule, given, pair) }
        switch (given, pick) {
        case (let given?, nil):
            guard let value = rule.type.read(given, "`default` of `\(name)`", problems) else { return nil }
            check(value, rule, given, "`default` of `\(name)`")
            return VariableDefinition(
                name: name, source: .value(value), rule: rule, isSecret: isSecret, span: pair.key.span)
        case (nil, _?):
            guard let generator else { return nil }
            return VariableDefinition(
                name: name, source: .pick(generator), rule: rule, isSecret: isSecret, span: pair.key.span)
        case (nil, nil) where isSecret:
            return VariableDefinition(name: name, source: .given, rule: rule, isSecret: true, span: pair.key.span)
        case (nil, nil) where !rule.choices.isEmpty:
            return VariableDefinition(
                name: name, source: .value(rule.choices[0]), rule: rule, isSecret: false, span: pair.key.span)
        default:
            problems.report(
                Diagnostic(
                    "lab.variable-source", "a variable has either a `default` or a `pick`", at: pair.key.span))
            return nil
        }
    }

    /// Reports fields that say nothing beside the others.
    private func refuse(_ allowed: Set<String>, _ fields: inout FieldReader) {
        for key in Generator.keys.union(VariableRule.keys).subtracting(allowed).sorted() {
            guard let pair = fields.pair(key) else { continue }
            let owners = Generator.Name.allCases.filter { $0.keys.contains(key) }.map { "`pick: \($0.rawValue)`" }
            let others = VariableRule.keys.contains(key) ? ["a value that is given"] : []
            problems.report(
                Diagnostic(
                    "variable.other-field", "`\(key)` says nothing here", at: pair.key.span,
                    help: ["it is for " + (owners + others).joined(separator: " and ")]))
        }
    }

    private func rule(of generator: Generator, _ type: Located<VariableType>?) -> VariableRule {
        if let type, type.value != generator.type, type.value != .text {
            problems.report(
                Diagnostic(
                    "variable.drawn-type",
                    "what is drawn is a \(generator.type.rawValue), and no \(type.value.rawValue)", at: type.span))
        }
        var rule = VariableRule(type?.value == .text ? .text : generator.type)
        switch generator {
        case .port(let range), .number(let range):
            (rule.minimum, rule.maximum) = (range.lowerBound, range.upperBound)
            (rule.minimumText, rule.maximumText) = (String(range.lowerBound), String(range.upperBound))
            // A port that is set by hand may be any.
            if case .port = generator { rule = VariableRule(rule.type) }
        case .choice(let values): rule.choices = values
        default: break
        }
        return rule
    }

    private func check(_ value: Value, _ rule: VariableRule, _ node: YAMLNode, _ name: String) {
        guard let expected = rule.violation(of: value) else { return }
        problems.report(
            Diagnostic("variable.constraint", "\(name) must be \(expected), found `\(value.text)`", at: node.span))
    }

    private func checkSecret(_ rule: VariableRule, _ given: YAMLNode?, _ pair: YAMLPair) {
        if let given {
            problems.report(
                Diagnostic(
                    "variable.secret-default", "a secret does not stand in the lab, which everybody reads",
                    at: given.span, help: ["draw it with `pick: token`, or leave it to `--set`"]))
        }
        if rule.type != .text {
            problems.report(
                Diagnostic(
                    "variable.secret-type", "a secret is text, found a \(rule.type.rawValue)", at: pair.key.span,
                    notes: ["wherever it would be shown it is replaced by a mask, which is text"]))
        }
    }

    /// The type that a value looks like.
    private func naturalType(_ node: YAMLNode) -> VariableType? {
        switch node.scalar?.look {
        case .integer, .octal, .sexagesimal: .number
        case .boolean: .boolean
        default: .text
        }
    }

    private func plainValue(_ node: YAMLNode, _ name: String) -> (Value, VariableType)? {
        guard let type = naturalType(node), let value = type.read(node, name, problems) else { return nil }
        return (value, type)
    }
}

extension VariableType {
    /// The value of this type that a node holds; nil after reporting.
    func read(_ node: YAMLNode, _ name: String, _ problems: Problems) -> Value? {
        switch self {
        case .number: return node.integer(name, problems).map { .int(Int64($0.value)) }
        case .port: return node.integer(name, in: 1...65_535, problems).map { .int(Int64($0.value)) }
        case .boolean: return node.boolean(name, problems).map { .bool($0.value) }
        case .duration:
            guard node.duration(name, problems) != nil else { return nil }
            return node.scalar.map { .string($0.text) }
        case .text, .choice, .hostname, .address, .subnet:
            guard let scalar = node.scalar, !scalar.isNull else {
                return node.mismatch("a text or a number", name, problems)
            }
            return value(of: scalar.text) ?? node.mismatch(description, name, problems)
        }
    }
}

/// Names that labs give.
enum Names {
    /// What `$` means before a name without a lab's doing.
    static let reserved = [
        "world": "the world", "student": "whoever is judged", "item": "the item of a `foreach`",
        "lab": "kept for later",
    ]

    /// How many bytes of a text are taken for one name at most.
    static let longest = 256

    /// Letters, digits and `_`, beginning with a letter.
    static func isVariable(_ name: String) -> Bool {
        begins(name) && name.utf8.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "_") }
    }

    /// Letters, digits, `_` and `-`, beginning with a letter.
    static func isIdentifier(_ name: String) -> Bool {
        begins(name)
            && name.utf8.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "_") || $0 == UInt8(ascii: "-") }
    }

    private static func begins(_ name: String) -> Bool {
        name.utf8.first.map { UInt8(ascii: "a")...UInt8(ascii: "z") ~= $0 | 0x20 } ?? false
    }

    static func isAlphanumeric(_ byte: UInt8) -> Bool {
        UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20 || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
    }
}
