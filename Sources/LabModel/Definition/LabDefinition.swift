import SupportDiagnostics

/// A lab as its author wrote it, checked, every part with its place in the file.
package struct LabDefinition: Sendable {
    package var name: String
    package var title: Template
    package var titleSpan: SourceSpan?
    package var credit: Credit
    package var world: WorldDefinition?
    /// The host of every step that names none; empty where the lab has no world.
    package var host: String
    package var variables: [VariableDefinition]
    package var steps: [StepDefinition]
    package var files: [LabFile]
    /// What stands in the key file beside it, besides the hidden checks; nil in the student edition.
    package var key: LabKey?
    /// What a student edition says of where it comes from.
    package var edition: PublishedEdition?

    package init(
        name: String, title: Template, credit: Credit, world: WorldDefinition?, host: String,
        variables: [VariableDefinition], steps: [StepDefinition], files: [LabFile]
    ) {
        self.name = name
        self.title = title
        self.credit = credit
        self.world = world
        self.host = host
        self.variables = variables
        self.steps = steps
        self.files = files
    }

    package func step(_ id: String) -> StepDefinition? { steps.first { $0.id == id } }
    package var maxPoints: Double { steps.filter { !$0.isOptional }.flatMap(\.checks).reduce(0) { $0 + $1.points } }
}

/// One file that a lab was read from; `path` is relative to the folder of the lab's main file.
package struct LabFile: Sendable, Hashable {
    package var path: String
    package var bytes: [UInt8]

    package init(path: String, bytes: [UInt8]) {
        self.path = path
        self.bytes = bytes
    }
}

/// A variable of a lab.
package struct VariableDefinition: Sendable {
    package enum Source: Sendable {
        case value(Value)
        /// Drawn from the student's seed.
        case pick(Generator)
    }

    package enum Generator: String, Sendable, CaseIterable {
        case token
        case port
        case number
    }

    package var name: String
    package var source: Source
    package var type: PlanType
    package var span: SourceSpan

    package init(name: String, source: Source, type: PlanType, span: SourceSpan) {
        self.name = name
        self.source = source
        self.type = type
        self.span = span
    }
}

/// One step.
package struct StepDefinition: Sendable {
    package var id: String
    package var section: String
    package var kind: String
    package var kindSpan: SourceSpan
    package var title: Template
    package var task: Template
    package var explain: Template
    package var host: String
    package var plan: [String: PlanNode]
    package var byHand: [(tool: String, command: Template)]
    package var checks: [CheckDefinition]
    package var hints: [HintDefinition]
    package var isOptional: Bool
    /// Ids of earlier steps that this one builds on: those it names in `needs` and those its plan refers to.
    package var needs: [String]
    package var span: SourceSpan
    /// Where its texts are written, for what compares them with their translations.
    package var textSpans: [LabText.Part: SourceSpan] = [:]
}

/// A hint, with what it costs to see it.
package struct HintDefinition: Sendable {
    package var text: Template
    package var costs: Double
}

/// A value of a plan, before its references have values.
package indirect enum PlanNode: Sendable {
    case scalar(Template, PlanType, SourceSpan)
    case value(Value)
    /// The id of an earlier step.
    case step(String)
    case list([PlanNode])
    case map([String: PlanNode])

    /// The value, or nil while a reference has none.
    package func resolve(_ references: [String: Value]) throws -> Value? {
        switch self {
        case .value(let value): return value
        case .step(let id): return .string(id)
        case .scalar(let template, let type, _):
            guard let value = template.resolve(references) else { return nil }
            return try type.read(value, source: template.source)
        case .list(let nodes):
            var list: [Value] = []
            for node in nodes {
                guard let value = try node.resolve(references) else { return nil }
                list.append(value)
            }
            return .list(list)
        case .map(let nodes):
            var map: [String: Value] = [:]
            for (name, node) in nodes {
                guard let value = try node.resolve(references) else { return nil }
                map[name] = value
            }
            return .map(map)
        }
    }

    /// Ids of earlier steps that it names as steps.
    package var steps: [String] {
        switch self {
        case .step(let id): [id]
        case .value, .scalar: []
        case .list(let nodes): nodes.flatMap(\.steps)
        case .map(let nodes): nodes.values.flatMap(\.steps)
        }
    }

    package var references: [String] {
        switch self {
        case .value, .step: []
        case .scalar(let template, _, _): template.references
        case .list(let nodes): nodes.flatMap(\.references)
        case .map(let nodes): nodes.values.flatMap(\.references)
        }
    }
}

extension PlanType {
    /// The value as this type holds it; text from a reference is read once more, because a variable may hold text.
    package func read(_ value: Value, source: String) throws -> Value {
        switch (self, value) {
        case (.integer(let range), .int(let number)) where range.contains(number): return value
        case (.integer(let range), .string(let text)):
            guard let number = Int64(text), range.contains(number) else { break }
            return .int(number)
        case (.boolean, .bool): return value
        case (.boolean, .string("true")): return .bool(true)
        case (.boolean, .string("false")): return .bool(false)
        case (.duration, .int): return value
        case (.list(let element), .list(let list)):
            return .list(try list.map { try element.read($0, source: source) })
        case (.string, .list), (.string, .map), (.string, .null): break
        case (.string, _), (.filter, _), (.host, _), (.step, _): return .string(value.text)
        case (.choice(let names), _) where names.contains(value.text): return .string(value.text)
        default: break
        }
        throw StepFailure(.lab, "`\(source)` came to `\(value.text)`, but \(description) is needed here")
    }
}
