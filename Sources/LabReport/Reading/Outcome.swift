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

    /// The contract's words.
    var label: String {
        switch self {
        case .passed: "passed"
        case .failed: "failed"
        case .unchecked: "could not check"
        case .waiting: "waiting"
        case .notDone: "not done"
        case .notOffered: "not offered"
        case .done: "done"
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
    var sentence: String {
        switch outcome {
        case .passed: ""
        case .failed, .done, .notOffered: reason
        case .unchecked:
            Wording.opening("could not check: ", with: reason, otherwise: "your machine lacks what it needs")
        case .waiting: Wording.waiting(reason)
        case .notDone: reason.hasPrefix("waiting") ? reason : Wording.opening("not done: ", with: reason, otherwise: "")
        }
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
    var openReasons: [(text: String, outcome: Outcome)] {
        if status != .done, !sentence.isEmpty { return [] }
        var reasons: [(text: String, outcome: Outcome)] = []
        var controls: [String] = []
        for check in checks where check.verdict == .inconclusive {
            let text = check.sentence
            if text.hasPrefix(Wording.control) {
                controls.append(String(text.dropFirst(Wording.control.count)))
            } else if !reasons.contains(where: { $0.text == text }) {
                reasons.append((text, check.outcome))
            }
        }
        if !controls.isEmpty {
            let names = controls.joined(separator: " and ")
            let text = "\(Figures.count(controls.count, "check")) judged later, beside \(names)"
            reasons.append((text, .waiting))
        }
        return reasons
    }

    /// Passed, but by the runner in a lab where only hands-on work earns points.
    func isDemonstration(credit: Credit?) -> Bool {
        guard outcome == .passed, actor == .runner, maxPoints > 0 else { return false }
        return credit.map { $0 == .handsOn } ?? (points == 0)
    }

    /// Why the step did not come to its end; empty where it did.
    var sentence: String {
        switch status {
        case .done: ""
        case .failed: reason
        case .blocked: Wording.waiting(reason)
        case .notDone: Wording.opening("not done: ", with: reason, otherwise: "")
        case .notOffered: Wording.opening("not offered: ", with: reason, otherwise: "")
        }
    }
}

enum Wording {
    /// How the judge begins the reason of a check whose control comes in a later step.
    static let control = "waiting for its control, "

    static func waiting(_ reason: String) -> String {
        if reason.lowercased().hasPrefix("waiting") { return reason }
        return reason.isEmpty ? "waiting on an earlier step" : "waiting: " + reason
    }

    /// The reason behind the contract's words, which are not said twice.
    static func opening(_ words: String, with reason: String, otherwise: String) -> String {
        let plain = words.trimmingEnd(": ")
        if reason.lowercased().hasPrefix(plain) { return reason }
        if reason.isEmpty { return otherwise.isEmpty ? plain : words + otherwise }
        return words + reason
    }
}

extension String {
    func trimmingEnd(_ characters: String) -> String {
        var result = self
        while let last = result.last, characters.contains(last) { result.removeLast() }
        return result
    }
}
