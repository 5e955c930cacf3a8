import SupportQuestions

/// The names that `$` may stand before, each with the type of what it stands for where that is known before the run.
package struct Declarations: Sendable {
    package struct Entry: Sendable {
        /// Nil for a variable whose value is text that any field may read in its own way.
        package var type: FieldType?
        package var isList: Bool
        /// Known before the run: variables and addresses.
        package var value: Value?
        /// The step whose result this is.
        package var step: String?
    }

    package private(set) var entries: [String: Entry] = [:]

    package init() {}

    package subscript(name: String) -> Entry? { entries[name] }
    package func contains(_ name: String) -> Bool { entries[name] != nil }
    package var names: [String] { entries.keys.sorted() }

    /// The values known before the run.
    package var values: [String: Value] { entries.compactMapValues(\.value) }

    package mutating func declare(variable name: String, value: Value) {
        entries[name] = Entry(type: nil, isList: false, value: value, step: nil)
    }

    package mutating func declare(unreadable name: String) {
        entries[name] = Entry(type: nil, isList: false, value: nil, step: nil)
    }

    package mutating func declare(world references: [String: Value]) {
        for (name, value) in references {
            entries[name] = Entry(
                type: FieldValue(addressText: value.text)?.type, isList: false, value: value, step: nil)
        }
        entries["world.roots.sha256"] = Entry(type: .bytes, isList: false, value: nil, step: nil)
    }

    /// The results of a step: `$id` and `$id.result`.
    package mutating func declare(step id: String, of schema: StepSchema) {
        for (index, result) in schema.results.enumerated() {
            let entry = Entry(type: result.type, isList: result.isList, value: nil, step: id)
            entries["\(id).\(result.name)"] = entry
            if index == 0 { entries[id] = entry }
        }
        if schema.results.isEmpty { entries[id] = Entry(type: .string, isList: false, value: nil, step: id) }
    }
}
