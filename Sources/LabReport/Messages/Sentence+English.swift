internal import LabModel

extension Sentence {
    var english: String {
        switch self {
        case .steps(let count): Plural.count(count, "step", "steps")
        case .points(let points): "\(points) points"
        case .pointsOf(let points, let most, let isOne): "\(points) of \(most) \(isOne ? "point" : "points")"
        case .pending(let points): "\(points) pending"
        case .waited(let total, let waited): "\(total), of which the lab asked to wait \(waited)"
        case .allPassed(let count): "All \(count) checks passed"
        case .somePassed(let passed, let all): "\(passed) of \(Plural.count(all, "check", "checks")) passed"
        case .countFailed(let count): "\(count) failed"
        case .countWaiting(let count): "\(count) waiting on an earlier step"
        case .countUnchecked(let count): "\(count) could not be checked here"
        case .countNotDone(let count): "\(count) not done"
        case .optionalNotOffered(let count):
            "\(Plural.count(count, "optional step", "optional steps")) not offered here"
        case .optionalSteps(let count): Plural.count(count, "optional step", "optional steps")
        case .judgedLater(let count, let names):
            "\(Plural.count(count, "check", "checks")) judged later, beside \(names.joined(separator: " and "))"
        case .moreNotes(let count): "… and \(count) more in the report"
        case .noRows(let table): "there was no \(table) to look at"
        case .oneRow(let table): "looked at the one \(table) there was"
        case .rows(let count, let table): "looked at \(count) rows of \(table)"
        case .rowsNearest(let count, let table): "looked at \(count) rows of \(table); this is the nearest"
        case .lookInto(let finding): "Look into what the judge noticed: \(finding)"
        case .readWhy(let step): "Go back to “\(step)” (read why it failed), then run the lab again."
        case .readHint(let step): "Go back to “\(step)” (read its hint), then run the lab again."
        case .makePossible(let step):
            "Make “\(step)” possible on this machine (see the reason), then run the lab again."
        case .doStep(let step): "Do “\(step)”, then run the lab again."
        case .findOutWaiting(let step): "Find out what “\(step)” waits on."
        case .student(let name): "student \(name)"
        case .seed(let seed): "seed \(seed)"
        case .checkFailed(let name, let points): "check \(name) failed\(points.isEmpty ? "" : ", \(points)")"
        case .cutShort(let count): "… (\(count) more characters)"
        case .kindOnHost(let kind, let host): "\(kind) on \(host)"
        case .ofItWaited(let duration): "\(duration) of it asked to wait"
        case .session(let start, let end, let byStudent):
            "\(start) to \(end), by the \(byStudent ? "student" : "runner")"
        case .chain(let events, let head): "\(Plural.count(events, "event", "events")), ending in \(head)"
        case .hint(let number): number == 0 ? "Hint" : "Hint \(number)"
        case .date(let time): time.long(months: Self.englishMonths) { "\($0) \($1) \($2)" }
        }
    }

    private static let englishMonths = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
        "December",
    ]
}
