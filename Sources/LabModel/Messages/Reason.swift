/// Why a check or a step did not come to its end, as the record of a run keeps it: told in any language later on.
package enum Reason: Message, Hashable, Codable {
    case notSelected
    case nobodyDidIt
    /// A step that this one builds on failed, and what it said.
    case waitingOnFailed(step: String, because: String)
    case waitingOnSkipped(step: String, status: StepResult.Status)
    /// A condition of the step that does not hold.
    case notTaken(condition: String)
    case nobodyAnswered
    case nothingHandedIn(path: String)
    /// The check is hidden, and did not pass.
    case notTold
    case notInstalled(program: String)
    case machineFailed(message: String)
    case noValue(reference: String)
    case mustNotHappen
    case noControl
    /// The control of an absence comes in a later step.
    case awaitsControl(check: String)
    case controlDidNotPass(check: String)
    case nothingSeen(table: String, summary: String)
    case doesNotHold(relation: String, found: String)
    case noneFits(rows: Int)
    case recordChanged
    case evidenceChanged(path: String)
}

extension CheckResult {
    /// Says why, in English and as a message that other languages are told from.
    package mutating func explain(_ reason: Reason) {
        self.reason = reason.english
        why = reason
    }

    /// The reason in a language; what an engine said in its own words stays as it is.
    package func reason(in language: Language) -> String {
        guard let why, why.english == reason else { return reason }
        return why.text(in: language)
    }
}

extension StepResult {
    /// The reason in a language; what an engine said in its own words stays as it is.
    package func reason(in language: Language) -> String {
        guard let why, why.english == reason else { return reason }
        return why.text(in: language)
    }
}
