import LabModel
import SupportQuestions

/// `program`: runs a program on a host and keeps what it prints.
package enum ProgramKind: RunnerStepKind {
    package static let schema = StepSchema(
        "program", "runs a program on a host of the world and keeps what it prints",
        fields: [
            PlanField("run", .list(.string), required: true, "the program and its arguments, one item each"),
            PlanField("environment", .map(.string), default: .map([:]), "environment variables besides the host's own"),
            PlanField("within", .duration, default: .int(20_000_000_000), "how long it may take"),
        ],
        shorthand: "run",
        results: [ResultField("exit", .unsigned, "the exit status")],
        tables: [StepTables.program],
        guide: .program)

    package static func perform(_ plan: StepPlan, by runner: any RunnerContext) async throws -> StepOutcome {
        let arguments = plan.strings("run")
        guard let name = arguments.first else { throw StepFailure(.lab, "`run` names no program") }
        try runner.record(try JSON.encode(Value.list(arguments.map { .string($0) })), as: "command.json")
        var environment = runner.facts.environment
        if case .map(let extra) = plan["environment"] {
            for (name, value) in extra { environment[name] = value.text }
        }
        let program = try await runner.start(
            ProgramStart(
                arguments: arguments, environment: environment, workingDirectory: try runner.home()))
        let limit = plan.duration("within") ?? 20_000_000_000
        let exit = await program.waitForExit(within: limit)
        if exit == nil { await program.terminate() }
        let (output, error) = await program.output()
        try runner.record(output, as: "stdout.txt")
        try runner.record(error, as: "stderr.txt")
        try runner.record(
            try JSON.encode(Value.map(["name": .string(name), "exit": exit.map { .int(Int64($0)) } ?? .null])),
            as: "exit.json")
        guard let exit else {
            throw StepFailure(.subject, "`\(name)` did not end within \(limit / 1_000_000_000) s")
        }
        return StepOutcome(
            results: ["exit": .int(Int64(exit))],
            notes: ["`\(arguments.joined(separator: " "))` ended with status \(exit)"])
    }

    package static func derive(_ evidence: StepEvidence) -> Derived {
        guard let exit = evidence.json(Value.self, "exit.json") else { return Derived() }
        var row = RowBuilder(StepTables.program)
        row.set("lab.program.name", exit["name"]?.string)
        row.set("lab.program.exit", number: exit["exit"]?.int)
        row.set("lab.program.stdout", evidence.bytes(evidence.artefact("stdout.txt")).map { .bytes($0) })
        row.set("lab.program.stderr", evidence.bytes(evidence.artefact("stderr.txt")).map { .bytes($0) })
        return Derived(tables: [TableRows(StepTables.program, [row.row], provenance: .attested)])
    }
}
