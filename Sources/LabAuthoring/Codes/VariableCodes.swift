/// Problems of variables: their constraints, what is drawn, what is kept secret.
enum VariableCodes {
    static let all: [CodeExplanation] = [
        .init(
            "variable.bounds", "Bounds between which nothing lies",
            meaning: "`min` is above `max`, or the bounds are said of something that has no size.",
            reason: "No value would be allowed, and none could be drawn.",
            advice: "Swap or correct the bounds; a text is bounded by `length` and `matches`."),
        .init(
            "variable.constraint", "A default that its own variable refuses",
            meaning: "The value under `default` does not fit `min`, `max`, `matches`, `one-of` or `length`.",
            reason: "The lab would refuse on the command line what it uses itself.",
            advice: "Correct the value, or the constraint."),
        .init(
            "variable.drawn-type", "A type that does not fit what is drawn",
            meaning: "`type` names another type than the one that `pick` draws.",
            reason: "A token is no port.",
            advice: "Leave `type` away: what is drawn has a type of its own."),
        .init(
            "variable.duplicate", "A variable that is there twice",
            meaning: "Two files of variables, or a file and the lab, define the same name.",
            reason: "It would depend on the order of the files which one counts.",
            advice: "Give one of them another name, or remove it."),
        .init(
            "variable.no-choice", "A choice of nothing",
            meaning: "`one-of` or `of` lists no value, or a variable of type `choice` has neither.",
            reason: "There would be nothing to choose.",
            advice: "List the values: `one-of: [fast, slow]`."),
        .init(
            "variable.not-reserved", "A range or a name that may belong to somebody",
            meaning: "Addresses and names are drawn only from what is reserved for documentation and benchmarks.",
            reason: "A lab that leaves its world by mistake must not reach a stranger.",
            advice: "Use RFC 5737, 2544, 3849 or 5180 addresses, and names below `.test` or `example.*`."),
        .init(
            "variable.other-field", "A field that says nothing here",
            meaning: "The field belongs to another generator, or to values that are given and not drawn.",
            reason: "It would be ignored without a word.",
            advice: "Remove it, or use the `pick` that it belongs to."),
        .init(
            "variable.secret-default", "A secret that stands in the lab",
            meaning: "A variable is marked `secret: true`, but its value is written down as its `default`.",
            reason: "Everybody who can read the lab can read the secret, and the lab is in every run folder.",
            advice: "Draw it with `pick: token`, or leave it to `lab run --set NAME=VALUE`."),
        .init(
            "variable.secret-type", "A secret that is no text",
            meaning: "Only text can be a secret.",
            reason: "Wherever a secret would be shown or kept a mask stands in its place, and a mask is text.",
            advice: "Make it a text; a number can be kept as one."),
    ]
}
