extension Reason {
    package var english: String {
        switch self {
        case .notSelected: "not selected"
        case .nobodyDidIt: "nobody did this step"
        case .waitingOnFailed(let step, let because): "waiting on `\(step)`: \(because)"
        case .waitingOnSkipped(let step, let status):
            switch status {
            case .notOffered: "waiting on `\(step)`, which was not offered"
            case .blocked: "waiting on `\(step)`, which was blocked itself"
            case .done, .failed, .notDone: "waiting on `\(step)`, which was not done"
            }
        case .notTaken(let condition): "`\(condition)` does not hold here"
        case .nobodyAnswered: "nobody answered the question"
        case .nothingHandedIn(let path): "no file `\(path)` was handed in"
        case .notTold: "the lab does not tell what is asked here"
        case .notInstalled(let program): "`\(program)` is not installed here"
        case .machineFailed(let message): "your machine could not carry out the step: \(message)"
        case .noValue(let reference): "`$\(reference)` has no value: the step that gives it did not succeed"
        case .mustNotHappen: "this must not happen, and it did"
        case .noControl: "an absence means nothing without a control"
        case .awaitsControl(let check): "waiting for its control, `\(check)`"
        case .controlDidNotPass(let check):
            "nothing was seen, but its control `\(check)` did not pass either, so that says nothing"
        case .nothingSeen(let table, let summary): "no \(table) was seen: \(summary)"
        case .doesNotHold(let relation, let found): "`\(relation)` does not hold: \(found)"
        case .noneFits(let rows): "of \(Plural.count(rows, "row", "rows")) none fits"
        case .recordChanged: "the record of this run was changed after it ended"
        case .evidenceChanged(let path): "it rests on \(path), which was changed after the run"
        }
    }
}
