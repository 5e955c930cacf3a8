import EngineWeb
import LabModel
import SupportLinux
import SupportQuestions

/// `wait`: waits until a TCP port is open or closed, and reads what a service says first.
package enum WaitKind: HostStepKind {
    package static let schema = StepSchema(
        "wait", "waits until a TCP port is open or closed, and keeps what a service says first",
        fields: [
            PlanField("host", .string, default: .string("127.0.0.1"), "the name or address to connect to"),
            PlanField("port", .port, required: true, "the port"),
            PlanField("state", .choice(["open", "closed"]), default: .string("open"), "what to wait for"),
            PlanField("within", .duration, default: .int(5_000_000_000), "how long it may take"),
        ],
        shorthand: "port",
        tables: [StepTables.listen],
        guide: .wait)

    package static func perform(_ plan: StepPlan, on host: HostContext) async throws -> StepOutcome {
        let name = plan.string("host") ?? "127.0.0.1"
        let port = plan.int("port") ?? 0
        let wanted = plan.string("state") != "closed"
        let limit = plan.duration("within") ?? 5_000_000_000
        let deadline = Clocks.monotonic() &+ UInt64(clamping: limit)
        while true {
            let left = Int64(clamping: deadline) - Int64(clamping: Clocks.monotonic())
            let found = await TCPGreeting.read(host: name, port: port, within: max(left, 100_000_000))
            if found.isOpen == wanted || left <= 0 {
                let result = ListenerProbe.Result(
                    port: port, address: name, isOpen: found.isOpen, greeting: found.line)
                try host.record(result, as: ListenerProbe.artefact)
                return StepOutcome(notes: [
                    "\(name), port \(port): " + (found.isOpen ? "open" : "closed")
                        + (found.line.isEmpty ? "" : ", it says “\(found.line)”")
                ])
            }
            // The lab asked to wait for a change that nobody announces.
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    package static func derive(_ evidence: StepEvidence) -> Derived {
        Derived(tables: [TableRows(StepTables.listen, ListenerProbe.rows(evidence), provenance: .attested)])
    }
}
