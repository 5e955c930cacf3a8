import Foundation
import LabTestSupport

/// As much of JSON Schema (draft 2020-12) as our published schemas use: type, const, enum, properties, required,
/// additionalProperties, items, minimum, maximum and $ref to $defs. Anything else in a schema is a problem of its own.
struct JSONSchema {
    private let root: [String: Any]

    struct Unreadable: Error {}

    /// - Parameter path: from the root of the repository.
    init(_ path: String) throws {
        let data = try Data(contentsOf: URL(fileURLWithPath: Repository.root + "/" + path))
        guard let root = try JSONSerialization.jsonObject(with: data) as? [String: Any] else { throw Unreadable() }
        self.root = root
    }

    func problems(_ bytes: Data) throws -> [String] {
        problems(try JSONSerialization.jsonObject(with: bytes), root, "$")
    }

    private static let known: Set = [
        "type", "const", "enum", "properties", "required", "additionalProperties", "items", "minimum", "maximum",
        "$ref",
        "$defs", "$schema", "$id", "title", "description",
    ]

    private func problems(_ value: Any, _ schema: [String: Any], _ place: String) -> [String] {
        if let reference = schema["$ref"] as? String {
            let name = reference.replacingOccurrences(of: "#/$defs/", with: "")
            guard let target = (root["$defs"] as? [String: Any])?[name] as? [String: Any] else {
                return ["\(place): the schema has no \(reference)"]
            }
            return problems(value, target, place)
        }
        var found = Set(schema.keys).subtracting(JSONSchema.known).map { "\(place): this test does not know \($0)" }
        let types = schema["type"] as? [String] ?? (schema["type"] as? String).map { [$0] } ?? []
        if !types.isEmpty, !types.contains(where: { JSONSchema.isOf($0, value) }) {
            found.append("\(place): not \(types)")
        }
        if let constant = schema["const"] as? String, constant != value as? String {
            found.append("\(place): not \(constant)")
        }
        if let words = schema["enum"] as? [String], !words.contains(value as? String ?? "") {
            found.append("\(place): not in \(words)")
        }
        if let number = (value as? NSNumber)?.doubleValue {
            if let least = (schema["minimum"] as? NSNumber)?.doubleValue, number < least {
                found.append("\(place): too small")
            }
            if let most = (schema["maximum"] as? NSNumber)?.doubleValue, number > most {
                found.append("\(place): too large")
            }
        }
        if let object = value as? [String: Any] {
            let properties = schema["properties"] as? [String: [String: Any]] ?? [:]
            for name in schema["required"] as? [String] ?? [] where object[name] == nil {
                found.append("\(place): no \(name)")
            }
            for (name, member) in object {
                if let schema = properties[name] {
                    found += problems(member, schema, "\(place).\(name)")
                } else if schema["additionalProperties"] as? Bool == false {
                    found.append("\(place): \(name) is not described")
                }
            }
        }
        if let array = value as? [Any], let items = schema["items"] as? [String: Any] {
            for (index, item) in array.enumerated() { found += problems(item, items, "\(place)[\(index)]") }
        }
        return found
    }

    private static func isOf(_ type: String, _ value: Any) -> Bool {
        switch type {
        case "object": value is [String: Any]
        case "array": value is [Any]
        case "string": value is String
        case "null": value is NSNull
        case "boolean": (value as? NSNumber).map { "\($0)" == "true" || "\($0)" == "false" || value is Bool } ?? false
        case "integer": (value as? NSNumber).map { $0.doubleValue == $0.doubleValue.rounded() } ?? false
        case "number": value is NSNumber
        default: false
        }
    }
}
