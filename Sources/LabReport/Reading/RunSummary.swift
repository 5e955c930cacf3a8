internal import LabModel

/// What a whole run came to: the figures, the sentence, and the one thing to do next.
struct RunSummary: Sendable, Hashable {
    let points: Double
    let maxPoints: Double
    /// Points of checks that could not be judged on this machine.
    let pending: Double
    let passed: Int
    let failed: Int
    let waiting: Int
    let notDone: Int
    let unchecked: Int
    let notOfferedSteps: Int
    let duration: Int64
    let waited: Int64
    let outcome: Outcome
    let exit: ExitStatus
    /// The one thing to do next, a sentence.
    let next: String

    var checks: Int { passed + failed + waiting + notDone + unchecked }

    private let words: Words

    /// - Parameter words: the language of the sentences.
    init(_ record: RunRecord, folder: String, _ words: Words) {
        self.words = words
        let counted = record.steps.filter { $0.status != .notOffered }
        let checks = counted.flatMap(\.checks)
        func count(_ outcome: Outcome) -> Int { checks.count { $0.outcome == outcome } }
        points = record.points
        maxPoints = counted.reduce(0) { $0 + $1.maxPoints }
        pending = checks.filter { $0.outcome == .unchecked }.reduce(0) { $0 + $1.maxPoints - $1.points }
        passed = count(.passed)
        failed = count(.failed)
        waiting = count(.waiting)
        notDone = count(.notDone)
        unchecked = count(.unchecked)
        notOfferedSteps = record.steps.count - counted.count
        duration = Figures.span(from: record.startedAt, to: record.finishedAt)
        waited = record.steps.reduce(0) { sum, step in
            let (total, overflow) = sum.addingReportingOverflow(max(0, step.waited))
            return overflow ? .max : total
        }
        exit = record.exitStatus
        switch exit {
        case .passed: outcome = .passed
        case .checkFailed: outcome = .failed
        default: outcome = unchecked > 0 || notDone == 0 ? .unchecked : .notDone
        }
        next = Self.next(record, counted: counted, words)
    }

    /// `All 24 checks passed`, `2 of 24 checks failed, 1 could not be checked`
    var headline: String {
        if checks == 0 { return words(.nothingChecked) }
        if passed == checks, exit == .passed {
            return checks == 1 ? words(.onlyCheckPassed) : words(.allPassed(checks))
        }
        var parts = [words(.somePassed(passed, of: checks))]
        if failed > 0 { parts.append(words(.countFailed(failed))) }
        if waiting > 0 { parts.append(words(.countWaiting(waiting))) }
        if unchecked > 0 { parts.append(words(.countUnchecked(unchecked))) }
        if notDone > 0 { parts.append(words(.countNotDone(notDone))) }
        return parts.joined(separator: ", ")
    }

    var pointsLine: String {
        let line = words.points(points, of: maxPoints)
        return pending > 0.001 ? "\(line), \(words(.pending(words.points(pending))))" : line
    }

    var timeLine: String {
        let total = words.duration(duration)
        return waited >= 1_000_000 ? words(.waited(total: total, waited: words.duration(waited))) : total
    }

    /// `next` for somebody who has the report open already.
    var nextInReport: String { outcome == .passed && next == words(.openReport) ? words(.readOn) : next }

    private static func next(_ record: RunRecord, counted: [StepResult], _ words: Words) -> String {
        if let finding = record.findings.first { return words(.lookInto(finding: finding)) }
        func first(_ outcome: Outcome) -> StepResult? { counted.first { $0.outcome == outcome } }
        if let step = first(.failed) {
            return words(step.hints.isEmpty ? .readWhy(step: step.title) : .readHint(step: step.title))
        }
        if let step = first(.unchecked) { return words(.makePossible(step: step.title)) }
        if let step = first(.notDone) { return words(.doStep(step.title)) }
        if let step = first(.waiting) { return words(.findOutWaiting(step: step.title)) }
        if counted.contains(where: { $0.isDemonstration(credit: record.credit) }) { return words(.wasDemonstration) }
        if counted.allSatisfy(\.checks.isEmpty) { return words(.chooseSteps) }
        return words(.openReport)
    }
}
