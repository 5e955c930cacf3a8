import EngineProbe
import LabModel
import SupportQuestions
import Wire

/// A probe that could not be sent: a fact about the network for the student, or a lack of this machine.
enum ProbeFailure {
    private static let artefact = "failure.json"

    static func outcome(_ error: ProbeError, _ host: HostContext) throws -> StepOutcome {
        if case .notPermitted = error { throw StepFailure(.machine, "\(error)") }
        if case .invalidConfiguration = error { throw StepFailure(.lab, "\(error)") }
        try host.record(Value.string("\(error)"), as: artefact)
        return StepOutcome(notes: ["\(error)"])
    }

    /// A row with nothing but the reason; nothing at all where there is no artefact.
    ///
    /// - Parameter field: the field of the table that says why nothing was sent.
    static func derive(_ evidence: StepEvidence, in table: Table, field: String) -> Derived {
        guard let reason = evidence.json(Value.self, artefact)?.string else { return Derived() }
        var row = RowBuilder(table)
        row.set(field, reason)
        return Derived(tables: [TableRows(table, [row.row], provenance: .attested)], explanations: [reason])
    }
}

enum ProbeFamily {
    static func read(_ plan: StepPlan) -> IPFamily? {
        switch plan.string("family") {
        case "ipv4": .v4
        case "ipv6": .v6
        default: nil
        }
    }
}
