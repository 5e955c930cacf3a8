extension LabGrammar {
    package static let condition = GrammarMapping(
        "condition", "A condition", "What became of an earlier check. A question alone looks at variables and results.",
        keys: [
            GrammarKey("passed", .word, "a check as `step.check`, or a step, that must have passed"),
            GrammarKey("not-passed", .word, "one that must not have passed"),
        ],
        example: """
            vars:
              mode: { one-of: [fast, thorough] }
            steps:
            - ping: www.example.test
            - id: slowly
              title: Once more, thoroughly
              when: $mode == "thorough"
              ping: { to: www.example.test, count: 5 }

            """)

    package static let retry = GrammarMapping(
        "retry", "A retry",
        """
        The step is performed again until its checks pass. Every attempt is told in reports, with the reason; the last one
        is judged.
        """,
        keys: [
            GrammarKey("because", .word, required: true, "why that is fair"),
            GrammarKey("times", .integer(2...100), "how often the step is performed at most; this or `within`"),
            GrammarKey("within", .duration, "how long after the first attempt another one may begin"),
            GrammarKey("every", .duration, default: "200ms", "the pause between attempts"),
        ])

    package static let group = GrammarMapping(
        "group", "A group",
        """
        Steps that a lab uses several times, with other values each time. Within a group, names mean its parameters and its
        own steps first, and then those of the lab.
        """,
        keys: [
            GrammarKey(
                "parameters", .named(.either(.word, .mapping("parameter"))),
                "its parameters, each with its type, or with more about it"),
            GrammarKey("steps", items, required: true, "its steps"),
        ])

    package static let parameter = GrammarMapping(
        "parameter", "A parameter", "What a use gives to a group.",
        keys: [
            GrammarKey(
                "type", .choice(VariableType.allCases.map(\.rawValue) + ["step"]), default: "text",
                "what it may hold; `step` is an earlier step, written `$id`"),
            GrammarKey("default", .scalar, "the value where a use gives none"),
            GrammarKey("min", .scalar, "the least number, port or duration that is allowed"),
            GrammarKey("max", .scalar, "the greatest one"),
            GrammarKey("matches", .word, "a regular expression that is found in the text"),
            GrammarKey("one-of", .list(.scalar), "all values that are allowed"),
            GrammarKey("length", .either(.integer(0...100_000), .mapping("length")), "how many characters a text has"),
        ])

    package static let useItem = GrammarMapping(
        "use-item", "A use of a group", "Stands among the steps; the group's steps take its place.",
        keys: [
            GrammarKey("use", .mapping("use"), required: true, "which group, and what it is given"),
            GrammarKey("when", .oneOrMany(.either(.question, .mapping("condition"))), "holds for all of its steps"),
            GrammarKey(
                "foreach", .either(.list(.scalar), .named(.list(.scalar))), "uses the group once for each item"),
        ])

    package static let use = GrammarMapping(
        "use", "A use", "Which group, and what it is given.",
        keys: [
            GrammarKey("group", .word, required: true, "the group's name"),
            GrammarKey("as", .identifier, required: true, "what the ids of its steps begin with: `first-open`"),
            GrammarKey("with", .named(.scalar), "its parameters with their values"),
        ])
}
