import LabModel
import LabSteps
import SupportQuestions

/// Pages of help that are about no step kind.
package enum TopicPages {
    package static let all: [HelpPage] = [
        lab, steps, checks, questions, variables, world, key, translation, tables, reports,
    ]

    static let lab = HelpPage(
        "lab", "what a lab file may have",
        [.text(LabGrammar.lab.summary), keys(LabGrammar.lab)] + section(LabGrammar.variable)
            + section(LabGrammar.section) + [.text("`lab new NAME` writes a lab to begin with.")])

    static let steps = HelpPage(
        "steps", "what every step may have, besides the one key that names its kind",
        [.text(LabGrammar.step.summary), keys(LabGrammar.step), .code(LabGrammar.step.example, language: "yaml")]
            + section(LabGrammar.hint)
            + [
                .heading("The kinds"),
                .entries(StepCatalog.schemas.map { HelpPage.Entry($0.name, "", $0.summary) }),
            ])

    static let checks = HelpPage(
        "checks", "how `expect` and `forbid` judge",
        [
            .text(LabGrammar.check.summary), keys(LabGrammar.check),
            .code(LabGrammar.check.example, language: "yaml"),
            .text(
                """
                A check passes, fails, or is inconclusive: nobody did the step, an earlier step has to succeed first, or
                this machine could not do or see it. Inconclusive is never a success, and never the student's fault
                alone: the report says which of the three it was.

                `forbid` counts only beside its control. Nothing seen where nothing could be seen proves nothing: until
                the control has passed, the absence is inconclusive.
                """),
        ])

    static let questions = HelpPage(
        "questions", "the language of checks: Wireshark's display filters, and `lab.*` fields",
        [
            .text(
                """
                One line must hold on **one row** of one table. Two facts about the same packet, page or hop are joined
                by `and`; two checks may be answered by two rows.
                """),
            .entries([
                HelpPage.Entry("==  !=  <  <=  >  >=", "", "compares: `lab.http.code == 200`, `lab.hop.rtt < 50ms`"),
                HelpPage.Entry("contains", "", "holds a text or bytes: `lab.http.body contains $token`"),
                HelpPage.Entry("matches", "", "a Perl regular expression, without regard to case"),
                HelpPage.Entry(
                    "in", "",
                    "one of several: `tls.alert_message.desc in {42, 46..48}`, or a column, `in $mitm.server_randoms`"),
                HelpPage.Entry("and  or  not", "", "join; `&&`, `||` and `!` are the same, and parentheses group"),
                HelpPage.Entry("[r1, r2]", "", "a list: `lab.trace.path == [r1, r2, www]`"),
                HelpPage.Entry("tls", "", "a protocol or a field alone asks whether it is there"),
            ]),
            .text(
                """
                `filter:` in a step is Wireshark's language and nothing else, so that it can be pasted into Wireshark.
                `expect` and `forbid` add `lab.*` fields, units (`50ms`, `10MB`), lists and `$name`.

                YAML has traps for questions. Put a question in quotes when it begins with `!`, holds ` #` or `: `, or
                stands within `{ … }` and holds a comma or a brace.
                """),
        ])

    static let variables = HelpPage(
        "variables", "what `$name` may stand for",
        [.text(LabGrammar.variable.summary), keys(LabGrammar.variable)]
            + [.code(LabGrammar.variable.example, language: "yaml")] + [
                .heading("Names that stand for something"),
                .entries([
                    HelpPage.Entry("$NAME", "a variable", "as `vars` declares it"),
                    HelpPage.Entry("$STEP", "a result", "the first result of an earlier step with this id"),
                    HelpPage.Entry("$STEP.RESULT", "a result", "another of its results; `lab explain KIND` lists them"),
                    HelpPage.Entry("$world.NODE.address", "an address", "of a host or router; `address6` for IPv6"),
                    HelpPage.Entry("$world.roots.sha256", "bytes", "the fingerprint of the root of the world's sites"),
                ]),
                .text("Names that nobody declared stay as they are, such as `$PWD`."),
            ])

    static let world = HelpPage(
        "world", "what a world may have",
        [.text(LabGrammar.world.summary), keys(LabGrammar.world)]
            + LabGrammar.worldMappings.dropFirst().flatMap(section)
            + [.heading("Example"), .code(ExampleLab.world, language: "yaml")])

    static let tables = HelpPage(
        "tables", "what every step records, whatever its kind",
        [
            .text(
                """
                Evidence is tables of rows. These are of what happened in the world while the step went on; each kind
                adds tables of its own.
                """)
        ]
            + SharedTables.all.flatMap { table -> [HelpPage.Block] in
                [.heading("Table `\(table.name)`: \(table.summary)"), .entries(table.namedFields.map(HelpPage.entry))]
            })

    static let reports = HelpPage(
        "reports", "what a run leaves behind, and how it is read",
        [
            .text(
                """
                Every run leaves a folder, `runs/LAB/latest`, with its evidence, its events and `report.html`.
                `lab check LAB` judges it again from the evidence alone; `lab report LAB --report FILE` writes it in
                another format, chosen by the extension or as `FORMAT:FILE`.
                """),
            .entries([
                HelpPage.Entry("html", "`.html`", "for people: one page without scripts, to read and print"),
                HelpPage.Entry("text", "`.txt`", "plain lines, for logs and mail"),
                HelpPage.Entry("json", "`.json`", "for programs; also `--format json`"),
                HelpPage.Entry("junit", "`.xml`", "for CI systems"),
            ]),
            .text(
                """
                Exit status: 0 all passed, 1 a check failed, 2 an input file is invalid, 3 something was inconclusive,
                4 this machine lacks what the lab needs, 64 wrong usage, 70 a bug of ours.
                """),
        ])

    static let translation = HelpPage(
        "translation", "what a translation of a lab may have",
        [.text(LabGrammar.translation.summary), keys(LabGrammar.translation)]
            + LabGrammar.translationMappings.dropFirst().flatMap(section))

    /// A mapping within a page: heading, what it is for, its keys, its example.
    static func section(_ mapping: GrammarMapping) -> [HelpPage.Block] {
        [.heading(mapping.title), .text(mapping.summary), keys(mapping)]
            + (mapping.example.isEmpty ? [] : [.code(mapping.example, language: "yaml")])
    }

    static func keys(_ mapping: GrammarMapping) -> HelpPage.Block {
        .entries(
            mapping.keys.map { key in
                let rest = key.isRequired ? ", required" : key.fallback.isEmpty ? "" : ", default `\(key.fallback)`"
                return HelpPage.Entry(key.name, key.shape.words + rest, key.summary)
            })
    }
}
