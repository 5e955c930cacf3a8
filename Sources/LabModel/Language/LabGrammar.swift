/// Every mapping of the lab language, but for the fields of step kinds, which their schemas declare.
package enum LabGrammar {
    /// The mappings of a lab's main file, the outermost first.
    package static let labMappings: [GrammarMapping] = [lab, variable, section, step, check, absence, hint]
    /// The mappings of a world.
    package static let worldMappings: [GrammarMapping] = [
        world, network, router, rateLimit, route, rule, nat, link, linkBack, jitter, loss, reorder, tunnel, change,
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
                "vars", .named(.either(.scalar, .mapping("variable")), keys: "^[A-Za-z][A-Za-z0-9_]*$"),
                "the variables"),
            GrammarKey(
                "steps", .list(.either(.mapping("step"), .mapping("section"))), required: true,
                "the steps in the order in which they are performed, with `section: TITLE` before those that belong "
                    + "together"),
        ])

    package static let variable = GrammarMapping(
        "variable", "A variable",
        """
        A name that `$` may stand before. It is a plain value, `{ default: 9000, type: port }`, or drawn from the
        student's seed, so that each student has another one and gets the same one again. `lab run --set NAME=VALUE`
        gives it another value.
        """,
        keys: [
            GrammarKey("default", .scalar, "the value; either this or `pick`"),
            GrammarKey(
                "pick", .choice(VariableDefinition.Generator.allCases.map(\.rawValue)),
                "draws a value of this sort for each student"),
            GrammarKey(
                "type", .choice(["text", "number", "port", "boolean"]),
                "what it may hold; without it, what the value looks like"),
        ],
        example: """
            vars:
              site: www.example.test
              port: { default: 9000, type: port }
              token: { pick: token }

            """)

    package static let section = GrammarMapping(
        "section", "A section", "Stands alone among the steps and is the heading of those that follow.",
        keys: [GrammarKey("section", .text, required: true, "the heading")])
}
