extension TopicPages {
    static let key = HelpPage(
        "key", "what `NAME.key.yml` may have, which students never get",
        [
            .text(
                "A key file lies beside its lab, `week2.key.yml` beside `week2.yml`, and is read and linted with it."),
            .entries([
                HelpPage.Entry("format", "exactly 1, required", "the version of this notation"),
                HelpPage.Entry("lab", "a word, required", "the lab that it belongs to"),
                HelpPage.Entry(
                    "checks", "names with mappings",
                    "hidden checks by step: `expect` and `forbid` as in the lab; their points come on top of what "
                        + "students see, one for a check that says nothing"),
                HelpPage.Entry(
                    "answers", "names with values",
                    "the right answer of an `ask` step (`$names` have their values); of a `file` step a path from here, "
                        + "or `{ text: … }`"),
                HelpPage.Entry("rubric", "names with lists", "`{ text, points }`: what a person marks by reading"),
                HelpPage.Entry(
                    "wrong", "names with mappings",
                    "wrong ways to do the lab: `because` (what was not understood), `change`, and `fails`, exactly the "
                        + "checks that must fail; what depends on them may be blocked"),
            ]),
            .heading("A change"),
            .text("One or more of these. It changes what is done, never what is checked."),
            .entries([
                HelpPage.Entry("vars", "", "other values in plans and in the world; checks keep the lab's"),
                HelpPage.Entry("steps", "", "fields of plans, by step; nothing (`null`) drops a field"),
                HelpPage.Entry(
                    "answers", "", "what is answered and handed in instead, by step; nothing (`null`) answers nothing"),
                HelpPage.Entry("skip", "", "steps that nobody does"),
                HelpPage.Entry("move", "", "steps that are done elsewhere: `{ before: ID }` or `{ after: ID }`"),
                HelpPage.Entry(
                    "insert", "", "a list of `{ before: ID, steps: […] }`: further steps with ids and without checks"),
                HelpPage.Entry(
                    "world", "",
                    "merged into the world; nothing removes, also items of lists: `routers: { r4: null }` with its "
                        + "links, `links: { r3-r4: null }`"),
                HelpPage.Entry(
                    "evidence", "",
                    "an artefact after the fact, by the result that names it: `earlier-run`, `empty`, "
                        + "`{ from: other.keylog }`, `{ keep: 40 }` (percent)"),
            ]),
            .code(
                """
                format: 1
                lab: week2
                checks:
                  browse:
                    expect:
                      same: lab.flow.client_random in $mitm.client_randoms
                wrong:
                  no-proxy:
                    because: A page that was seen without the proxy says nothing about it.
                    change: { steps: { browse: { via: none } } }
                    fails: [browse.page, browse.chain, browse.flow, browse.same]

                """, language: "yaml"),
            .text("`lab prove` performs wrong runs; `lab publish` leaves all of this out."),
        ])
}
