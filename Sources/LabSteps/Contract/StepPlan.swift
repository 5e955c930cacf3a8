import LabModel

/// The fields of a step with every reference resolved and every default filled in, as its kind reads them. The loader
/// has checked types already; a field of another type reads as absent.
package struct StepPlan: Sendable, Codable {
    package let values: [String: Value]

    package init(_ values: [String: Value]) { self.values = values }

    package subscript(name: String) -> Value? { values[name] }

    package func string(_ name: String) -> String? {
        guard let value = values[name], value != .null else { return nil }
        return value.text
    }

    package func int(_ name: String) -> Int? { values[name]?.int.flatMap { Int(exactly: $0) } }
    package func bool(_ name: String) -> Bool? { values[name]?.bool }
    /// Nanoseconds.
    package func duration(_ name: String) -> Int64? { values[name]?.int }
    package func strings(_ name: String) -> [String] {
        switch values[name] {
        case .list(let list): list.map(\.text)
        case .some(let value) where value != .null: [value.text]
        default: []
        }
    }

    /// The field, or the failure that says whose fault it is that a required field is not there.
    package func required(_ name: String) throws -> String {
        guard let text = string(name) else { throw StepFailure(.lab, "the step lacks `\(name)`") }
        return text
    }
}
