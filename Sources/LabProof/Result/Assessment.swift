import LabModel
import LabSteps
import SupportDiagnostics

/// What the verdicts of all runs say about the checks of a lab. Pure: the same evidence can be assessed by the checks of
/// another edition of the lab.
package struct Assessment: Sendable {
    /// A check in one run.
    package struct Outcome: Sendable, Hashable {
        package var name: String
        package var verdict: Verdict
        package var cause: Cause?
        /// Whether all the steps that it looks at were brought to their end.
        package var isExecuted: Bool
        package var reason: String

        package var word: String { cause?.rawValue ?? verdict.rawValue }
    }

    let lab: ProofLab
    /// Steps that this machine does not offer: their checks are not proved here, which is told.
    let notOffered: Set<String>

    init(lab: ProofLab, reference: [StepResult]) {
        self.lab = lab
        notOffered = Set(reference.filter { $0.status == .notOffered }.map(\.id))
    }

    /// Every check of the lab in a run, in the lab's order.
    func outcomes(of evidence: RunEvidence) -> [Outcome] {
        evidence.judge(by: lab).flatMap(\.checks).compactMap { result in
            guard let (check, step) = lab.lab.check(result.name) else { return nil }
            return Outcome(
                name: result.name, verdict: result.verdict, cause: result.cause,
                isExecuted: steps(of: check, step).allSatisfy(evidence.isDone), reason: result.reason)
        }
    }

    /// The steps whose doing a check rests on: its own, those that its question refers to, and its control's.
    private func steps(of check: CheckDefinition, _ step: StepDefinition) -> [String] {
        let names = check.references + [check.control].compactMap { $0 }
        let owners = names.compactMap { name in name.split(separator: ".").first.map(String.init) }
        return [step.id] + owners.filter { lab.lab.step($0) != nil }
    }

    /// Holds a run against what it should fail.
    func finding(on run: PlannedRun, _ outcomes: [Outcome]) -> ProofResult.Finding {
        guard let expected = run.expected else {
            // Whoever leaves a step out is told so by what was not done; that is noticed, although it kills no check.
            let isNoticed = outcomes.contains { outcome in
                outcome.verdict == .failed || (run.isSkip && [.notDone, .blocked].contains(outcome.cause))
            }
            return isNoticed ? .noticed : .unnoticed
        }
        if let machine = outcomes.first(where: { $0.cause == .machine && !isOptional($0.name) }) {
            return .inconclusive("`\(machine.name)`: \(machine.reason)")
        }
        let failed = outcomes.filter { $0.verdict == .failed }.map(\.name)
        let missing = expected.filter { !failed.contains($0) && !isNotOffered($0) }
        let unexpected = failed.filter { !expected.contains($0) }
        if missing.isEmpty, unexpected.isEmpty { return .asDeclared }
        return .differs(
            missing: missing.map { name in
                let word = outcomes.first { $0.name == name }?.word ?? "not judged"
                return .init(check: name, outcome: word)
            }, unexpected: unexpected)
    }

    private func isOptional(_ check: String) -> Bool { lab.lab.check(check)?.step.isOptional ?? false }

    private func isNotOffered(_ check: String) -> Bool {
        lab.lab.check(check).map { notOffered.contains($0.step.id) } ?? false
    }

    /// Every check with the runs that fail it while all it looks at was done.
    func killers(_ runs: [(run: PlannedRun, outcomes: [Outcome])]) -> [ProofResult.Check] {
        lab.lab.steps.flatMap { step in
            step.checks.map { check -> ProofResult.Check in
                let name = "\(step.id).\(check.name)"
                var result = ProofResult.Check(
                    name: name, isHidden: check.isHidden, isOffered: !notOffered.contains(step.id), killers: [],
                    passed: 0, notJudged: 0, file: check.span.file.name, line: check.span.start.line,
                    column: check.span.start.column)
                for (run, outcomes) in runs {
                    guard let outcome = outcomes.first(where: { $0.name == name }) else { continue }
                    switch outcome.verdict {
                    case .failed where outcome.isExecuted: result.killers.append(run.name)
                    case .passed: result.passed += 1
                    case .failed, .inconclusive: result.notJudged += 1
                    }
                }
                return result
            }
        }
    }
}
