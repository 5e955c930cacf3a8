/// Problems of checks, and the two ways in which a check fails.
enum CheckCodes {
    static let all: [CodeExplanation] = [
        .init(
            "check.cannot-fail", "A check that cannot fail",
            meaning: "Every row that can be recorded satisfies an `expect`, or none can show what a `forbid` forbids.",
            reason: "Its points are given for nothing, and `lab prove` would find no run that fails it.",
            advice: "Ask for what only a right run shows."),
        .init(
            "check.cannot-pass", "A check that cannot pass",
            meaning:
                "No row can satisfy the question: its parts exclude each other, or every row shows what is forbidden.",
            reason: "A question is judged on one row at a time: what two rows show together, no row shows.",
            advice: "Correct the value, or make two checks of it."),
        .init(
            "check.contradiction", "Two checks that exclude each other",
            meaning: "A `forbid` of the step forbids what an `expect` of the same step wants to see.",
            reason: "One of the two always fails.",
            advice: "Narrow the `forbid` to what a wrong run shows."),
        .init(
            "check.control-cannot-pass", "A control that cannot pass",
            meaning: "The check that a `forbid` names as its control can be satisfied by no row.",
            reason: "An absence counts only beside a control that passed, so this one would never count.",
            advice: "Correct the control first."),
        .init(
            "check.implied", "A check that follows from another",
            meaning: "Every row that satisfies an earlier check of the step satisfies this one.",
            reason: "It passes whenever the other does, so it says nothing of its own.",
            advice: "Leave it out, or ask for something that the other does not."),
        .init(
            "check.control-forbids", "A control that forbids",
            meaning: "The control of a `forbid` is itself a `forbid`.",
            reason: "An absence proves nothing beside another absence: perhaps nothing could be seen at all.",
            advice: "Name an `expect` that has seen the very thing that must be absent here."),
        .init(
            "check.duplicate-name", "Two checks of one name",
            meaning: "`expect` and `forbid` of one step both have a check of this name.",
            reason: "Reports, wrong runs and controls name checks as `step.check`.",
            advice: "Rename one of them."),
        .init(
            "check.failed", "A check failed",
            meaning: "No row of the evidence answers the whole question. The nearest row is shown, term by term.",
            reason: "This is a verdict about a run, not about the lab.",
            advice: "Compare what was expected with what was found; the step's hints may help.",
            test: "A failed check shows both sides under the line of the lab file"),
        .init(
            "check.forbidden", "Something forbidden was seen",
            meaning: "A row of the evidence answers a question under `forbid`.",
            reason: "This is a verdict about a run, not about the lab.",
            advice: "Look at the row that is shown: it should not be there.",
            test: "What is forbidden is shown where it was seen"),
        .init(
            "check.no-control", "A `forbid` without a control",
            meaning: "The check forbids something, but names no check that has seen the same thing.",
            reason: "Nothing seen where nothing could be seen proves nothing: an empty capture would pass.",
            advice: "Write `name: { is: …, control: step.check }` with an `expect` that did see it."),
        .init(
            "check.points", "Points that do not add up",
            meaning: "The checks of the step have more points of their own than the step has, or not as many.",
            reason: "Students and grade books would count differently.",
            advice: "Correct the points of the step or of its checks."),
        .init(
            "check.unknown-control", "A control that is not there",
            meaning: "`control` names a check that no step has.",
            reason: "Without its control the absence can never be judged.",
            advice: "Write it as `step.check`."),
    ]
}
