/// Characters that look like others.
enum TextCodes {
    static let all: [CodeExplanation] = [
        .init(
            "text.no-break-space", "A space that is none",
            meaning: "A character that looks like a space, such as U+00A0, stands where YAML needs a real one.",
            reason: "`url:` followed by it is a text to YAML and no key. Word processors and web pages put it there.",
            advice: "Write an ordinary space; `lab lint --fix` does it."),
        .init(
            "text.smart-quote", "Typographic quotes",
            meaning: "The text is in quotes such as “ ” or ‘ ’, which word processors make out of plain ones.",
            reason:
                "To YAML and to questions they are letters like others: a text is compared with its quotes around it.",
            advice: "Write \" or '; `lab lint --fix` does it."),
    ]
}
