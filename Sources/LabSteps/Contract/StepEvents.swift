import LabModel

/// A step that was not performed, and why.
package struct SkippedStep: Sendable {
    package var status: StepResult.Status
    package var reason: String
    /// The reason as a message, where it is one of ours.
    package var why: Reason?

    package init(status: StepResult.Status, reason: String, why: Reason? = nil) {
        self.status = status
        self.reason = reason
        self.why = why
    }

    package init(status: StepResult.Status, _ why: Reason) {
        self.init(status: status, reason: why.english, why: why)
    }
}

/// What the events of a run say about its steps: written by the runner, read by the judge.
package struct StepEvents: Sendable {
    package private(set) var performed: [String: PerformedStep] = [:]
    package private(set) var skipped: [String: SkippedStep] = [:]
    /// SHA-256 of every artefact as the run left it, by path, in hexadecimal.
    package private(set) var digests: [String: String] = [:]
    /// Values that came up with the world.
    package private(set) var references: [String: Value] = [:]
    /// Whether the world was its model alone, on a virtual clock.
    package private(set) var isSimulated = false
    /// What `--only` asked for; empty: everything.
    package private(set) var only: Set<String> = []

    package init(_ log: EventLog) {
        for event in log.events { take(event) }
    }

    private mutating func take(_ event: Event) {
        switch (event.event, event.step) {
        case ("run-started", _): only = Set(event.data["only"]?.list?.map(\.text) ?? [])
        case ("world-started", _):
            references["world.roots.sha256"] = event.data["roots"]
            isSimulated = event.data["simulated"] == .bool(true)
        case ("artefact", _):
            if let path = event.data["path"]?.string { digests[path] = event.data["sha256"]?.string }
        case ("step-started", let step?):
            var plan: [String: Value] = [:]
            if case .map(let values)? = event.data["plan"] { plan = values }
            performed[step] = PerformedStep(
                step: step, kind: event.data["kind"]?.string ?? "", host: event.data["host"]?.string ?? "",
                plan: StepPlan(plan), actor: event.actor, startedAt: event.time)
            performed[step]?.attempt = event.data["attempt"]?.int.flatMap { Int(exactly: $0) } ?? 1
        case ("step-finished", let step?):
            // A step whose plan had no values never started, but its failure counts all the same.
            var record =
                performed[step]
                ?? PerformedStep(
                    step: step, kind: "", host: "", plan: StepPlan([:]), actor: event.actor, startedAt: event.time)
            record.finishedAt = event.time
            if case .map(let results)? = event.data["results"] { record.results = results }
            record.notes = event.data["notes"]?.list?.map(\.text) ?? []
            record.waited = event.data["waited"]?.int ?? 0
            if let fault = event.data["fault"]?.string.flatMap(StepFailure.Fault.init(rawValue:)) {
                record.failure = StepFailure(
                    fault, event.data["message"]?.string ?? "", help: event.data["help"]?.string ?? "")
            }
            record.artefacts = (event.data["artefacts"]?.list ?? []).map {
                ($0["path"]?.string ?? "", $0["sha256"]?.string ?? "")
            }
            performed[step] = record
        case ("step-skipped", let step?):
            skipped[step] = SkippedStep(
                status: event.data["status"]?.string.flatMap(StepResult.Status.init(rawValue:)) ?? .notDone,
                reason: event.data["reason"]?.string ?? "", why: event.data["why"].flatMap(Self.reason))
        default: break
        }
    }

    /// The data of a `step-skipped` event.
    package static func skipped(_ step: SkippedStep) -> Value {
        var data: [String: Value] = ["status": .string(step.status.rawValue), "reason": .string(step.reason)]
        if let why = step.why, let bytes = try? JSON.encode(why) {
            data["why"] = try? JSON.decode(Value.self, from: bytes)
        }
        return .map(data)
    }

    /// A reason that this version does not know is none.
    private static func reason(_ value: Value) -> Reason? {
        (try? JSON.encode(value)).flatMap { try? JSON.decode(Reason.self, from: $0) }
    }

    /// The data of a `step-finished` event.
    package static func finished(_ step: PerformedStep) -> Value {
        var data: [String: Value] = [
            "results": .map(step.results), "notes": .list(step.notes.map { .string($0) }), "waited": .int(step.waited),
            "artefacts": .list(step.artefacts.map { ["path": .string($0.path), "sha256": .string($0.sha256)] }),
        ]
        if let failure = step.failure {
            data["fault"] = .string(failure.fault.rawValue)
            data["message"] = .string(failure.message)
            data["help"] = .string(failure.help)
        }
        return .map(data)
    }
}
