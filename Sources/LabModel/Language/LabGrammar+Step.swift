extension LabGrammar {
    package static let step = GrammarMapping(
        "step", "A step",
        """
        One key names the kind of a step, such as `request`; these are the same for all kinds. A step that builds on one
        that failed is not tried: it waits, and the cause is told once.
        """,
        keys: [
            GrammarKey(
                "id", .identifier,
                "its name in reports, in references (`$id`) and in evidence folders; keep it when lines move"),
            GrammarKey("title", .text, "what it is called"),
            GrammarKey("task", .text, "what to do, as a student reads it (Markdown)"),
            GrammarKey("explain", .text, "why, and what one sees (Markdown)"),
            GrammarKey("at", .word, "the host it happens on; without it the lab's"),
            GrammarKey("by-hand", .named(.text), "what one would type to do it by hand, by tool"),
            GrammarKey(
                "expect", .named(.either(.question, .mapping("check"))),
                "checks by name, each of which must hold on one row of the evidence"),
            GrammarKey(
                "forbid", .named(.mapping("absence")),
                "checks by name that must hold on no row; each beside a `control` that did see the same thing"),
            GrammarKey(
                "points", .number,
                "the step's points, shared equally by the checks that have none of their own; without it a check has "
                    + "one"),
            GrammarKey(
                "partial-credit", .boolean, default: "true",
                "`false`: the step's points are earned together, or not at all"),
            GrammarKey(
                "hint", .oneOrMany(.either(.text, .mapping("hint"))),
                "what helps, in the order in which it is given"),
            GrammarKey(
                "optional", .boolean, default: "false",
                "carries no points; where what it needs is missing it reads *not offered*"),
            GrammarKey(
                "needs", .oneOrMany(.word),
                "ids of earlier steps that it builds on, besides those that it refers to; the name of a use stands for "
                    + "all of its steps"),
            GrammarKey(
                "when", .oneOrMany(.either(.question, .mapping("condition"))),
                "conditions that must all hold for the step to be taken"),
            GrammarKey(
                "foreach", .either(.list(.scalar), .named(.list(.scalar))),
                "repeats the step for each item, which is `$item`, or `$NAME` where the items have a name"),
            GrammarKey("retry", .mapping("retry"), "performs the step again until its checks pass"),
        ],
        example: """
            - id: page
              title: Visit $site
              task: Open https://$site/ and read the order number.
              explain: Every student gets a number of their own.
              request: https://$site/
              by-hand:
                curl: curl https://$site/
              expect:
                answered: lab.http.code == 200
                number: { is: lab.http.body contains $token, points: 2 }
              hint:
              - Is the name known to the resolver?
              - { text: "`lab explain resolve` shows how to find out.", costs: 1 }

            """)

    package static let check = GrammarMapping(
        "check", "A check",
        """
        A question, alone or in a mapping with what else is to be said of it. The check's name stays the same in reports
        and grades when lines move.
        """,
        keys: [
            GrammarKey("is", .question, required: true, "the question"),
            GrammarKey("points", .number, "points of its own"),
            GrammarKey(
                "control", .word,
                "needed with `forbid`: the `expect`, as `step.check`, that has seen the very thing that must be absent here"
            ),
            GrammarKey(
                "visibility", .choice(CheckVisibility.allCases.map(\.rawValue)), default: "always",
                "`after-run`: not told while the run goes on; `hidden`: only what it came to is told"),
        ],
        example: """
            - id: direct
              title: Visit $site over HTTP
              request: http://$site/
              expect:
                log: { is: lab.visit.client.addr == $world.laptop.address, points: 2 }

            - id: looked-up
              title: Only look it up
              resolve: $site
              expect:
                found: lab.dns.address == $world.www.address
              forbid:
                visit: { is: lab.visit.client.addr == $world.laptop.address, control: direct.log }

            """)

    /// A check under `forbid`: the same keys, but that it has to name its control.
    package static let absence = GrammarMapping(
        "absence", "A check with its control", "A check under `forbid`.",
        keys: check.keys.map {
            GrammarKey($0.name, $0.shape, required: $0.isRequired || $0.name == "control", $0.summary)
        })

    package static let hint = GrammarMapping(
        "hint", "A hint", "A text alone costs nothing.",
        keys: [
            GrammarKey("text", .text, required: true, "the hint (Markdown)"),
            GrammarKey("costs", .number, default: "0", "the points it costs to see it"),
        ])
}
