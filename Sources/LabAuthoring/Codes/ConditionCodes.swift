/// Problems of conditions, retries, points and names.
enum ConditionCodes {
    static let all: [CodeExplanation] = [
        .init(
            "when.always", "A condition that always holds",
            meaning: "Whatever values the variables may have, the condition holds.",
            reason: "It decides nothing, and was probably meant otherwise.",
            advice: "Remove it, or correct it."),
        .init(
            "when.constant", "A condition that looks at nothing",
            meaning: "The condition names no `$name`.",
            reason: "It would be the same in every run.",
            advice: "Write `$mode == \"fast\"`, or `{ passed: step.check }`."),
        .init(
            "when.empty", "A condition that says nothing",
            meaning: "The mapping has neither `passed` nor `not-passed`.",
            reason: "There is nothing to decide by.",
            advice: "Write `{ passed: step.check }`."),
        .init(
            "when.list", "A condition about many values",
            meaning: "The name stands for a list, and a condition is about one value.",
            reason: "It would not be clear which of the values decides.",
            advice: "Ask about the list in a check, and write `{ passed: step.check }`."),
        .init(
            "when.points", "Points that only who fails can earn",
            meaning: "A step with points is taken only when an earlier check did not pass.",
            reason: "Who does everything right could not earn them.",
            advice: "Make the step `optional: true`, or give it `points: 0`."),
        .init(
            "when.secret", "A condition about a secret",
            meaning: "The condition looks at a variable marked `secret: true`.",
            reason: "Whether the step was taken would tell something of the secret.",
            advice: "Decide by a variable that is no secret."),
        .init(
            "when.two", "Two conditions in one",
            meaning: "The mapping has both `passed` and `not-passed`.",
            reason: "It reads as one condition and is two.",
            advice: "Write a list: `[{ passed: … }, { not-passed: … }]`."),
        .init(
            "when.unknown-check", "A condition about a check that is not there",
            meaning: "The step is there, but has no check of this name.",
            reason: "The condition would never hold.",
            advice: "Correct the name; the message lists the checks."),
        .init(
            "step.unreachable", "A step that no run takes",
            meaning: "Its conditions never hold, or it builds on a step that no run takes.",
            reason: "Its points could not be earned.",
            advice: "Correct the condition; the message lists the values that the variables may have."),
        .init(
            "step.host-unknown", "A host that shows too late",
            meaning: "`at` refers to something that has no value before the lab runs.",
            reason: "The world, with all its hosts, is made before the first step.",
            advice: "Name a host, a variable or a parameter."),
        .init(
            "retry.kind", "A retry of what cannot be repeated",
            meaning: "The step starts or changes something.",
            reason:
                "Performing it twice is not the same as performing it once: the port is taken, the setting is made.",
            advice: "Retry the step that looks at the result, such as a `request` or a `wait`."),
        .init(
            "retry.no-limit", "A retry without one limit",
            meaning: "`retry` has neither `times` nor `within`, or both.",
            reason: "It would not be clear when it ends.",
            advice: "Give `times: 5`, or `within: 10s`."),
        .init(
            "retry.no-reason", "A retry without a reason",
            meaning: "`because` is empty.",
            reason:
                "A retry hides what goes wrong now and then; whoever reads a report has a right to know why that is fair.",
            advice: "Say what is slow or lossy, and why that is not the student’s fault."),
        .init(
            "reference.forward", "A reference to a later step",
            meaning: "The text names the result of a step that comes later.",
            reason: "Steps are performed in the order of the file; a later one has no result yet.",
            advice: "Move the other step up, or this one down."),
        .init(
            "lab.points", "Points that do not add up",
            meaning: "`max-points` of the lab is not the sum of the points of its checks.",
            reason: "A grade out of the wrong total is wrong for everybody.",
            advice: "Correct the total, or the points; the message lists the points of each section."),
        .init(
            "check.secret-in-packets", "A question to packets about a secret",
            meaning: "The check compares packets with a variable marked `secret: true`.",
            reason: "Packets are kept as they are and secrets are not kept, so the run could not be judged again.",
            advice:
                "Ask what a program printed, what a client received or what a site wrote down: there a mask stands for the secret."
        ),
    ]
}
