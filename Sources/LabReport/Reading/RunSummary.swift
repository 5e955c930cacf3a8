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

    init(_ record: RunRecord, folder: String) {
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
        next = Self.next(record, counted: counted, folder: folder)
    }

    /// `All 24 checks passed`, `2 of 24 checks failed, 1 could not be checked`
    var headline: String {
        if checks == 0 { return "Nothing was checked" }
        if passed == checks, exit == .passed {
            return checks == 1 ? "The one check passed" : "All \(checks) checks passed"
        }
        var parts: [String] = []
        if failed > 0 { parts.append("\(failed) failed") }
        if waiting > 0 { parts.append("\(waiting) waiting on an earlier step") }
        if unchecked > 0 { parts.append("\(unchecked) could not be checked here") }
        if notDone > 0 { parts.append("\(notDone) not done") }
        let head = "\(passed) of \(checks) checks passed"
        return parts.isEmpty ? head : head + ", " + parts.joined(separator: ", ")
    }

    var pointsLine: String {
        let line = Figures.points(points, of: maxPoints)
        return pending > 0.001 ? line + ", \(Figures.points(pending)) pending" : line
    }

    var timeLine: String {
        let line = Figures.duration(duration)
        return waited >= 1_000_000 ? line + ", of which the lab asked to wait \(Figures.duration(waited))" : line
    }

    /// `next` for somebody who has the report open already.
    var nextInReport: String {
        outcome == .passed && next.hasPrefix("Open ")
            ? "Read on: every step below shows what happened behind it." : next
    }

    private static func next(_ record: RunRecord, counted: [StepResult], folder: String) -> String {
        if let finding = record.findings.first {
            return "Look into what the judge noticed: \(finding)"
        }
        func first(_ outcome: Outcome) -> StepResult? { counted.first { $0.outcome == outcome } }
        if let step = first(.failed) {
            let hint = step.hints.isEmpty ? "read why it failed" : "read its hint"
            return "Go back to “\(step.title)” (\(hint)), then run the lab again."
        }
        if let step = first(.unchecked) {
            return "Make “\(step.title)” possible on this machine (see the reason), then run the lab again."
        }
        if let step = first(.notDone) { return "Do “\(step.title)”, then run the lab again." }
        if let step = first(.waiting) { return "Find out what “\(step.title)” waits on." }
        if counted.contains(where: { $0.isDemonstration(credit: record.credit) }) {
            return "That was the demonstration: points are for the steps that you do with your own hands."
        }
        if counted.allSatisfy(\.checks.isEmpty) { return "Choose steps that check something." }
        return "Open the report in a browser and read what happened behind the scenes."
    }
}
