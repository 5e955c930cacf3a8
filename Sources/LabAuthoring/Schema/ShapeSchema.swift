import LabModel
import SupportDiagnostics

/// The keys of the lab language as JSON Schema.
enum ShapeSchema {
    /// - Parameter variables: whether `$name` may stand wherever a value may, as in a world.
    static func mapping(_ mapping: GrammarMapping, variables: Bool = false) -> Value {
        var properties: [String: Value] = [:]
        for key in mapping.keys { properties[key.name] = self.key(key, variables: variables) }
        let example = mapping.example.isEmpty ? "" : "\n\n" + HelpText.fenced(mapping.example)
        return [
            "type": "object", "title": .string(mapping.title),
            "description": .string(HelpText.plain(mapping.summary)),
            "markdownDescription": .string(HelpText.filled(mapping.summary) + example),
            "properties": .map(properties), "additionalProperties": false,
            "required": .list(mapping.keys.filter(\.isRequired).map { .string($0.name) }),
        ]
    }

    static func key(_ key: GrammarKey, variables: Bool = false) -> Value {
        let rest = key.fallback.isEmpty ? "" : " Default: `\(key.fallback)`."
        let text = key.summary.capitalizedFirst + "." + rest
        return shape(key.shape, variables: variables).adding([
            "description": .string(HelpText.plain(text)), "markdownDescription": .string(text),
        ])
    }

    /// Any text, number or boolean: lint takes each as it is written.
    static let text: Value = ["type": ["string", "number", "boolean"]]

    static func shape(_ shape: GrammarShape, variables: Bool = false) -> Value {
        func inner(_ shape: GrammarShape) -> Value { self.shape(shape, variables: variables) }
        switch shape {
        case .mapping(let name): return reference(name)
        case .list(let item): return ["type": "array", "items": items(item, variables: variables)]
        case .oneOrMany(let item): return ["anyOf": [inner(item), ["type": "array", "items": inner(item)]]]
        case .named(let value, let keys): return named(inner(value), keys: keys)
        case .optional(let value): return ["anyOf": [["type": "null"], inner(value)]]
        case .either(let one, let other): return ["anyOf": [inner(one), inner(other)]]
        case .text, .word, .scalar, .identifier, .question, .exactly, .fields, .anything: return plain(shape)
        default: return variables ? orReference(plain(shape)) : plain(shape)
        }
    }

    /// Shapes that hold no others.
    private static func plain(_ shape: GrammarShape) -> Value {
        switch shape {
        case .text, .word, .scalar: text
        // `true` is a name, too, though hardly a good one.
        case .identifier: ["type": ["string", "boolean"], "pattern": "^[A-Za-z][A-Za-z0-9_-]*$"]
        case .question: ["type": "string", "minLength": 1]
        case .exactly(let number): ["const": .int(Int64(number))]
        case .integer(let range):
            [
                "type": "integer", "minimum": .int(Int64(range.lowerBound)), "maximum": .int(Int64(range.upperBound)),
            ]
        case .number: ["type": "number"]
        case .boolean: ["type": "boolean"]
        case .duration: duration
        case .choice(let names): choice(names)
        case .ipv4: ["type": "string", "pattern": "^[0-9]{1,3}(\\.[0-9]{1,3}){3}$", "examples": ["198.51.100.10"]]
        case .ipv6: ["type": "string", "pattern": "^[0-9A-Fa-f:.]+$", "examples": ["2001:db8::10"]]
        case .prefix: ["type": "string", "pattern": "^[0-9.]+/[0-9]{1,2}$", "examples": ["198.51.100.0/24"]]
        case .prefix6: ["type": "string", "pattern": "^[0-9A-Fa-f:.]+/[0-9]{1,3}$", "examples": ["2001:db8:1::/64"]]
        case .fields: ["type": "object"]
        default: [:]
        }
    }

    /// A value, or text that comes to one when its `$names` have values.
    static func orReference(_ value: Value) -> Value {
        ["anyOf": [value, ["type": "string", "pattern": "\\$[A-Za-z_]"]]]
    }

    static func reference(_ name: String) -> Value { ["$ref": .string("#/$defs/\(name)")] }

    /// `1.5s`: a number and a unit of time.
    static let duration: Value = [
        "type": "string", "pattern": .string("^ *\(durationPattern) *$"), "examples": ["500ms", "2s"],
    ]

    static let durationPattern: String = {
        let units = Quantity.durationUnits.map(\.name).joined(separator: "|")
        return "\\+?([0-9]+\\.?[0-9]*|\\.[0-9]+) *(\(units))"
    }()

    /// Names of a choice; those that look like numbers may be written as numbers, as lint reads what is written.
    static func choice(_ names: [String]) -> Value {
        .map(["enum": .list(names.map { .string($0) } + names.compactMap { Double($0).map { .double($0) } })])
    }

    static func named(_ value: Value, keys: String) -> Value {
        let object: Value = ["type": "object", "additionalProperties": value]
        return keys.isEmpty ? object : object.adding(["propertyNames": ["pattern": .string(keys)]])
    }

    /// Among steps, what has a `section` is one, and so on; editors then say what is wrong with the one that was meant.
    private static func items(_ item: GrammarShape, variables: Bool) -> Value {
        guard case .either(.mapping(let one), let others) = item else { return shape(item, variables: variables) }
        return others.mappings.reversed().reduce(reference(one)) { rest, other in
            guard let key = LabGrammar.mapping(other)?.names.first else { return rest }
            return ["if": ["required": .list([.string(key)])], "then": reference(other), "else": rest]
        }
    }
}

extension GrammarShape {
    /// The mappings that this is a choice of.
    fileprivate var mappings: [String] {
        switch self {
        case .mapping(let name): [name]
        case .either(let one, let other): one.mappings + other.mappings
        default: []
        }
    }
}

/// Texts for hovers.
enum HelpText {
    /// Line breaks of a paragraph taken out; empty lines stay.
    static func filled(_ text: String) -> String {
        text.lines.reduce(into: "") { result, line in
            if line.isEmpty {
                result += "\n\n"
            } else {
                result += (result.isEmpty || result.hasSuffix("\n") ? "" : " ") + line
            }
        }
    }

    /// Markdown without its marks, for editors that show plain text.
    static func plain(_ text: String) -> String { filled(text).filter { $0 != "`" && $0 != "*" } }

    static func fenced(_ code: String) -> String { "```yaml\n" + code + (code.hasSuffix("\n") ? "" : "\n") + "```" }
}
