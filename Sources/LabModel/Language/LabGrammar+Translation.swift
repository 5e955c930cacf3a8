extension LabGrammar {
    /// The mappings of a translation, `NAME.LANGUAGE.yml`.
    package static let translationMappings: [GrammarMapping] = [
        translation, textDigest, stepTranslation, stepDigests,
    ]

    package static let translation = GrammarMapping(
        "translation", "A translation",
        """
        `NAME.es.yml` beside `NAME.yml` says its texts in another language, keyed by the ids of steps. Digests under `of`
        tell which text each was made from, so that lint finds what is stale.
        """,
        keys: [
            GrammarKey("format", .exactly(1), required: true, "the version of this notation"),
            GrammarKey("lab", .word, required: true, "the name of the lab beside it"),
            GrammarKey("lang", .word, required: true, "the language, as in the file's name"),
            GrammarKey("of", .mapping("text-digest"), "digests of the texts that it was made from"),
            GrammarKey("title", .text, "the lab's title"),
            GrammarKey("sections", .named(.text), "titles of sections, by those of the lab"),
            GrammarKey("steps", .named(.mapping("step-translation")), "texts of steps, by id"),
        ])

    package static let stepTranslation = GrammarMapping(
        "step-translation", "The texts of a step", "As in the step itself.",
        keys: [
            GrammarKey("of", .mapping("step-digests"), "digests of the texts that they were made from"),
            GrammarKey("title", .text, "its title"),
            GrammarKey("task", .text, "what to do"),
            GrammarKey("explain", .text, "why"),
            GrammarKey("question", .text, "what it asks"),
            GrammarKey("options", .oneOrMany(.text), "what can be answered, in the same order"),
            GrammarKey("by-hand", .named(.text), "what one types, by tool; only where it differs"),
            GrammarKey("hint", .oneOrMany(.text), "its hints, in the same order"),
        ])

    package static let stepDigests = GrammarMapping(
        "step-digests", "Digests", "What `lab translate` writes.",
        keys: [
            GrammarKey("title", .word, "of the title"),
            GrammarKey("task", .word, "of the task"),
            GrammarKey("explain", .word, "of the explanation"),
            GrammarKey("question", .word, "of the question"),
            GrammarKey("options", .oneOrMany(.word), "of the options, in order"),
            GrammarKey("by-hand", .named(.word), "of commands, by tool"),
            GrammarKey("hint", .oneOrMany(.word), "of hints, in order"),
        ])

    package static let textDigest = GrammarMapping(
        "text-digest", "The digest of the title", "What `lab translate` writes.",
        keys: stepDigests.keys)
}
