import LabModel
import Testing

@Suite("Conditions") struct ConditionTests {
    private func condition(_ text: String, vars: String) throws -> (ConditionDefinition, LoadedLab) {
        let loaded = SmallLanguage.load(
            SmallLanguage.lab(
                vars: vars,
                "- { id: a, visit: http://a/, expect: { ok: lab.page.code == 200 } }\n- { id: b, when: \(text), visit: http://b/ }\n"
            ))
        #expect(loaded.told == [])
        return (try #require(loaded.lab?.step("b")?.conditions.first), loaded)
    }

    @Test(
        "a question about variables holds or does not",
        arguments: [
            ("$mode == \"fast\"", true), ("$mode in {\"slow\", \"full\"}", false), ("$hops > 3 and $hops <= 5", true),
            ("$wait >= 2s", false), ("$wait < 2s", true), ("not $quick == true", false),
            ("$mode matches \"^FA\"", true),
        ])
    func questions(text: String, expected: Bool) throws {
        let (condition, loaded) = try condition(
            "'\(text)'",
            vars: "  mode: fast\n  hops: 5\n  quick: true\n  wait: { default: 500ms, type: duration }\n")
        #expect(condition.isKnownBeforeRun)
        #expect(condition.holds(references: loaded.references, hasPassed: { _ in false }) == expected)
    }

    @Test("an earlier check decides, and a result that is not there decides nothing")
    func verdicts() throws {
        let (passed, _) = try condition("{ passed: a.ok }", vars: "")
        #expect(passed.holds(references: [:], hasPassed: { $0 == "a.ok" }))
        #expect(!passed.holds(references: [:], hasPassed: { _ in false }))
        #expect(passed.steps == ["a"] && !passed.isKnownBeforeRun)
        let (result, _) = try condition("$a.file == \"x\"", vars: "")
        #expect(!result.holds(references: [:], hasPassed: { _ in true }))
        #expect(result.holds(references: ["a.file": "x"], hasPassed: { _ in true }))
    }

    @Test("carets stand under the token of the condition, not beside it")
    func places() {
        let loaded = SmallLanguage.load(
            SmallLanguage.lab(
                vars: "  hops: 5\n", "- { id: b, when: '$hops == \"x\" and $hosp == 1', visit: http://b/ }\n"))
        #expect(loaded.told == ["question.unknown-reference lab.yml:7:36"])
    }

    @Test("points of steps that this variant does not offer are not counted")
    func points() {
        let text = SmallLanguage.lab(
            vars: "  mode: { one-of: [fast, slow] }\n", top: "max-points: 1\n",
            """
            - { id: a, when: $mode == "fast", visit: http://a/, expect: { ok: lab.page.code == 200 } }
            - { id: b, when: $mode == "slow", visit: http://b/, expect: { ok: lab.page.code == 200 } }

            """)
        #expect(SmallLanguage.load(text).told == [])
        #expect(
            SmallLanguage.load(text.replacing("max-points: 1", with: "max-points: 2")).told == [
                "lab.points lab.yml:4:13"
            ])
    }
}

@Suite("Digests of a lab") struct DigestTests {
    private static let text = SmallLanguage.lab(
        vars: "  mode: { one-of: [fast, slow] }\n",
        """
        - id: a
          title: A title
          task: A task
          explain: Why
          visit: { url: "http://a/", count: 2 }
          when: $mode == "fast"
          retry: { because: slow, times: 3 }
          hint: [Look]
          points: 2
          expect:
            ok: { is: lab.page.code == 200, visibility: always }

        """)

    private func digest(_ text: String) -> String {
        let loaded = SmallLanguage.load(text)
        #expect(loaded.told == [])
        return loaded.lab.map(LabDigests.judging) ?? ""
    }

    @Test(
        "what people read, and when they are told, does not decide verdicts",
        arguments: [
            ("A title", "Another"), ("A task", "Another"), ("Why", "Because"), ("[Look]", "[Look, Again]"),
            ("visibility: always", "visibility: after-run"), ("because: slow", "because: lossy"),
            ("title: Small", "title: Smaller"),
        ])
    func kept(old: String, new: String) {
        #expect(Self.text.contains(old))
        #expect(digest(Self.text.replacing(old, with: new)) == digest(Self.text))
    }

    @Test(
        "what is done, asked and earned does",
        arguments: [
            ("http://a/", "http://b/"), ("count: 2", "count: 3"), ("code == 200", "code == 201"),
            ("points: 2", "points: 3"),
            ("\"fast\"", "\"slow\""), ("times: 3", "times: 4"), ("one-of: [fast, slow]", "one-of: [fast, slow, full]"),
            ("  points: 2", "  partial-credit: false\n  points: 2"), ("  points: 2", "  optional: true\n  points: 2"),
        ])
    func changed(old: String, new: String) {
        #expect(Self.text.contains(old))
        #expect(digest(Self.text.replacing(old, with: new)) != digest(Self.text))
    }

    @Test("a group counts as the steps that it comes to")
    func groups() {
        func lab(_ url: String) -> String {
            SmallLanguage.lab(
                top:
                    "groups:\n  g:\n    parameters: { url: text }\n    steps:\n    - { id: a, visit: $url, expect: { ok: lab.page.text contains $url } }\n",
                "- use: { group: g, as: x, with: { url: \"\(url)\" } }\n")
        }
        #expect(digest(lab("http://a/")) == digest(lab("http://a/")))
        #expect(digest(lab("http://a/")) != digest(lab("http://b/")))
    }
}
