import LabModel
import Testing

@Suite("Languages") struct LanguageTests {
    @Test(
        "names of locales are read as tags",
        arguments: [
            ("es", "es"), ("es_ES.UTF-8", "es-ES"), ("pt-br", "pt-BR"), ("DE", "de"), ("en_US", "en-US"),
            ("ca@valencia", "ca"), ("zh-hant", "zh-hant"),
        ])
    func tags(_ name: String, _ tag: String) { #expect(LanguageTag(name)?.text == tag) }

    @Test(
        "what is no language is none", arguments: ["", "C", "POSIX", "C.UTF-8", "e", "español", "es-", "../x", "a b"])
    func noTags(_ name: String) { #expect(LanguageTag(name)?.text == (name == "es-" ? "es" : nil)) }

    @Test("what was typed counts before the environment, LAB_LANG before the locale")
    func choice() {
        let environment = ["LANG": "de_DE.UTF-8", "LAB_LANG": "es"]
        #expect(LanguageTag.chosen(option: "fr", environment: environment)?.text == "fr")
        #expect(LanguageTag.chosen(option: nil, environment: environment)?.text == "es")
        #expect(LanguageTag.chosen(option: nil, environment: ["LANG": "de_DE.UTF-8"])?.text == "de-DE")
        #expect(LanguageTag.chosen(option: nil, environment: ["LANG": "C.UTF-8"]) == nil)
        #expect(LanguageTag.chosen(option: nil, environment: ["LC_ALL": "C", "LANG": "es"]) == nil)
        #expect(LanguageTag.chosen(option: nil, environment: [:]) == nil)
    }

    @Test("the runner speaks what it has, and English otherwise")
    func shown() {
        #expect(Language.shown(for: "es-MX") == .spanish)
        #expect(Language.shown(for: "fr") == .english)
    }
}
