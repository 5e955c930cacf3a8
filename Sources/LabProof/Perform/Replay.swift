import LabModel
import LabRunner
import LabSteps
import SupportLinux

/// Evidence in which something is exchanged after the fact: as if somebody had handed in the wrong file, or had looked
/// at it in the wrong way.
struct Replay {
    let base: RunEvidence
    let earlier: RunEvidence
    /// Where the altered evidence goes, absolute.
    let folder: String

    /// - Parameter lab: the lab with the run's change.
    func evidence(of run: PlannedRun, lab: LoadedLab) throws -> RunEvidence {
        var folder = base.folder
        if !run.change.evidence.isEmpty || !run.inputs.isEmpty {
            folder = self.folder
            try copy(RunFolder.evidence)
            try bring(run.inputs)
            for change in run.change.evidence { try apply(change) }
        }
        return RunEvidence(base.lab, folder: folder, log: EventLog(try events(of: run, lab: lab)))
    }

    // MARK: Files

    private func copy(_ path: String) throws {
        try Files.createDirectories("\(folder)/\(path)")
        for entry in try Files.list("\(base.folder)/\(path)") {
            let name = "\(path)/\(entry.name)"
            switch entry.kind {
            case .directory: try copy(name)
            case .file: try Files.write(try Files.read("\(base.folder)/\(name)"), to: "\(folder)/\(name)")
            case .symbolicLink, .other: break
            }
        }
    }

    private func bring(_ inputs: [String: String]) throws {
        guard !inputs.isEmpty else { return }
        try Files.createDirectories("\(folder)/\(RunFolder.inputs)")
        for (name, path) in inputs {
            try Files.write(try Files.read("\(earlier.folder)/\(path)"), to: "\(folder)/\(RunFolder.inputs)/\(name)")
        }
    }

    private func apply(_ change: EvidenceChange) throws {
        let path = try artefact(change.result, in: base)
        let bytes: [UInt8]
        switch change.source {
        case .nothing: bytes = []
        case .kept(let percent):
            let whole = try Files.read("\(base.folder)/\(path)")
            bytes = Array(whole.prefix(whole.count * percent / 100))
        case .earlierRun:
            bytes = try Files.read("\(earlier.folder)/\(try artefact(change.result, in: earlier))")
        case .result(let other): bytes = try Files.read("\(base.folder)/\(try artefact(other, in: base))")
        }
        try Files.write(bytes, to: "\(folder)/\(path)")
    }

    /// The path of the artefact that a result names, `step.result`.
    private func artefact(_ name: String, in run: RunEvidence) throws -> String {
        let parts = name.split(separator: ".", maxSplits: 1).map(String.init)
        guard parts.count == 2, let path = run.steps.performed[parts[0]]?.results[parts[1]]?.string,
            RunFolder.isInside(path), path.hasPrefix(RunFolder.evidence + "/")
        else { throw StepFailure(.lab, "`\(name)` names no artefact of this run") }
        return path
    }

    // MARK: Events

    /// The events with the changed plans of passive steps, and without those that are left out.
    private func events(of run: PlannedRun, lab: LoadedLab) throws -> [Event] {
        var references = lab.references.merging(base.steps.references) { $1 }
        for step in base.lab.lab.steps {
            guard let record = base.steps.performed[step.id], record.failure == nil,
                let schema = StepCatalog.kind(named: step.kind)?.schema
            else { continue }
            references.merge(StepReferences.values(of: record.results, step: step.id, schema: schema)) { $1 }
        }
        var failures: [String: StepFailure] = [:]
        var plans: [String: StepPlan] = [:]
        for id in Set(run.change.plans.map(\.step)) {
            guard let step = lab.lab?.step(id) else { continue }
            do {
                plans[id] = try PlanResolution.resolve(step, references: references)
            } catch let failure as StepFailure {
                failures[id] = failure
            }
        }
        return base.log.events.filter { !run.change.skipped.contains($0.step ?? "") }.map { event in
            guard let step = event.step, case .map(var data) = event.data else { return event }
            var event = event
            if let plan = plans[step] {
                if event.event == "step-started" { data["plan"] = .map(plan.values) }
                // What such a step gives is what it was told to look at.
                if event.event == "step-finished", case .map(var results)? = data["results"] {
                    for name in results.keys { results[name] = plan[name] ?? results[name] }
                    data["results"] = .map(results)
                }
            }
            if let failure = failures[step], event.event == "step-finished" {
                data["fault"] = .string(failure.fault.rawValue)
                data["message"] = .string(failure.message)
            }
            event.data = .map(data)
            return event
        }
    }
}
