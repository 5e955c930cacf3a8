/// Problems of questions: how they are written, and what they ask.
enum QuestionCodes {
    static let syntax: [CodeExplanation] = [
        .init(
            "question.character", "A character that means nothing",
            meaning: "The question holds a character that is no part of the language.",
            reason: "Nothing in a question is read over.",
            advice: "Remove it, or put the text that it belongs to in double quotes."),
        .init(
            "question.character-constant", "Single quotes around a text",
            meaning: "In Wireshark's language single quotes hold one character.",
            reason: "'ab' is an error in Wireshark too.",
            advice: "Put text in double quotes."),
        .init(
            "question.empty", "An empty question",
            meaning: "There is nothing to ask.",
            reason: "A check without a question would always pass or always fail.",
            advice: "Write a question, or remove the check."),
        .init(
            "question.escape", "An unknown escape",
            meaning: "A backslash in double quotes begins an escape that the language does not have.",
            reason: "Wireshark refuses it too.",
            advice: "Double the backslash, or write a raw string: r\"\\d+\"."),
        .init(
            "question.layer", "A layer of what has none",
            meaning: "`#` chooses a layer of a field, as in `ip.src#2`: the field in the second IP header of a frame.",
            reason: "Only a field's own name has layers, and they have numbers from 1.",
            advice: "Put `#2` or `#[1-2]` right behind the name of the field, before a slice."),
        .init(
            "question.number", "A number that begins with a dot",
            meaning: "Numbers begin with a digit.",
            reason: "Wireshark reads `.5` as the start of a name.",
            advice: "Write 0.5."),
        .init(
            "question.operator", "An operator of another language",
            meaning: "The question uses a sign that other languages have, such as `=` or `<>`.",
            reason: "It would mean nothing, or something else.",
            advice: "Write what the message says; `lab lint --fix` does it."),
        .init(
            "question.parentheses", "Parentheses around a calculation",
            meaning: "Parentheses group tests; a calculation is grouped with braces.",
            reason: "So it is in Wireshark.",
            advice: "Write {tcp.len + 1} * 2 == 8."),
        .init(
            "question.slice", "A slice that is none",
            meaning: "What stands in the brackets is no slice, or the field has no bytes to take one of.",
            reason: "The question cannot be answered.",
            advice: "Write field[offset:length], field[first-last] or field[offset]."),
        .init(
            "question.syntax", "Not a question",
            meaning: "The words and signs do not fit together at this place.",
            reason: "Nobody can say what is asked.",
            advice: "Compare with a display filter that Wireshark accepts: field, relation, value; `and`, `or`, `not`."),
        .init(
            "question.too-deep", "A question nested too deeply",
            meaning: "Parentheses and `not` stand inside each other too deep.",
            reason: "No question needs that.",
            advice: "Split it into several checks."),
        .init(
            "question.too-long", "A question that is too long",
            meaning: "The question has more bytes or words than are allowed.",
            reason: "No question needs that; answering it for every packet would take too long.",
            advice: "Split it into several checks, or use `in {…}`."),
        .init(
            "question.unclosed", "A bracket that is never closed",
            meaning: "A parenthesis, brace or bracket of the question has no end.",
            reason: "Nobody can say what belongs inside.",
            advice: "Close it."),
        .init(
            "question.unclosed-quote", "A quote that is never closed",
            meaning: "A text of the question has no closing quote.",
            reason: "Everything behind it would be part of the text.",
            advice: "Close it. If YAML's own quotes were meant, put the whole question in single quotes."),
    ]

