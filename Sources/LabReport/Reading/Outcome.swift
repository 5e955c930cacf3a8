internal import LabModel

/// What a step or check came to, as every report shows it: one mark, one word, one colour.
enum Outcome: String, Sendable, Hashable, CaseIterable {
    case passed
    case failed
    /// Could not be checked on this machine.
    case unchecked
    /// Waits on an earlier step.
    case waiting
    case notDone = "not-done"
    case notOffered = "not-offered"
    /// Done, with nothing to check.
    case done

    var mark: String {
        switch self {
        case .passed: "✓"
        case .failed: "✗"
        case .unchecked: "?"
        case .waiting: "…"
        case .notDone: "○"
        case .notOffered: "–"
        case .done: "•"
        }
    }
}

extension CheckResult {
    var outcome: Outcome {
        switch verdict {
        case .passed: .passed
        case .failed: .failed
        case .inconclusive:
            switch cause {
            case .blocked: .waiting
            case .machine: .unchecked
            case .notDone, nil: .notDone
            }
        }
    }

    /// Why, in a sentence that begins with the contract's words; empty for a check that passed.
    func sentence(_ words: Words) -> String {
        let reason = reason(in: words.language)
        return switch outcome {
        case .passed: ""
        case .failed, .done, .notOffered: reason
        case .unchecked: words.opening(.couldNotCheck, with: reason, otherwise: words(.machineLacks))
        case .waiting: words.waiting(reason)
        case .notDone: words.isWaiting(reason) ? reason : words.opening(.notDone, with: reason)
        }
    }

    /// The control in a later step that this check waits for, in backticks.
    fileprivate var awaitedControl: String? {
        if case .awaitsControl(let check)? = why { return "`\(check)`" }
        return reason.hasPrefix(Words.control) ? String(reason.dropFirst(Words.control.count)) : nil
    }
}

extension StepResult {
    /// The worst of its checks; where no check says anything, how the step itself went.
    var outcome: Outcome {
        if status == .notOffered { return .notOffered }
        let outcomes = Set(checks.map(\.outcome))
        for worst in [Outcome.failed, .unchecked, .waiting] where outcomes.contains(worst) { return worst }
        // The step was done, and yet something about it was not: a check that waits for its control in a later step.
        if outcomes.contains(.notDone) { return status == .done ? .waiting : .notDone }
        switch status {
        case .failed: return .unchecked
        case .blocked: return .waiting
        case .notDone: return .notDone
        case .done: return outcomes.contains(.passed) ? .passed : .done
        case .notOffered: return .notOffered
        }
    }

    /// Why checks are inconclusive, each reason once; nothing where the step itself says why. Checks that wait for their
    /// controls in later steps are told together.
    func openReasons(_ words: Words) -> [(text: String, outcome: Outcome)] {
        if status != .done, !sentence(words).isEmpty { return [] }
        var reasons: [(text: String, outcome: Outcome)] = []
        var controls: [String] = []
        for check in checks where check.verdict == .inconclusive {
            let text = check.sentence(words)
            if let control = check.awaitedControl {
                controls.append(control)
            } else if !reasons.contains(where: { $0.text == text }) {
                reasons.append((text, check.outcome))
            }
        }
        if !controls.isEmpty {
            reasons.append((words(.judgedLater(checks: controls.count, beside: controls)), .waiting))
        }
        return reasons
    }

    /// Passed, but by the runner in a lab where only hands-on work earns points.
    func isDemonstration(credit: Credit?) -> Bool {
        guard outcome == .passed, actor == .runner, maxPoints > 0 else { return false }
        return credit.map { $0 == .handsOn } ?? (points == 0)
    }

    /// Why the step did not come to its end; empty where it did.
    func sentence(_ words: Words) -> String {
        let reason = reason(in: words.language)
        return switch status {
        case .done: ""
        case .failed: reason
        case .blocked: words.waiting(reason)
        case .notDone: words.opening(.notDone, with: reason)
        case .notOffered: words.opening(.notOffered, with: reason)
        }
    }
}

extension Words {
    /// How the judge begins the reason of a check whose control comes in a later step.
    fileprivate static let control = "waiting for its control, "

    /// Whether a reason says by itself that something is waited for.
    func isWaiting(_ reason: String) -> Bool {
        let start = reason.lowercased()
        return start.hasPrefix("waiting") || start.hasPrefix("a la espera")
    }

    func waiting(_ reason: String) -> String {
        if isWaiting(reason) { return reason }
        return reason.isEmpty ? self(.waitingOnEarlier) : "\(self(.waiting)): \(reason)"
    }

    /// The reason behind the contract's words, which are not said twice.
    func opening(_ label: Label, with reason: String, otherwise: String = "") -> String {
        let opening = self(label)
        if reason.lowercased().hasPrefix(opening) { return reason }
        let rest = reason.isEmpty ? otherwise : reason
        return rest.isEmpty ? opening : "\(opening): \(rest)"
    }
}

extension String {
    func trimmingEnd(_ characters: String) -> String {
        var result = self
        while let last = result.last, characters.contains(last) { result.removeLast() }
        return result
    }
}
