import LabModel

/// Step kinds as JSON Schema.
enum KindSchema {
    static func definition(_ kind: StepSchema) -> String { "kind-\(kind.name)" }

    /// A step: the keys of every step, and exactly one that names a kind.
    static func step(_ mapping: GrammarMapping, _ kinds: [StepSchema]) -> Value {
        guard case .map(var step) = ShapeSchema.mapping(mapping), case .map(var properties)? = step["properties"] else {
            return .null
        }
        for kind in kinds {
            properties[kind.name] = ShapeSchema.reference(definition(kind)).adding(description(kind))
        }
        step["properties"] = .map(properties)
        step["oneOf"] = .list(kinds.map { ["required": .list([.string($0.name)])] })
        step["defaultSnippets"] = .list(kinds.map(snippet))
        return .map(step)
    }

    /// What may stand under a kind's key: its fields, or the value of the field that may stand alone.
    static func plan(_ kind: StepSchema) -> Value {
        var properties: [String: Value] = [:]
        for field in kind.fields {
            let rest = field.fallback.map { " Default: `\(PlanText.text(of: $0, field.type))`." } ?? ""
            let text = "\(field.summary.capitalizedFirst); \(field.type.description).\(rest)"
            properties[field.name] = value(field.type).adding([
                "description": .string(HelpText.plain(text)), "markdownDescription": .string(text),
            ])
        }
        let object: Value = [
            "type": "object", "properties": .map(properties), "additionalProperties": false,
            "required": .list(kind.fields.filter(\.isRequired).map { .string($0.name) }),
        ]
        let shorthand = kind.shorthand.flatMap(kind.field)
        let plan: Value = shorthand.map { ["anyOf": [value($0.type), object]] } ?? object
        return plan.adding(description(kind))
    }

    private static func description(_ kind: StepSchema) -> [String: Value] {
        let summary = kind.summary.capitalizedFirst + "."
        let why = HelpText.filled(kind.guide.why)
        return [
            "description": .string(HelpText.plain(summary)),
            "markdownDescription": .string("\(summary)\n\n\(why)\n\n\(HelpText.fenced(kind.guide.example))"),
        ]
    }

    /// A value of a plan, or text that comes to one when its `$names` have values.
    static func value(_ type: PlanType) -> Value {
        switch type {
        case .string, .filter, .host: ShapeSchema.text
        case .link:
            ShapeSchema.orReference(["type": "string", "pattern": "^\\S+ +(up|down)$", "examples": ["r1-r2 down"]])
        case .integer(let range):
            ShapeSchema.orReference([
                "type": "integer", "minimum": .int(range.lowerBound), "maximum": .int(range.upperBound),
            ])
        case .boolean: ShapeSchema.orReference(["type": "boolean"])
        case .duration: ShapeSchema.orReference(ShapeSchema.duration)
        case .choice(let names): ShapeSchema.orReference(ShapeSchema.choice(names))
        case .step: ["type": "string", "pattern": "[A-Za-z]", "examples": ["$id"]]
        case .list(let element): ["anyOf": [value(element), ["type": "array", "items": value(element)]]]
        case .map(let element): ["type": "object", "additionalProperties": value(element)]
        }
    }

    /// A step of this kind to fill in.
    private static func snippet(_ kind: StepSchema) -> Value {
        let required = kind.fields.filter(\.isRequired)
        var plan: [String: Value] = [:]
        for (index, field) in required.enumerated() { plan[field.name] = .string("${\(index + 3):\(field.name)}") }
        let isAlone =
            required.count <= 1 && kind.shorthand != nil && (required.first?.name ?? kind.shorthand) == kind.shorthand
        let value: Value = isAlone ? .string("${3:\(kind.shorthand ?? "")}") : .map(plan)
        return [
            "label": .string("\(kind.name) step"), "description": .string(kind.summary),
            "body": [
                "id": .string("${1:\(kind.name)}"), "title": "${2:title}", kind.name: value,
                "expect": ["${8:check}": "${9:question}"],
            ],
        ]
    }
}
