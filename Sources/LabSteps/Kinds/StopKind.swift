import LabModel
import SupportLinux
import SupportQuestions
import WireSessions

/// `stop`: ends what an earlier step began: a capture, or a program by typing at its terminal.
package enum StopKind: RunnerStepKind {
    package static let schema = StepSchema(
        "stop", "ends what an earlier step began: a capture, or a proxy by the keys typed at its terminal",
        fields: [
            PlanField("step", .step(["proxy", "capture"]), required: true, "the step that began it"),
            PlanField(
                "keys", .list(.string), default: .list([]),
                "what is typed, one item after the other; for a proxy `q` and `y` end it"),
            PlanField("within", .duration, default: .int(10_000_000_000), "how long the end may take"),
        ],
        shorthand: "step",
        results: [
            ResultField("file", .string, "the capture file"),
            ResultField("exit", .unsigned, "the program's exit status"),
        ],
        tables: [FrameTable.table, StepTables.program, StepTables.terminal, StepTables.listen],
        isRepeatable: false, guide: .stop)

    package static func perform(_ plan: StepPlan, by runner: any RunnerContext) async throws -> StepOutcome {
        let target = try plan.required("step")
        guard let earlier = runner.earlier(target) else {
            throw StepFailure(.lab, "the step `\(target)` has not run")
        }
        if earlier.kind == "capture" {
            return try await runner.ask(.stopCapture(step: target), on: earlier.host)
        }
        return try await stopProgram(target, earlier.plan, plan, runner)
    }

    private static func stopProgram(
        _ target: String, _ started: StepPlan, _ plan: StepPlan, _ runner: any RunnerContext
    ) async throws -> StepOutcome {
        guard let program = runner.program(startedBy: target) else {
            throw StepFailure(.lab, "the step `\(target)` started no program")
        }
        let limit = plan.duration("within") ?? 10_000_000_000
        let keys = plan.strings("keys")
        for key in keys.isEmpty ? ["q", "y"] : keys {
            runner.progress("typing \(key)")
            try await program.type(key)
            await program.waitForChange(within: 3_000_000_000)
        }
        let exit = await program.waitForExit(within: limit)
        let transcript = await program.output().output
        try runner.record(transcript, as: "terminal.raw")
        try runner.record(
            try JSON.encode(Value.map(["name": "lab proxy", "exit": exit.map { .int(Int64($0)) } ?? .null])),
            as: "exit.json")
        if let port = started.int("listen") {
            _ = try await runner.ask(.probeListener(port: port, step: runner.step), on: runner.host)
        }
        guard let exit else {
            await program.terminate()
            throw StepFailure(.subject, "the program did not end within \(limit / 1_000_000_000) s of the last key")
        }
        return StepOutcome(
            results: ["exit": .int(Int64(exit))],
            notes: ["typed \((keys.isEmpty ? ["q", "y"] : keys).joined(separator: ", ")); ended with status \(exit)"])
    }

    package static func derive(_ evidence: StepEvidence) -> Derived {
        if let file = evidence.results["file"]?.string {
            return CaptureKind.frames(of: file, evidence)
        }
        guard let exit = evidence.json(Value.self, "exit.json") else { return Derived() }
        var program = RowBuilder(StepTables.program)
        program.set("lab.program.name", exit["name"]?.string)
        program.set("lab.program.exit", number: exit["exit"]?.int)
        var terminal = RowBuilder(StepTables.terminal)
        terminal.set(
            "lab.terminal.text",
            evidence.bytes(evidence.artefact("terminal.raw")).map { TerminalText.plain($0) })
        return Derived(tables: [
            TableRows(StepTables.program, [program.row], provenance: .attested),
            TableRows(StepTables.terminal, [terminal.row], provenance: .attested),
            TableRows(StepTables.listen, ListenerProbe.rows(evidence), provenance: .attested),
        ])
    }
}
