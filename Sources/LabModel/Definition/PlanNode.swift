import SupportDiagnostics

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
        case .map(let nodes): nodes.inNameOrder.flatMap(\.steps)
        }
    }

    package var references: [String] {
        switch self {
        case .value, .step: []
        case .scalar(let template, _, _): template.references
        case .list(let nodes): nodes.flatMap(\.references)
        case .map(let nodes): nodes.inNameOrder.flatMap(\.references)
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
        case (.duration, .string(let text)):
            guard let nanoseconds = VariableType.nanoseconds(text) else { break }
            return .int(nanoseconds)
        case (.list(let element), .list(let list)):
            return .list(try list.map { try element.read($0, source: source) })
        case (.string, .list), (.string, .map), (.string, .null): break
        case (.string, _), (.filter, _), (.host, _), (.step, _): return .string(value.text)
        case (.link, .string(let text)) where LinkChange(text) != nil: return value
        case (.choice(let names), _) where names.contains(value.text): return .string(value.text)
        default: break
        }
        throw StepFailure(.lab, "`\(source)` came to `\(value.text)`, but \(description) is needed here")
    }
}

extension [String: PlanNode] {
    /// The values in an order that does not change from one process to the next.
    var inNameOrder: [PlanNode] { sorted { $0.key < $1.key }.map(\.value) }
}
