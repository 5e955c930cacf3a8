/// Problems of what is asked of students, and of what they answer.
enum AskCodes {
    static let all: [CodeExplanation] = [
        .init(
            "ask.options", "Options that cannot be chosen from",
            meaning: "A choice has fewer than two options, or two that are alike; or what is no choice has options.",
            reason: "A choice of one is no question, and of two options that are alike nobody knows which was meant.",
            advice: "Write `options: [a router, a bridge]` for `type: choice` or `type: choices`, and for nothing else."
        ),
        .init(
            "ask.unit", "A unit without a number",
            meaning: "`unit` stands beside a type of answer that is no number.",
            reason: "The unit would never be asked for.",
            advice: "Write `type: number`, or leave the unit away."),
        .init(
            "ask.field", "A field that this type of answer has not",
            meaning: "A check looks at a field that answers of this type never have, such as the number of a text.",
            reason: "The check could never pass, whatever a student answers.",
            advice: "Ask for a field that the message lists, or for another type of answer."),
        .init(
            "file.name", "A file outside what is handed in",
            meaning: "`name` of a `file` step is absolute, leads up with `..`, or cannot be the name of a file.",
            reason: "Only the folder that a student hands in is looked into.",
            advice: "Write a path from that folder, such as `notes.txt`."),
        .init(
            "answers.unknown-step", "An answer to no question",
            meaning: "The file after `--answers` has a line for a step that asks nothing.",
            reason: "The answer would be lost, and the question that it was meant for stay open.",
            advice: "Use the ids of the lab's `ask` steps; `lab show` lists what is asked.",
            test: "a file of answers that fits no question is refused with its places"),
        .init(
            "answers.value", "An answer that is none",
            meaning:
                "The file after `--answers` has something else than a text, a number or a list of them, or a text of "
                + "more than 4096 bytes.",
            reason: "It could not be told from another answer.",
            advice: "Write `STEP: ANSWER`, a line for each question.",
            test: "a file of answers that fits no question is refused with its places"),
    ]
}
