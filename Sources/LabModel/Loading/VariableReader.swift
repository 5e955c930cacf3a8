import SupportDiagnostics
import SupportYAML

/// Reads `vars` and gives variables their values.
struct VariableReader {
    let problems: Problems

    func read(_ fields: inout FieldReader) -> [VariableDefinition] {
        (fields.map("vars") ?? []).compactMap(variable)
    }

    private enum TypeName: String, CaseIterable {
        case text, number, port, boolean

        var type: PlanType {
            switch self {
            case .text: .string
            case .number: .integer(Int64.min...Int64.max)
            case .port: .port
            case .boolean: .boolean
            }
        }
    }

    private func variable(_ pair: YAMLPair) -> VariableDefinition? {
        let name = pair.key.text
        let isName = name.unicodeScalars.allSatisfy {
            $0 == "_" || ($0.isASCII && ($0.properties.isAlphabetic || ("0"..."9").contains($0)))
        }
        if !isName || name.first?.isLetter != true || name == "world" {
            problems.report(
                Diagnostic(
                    "lab.bad-variable", "a variable's name is made of letters, digits and `_` and begins with a letter",
                    at: pair.key.span))
            return nil
        }
        guard pair.value.mapping != nil else {
            return value(pair.value, "`\(name)`").map {
                VariableDefinition(name: name, source: .value($0.0), type: $0.1, span: pair.key.span)
            }
        }
        guard
            var fields = FieldReader(
                pair.value, of: "the variable `\(name)`", declared: LabGrammar.variable.names, problems)
        else { return nil }
        let given = fields.node("default")
        let pick = fields.choice("pick", as: VariableDefinition.Generator.self)
        let type = fields.choice("type", as: TypeName.self)?.value.type
        fields.finish()
        switch (given, pick) {
        case (let given?, nil):
            guard let (value, natural) = value(given, "`default` of `\(name)`") else { return nil }
            if let type, (try? type.read(value, source: name)) == nil {
                problems.report(
                    Diagnostic(
                        "field.type", "`default` of `\(name)` must be \(type.description), found `\(value.text)`",
                        at: given.span))
            }
            return VariableDefinition(
                name: name, source: .value(value), type: type ?? natural, span: pair.key.span)
        case (nil, let pick?):
            return VariableDefinition(
                name: name, source: .pick(pick.value), type: type ?? pick.value.type, span: pair.key.span)
        default:
            problems.report(
                Diagnostic(
                    "lab.variable-source", "a variable has either a `default` or a `pick`", at: pair.key.span))
            return nil
        }
    }

    /// A scalar as the value it looks like, with the type that fits it.
    private func value(_ node: YAMLNode, _ name: String) -> (Value, PlanType)? {
        guard let scalar = node.scalar, !scalar.isNull else {
            return node.mismatch("a text or a number", name, problems)
        }
        switch scalar.look {
        case .integer:
            return node.integer(name, problems).map { (.int(Int64($0.value)), .integer(Int64.min...Int64.max)) }
        case .boolean(let value): return (.bool(value), .boolean)
        case .octal, .sexagesimal:
            return node.integer(name, problems).map { (.int(Int64($0.value)), .integer(Int64.min...Int64.max)) }
        default: return (.string(scalar.text), .string)
        }
    }

    /// The value of a variable in this run.
    static func value(
        of variable: VariableDefinition, override: String?, seed: Seed, _ problems: Problems
    ) -> Value {
        if let override {
            if let value = try? variable.type.read(.string(override), source: override) { return value }
            problems.report(
                Diagnostic(
                    "lab.bad-setting",
                    "`--set \(variable.name)=\(override)`: expected \(variable.type.description)",
                    secondary: [.init(variable.span, "the variable is declared here")]))
        }
        switch variable.source {
        case .value(let value): return value
        case .pick(let generator): return seed.pick(generator, for: variable.name)
        }
    }
}

extension VariableDefinition.Generator {
    var type: PlanType {
        switch self {
        case .token: .string
        case .port: .port
        case .number: .integer(1...1_000)
        }
    }
}
