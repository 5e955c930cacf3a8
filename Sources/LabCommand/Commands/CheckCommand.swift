import ArgumentParser
import LabJudge
import LabModel
import LabReport
import SupportDiagnostics

struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Judges a run again from its evidence; the newest when only a lab is named.")

    @Argument(help: "A run folder, or a lab's name for its newest run.")
    var name: String?

    @OptionGroup var runs: RunsOption
    @OptionGroup var speech: LanguageOption

    @Option(help: "The instructor's key file, NAME.key.yml beside NAME.yml: its hidden checks are judged as well.")
    var key: String?

    @Option(help: "Prints the result as text or as JSON.")
    var format = OutputFormat.text

    @Option(help: "Writes a report: FILE by its extension, or FORMAT:FILE; repeatable.")
    var report: [String] = []

    func run() throws {
        let targets = try report.map(ReportArgument.parse)
        let (record, folder) = try JudgedRun.judge(
            name, below: try runs.absolute(), language: try speech.asked(), key: key)
        try Reports.write(record, folder: nil, targets: targets)
        switch format {
        case .json: try Reports.printJSON(record, folder: folder)
        case .text:
            Standard.output(
                String(decoding: try TextReport().render(record, ReportContext(folder: folder)), as: UTF8.self))
        }
        throw record.exitStatus.exit
    }
}

struct ReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report", abstract: "Renders a run again; the newest when only a lab is named.")

    @Argument(help: "A run folder, or a lab's name for its newest run.")
    var name: String?

    @OptionGroup var runs: RunsOption
    @OptionGroup var speech: LanguageOption

    @Option(help: "The instructor's key file, NAME.key.yml beside NAME.yml: its hidden checks are judged as well.")
    var key: String?

    @Option(
        help: "Writes a report: FILE by its extension, or FORMAT:FILE; repeatable. Without one, report.html in the run."
    )
    var report: [String] = []

    func run() throws {
        let targets = try report.map(ReportArgument.parse)
        let (record, folder) = try JudgedRun.judge(
            name, below: try runs.absolute(), language: try speech.asked(), key: key)
        try Reports.write(record, folder: targets.isEmpty ? folder : nil, targets: targets)
        if targets.isEmpty { Standard.output("\(folder)/\(RunFolder.report)\n") }
    }
}

/// A run found and judged again.
enum JudgedRun {
    static func judge(
        _ name: String?, below runs: String, language: LanguageTag?, key: String?
    ) throws -> (record: RunRecord, folder: String) {
        guard let folder = RunSearch.find(name, below: runs) else {
            Standard.error(
                "lab: there is no run\(name.map { " `\($0)`" } ?? "") below `\(runs)`; `lab run` makes one\n")
            throw LabModel.ExitStatus.invalidInput.exit
        }
        do {
            return (try RunJudgement.judge(run: folder, language: language, key: key).record(in: folder), folder)
        } catch let problems as Diagnostics {
            Problem.show(problems.all)
            throw LabModel.ExitStatus.invalidInput.exit
        } catch let error as RunFolderError {
            Standard.error("lab: \(error)\n")
            throw LabModel.ExitStatus.invalidInput.exit
        }
    }
}
