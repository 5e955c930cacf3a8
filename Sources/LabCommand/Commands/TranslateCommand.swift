import ArgumentParser
import LabJudge
import LabModel
import LabReport
import SupportDiagnostics
import SupportLinux

struct TranslateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "translate",
        abstract: "Writes or updates the file that translates a lab, keeping what is translated already.")

    @Argument(help: "A lab's name in Labs/ or $LAB_PATH, or the path of its file.")
    var lab: String

    @Option(name: .customLong("to"), help: "The language, such as es or pt-BR.")
    var language: String

    @Flag(help: "Prints the translation instead of writing it.")
    var print = false

    func run() throws {
        guard let tag = LanguageTag(language) else {
            throw ValidationError("--to takes the name of a language such as es or pt-BR, found '\(language)'")
        }
        guard let path = LabSearch.find(lab) else {
            Problem.show([LabSearch.unknown(lab)])
            throw LabModel.ExitStatus.invalidInput.exit
        }
        let loaded = LabLoader.standard.load(path, settings: LabSettings(language: .english))
        guard let definition = loaded.lab, !loaded.hasErrors else {
            Problem.show(loaded.problems)
            throw LabModel.ExitStatus.invalidInput.exit
        }
        let sidecar = Sidecars.path(of: path, in: tag)
        var old: Translation?
        if Files.exists(sidecar) {
            // What cannot be read must not be written over.
            let read = LabLoader.standard.translation(of: definition, at: sidecar, language: tag)
            guard let translation = read.translation, !read.problems.contains(where: { $0.severity == .error }) else {
                Problem.show(read.problems)
                throw LabModel.ExitStatus.invalidInput.exit
            }
            old = translation
        }
        let text = TranslationDraft.text(of: definition, language: tag, keeping: old)
        if print { return Standard.output(text) }
        try Files.writeAtomically(Array(text.utf8), to: sidecar)
        Standard.output("\(sidecar)\n")
    }
}
