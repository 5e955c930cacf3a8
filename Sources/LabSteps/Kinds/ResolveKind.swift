import EngineProbe
import LabModel
import SupportQuestions
import Wire

/// `resolve`: asks the host's resolver for the addresses of a name.
package enum ResolveKind: HostStepKind {
    package static let schema = StepSchema(
        "resolve", "asks the host's resolver for the addresses of a name",
        fields: [
            PlanField("name", .string, required: true, "the name"),
            PlanField("family", .choice(["any", "ipv4", "ipv6"]), default: .string("any"), "the address family"),
            PlanField(
                "type", .choice(LookUp.types.map(\.name)),
                "the record type to ask for, as `dig` would; an address is asked for by its reverse name with `PTR`"),
            PlanField("server", .string, "the address of the server to ask; the host's own where it says nothing"),
        ],
        shorthand: "name",
        results: [
            ResultField("address", .string, "the first address"),
            ResultField("value", .string, "the last record's value, where a `type` was asked for"),
        ],
        tables: [ProbeTables.name],
        guide: .resolve)

    private static let artefact = "addresses.json"

    package static func obstacle(toSimulating plan: [String: PlanNode]) -> String? { nil }

    package static func perform(_ plan: StepPlan, on host: HostContext) async throws -> StepOutcome {
        let name = try plan.required("name")
        if plan.string("type") != nil || plan.string("server") != nil {
            return try await LookUp.perform(plan, on: host)
        }
        do {
            let addresses = try await host.network.addresses(of: name, family: ProbeFamily.read(plan))
            try host.record(Value.list(addresses.map { .string("\($0)") }), as: artefact)
            return StepOutcome(
                results: addresses.first.map { ["address": .string("\($0)")] } ?? [:],
                notes: ["\(name): \(addresses.map { "\($0)" }.joined(separator: ", "))"])
        } catch let error as ProbeError {
            return try ProbeFailure.outcome(error, host)
        }
    }

    package static func derive(_ evidence: StepEvidence) -> Derived {
        if let derived = LookUp.derive(evidence) { return derived }
        guard let addresses = evidence.json([String].self, artefact) else {
            return ProbeFailure.derive(evidence, in: ProbeTables.name, field: "lab.dns.error")
        }
        let rows = addresses.map { address in
            var row = RowBuilder(ProbeTables.name)
            row.set("lab.dns.name", evidence.plan.string("name"))
            row.set("lab.dns.address", address)
            row.set("lab.dns.value", address)
            row.set("lab.dns.type", address.contains(":") ? "AAAA" : "A")
            row.set("lab.dns.family", address.contains(":") ? "ipv6" : "ipv4")
            return row.row
        }
        return Derived(tables: [TableRows(ProbeTables.name, rows, provenance: .attested)])
    }
}
