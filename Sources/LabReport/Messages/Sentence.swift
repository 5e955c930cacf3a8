internal import LabModel

/// The sentences with arguments that stand on terminals and in reports. Points and durations come as text, already
/// written in the language.
enum Sentence: Message {
    case steps(Int)
    case points(String)
    case pointsOf(String, most: String, isOne: Bool)
    case pending(String)
    case waited(total: String, waited: String)
    case allPassed(Int)
    case somePassed(Int, of: Int)
    case countFailed(Int)
    case countWaiting(Int)
    case countUnchecked(Int)
    case countNotDone(Int)
    case optionalNotOffered(Int)
    case optionalSteps(Int)
    case judgedLater(checks: Int, beside: [String])
    case moreNotes(Int)
    // What was looked at in vain.
    case noRows(table: String)
    case oneRow(table: String)
    case rows(Int, table: String)
    case rowsNearest(Int, table: String)
    // What to do next.
    case lookInto(finding: String)
    case readWhy(step: String)
    case readHint(step: String)
    case makePossible(step: String)
    case doStep(String)
    case findOutWaiting(step: String)
    // Plain lines and the page.
    case student(String)
    case seed(String)
    case checkFailed(String, points: String)
    case cutShort(characters: Int)
    case kindOnHost(kind: String, host: String)
    case ofItWaited(String)
    case session(from: String, to: String, byStudent: Bool)
    case chain(events: Int, head: String)
    case hint(Int)
    case date(UTCTime)
}