    static let meaning: [CodeExplanation] = [
        .init(
            "question.any-differs", "One of two that differs",
            meaning: "`!==` and `~=` hold where any occurrence differs, and packets have two of this field.",
            reason: "Of a source and a destination one is nearly always another, so the question holds nearly always.",
            advice: "Write `!=`, which holds where all differ, or name one end: `tcp.dstport`."),
        .init(
            "question.any-value", "A comparison that every value satisfies",
            meaning: "The relation holds for each value that the field can have.",
            reason: "It asks only whether the field is there, and hides that.",
            advice: "Write the field alone, or compare with the value that is meant."),
        .init(
            "question.function", "A function that is not there, or does not fit",
            meaning: "The function is unknown, has the wrong number of arguments, or one that it does not work on.",
            reason: "The question cannot be answered.",
            advice: "Use one of the functions that the message lists."),
        .init(
            "question.label", "A protocol compared with a value",
            meaning: "A protocol or a note of the dissector is there or not; it has no value.",
            reason: "The comparison could never be answered.",
            advice: "Write it alone, or `not` before it."),
        .init(
            "question.list", "A list where none can be",
            meaning: "`[a, b]` is compared with a field that is no list, or a list with `<` or `contains`.",
            reason: "Lists are equal or not, and only few fields are lists.",
            advice: "Write `in {a, b}` where one of several values is meant."),
        .init(
            "question.no-count", "A count that is never zero",
            meaning: "`count(field) == 0` never holds: the count of an absent field is absent, too.",
            reason: "The check could never pass.",
            advice: "Write `not field`; `lab lint --fix` does it."),
        .init(
            "question.no-field", "A question about no field",
            meaning: "A relation has a constant or a `$name` where a field is expected.",
            reason: "Nothing in the evidence could change the answer.",
            advice: "Write the field first: field == $name."),
        .init(
            "question.no-table", "Nothing is recorded here",
            meaning: "The step records nothing that could be asked about.",
            reason: "The check could never be answered.",
            advice: "Ask in a step that records something; `lab explain KIND` lists the tables.",
            test: "a question where nothing is recorded is refused"),
        .init(
            "question.no-value", "A name without a value",
            meaning: "When the check was judged, `$name` had no value: its step did not come that far.",
            reason: "The check is inconclusive rather than failed.",
            advice: "Look at the step that should have given the value.",
            test: "a name without a value, and one that is empty, are told at their place"),
        .init(
            "question.old-name", "A name of the past",
            meaning: "The question uses a field's name from before Wireshark 3.0.",
            reason: "It is understood, but readers look for the name that Wireshark shows today.",
            advice: "Write the new name; `lab lint --fix` does it."),
        .init(
            "question.outside-domain", "A value that never occurs",
            meaning: "The field never has a value that the relation wants.",
            reason: "The relation never holds, whatever is recorded.",
            advice: "The message lists what the field can be; `lab explain FIELD` says more."),
        .init(
            "question.pattern", "A pattern that cannot be read",
            meaning: "`matches` takes a regular expression in double quotes, and this is none.",
            reason: "The question cannot be answered.",
            advice: "Correct the expression; PCRE's syntax holds."),
        .init(
            "question.presence", "A value where a test is expected",
            meaning: "A field alone asks whether it is there; a text, number or function alone asks nothing.",
            reason: "A boolean field is there also when it is false: the check would pass for the wrong reason.",
            advice: "Compare it: field == 1."),
        .init(
            "question.range", "A number outside the field",
            meaning: "The number is larger than the field can hold, or a range ends before it begins.",
            reason: "The comparison could never hold.",
            advice: "Correct the number."),
        .init(
            "question.reference", "A name that is written wrong",
            meaning: "`$` is followed by no name, `${` is used, or the question is a filter, which has no names.",
            reason: "The name could not be replaced by its value.",
            advice: "Write `$name` or `$step.result`; in `filter:` write the value itself."),
        .init(
            "question.reference-type", "A value that does not fit the field",
            meaning: "When the check was judged, the value of `$name` could not be read as the field's type.",
            reason: "The check is inconclusive rather than failed.",
            advice: "Give the variable a value of the field's type.",
            test: "Each is marked at the exact token"),
        .init(
            "question.tunnel", "A question that a tunnel answers",
            meaning: "`http` alone also matches the frames of a CONNECT tunnel, as in Wireshark.",
            reason: "A capture without keys satisfies it, though nothing of HTTP can be read there.",
            advice: "Ask for what only readable HTTP shows: `http.response.code == 200`."),
        .init(
            "question.two-tables", "Fields of two tables",
            meaning: "The question joins fields that no single row of evidence has.",
            reason: "A question is judged on one row at a time, so this one could never hold.",
            advice: "Ask two questions, or look for the same fact in one of the tables."),
        .init(
            "question.types", "Types that cannot be compared",
            meaning: "The field and the value, or two fields, are of different types.",
            reason: "The comparison could never hold.",
            advice: "Write a value of the field's type; `lab explain KIND` lists the types."),
        .init(
            "question.unit", "A unit that is missing, unknown or not allowed",
            meaning: "Times in `expect` and `forbid` have a unit; `filter:` is Wireshark's language and has none.",
            reason: "Nobody can see whether 50 means seconds or milliseconds.",
            advice: "Write 50ms in a check, 0.05 in a filter."),
        .init(
            "question.unknown-field", "A field that is not there",
            meaning: "Neither this step nor any protocol has a field of this name.",
            reason: "The question could never be answered.",
            advice: "Correct the name; the message names the nearest one."),
        .init(
            "question.unknown-reference", "A name that nobody declared",
            meaning: "`$name` is no variable, no earlier step's result and no fact of the world.",
            reason: "There would be nothing to compare with.",
            advice: "Correct the name, declare it under `vars`, or move the step below the one that gives it."),
        .init(
            "question.unrecorded-field", "A field that nothing here records",
            meaning: "The field exists, but this kind of step records no rows that have it.",
            reason: "The question could never be answered.",
            advice: "Ask in a step that records it, or for a field that this step records: `lab explain KIND`."),
        .init(
            "question.value-name", "A name of a value",
            meaning: "Some numbers have names, which stand in quotes, and this name is not quoted or not known.",
            reason: "Without quotes it would be taken for a field.",
            advice: "Put it in double quotes, or use the number."),
    ]
}
