extension LabGrammar {
    /// The mappings of a key file, `NAME.key.yml`.
    package static let keyMappings: [GrammarMapping] = [
        key, hiddenChecks, rubricLine, wrongRun, wrongChange, insertion, place, evidenceChange,
    ]

    package static let key = GrammarMapping(
        "key", "The key file",
        """
        `NAME.key.yml` beside `NAME.yml` holds what instructors know and students do not: hidden checks, answers, what a
        person marks, and wrong runs, which `lab prove` performs to show that the lab can tell them.
        """,
        keys: [
            GrammarKey("format", .exactly(1), required: true, "the version of this notation"),
            GrammarKey("lab", .word, required: true, "the name of the lab beside it"),
            GrammarKey("checks", .named(.mapping("hidden-checks")), "hidden checks by the id of their step"),
            GrammarKey(
                "answers", .named(.anything),
                "the right answers, by the id of the `ask` step; of a `file` step a path from here, or `{ text: … }`"),
            GrammarKey("rubric", .named(.list(.mapping("rubric-line"))), "what a person marks, by the id of the step"),
            GrammarKey("wrong", .named(.mapping("wrong-run")), "ways to do the lab wrong, by a name of their own"),
        ])

    package static let hiddenChecks = GrammarMapping(
        "hidden-checks", "Hidden checks", "Checks as in a step; they come on top of its points.",
        keys: step.keys.filter { ["expect", "forbid"].contains($0.name) })

    package static let rubricLine = GrammarMapping(
        "rubric-line", "A line of a rubric", "What a person marks by reading.",
        keys: [
            GrammarKey("text", .word, required: true, "what is looked for"),
            GrammarKey("points", .number, required: true, "what it is worth"),
        ])

    package static let wrongRun = GrammarMapping(
        "wrong-run", "A wrong run", "A way to do the lab wrong, and exactly what it must fail.",
        keys: [
            GrammarKey("because", .word, required: true, "what somebody who works like this has not understood"),
            GrammarKey("change", .mapping("wrong-change"), required: true, "what is done differently; never a check"),
            GrammarKey(
                "fails", .oneOrMany(.word), required: true, "the checks that fail, as `step.check`, and no others"),
        ])

    package static let wrongChange = GrammarMapping(
        "wrong-change", "The change of a wrong run", "What is done differently. It may not touch checks.",
        keys: [
            GrammarKey(
                "vars", .named(.scalar), "other values of variables, for steps and the world; checks keep theirs"),
            GrammarKey(
                "steps", .named(.fields),
                "fields of plans, by step, put over what the lab says; nothing (`null`) drops a field"),
            GrammarKey(
                "answers", .named(.anything), "what is answered and handed in instead; nothing (`null`) answers nothing"
            ),
            GrammarKey("skip", .oneOrMany(.word), "ids of steps that are left out"),
            GrammarKey("move", .named(.mapping("place")), "steps that are done at another place"),
            GrammarKey("insert", .list(.mapping("insertion")), "steps that the lab does not have"),
            GrammarKey(
                "world", .anything,
                "merged into the world; nothing removes, also items of lists: `routers: { r4: null }` with its links"),
            GrammarKey(
                "evidence", .named(.either(.choice(["earlier-run", "empty"]), .mapping("evidence-change"))),
                "other artefacts, by the result that names each, such as `again.keylog`"),
        ])

    package static let place = GrammarMapping(
        "place", "A place", "Either before or after a step.",
        keys: [
            GrammarKey("before", .word, "the id of the step that follows"),
            GrammarKey("after", .word, "the id of the step that comes first"),
        ])

    package static let insertion = GrammarMapping(
        "insertion", "An insertion", "Steps, and where they come.",
        keys: place.keys + [
            GrammarKey("steps", .list(.fields), required: true, "steps with an `id` and without checks")
        ])

    package static let evidenceChange = GrammarMapping(
        "evidence-change", "A change of an artefact", "Either from elsewhere or cut.",
        keys: [
            GrammarKey("from", .word, "another artefact of the run, as `step.result`"),
            GrammarKey("keep", .integer(0...99), "the first so many percent of its bytes"),
        ])
}
