import LabModel
import SupportQuestions

/// `tools`: says which programs are there.
package enum ToolsKind: RunnerStepKind {
    package static let tool = Table(
        "tool", "a program that was looked for",
        fields: [
            Field("lab.tool.name", .string, "its name"),
            Field("lab.tool.found", .boolean, "whether it is there and can be run"),
            Field("lab.tool.path", .string, "where it is"),
        ])

    package static let schema = StepSchema(
        "tools", "says which programs are there",
        fields: [PlanField("names", .list(.string), required: true, "the programs' names; `lab` is this one")],
        shorthand: "names",
        tables: [tool],
        guide: .tools)

    package static func perform(_ plan: StepPlan, by runner: any RunnerContext) async throws -> StepOutcome {
        var found: [Value] = []
        var notes: [String] = []
        for name in plan.strings("names") {
            let path = name == "lab" ? runner.executable : ProgramSearch.find(name)
            found.append(["name": .string(name), "path": path.map { .string($0) } ?? .null])
            notes.append(path.map { "\(name): \(name == "lab" ? "built in" : $0)" } ?? "\(name): not found")
        }
        try runner.record(try JSON.encode(found), as: "tools.json")
        return StepOutcome(notes: notes)
    }

    package static func derive(_ evidence: StepEvidence) -> Derived {
        let found = evidence.json([Value].self, "tools.json") ?? []
        let rows = found.map { entry in
            var row = RowBuilder(tool)
            row.set("lab.tool.name", entry["name"]?.string)
            row.set("lab.tool.found", entry["path"]?.string != nil)
            row.set("lab.tool.path", entry["path"]?.string)
            return row.row
        }
        return Derived(tables: [TableRows(tool, rows, provenance: .attested)])
    }
}
