import LabModel
import SupportQuestions

/// `system-proxy`: points the programs of a host at a proxy, by the environment variables that they read.
package enum SystemProxyKind: RunnerStepKind {
    package static let setting = Table(
        "setting", "a setting of the host",
        fields: [
            Field("lab.setting.name", .string, "the name of the environment variable"),
            Field("lab.setting.value", .string, "its value"),
            Field("lab.setting.present", .boolean, "whether it is set at all"),
        ])

    package static let schema = StepSchema(
        "system-proxy", "points the programs of a host at a proxy, for HTTP and HTTPS only",
        fields: [
            PlanField("http", .string, "the proxy for http, as HOST:PORT or `$step`; `none` removes the setting"),
            PlanField("https", .string, "the proxy for https, as HOST:PORT or `$step`; `none` removes the setting"),
            PlanField("except", .list(.string), default: .list([]), "hosts that are reached without the proxy"),
        ],
        results: [],
        tables: [setting],
        isRepeatable: false, guide: .systemProxy)

    /// The variables that a setting becomes, lower case because curl reads `http_proxy` in no other way.
    static func variables(_ plan: StepPlan) -> [String: String?] {
        var changes: [String: String?] = [:]
        for (field, name) in [("http", "http_proxy"), ("https", "https_proxy")] {
            guard let value = plan.string(field) else { continue }
            changes[name] = .some(value == "none" ? nil : "http://" + value)
        }
        let except = plan.strings("except")
        if !except.isEmpty { changes["no_proxy"] = except.joined(separator: ",") }
        return changes
    }

    package static func perform(_ plan: StepPlan, by runner: any RunnerContext) async throws -> StepOutcome {
        let changes = variables(plan)
        runner.setEnvironment(changes)
        let settled = runner.facts.environment
        let written = changes.keys.sorted().map { name in
            settled[name].map { Value.map(["name": .string(name), "value": .string($0)]) }
                ?? Value.map(["name": .string(name), "value": .null])
        }
        try runner.record(try JSON.encode(Value.list(written)), as: "settings.json")
        return StepOutcome(
            notes: changes.sorted { $0.key < $1.key }.map { "\($0.key) = \($0.value ?? "(removed)")" })
    }

    package static func derive(_ evidence: StepEvidence) -> Derived {
        let written = evidence.json([Value].self, "settings.json") ?? []
        let rows = written.map { entry in
            var row = RowBuilder(setting)
            row.set("lab.setting.name", entry["name"]?.string)
            row.set("lab.setting.value", entry["value"]?.string)
            row.set("lab.setting.present", entry["value"]?.string != nil)
            return row.row
        }
        return Derived(tables: [TableRows(setting, rows, provenance: .attested)])
    }
}
