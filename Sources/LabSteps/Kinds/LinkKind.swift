import LabModel
import SupportQuestions

/// `link`: takes a link of the world down, or up again.
package enum LinkKind: RunnerStepKind {
    package static let link = Table(
        "link", "a link of the world that a step changed",
        fields: [
            Field("lab.link.name", .string, "the link, as the step names it"),
            Field("lab.link.state", .string, "what it is from then on: `up` or `down`", choices: ["up", "down"]),
        ])

    package static let schema = StepSchema(
        "link", "takes a link of the world down, or up again",
        fields: [
            PlanField("change", .link, required: true, "the link by its two ends, and what becomes of it: `r1-r2 down`")
        ],
        shorthand: "change",
        tables: [link],
        guide: .link)

    private static let artefact = "link.json"

    package static func obstacle(toSimulating plan: [String: PlanNode]) -> String? { nil }

    private struct Record: Codable {
        let name: String
        let state: String
    }

    package static func perform(_ plan: StepPlan, by runner: any RunnerContext) async throws -> StepOutcome {
        let text = try plan.required("change")
        guard let change = LinkChange(text) else {
            throw StepFailure(.lab, "`\(text)` is no link with `up` or `down`")
        }
        try await runner.change(change)
        let record = Record(name: change.link, state: change.isUp ? "up" : "down")
        try runner.record(try JSON.encode(record), as: artefact)
        return StepOutcome(notes: ["\(record.name) is \(record.state)"])
    }

    package static func derive(_ evidence: StepEvidence) -> Derived {
        let rows = [evidence.json(Record.self, artefact)].compactMap { record -> Row? in
            guard let record else { return nil }
            var row = RowBuilder(link)
            row.set("lab.link.name", record.name)
            row.set("lab.link.state", record.state)
            return row.row
        }
        return Derived(tables: [TableRows(link, rows, provenance: .attested)])
    }
}
