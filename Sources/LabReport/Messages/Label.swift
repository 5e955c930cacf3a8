internal import LabModel

/// The words and sentences without arguments that stand on terminals and in reports.
enum Label: String, CaseIterable, Message {
    // What a step or check came to.
    case passed, failed, hidden, couldNotCheck, waiting, notDone, notOffered, done, demonstrated
    // The sides of a check.
    case holds, expected, forbidden, found, nothing, source, hint
    // The end of a run.
    case findings, nothingChecked, onlyCheckPassed, report, next, judgedAtEnd
    // The first words of plain lines.
    case plainLab, plainRun, plainSection, plainSaw, plainReason, plainCheck, plainEvidence, plainNote
    case plainFinding, plainResult, plainPoints, plainTime
    // What to do next.
    case readOn, wasDemonstration, chooseSteps, openReport
    // The page.
    case skipToSteps, labReport, everyCheck, points, time, handsOnRemark, steps, origin, recomputedNotBelieved,
        variables
    case machine, byHand, wasSeen, checks, results, evidence, sourceInLabFile, expectAt, forbidAt
    case recomputed, attested, simulated, selfReported, byStudent, byRunner
    case run, seed, credit, creditHandsOn, creditRun, sessions, labFile, judgingDigest, textDigest, runner, kernel
    case eventChain
    // Where a reason is missing.
    case machineLacks, waitingOnEarlier
}
