import LabModel
import LabSteps
import SupportQuestions

/// A kind's schema as text.
package enum SchemaText {
    package static func render(_ schema: StepSchema) -> String {
        var lines = ["\(schema.name): \(schema.summary)", "", "Fields"]
        for field in schema.fields {
            let rest =
                field.isRequired ? ", required" : field.fallback.map { ", default \(text(of: $0, field.type))" } ?? ""
            let shorthand = schema.shorthand == field.name ? " (`\(schema.name): …` alone fills it)" : ""
            lines.append("  \(field.name): \(field.type.description)\(rest)")
            lines.append("      \(field.summary)\(shorthand)")
        }
        if !schema.results.isEmpty {
            lines += ["", "Results"]
            for (index, result) in schema.results.enumerated() {
                let alone = index == 0 ? ", also as `$id` alone" : ""
                lines.append("  $id.\(result.name): \(result.summary)\(result.isList ? ", a list" : "")\(alone)")
            }
        }
        for table in schema.tables
            + SharedTables.all.filter({ shared in !schema.tables.contains { $0.name == shared.name } })
        {
            lines += ["", "Table `\(table.name)`: \(table.summary)"]
            for field in table.fields { lines.append("  \(field.name) (\(field.type.rawValue)): \(field.summary)") }
        }
        return lines.joined(separator: "\n") + "\n"
    }

    /// A default as a lab would write it.
    private static func text(of value: Value, _ type: PlanType) -> String {
        switch (type, value) {
        case (.duration, .int(let nanoseconds)):
            nanoseconds % 1_000_000_000 == 0 ? "\(nanoseconds / 1_000_000_000)s" : "\(nanoseconds / 1_000_000)ms"
        case (.list, .list(let items)): "[" + items.map(\.text).joined(separator: ", ") + "]"
        case (.map, .map(let items)) where items.isEmpty: "none"
        default: value.text
        }
    }
}
