import LabModel
import SupportDiagnostics
import Testing

@Suite("Translations of a lab") struct TranslationTests {
    private static let lab = """
        format: 1
        lab: shop
        title: A visit
        steps:
        - section: The shop
        - id: first
          title: Wait
          explain: |
            One line,
            and another one.
          hint: [Patience]
          wait: 5s
        """

    private static let sidecar = """
        format: 1
        lab: shop
        lang: es
        title: Una visita
        sections: { The shop: La tienda }
        steps:
          first:
            title: Espera
            hint: [Paciencia]
        """

    /// A kind that does nothing, so that the texts alone matter.
    private static let wait = StepSchema(
        "wait", "waits", fields: [PlanField("for", .string, "how long")], shorthand: "for", tables: [],
        guide: StepGuide(why: "", example: "", pitfalls: []))

    private func load(
        _ files: [String: String], language: String? = nil
    ) -> LoadedLab {
        LabLoader(
            catalogue: [Self.wait], sharedTables: [], readFile: { files[$0].map { Array($0.utf8) } },
            listFolder: { _ in Array(files.keys) }
        ).load("shop.yml", settings: LabSettings(language: language.flatMap { LanguageTag($0) }))
    }

    @Test("the texts of the chosen language stand in place, the others stay")
    func applied() throws {
        let files = ["shop.yml": Self.lab, "shop.es.yml": Self.sidecar]
        let lab = try #require(load(files, language: "es-MX").lab)
        #expect(lab.title.source == "Una visita")
        #expect(lab.steps.map(\.section) == ["La tienda"])
        #expect(lab.steps[0].title.source == "Espera")
        #expect(lab.steps[0].explain.source == "One line,\nand another one.\n")
        #expect(lab.steps[0].hints[0].text.source == "Paciencia")
        #expect(try #require(load(files, language: "en").lab).title.source == "A visit")
    }

    @Test("judging digests are the same in every language, text digests cover the translations")
    func digests() throws {
        let plain = try #require(load(["shop.yml": Self.lab]).lab)
        let files = ["shop.yml": Self.lab, "shop.es.yml": Self.sidecar]
        let spanish = try #require(load(files, language: "es").lab)
        let english = try #require(load(files, language: "en").lab)
        #expect(LabDigests.judging(of: spanish) == LabDigests.judging(of: plain))
        #expect(LabDigests.text(of: spanish.files) == LabDigests.text(of: english.files))
        #expect(LabDigests.text(of: spanish.files) != LabDigests.text(of: plain.files))
    }

    @Test("a stale text is not shown: the lab's own words are")
    func stale() throws {
        let sidecar = Self.sidecar + "\n    of: { title: \"00000000\" }\n"
        let files = ["shop.yml": Self.lab, "shop.es.yml": sidecar]
        #expect(try #require(load(files, language: "es").lab).steps[0].title.source == "Wait")
        #expect(load(files).problems.map(\.code).contains("translation.stale"))
    }

    @Test("breaking lines elsewhere makes no text stale, another word does")
    func digestOfText() {
        #expect(LabText.digest(of: "One line,\nand another.\n") == LabText.digest(of: "One line, and another."))
        #expect(LabText.digest(of: "One line") != LabText.digest(of: "One lime"))
    }

    @Test("a draft lints without errors, keeps what there is, and written again is the same")
    func draft() throws {
        let lab = try #require(load(["shop.yml": Self.lab], language: "en").lab)
        let spanish = try #require(LanguageTag("es"))
        let first = TranslationDraft.text(of: lab, language: spanish, keeping: nil)
        let files = ["shop.yml": Self.lab, "shop.es.yml": first]
        #expect(load(files).problems.map(\.code) == [])
        #expect(first.contains("# to be translated"))
        let loader = LabLoader(
            catalogue: [Self.wait], sharedTables: [],
            readFile: { path in
                Array((path == "old" ? Self.sidecar : first).utf8)
            })
        let again = loader.translation(of: lab, at: "shop.es.yml", language: spanish).translation
        // Nothing but the remarks that something is to be done is lost.
        let kept = TranslationDraft.text(of: lab, language: spanish, keeping: again)
        let withoutRemarks = first.split(separator: "\n").filter { !$0.contains("# to be translated") }
        #expect(kept.split(separator: "\n") == withoutRemarks)
        let old = loader.translation(of: lab, at: "old", language: spanish).translation
        let updated = TranslationDraft.text(of: lab, language: spanish, keeping: old)
        #expect(updated.contains("title: Espera\n"))
        #expect(updated.contains("explain: |\n      One line,\n"))
    }

    @Test("files beside a lab are its translations by their names, answers are not")
    func names() {
        let names = [
            "a.es.yml", "a.yml", "a.key.yml", "a.pt-BR.yml", "b.es.yml", "a.ES.yml", "a.x.es.yml", "a.es.yaml",
        ]
        #expect(Sidecars.languages(of: "Labs/a.yml", among: names).map(\.name) == ["a.es.yml", "a.pt-BR.yml"])
        #expect(Sidecars.lab(of: "Labs/a.es.yml") == "Labs/a.yml")
        #expect(Sidecars.lab(of: "Labs/a.key.yml") == nil)
        #expect(Sidecars.lab(of: "Labs/a.yml") == nil)
    }
}
