import LabModel
import LabSteps
import SupportQuestions

/// Everything that `lab explain` has a page for, besides the codes of problems.
package enum HelpIndex {
    /// The pages of kinds and topics, kinds first.
    package static var pages: [HelpPage] { StepCatalog.schemas.map { HelpPage($0) } + TopicPages.all }

    package static var names: [String] { pages.map(\.name) }

    /// The page of a kind or a topic, or of a field such as `lab.http.code`.
    package static func page(_ name: String) -> HelpPage? {
        if let schema = StepCatalog.kind(named: name)?.schema { return HelpPage(schema) }
        return TopicPages.all.first { $0.name == name } ?? field(name)
    }

    /// What there is, a line each.
    package static func overview() -> String {
        let kinds = StepCatalog.schemas
        let width = pages.map(\.name.count).max() ?? 0
        func line(_ name: String, _ summary: String) -> String {
            "  " + name + String(repeating: " ", count: width + 2 - name.count) + summary
        }
        return
            (["Step kinds"] + kinds.map { line($0.name, $0.summary) } + ["", "Topics"]
            + TopicPages.all.map { line($0.name, $0.summary) }).joined(separator: "\n") + "\n"
    }

    private static func field(_ name: String) -> HelpPage? {
        var kinds: [String] = []
        var found: Field?
        for schema in StepCatalog.schemas {
            for table in schema.tables {
                guard let slot = table.slot(of: name) else { continue }
                found = table.fields[slot]
                kinds.append(schema.name)
            }
        }
        let shared = SharedTables.all.first { $0.slot(of: name) != nil }
        if let shared, let slot = shared.slot(of: name) { found = shared.fields[slot] }
        guard let found else { return nil }
        let recorders =
            shared.map { "every step, in the table `\($0.name)`" }
            ?? kinds.map { "`\($0)`" }.joined(separator: ", ")
        return HelpPage(
            name, found.summary,
            [.entries([HelpPage.Entry("type", found.type.written, ""), HelpPage.Entry("recorded by", recorders, "")])])
    }
}
