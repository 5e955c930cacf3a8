import LabModel
import LabRunner
import LabSteps
import SupportLinux

/// Performs the runs of a proof, several at a time, each in a world of its own.
package struct ProofRunner: Sendable {
    /// What became of one wrong run.
    package struct Performed: Sendable {
        package var run: PlannedRun
        /// Nil where it could not be made; `reason` says why.
        package var evidence: RunEvidence?
        package var reason: String
        /// Nanoseconds.
        package var duration: Int64
    }

    package enum Update: Sendable {
        case reference
        case planned(runs: Int)
        case finished(PlannedRun, count: Int, of: Int)
    }

    let lab: ProofLab
    /// Where evidence goes, absolute; whoever gives it removes it.
    let folder: String
    let executable: String
    let version: String
    let jobs: Int
    let report: @Sendable (Update) -> Void

    package init(
        lab: ProofLab, folder: String, executable: String, version: String, jobs: Int,
        report: @escaping @Sendable (Update) -> Void
    ) {
        self.lab = lab
        self.folder = folder
        self.executable = executable
        self.version = version
        self.jobs = max(1, jobs)
        self.report = report
    }

    /// A run by the lab as it is.
    ///
    /// - Throws: `PreflightError` where this machine gives no worlds, `StepFailure` where the world does not come up.
    package func reference(_ lab: ProofLab, skipping skipped: Set<String> = []) async throws -> RunEvidence {
        report(.reference)
        let folder = try await record(lab.loaded, lab.lab, settings: lab.settings, skipped: skipped, inputs: [])
        return try RunEvidence(lab, folder: folder)
    }

    /// All runs of a plan, in its order.
    package func perform(
        _ plan: ProofPlan, reference: RunEvidence, earlier: RunEvidence
    ) async throws -> [Performed] {
        report(.planned(runs: plan.runs.count))
        let runs = plan.runs
        return try await withThrowingTaskGroup(of: (Int, Performed).self) { group in
            var results = [Performed?](repeating: nil, count: runs.count)
            var finished = 0
            for index in runs.indices {
                if index >= jobs, let (before, done) = try await group.next() {
                    results[before] = done
                    finished += 1
                    report(.finished(done.run, count: finished, of: runs.count))
                }
                group.addTask {
                    (index, try await perform(runs[index], number: index, reference: reference, earlier: earlier))
                }
            }
            while let (before, done) = try await group.next() {
                results[before] = done
                finished += 1
                report(.finished(done.run, count: finished, of: runs.count))
            }
            return results.compactMap { $0 }
        }
    }

    /// One wrong run. What it cannot do is told in the result; only a machine without worlds is an error.
    package func perform(
        _ run: PlannedRun, number: Int, reference: RunEvidence, earlier: RunEvidence
    ) async throws -> Performed {
        let start = Clocks.monotonic()
        var result = Performed(run: run, evidence: nil, reason: "", duration: 0)
        do {
            let changed = lab.changed(by: run.change)
            guard let changedLab = changed.lab, !changed.hasErrors else {
                throw StepFailure(.lab, "the lab cannot be read with this change")
            }
            var base = reference
            if !run.isReplayed {
                let inputs = try run.inputs.sorted { $0.key < $1.key }.map { name, path in
                    LabFile(path: name, bytes: try Files.read("\(earlier.folder)/\(path)"))
                }
                let path = try await record(
                    changed, changedLab, settings: lab.settings, skipped: Set(run.change.skipped), inputs: inputs,
                    answers: run.change.answers)
                base = try RunEvidence(lab, folder: path)
            }
            if run.isReplayed || !run.change.evidence.isEmpty {
                var alteration = run
                // What was really done differently needs no retelling.
                if !run.isReplayed {
                    alteration.change.plans = []
                    alteration.change.skipped = []
                    alteration.inputs = [:]
                }
                base = try Replay(base: base, earlier: earlier, folder: "\(folder)/replay-\(number)")
                    .evidence(of: alteration, lab: changed)
            }
            result.evidence = base
        } catch let error as PreflightError {
            throw error
        } catch let failure as StepFailure {
            result.reason = failure.message
        } catch {
            result.reason = "\(error)"
        }
        result.duration = Int64(clamping: Clocks.monotonic() &- start)
        return result
    }

    private func record(
        _ loaded: LoadedLab, _ lab: LabDefinition, settings: LabSettings, skipped: Set<String>, inputs: [LabFile],
        answers: [String: KeyAnswer] = [:]
    ) async throws -> String {
        var request = RunRequest(
            loaded: loaded, lab: lab, source: self.lab.path, student: settings.student, runs: folder, only: [],
            executable: executable, version: version)
        request.skipped = skipped
        request.inputs = inputs
        request.respondent = KeyRespondent(key: self.lab.lab.key, instead: answers)
        let path = try await Run.record(request)
        // Homes and copies of the lab are no evidence; a proof makes many runs.
        try Files.removeTree(path + "/home")
        try Files.removeTree(path + "/" + RunFolder.lab)
        return path
    }
}
