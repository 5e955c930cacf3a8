import ArgumentParser
import LabModel
import LabSteps
import SupportDiagnostics
import SupportQuestions

struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Says what a step kind does: its fields, results, tables.")

    @Argument(help: "A step kind, `lab`, `steps` or `world`; without one, all kinds are listed.")
    var kind: String?

    func run() throws {
        guard let name = kind else {
            for schema in StepCatalog.schemas { Standard.output("\(schema.name): \(schema.summary)\n") }
            let topics = ExplainTopics.all.map { "`\($0.name)`" }.joined(separator: ", ")
            return Standard.output("\nBesides the kinds: \(topics)\n")
        }
        if let topic = ExplainTopics.all.first(where: { $0.name == name }) { return Standard.output(topic.text) }
        guard let schema = StepCatalog.kind(named: name)?.schema else {
            let known = StepCatalog.schemas.map(\.name) + ExplainTopics.all.map(\.name)
            let nearest = Suggestion.nearest(to: name, among: known)
            let guess = nearest.map { "; did you mean `\($0)`?" } ?? ""
            Standard.error("lab: there is no step kind `\(name)`\(guess)\n")
            throw LabModel.ExitStatus.usage.exit
        }
        Standard.output(SchemaText.render(schema))
    }
}

/// A kind's schema as text.
enum SchemaText {
    static func render(_ schema: StepSchema) -> String {
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
