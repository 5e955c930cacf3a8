/// Problems of one field: its name, its type, its unit.
enum FieldCodes {
    static let all: [CodeExplanation] = [
        .init(
            "field.boolean", "A boolean by another name",
            meaning: "`yes`, `no`, `on`, `off`, `y` and `n` are booleans to YAML 1.1 and texts to YAML 1.2.",
            reason: "Two readers of the same lab would disagree.",
            advice: "Write `true` or `false`; `lab lint --fix` does it."),
        .init(
            "field.choice", "None of the values there are",
            meaning: "The field takes one of a few words, and this is none of them.",
            reason: "The step could not be performed as it was meant.",
            advice: "Choose one of the words that the message lists."),
        .init(
            "field.exponent", "A number with an exponent",
            meaning: "`1e3` is a number to some readers of YAML and a text to others.",
            reason: "Whole numbers of a lab (ports, counts, points) are the same to all of them only without exponent.",
            advice: "Write the number out: 1000."),
        .init(
            "field.missing", "A required field is missing",
            meaning: "The mapping needs a field that it does not have.",
            reason: "There is no default that would be right.",
            advice: "Add it; `lab explain KIND` tells what it holds."),
        .init(
            "field.octal", "A number with a leading zero",
            meaning: "`010` is 8 to YAML 1.1 and 10 to most people.",
            reason: "A port or a count would be another one than it seems.",
            advice: "Write it without the zero, or in quotes where the zeros matter."),
        .init(
            "field.range", "Outside the allowed range",
            meaning: "The number is too small or too large for this field.",
            reason: "A port of 90000 or a status of 7 cannot be.",
            advice: "Choose a number in the range that the message names."),
        .init(
            "field.sexagesimal", "A number with a colon",
            meaning: "`22:22` is 1342 to YAML 1.1, which counts in base 60, and a text to YAML 1.2.",
            reason: "A mapping of ports or a time of day would silently become another number.",
            advice: "Put it in quotes where a text is meant, or write the number out."),
        .init(
            "field.type", "Another type is expected",
            meaning: "The value is a list, a mapping, a text or a number where the field holds something else.",
            reason: "Nothing is converted silently: `port: many` must not become port 0.",
            advice: "Write what the message expects."),
        .init(
            "field.unit", "A unit is missing or unknown",
            meaning: "Times and sizes are written with their unit, and this one has none, or one that there is not.",
            reason: "Nobody can see whether `timeout: 5` means seconds or milliseconds.",
            advice: "Write `500ms`, `5s`, `10MB`."),
        .init(
            "field.unknown", "An unknown field",
            meaning: "The mapping has a key that nothing reads.",
            reason: "A misspelled key would be ignored, and with it what it asks for: a check that never checks.",
            advice: "Correct the name; the message names the nearest one. `lab lint --fix` writes it."),
    ]
}
