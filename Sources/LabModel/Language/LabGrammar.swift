/// Every mapping of the lab language, but for the fields of step kinds, which their schemas declare.
package enum LabGrammar {
    /// The mappings of a lab's main file, the outermost first.
    package static let labMappings: [GrammarMapping] = [
        lab, variable, length, section, include, step, check, absence, hint, condition, retry, group, parameter,
        useItem, use,
    ]
    /// The mappings of a world.
    package static let worldMappings: [GrammarMapping] = [
        world, network, router, rateLimit, route, rule, nat, forward, link, linkBack, jitter, loss, reorder, tunnel,
        change,
        host, name, site, page, service,
    ]
    package static var all: [GrammarMapping] { labMappings + worldMappings + keyMappings + translationMappings }

    package static func mapping(_ name: String) -> GrammarMapping? { all.first { $0.name == name } }

    package static let lab = GrammarMapping(
        "lab", "The lab", "A lab is one YAML file with these keys, usually in `Labs/`, its world beside it.",
        keys: [
            GrammarKey("format", .exactly(1), required: true, "the version of this notation"),
            GrammarKey("lab", .word, required: true, "the lab's name, as reports and run folders use it"),
            GrammarKey("title", .text, required: true, "the title that people read"),
            GrammarKey(
                "credit", .choice(["run", "hands-on"]), default: "run",
                "what earns points: `run`, the run itself; `hands-on`, only what the student did, while the runner's "
                    + "own acts read *demonstrated*"),
            GrammarKey(
                "world", .either(.word, .mapping("world")),
                "the emulated internet: a file in or below the lab's folder, or the world itself"),
            GrammarKey("at", .word, "the host of every step that names none"),
            GrammarKey(
                "max-points", .number, "the points that the lab is worth, for lint to compare with those of its checks"),
            GrammarKey(
                "vars", .named(.either(.oneOrMany(.scalar), .mapping("variable")), keys: "^[A-Za-z][A-Za-z0-9_]*$"),
                "the variables; under `include`, a file of more or a list of them"),
            GrammarKey(
                "groups", .named(.either(.oneOrMany(.word), .mapping("group"))),
                "steps that are used several times; under `include`, a file of more or a list of them"),
            GrammarKey("steps", items, required: true, "the steps in the order in which they are performed"),
        ])

    /// What stands in a list of steps.
    static let items = GrammarShape.list(
        .either(
            .mapping("step"), .either(.mapping("section"), .either(.mapping("include"), .mapping("use-item")))))

    package static let variable = GrammarMapping(
        "variable", "A variable",
        """
        A name that `$` may stand before. It is a plain value, `{ default: 9000, type: port }`, or drawn from the
        student's seed, so that each student has another one and gets the same one again. `lab run --set NAME=VALUE`
        gives it another value. Its name is made of letters, digits and `_` (no `-`); no step may have it for its id.
        """,
        keys: [
            GrammarKey("default", .scalar, "the value; either this or `pick`"),
            GrammarKey(
                "pick", .choice(Generator.Name.allCases.map(\.rawValue)),
                "draws a value of this sort for each student"),
            GrammarKey(
                "type", .choice(VariableType.allCases.map(\.rawValue)),
                "what it may hold; without it, what the value looks like"),
            GrammarKey("min", .scalar, "the least number, port or duration that is allowed, or drawn"),
            GrammarKey("max", .scalar, "the greatest one"),
            GrammarKey("matches", .word, "a regular expression that is found in the text, as `matches` in a question"),
            GrammarKey("one-of", .list(.scalar), "all values that are allowed; the first is the default"),
            GrammarKey(
                "length", .either(.integer(0...100_000), .mapping("length")),
                "how many characters a text has; of a token, how many are drawn"),
            GrammarKey("of", .list(.scalar), "for `pick: choice`: what is drawn from"),
            GrammarKey(
                "in", .word,
                "for `pick: address` and `pick: subnet`: the range to draw from, one of those for documentation or "
                    + "benchmarks"),
            GrammarKey("prefix", .integer(1...126), "for `pick: subnet`: how long the prefix is"),
            GrammarKey("under", .word, "for `pick: hostname`: the name that it is drawn below"),
            GrammarKey(
                "secret", .boolean, default: "false",
                "never shown and never kept: a mask stands wherever it would be. A secret has no `default`"),
        ],
        example: """
            vars:
              site: www.example.test
              port: { default: 9000, type: port }
              token: { pick: token }
              mode: { one-of: [fast, thorough] }
              hops: { default: 5, min: 1, max: 30 }
              password: { pick: token, length: 16, secret: true }

            """)

    package static let length = GrammarMapping(
        "length", "A length", "How many characters a text may have.",
        keys: [
            GrammarKey("min", .integer(0...100_000), default: "0", "at least"),
            GrammarKey("max", .integer(0...100_000), "at most"),
        ])

    package static let include = GrammarMapping(
        "include", "An include", "Stands alone among the steps; the steps of the file take its place.",
        keys: [
            GrammarKey(
                "include", .word, required: true, "a file with a list of steps, in or below the lab's own folder")
        ])

    package static let section = GrammarMapping(
        "section", "A section", "Stands alone among the steps and is the heading of those that follow.",
        keys: [GrammarKey("section", .text, required: true, "the heading")])
}
