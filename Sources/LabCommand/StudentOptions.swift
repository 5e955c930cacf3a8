import ArgumentParser
import LabModel
import LabRunner
import SupportDiagnostics
import SupportLinux

/// What the student gives to a run: answers and files.
struct StudentOptions: ParsableArguments {
    @Option(help: "A file with answers to the lab's questions, `STEP: ANSWER` a line; others are asked on a terminal.")
    var answers: String?

    @Option(help: "The folder with the files that the lab asks for.")
    var handIn: String?

    /// - Throws: the exit status, after saying what is wrong with the file or the folder.
    func respondent(for lab: LabDefinition, _ format: OutputFormat) throws -> any Respondent {
        let terminal: any Respondent = TerminalRespondent.present() ?? Nobody()
        guard answers != nil || handIn != nil else { return terminal }
        return WrittenResponses(
            answers: try readAnswers(for: lab, format), folder: try handIn.map(folder), otherwise: terminal)
    }

    private func readAnswers(for lab: LabDefinition, _ format: OutputFormat) throws -> [String: GivenAnswer] {
        guard let answers else { return [:] }
        let bytes: [UInt8]
        do {
            bytes = try Files.read(answers, limit: 16 << 20)
        } catch {
            Standard.error(
                "lab: the answers cannot be read: \(Visible.text("\(error)"))\n"
                    + "  what to do: name a file with a line for each question, `STEP: ANSWER`\n")
            throw LabModel.ExitStatus.usage.exit
        }
        let (given, problems) = AnswerFile.read(SourceFile(name: answers, bytes: bytes), for: lab)
        if !problems.isEmpty { Problem.show(problems, format) }
        if problems.contains(where: { $0.severity == .error }) { throw LabModel.ExitStatus.invalidInput.exit }
        return given
    }

    private func folder(_ path: String) throws -> String {
        let absolute = path.hasPrefix("/") ? path : try OwnProcess.workingDirectory() + "/" + path
        guard (try? Files.list(absolute)) != nil else {
            Standard.error(
                "lab: --hand-in names no folder that can be read: `\(Visible.text(path))`\n"
                    + "  what to do: name the folder in which the files lie\n")
            throw LabModel.ExitStatus.usage.exit
        }
        return absolute
    }
}
