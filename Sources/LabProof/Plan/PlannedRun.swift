import LabModel
import SupportDiagnostics
import SupportYAML

/// One wrong run that a proof makes.
package struct PlannedRun: Sendable {
    package enum Origin: Sendable {
        /// By the author, with exactly the checks that must fail.
        case declared(fails: [String], because: String)
        case skipped
        case dropped
        /// An input replaced by its like from an earlier run.
        case stale
        /// An input replaced by its like from elsewhere in the lab, or another student's.
        case foreign

        package var word: String {
            switch self {
            case .declared: "declared"
            case .skipped: "step skipped"
            case .dropped: "key dropped"
            case .stale: "stale input"
            case .foreign: "foreign input"
            }
        }
    }

    package var name: String
    package var origin: Origin
    package var change: WrongChange
    /// Artefacts of the earlier run that plans refer to, by their path below `inputs/`.
    package var inputs: [String: String] = [:]
    /// Whether it is judged on the evidence of the reference run, parts of it exchanged.
    package var isReplayed = false

    init(_ name: String, _ origin: Origin, _ change: WrongChange, inputs: [String: String] = [:]) {
        self.name = name
        self.origin = origin
        self.change = change
        self.inputs = inputs
    }

    /// Whether all that it does wrong is to leave something out.
    var isSkip: Bool { if case .skipped = origin { true } else { false } }

    package var expected: [String]? {
        if case .declared(let fails, _) = origin { fails } else { nil }
    }
}

/// A wrong run that is not made, and why.
package struct OmittedRun: Sendable, Hashable {
    package var name: String
    package var reason: String
}

/// All wrong runs of a proof, in the order in which they are reported.
package struct ProofPlan: Sendable {
    package private(set) var runs: [PlannedRun] = []
    package private(set) var omitted: [OmittedRun] = []
    private var seen: [String: String] = [:]
    private let lab: ProofLab
    private let base: String

    init(_ lab: ProofLab) {
        self.lab = lab
        base = LabInputs.digest(lab.lab, lab.loaded)
    }

    /// Every wrong run that the key declares, and all that can be thought of.
    ///
    /// - Parameters:
    ///   - reference: what the steps gave in the reference run.
    ///   - earlier: what they gave in a run by another student before it.
    package static func make(for lab: ProofLab, reference: RunEvidence, earlier: RunEvidence) -> ProofPlan {
        var plan = ProofPlan(lab)
        for wrong in lab.lab.key?.wrong ?? [] {
            plan.add(
                PlannedRun(
                    wrong.name, .declared(fails: wrong.fails.map(\.value), because: wrong.because), wrong.change))
        }
        GeneratedRuns(lab: lab, reference: reference, earlier: earlier).generate(into: &plan)
        return plan
    }

    /// Takes a run, or says why not: it cannot be done, it is right after all, or there is one like it.
    mutating func add(_ run: PlannedRun) {
        let changed = lab.changed(by: run.change)
        if let error = changed.problems.first(where: { $0.severity == .error }) {
            return omit(run.name, "the lab cannot be read with it: \(error.message)")
        }
        guard let other = changed.lab else { return omit(run.name, "the lab cannot be read with it") }
        let digest = LabInputs.digest(other, changed)
        let skipped = run.change.skipped.sorted().joined(separator: ",")
        let evidence = run.change.evidence.map { "\($0.result)=\($0.source)" }.joined(separator: ",")
        let answers = lab.changedAnswers(run.change)
        if digest == base, skipped.isEmpty, evidence.isEmpty, answers.isEmpty {
            return omit(run.name, "nothing is done differently")
        }
        let identity = [digest, skipped, evidence, answers].joined(separator: "\n")
        if let first = seen[identity], run.expected == nil { return omit(run.name, "the same as `\(first)`") }
        seen[identity] = seen[identity] ?? run.name
        var run = run
        run.isReplayed = isReplayable(run, other, changed)
        runs.append(run)
    }

    mutating func omit(_ name: String, _ reason: String) { omitted.append(OmittedRun(name: name, reason: reason)) }

    /// Whether nothing is done differently but for what is looked at afterwards.
    private func isReplayable(_ run: PlannedRun, _ other: LabDefinition, _ loaded: LoadedLab) -> Bool {
        guard run.change.variables.isEmpty, run.change.answers.isEmpty, run.change.world == nil,
            run.change.moves.isEmpty,
            run.change.insertions.isEmpty
        else { return false }
        let changed = Set(run.change.plans.map(\.step)).union(run.change.skipped)
        return lab.lab.steps.allSatisfy { $0.isPassive || !changed.contains($0.id) }
    }

    mutating func keep(only names: [String]) {
        runs.removeAll { !names.contains($0.name) }
        omitted.removeAll { !names.contains($0.name) }
    }
}
