import LabModel
import LabRunner
import LabSteps
import SupportDiagnostics
import SupportLinux

/// Shows that a lab judges as it should: what is right earns everything, nothing earns nothing, and what is wrong fails
/// where it is wrong.
package struct Proof: Sendable {
    /// All evidence of a proof, which can be assessed by the checks of any edition of the lab.
    package struct Evidence: Sendable {
        package var reference: RunEvidence
        package var earlier: RunEvidence
        package var blank: RunEvidence
        package var runs: [ProofRunner.Performed]
        package var omitted: [OmittedRun]
        /// Whether every run of the plan was made.
        package var isComplete: Bool
    }

    /// Names of runs that neither the key nor the generators know.
    package struct UnknownRuns: Error {
        package let names: [String]
        package let known: [String]
    }

    let lab: ProofLab
    let runner: ProofRunner

    package init(lab: ProofLab, runner: ProofRunner) {
        self.lab = lab
        self.runner = runner
    }

    /// The student of the earlier run, whose values and files are everybody else's stale ones.
    static let earlierStudent = "prove, earlier"

    /// Performs what is to be assessed.
    ///
    /// - Parameter only: names of the only wrong runs to make; empty: all.
    /// - Throws: `PreflightError`, `StepFailure` where even the reference run cannot be made, `UnknownRuns`.
    package func perform(only: [String] = []) async throws -> Evidence {
        guard let other = lab.forStudent(Self.earlierStudent) else {
            throw StepFailure(.lab, "the lab cannot be read for another student")
        }
        let (reference, earlier, blank) = try await references(other)
        var evidence = Evidence(
            reference: reference, earlier: earlier, blank: blank, runs: [], omitted: [], isComplete: only.isEmpty)
        // What is right must be right before anything that is wrong says something.
        guard troubles(in: reference, by: lab).isEmpty else { return evidence }
        var plan = ProofPlan.make(for: lab, reference: reference, earlier: earlier)
        if !only.isEmpty {
            let known = plan.runs.map(\.name)
            let unknown = only.filter { !known.contains($0) }
            guard unknown.isEmpty else { throw UnknownRuns(names: unknown, known: known) }
            plan.keep(only: only)
        }
        evidence.runs = try await runner.perform(plan, reference: reference, earlier: earlier)
        evidence.omitted = plan.omitted
        return evidence
    }

    /// The reference run, the earlier one and the blank one.
    private func references(_ other: ProofLab) async throws -> (RunEvidence, RunEvidence, RunEvidence) {
        let nothing = Set(lab.lab.steps.map(\.id))
        guard runner.jobs > 1 else {
            return (
                try await runner.reference(lab), try await runner.reference(other),
                try await runner.reference(lab, skipping: nothing)
            )
        }
        async let earlier = runner.reference(other)
        let reference = try await runner.reference(lab)
        return (reference, try await earlier, try await runner.reference(lab, skipping: nothing))
    }

    private func troubles(in run: RunEvidence, by lab: ProofLab) -> [ProofResult.Trouble] {
        Self.troubles(run.judge(by: lab))
    }

    static func troubles(_ steps: [StepResult]) -> [ProofResult.Trouble] {
        steps.filter { $0.status != .notOffered }.flatMap(\.checks).filter { $0.verdict != .passed }.map {
            ProofResult.Trouble(check: $0.name, outcome: $0.cause?.rawValue ?? $0.verdict.rawValue, reason: $0.reason)
        }
    }

    /// Judges all evidence by the checks of a lab: the one that was performed, or another edition of it.
    package func assess(_ evidence: Evidence, by lab: ProofLab) async -> ProofResult {
        let reference = evidence.reference.judge(by: lab)
        let assessment = Assessment(lab: lab, reference: reference)
        var result = ProofResult(
            lab: lab.lab.name, path: lab.path,
            reference: .init(
                points: reference.reduce(0) { $0 + $1.points }, maxPoints: reference.reduce(0) { $0 + $1.maxPoints },
                troubles: Self.troubles(reference)),
            blank: evidence.blank.judge(by: lab).flatMap(\.checks)
                .filter { $0.verdict == .passed || $0.points > 0 }.map(\.name))
        let outcomes = await outcomes(of: evidence.runs, assessment)
        for (performed, outcomes) in zip(evidence.runs, outcomes) {
            result.runs.append(Self.result(performed, outcomes, assessment))
        }
        if evidence.isComplete, result.reference.troubles.isEmpty {
            result.checks = assessment.killers(zip(evidence.runs.map(\.run), outcomes).map { ($0, $1) })
        }
        result.omitted = evidence.omitted.map { .init(name: $0.name, reason: $0.reason) }
        return result
    }

    private func outcomes(
        of runs: [ProofRunner.Performed], _ assessment: Assessment
    ) async -> [[Assessment.Outcome]] {
        await withTaskGroup(of: (Int, [Assessment.Outcome]).self) { group in
            var all = [[Assessment.Outcome]](repeating: [], count: runs.count)
            for (index, run) in runs.enumerated() {
                if index >= runner.jobs, let (before, outcomes) = await group.next() { all[before] = outcomes }
                group.addTask { (index, run.evidence.map(assessment.outcomes) ?? []) }
            }
            while let (before, outcomes) = await group.next() { all[before] = outcomes }
            return all
        }
    }

    private static func result(
        _ performed: ProofRunner.Performed, _ outcomes: [Assessment.Outcome], _ assessment: Assessment
    ) -> ProofResult.Run {
        let finding: ProofResult.Finding =
            performed.evidence == nil
            ? .inconclusive(performed.reason) : assessment.finding(on: performed.run, outcomes)
        var result = ProofResult.Run(
            name: performed.run.name, kind: performed.run.origin.word, replayed: performed.run.isReplayed,
            finding: finding.word, expected: performed.run.expected,
            failed: outcomes.filter { $0.verdict == .failed }.map(\.name),
            inconclusive: outcomes.filter { $0.verdict == .inconclusive }.map(\.name), duration: performed.duration)
        if case .declared(_, let because) = performed.run.origin { result.because = because }
        switch finding {
        case .differs(let missing, let unexpected):
            result.missing = missing
            result.unexpected = unexpected
        case .inconclusive(let reason): result.reason = reason
        case .asDeclared, .noticed, .unnoticed, .unsteady: break
        }
        return result
    }
}
