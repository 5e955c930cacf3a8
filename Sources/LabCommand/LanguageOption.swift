import ArgumentParser
import LabModel
import SupportLinux

/// Which language the lab and the runner speak.
struct LanguageOption: ParsableArguments {
    @Option(
        name: .customLong("lang"),
        help: "The language of the lab and of what the runner says, such as es; otherwise $LAB_LANG or the locale's.")
    var language: String?

    /// The language that was asked for; nil where nothing says one.
    ///
    /// - Throws: `ValidationError` for `--lang` with what is no language.
    func chosen() throws -> LanguageTag? {
        let tag = LanguageTag.chosen(option: language, environment: OwnProcess.environment())
        if let language, tag == nil {
            throw ValidationError("--lang takes the name of a language such as es or pt-BR, found '\(language)'")
        }
        return tag
    }

    /// The language typed with `--lang` alone: a run is otherwise told in its own.
    func asked() throws -> LanguageTag? { language == nil ? nil : try chosen() }
}
