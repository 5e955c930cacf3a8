import LabModel
import SupportDiagnostics
import SupportQuestions
import Testing

@Suite("Includes, groups and repetitions") struct ReuseTests {
    private let group = """
        groups:
          pair:
            parameters: { site: hostname, times: { type: number, default: 2, max: 5 } }
            steps:
            - id: first
              visit: { url: "http://$site/", count: $times }
              expect:
                page: lab.page.code == 200 and lab.page.text contains $site
            - id: second
              visit: { url: $first.file, after: $first }
              forbid:
                page: { is: lab.page.text contains $site, control: first.page }

        """

    @Test("a group is put in place with its ids prefixed and its own steps found first")
    func use() throws {
        let loaded = SmallLanguage.load(
            SmallLanguage.lab(
                vars: "  here: a.example.test\n", top: group,
                """
                - { id: first, visit: http://outer/ }
                - use: { group: pair, as: a, with: { site: $here } }
                - use: { group: pair, as: b, with: { site: b.example.test, times: 3 } }
                - { id: last, needs: [a], visit: $b-first.file }

                """))
        #expect(loaded.told == [])
        #expect(loaded.ids == ["first", "a-first", "a-second", "b-first", "b-second", "last"])
        let lab = try #require(loaded.lab)
        #expect(loaded.plan("a-first", "url") == "http://a.example.test/")
        #expect(loaded.plan("b-first", "count") == 3)
        #expect(lab.step("b-second")?.needs == ["b-first"])
        #expect(lab.step("b-second")?.checks.first?.control == "b-first.page")
        #expect(lab.step("last")?.needs == ["a-first", "a-second", "b-first"])
        #expect(
            lab.step("b-first")?.checks.first?.shown([:])
                == "lab.page.code == 200 and lab.page.text contains b.example.test")
    }

    @Test("a question within a group asks for the values of its use")
    func questions() throws {
        let loaded = SmallLanguage.load(
            SmallLanguage.lab(top: group, "- use: { group: pair, as: a, with: { site: b.example.test } }\n"))
        let check = try #require(loaded.lab?.step("a-first")?.checks.first)
        func holds(_ text: String) throws -> Bool {
            var row = RowBuilder(SmallLanguage.page)
            row.set("lab.page.code", number: 200)
            row.set("lab.page.text", text)
            return try check.question.evaluate(row.row)
        }
        #expect(try holds("welcome to b.example.test"))
        #expect(try !holds("welcome to a.example.test"))
    }

    @Test("a group within a group has the names of its own, and a use may be repeated")
    func nested() throws {
        let loaded = SmallLanguage.load(
            SmallLanguage.lab(
                top: group + """
                      both:
                        parameters: { site: hostname }
                        steps:
                        - use: { group: pair, as: inner, with: { site: $site } }
                        - { id: end, visit: $inner-first.file }

                    """,
                """
                - use: { group: both, as: x, with: { site: $item } }
                  foreach: [a.example.test, b.example.test]

                """))
        #expect(loaded.told == [])
        #expect(
            loaded.ids.prefix(3) == [
                "x-a-example-test-inner-first", "x-a-example-test-inner-second", "x-a-example-test-end",
            ])
        #expect(loaded.plan("x-b-example-test-inner-first", "url") == "http://b.example.test/")
        #expect(loaded.lab?.step("x-b-example-test-end")?.needs == ["x-b-example-test-inner-first"])
    }

    @Test("a step is repeated for every combination of items, its ids ending with them")
    func foreach() {
        let loaded = SmallLanguage.load(
            SmallLanguage.lab(
                """
                - id: look
                  title: Look at $host by $way
                  foreach: { host: [a.test, b.test], way: [1, 2] }
                  visit: { url: "http://$host/", count: $way }
                - { id: all, needs: [look], visit: http://x/ }

                """))
        #expect(loaded.told == [])
        #expect(loaded.ids == ["look-a-test-1", "look-a-test-2", "look-b-test-1", "look-b-test-2", "all"])
        #expect(loaded.plan("look-b-test-2", "count") == 2)
        #expect(loaded.lab?.step("look-b-test-1")?.title.rendered([:]) == "Look at b.test by 1")
        #expect(loaded.lab?.step("all")?.needs.count == 4)
    }

    @Test("an included file is part of the lab, and a problem in it is told where it is")
    func include() {
        let loaded = SmallLanguage.load(
            SmallLanguage.lab("- include: parts/a.yml\n- { id: c, visit: $b.file }\n"),
            files: [
                "parts/a.yml": "- section: Parts\n- include: parts/b.yml\n",
                "parts/b.yml": "- id: b\n  visit: http://b/\n  expect:\n    ok: lab.page.cod == 200\n",
            ])
        #expect(loaded.told == ["question.unknown-field parts/b.yml:4:9"])
        #expect(loaded.ids == ["b", "c"])
        #expect(loaded.lab?.step("c")?.section == "Parts")
        #expect(loaded.lab?.files.map(\.path) == ["lab.yml", "parts/a.yml", "parts/b.yml"])
    }

    @Test("a cycle of files is told with the chain")
    func cycle() {
        let loaded = SmallLanguage.load(
            SmallLanguage.lab("- include: a.yml\n"),
            files: ["a.yml": "- include: b.yml\n", "b.yml": "- include: a.yml\n"])
        #expect(loaded.told.first == "include.cycle b.yml:1:12")
        #expect(loaded.problems.first?.notes == ["`a.yml` includes `b.yml` includes `a.yml`"])
    }

    @Test("a chain of files that is too long is refused with the chain")
    func depth() {
        var files: [String: String] = [:]
        for number in 0..<30 { files["f\(number).yml"] = "- include: f\(number + 1).yml\n" }
        #expect(
            SmallLanguage.load(SmallLanguage.lab("- include: f0.yml\n"), files: files).told.contains {
                $0.hasPrefix("include.depth f15.yml")
            })
    }

    @Test("a problem within a group is told once, with where it was used first")
    func once() throws {
        let loaded = SmallLanguage.load(
            SmallLanguage.lab(
                top: group.replacing("lab.page.code", with: "lab.page.cod"),
                """
                - use: { group: pair, as: a, with: { site: a.test } }
                - use: { group: pair, as: b, with: { site: b.test } }

                """))
        #expect(loaded.told.filter { $0.hasPrefix("question.unknown-field") }.count == 1)
        let problem = try #require(loaded.problems.first { $0.code == "question.unknown-field" })
        #expect(problem.secondary.last?.text == "used here")
    }

    @Test("groups that multiply are stopped before the machine is")
    func bomb() {
        var groups = "groups:\n"
        for level in 0..<12 {
            groups += "  g\(level):\n    steps:\n"
            for name in ["a", "b", "c", "d"] {
                groups += level == 0 ? "    - visit: http://x/\n" : "    - use: { group: g\(level - 1), as: \(name) }\n"
            }
        }
        let loaded = SmallLanguage.load(SmallLanguage.lab(top: groups, "- use: { group: g11, as: x }\n"))
        #expect(loaded.told.contains { $0.hasPrefix("lab.too-many-steps") })
    }
}
