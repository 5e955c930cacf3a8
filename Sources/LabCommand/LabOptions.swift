import ArgumentParser
import LabJudge
import LabModel
import SupportDiagnostics
import SupportLinux

/// How results are printed.
enum OutputFormat: String, ExpressibleByArgument, CaseIterable {
    case text
    case json
}

/// Which lab, and with which values.
struct LabOptions: ParsableArguments {
    @Argument(help: "A lab's name in Labs/ or $LAB_PATH, or the path of its file.")
    var lab: String

    @OptionGroup var values: LabValues

    /// - Throws: as `LabValues.labSettings`.
    func labSettings() throws -> LabSettings { try values.labSettings() }

    /// The lab, or the problems on standard error and exit status 2.
    func load(_ format: OutputFormat = .text) throws -> ReadLab { try values.load(lab, format) }
}

/// What decides the values that a lab draws.
struct LabValues: ParsableArguments {
    @Option(help: "Who is being judged; decides the values that the lab draws.")
    var student: String?

    @Option(name: .customLong("set"), help: "Gives a variable of the lab another value; repeatable.")
    var settings: [String] = []

    @OptionGroup var speech: LanguageOption

    @Option(help: "Draws the lab's values from this number instead of the student's name.")
    var seed: UInt64?

    /// - Throws: `ValidationError` for a setting without `=`.
    func labSettings() throws -> LabSettings {
        var overrides: [String: String] = [:]
        for setting in settings {
            guard let equals = setting.firstIndex(of: "="), equals != setting.startIndex else {
                throw ValidationError("--set takes NAME=VALUE, found '\(setting)'")
            }
            overrides[String(setting[..<equals])] = String(setting[setting.index(after: equals)...])
        }
        let name = student ?? OwnProcess.environment()["USER"] ?? ""
        return LabSettings(
            student: name, seed: seed, overrides: overrides, language: try speech.chosen() ?? .english)
    }

    /// The lab, or the problems on standard error and exit status 2.
    func load(_ lab: String, _ format: OutputFormat = .text) throws -> ReadLab {
        let settings = try labSettings()
        guard let path = LabSearch.find(lab) else {
            Problem.show([LabSearch.unknown(lab)], format)
            throw LabModel.ExitStatus.invalidInput.exit
        }
        let loaded = LabLoader.standard.load(path, settings: settings)
        if loaded.problems.contains(where: { $0.code.hasSuffix("-setting") && $0.severity == .error }) {
            Problem.show(loaded.problems.filter { $0.code.hasSuffix("-setting") }, format)
            throw LabModel.ExitStatus.usage.exit
        }
        if !loaded.problems.isEmpty { Problem.show(loaded.problems, format) }
        guard let lab = loaded.lab, !loaded.hasErrors else { throw LabModel.ExitStatus.invalidInput.exit }
        return ReadLab(loaded: loaded, lab: lab, path: path, settings: settings)
    }
}

/// A lab that can be run.
struct ReadLab {
    var loaded: LoadedLab
    var lab: LabDefinition
    var path: String
    var settings: LabSettings
}

/// Where run folders go.
struct RunsOption: ParsableArguments {
    @Option(name: .customLong("runs"), help: "Where run folders are kept.")
    var runs = "runs"

    func absolute() throws -> String {
        runs.hasPrefix("/") ? runs : try OwnProcess.workingDirectory() + "/" + runs
    }
}
