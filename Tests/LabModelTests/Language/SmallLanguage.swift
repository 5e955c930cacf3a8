import LabModel
import SupportDiagnostics
import SupportQuestions

/// A language with two kinds of steps, enough for what is the same for all kinds.
enum SmallLanguage {
    static let page = Table(
        "page", "a page",
        fields: [Field("lab.page.code", .unsigned, "status"), Field("lab.page.text", .string, "text")])

    private static let guide = StepGuide(why: "For tests.", example: "", pitfalls: [])

    static let catalogue = [
        StepSchema(
            "visit", "visits a page",
            fields: [
                PlanField("url", .string, required: true, "the address"),
                PlanField("count", .integer(1...9), default: .int(1), "how often"),
                PlanField("after", .step(["visit"]), "another visit"),
                PlanField("within", .duration, "how long"),
            ],
            shorthand: "url", results: [ResultField("file", .string, "the page")], tables: [page], guide: guide),
        StepSchema(
            "start", "starts something", fields: [PlanField("port", .port, required: true, "the port")],
            shorthand: "port", tables: [page], isRepeatable: false, guide: guide),
    ]

    static func load(
        _ text: String, files: [String: String] = [:], settings: LabSettings = LabSettings(student: "ada")
    ) -> LoadedLab {
        let all = files.merging(["lab.yml": text]) { $1 }
        return LabLoader(catalogue: catalogue, sharedTables: [], readFile: { all[$0].map { Array($0.utf8) } })
            .load("lab.yml", settings: settings)
    }

    /// A lab around variables and steps.
    static func lab(vars: String = "", top: String = "", _ steps: String) -> String {
        "format: 1\nlab: small\ntitle: Small\n" + top + (vars.isEmpty ? "" : "vars:\n" + vars) + "steps:\n" + steps
    }
}

extension LoadedLab {
    /// Codes with their places: `variable.bounds 5:3`.
    var told: [String] {
        problems.map { "\($0.code)" + ($0.primary.map { " \($0.span.file.name):\($0.span.start)" } ?? "") }
    }

    var ids: [String] { lab?.steps.map(\.id) ?? [] }

    func plan(_ step: String, _ field: String) -> Value? {
        (try? lab?.step(step)?.plan[field]?.resolve(references)) ?? nil
    }
}
