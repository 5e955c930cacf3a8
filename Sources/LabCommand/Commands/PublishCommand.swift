import ArgumentParser
import LabModel
import LabProof
import SupportDiagnostics
import SupportLinux

struct PublishCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "publish",
        abstract: "Writes the student edition of a lab: without hidden checks, answers, rubric and wrong runs.")

    @Argument(help: "A lab's name in Labs/ or $LAB_PATH, or the path of its file.")
    var lab: String

    @Option(help: "The folder to write to: new, or holding an older edition of the lab and nothing else.")
    var out: String

    @Option(help: "Prints the result as text or as JSON.")
    var format = OutputFormat.text

    func run() throws {
        guard let path = LabSearch.find(lab) else {
            Problem.show([LabSearch.unknown(lab)], format)
            throw LabModel.ExitStatus.invalidInput.exit
        }
        let edition: StudentEdition
        do {
            edition = try StudentEdition.make(from: path)
            try EditionFolder.write(edition, to: out)
        } catch let problems as Diagnostics {
            Problem.show(problems.all, format)
            throw LabModel.ExitStatus.invalidInput.exit
        } catch let refusal as EditionFolder.Refusal {
            Standard.error("lab: \(refusal)\n")
            throw LabModel.ExitStatus.usage.exit
        } catch let error as SystemError {
            Standard.error("lab: the edition could not be written: \(error)\n")
            throw LabModel.ExitStatus.preflight.exit
        }
        switch format {
        case .json:
            Standard.output(String(decoding: try JSON.encode(edition.manifest, pretty: true), as: UTF8.self) + "\n")
        case .text:
            for file in edition.files.map(\.path).sorted() { Standard.output("\(out)/\(file)\n") }
            for comment in edition.removedComments { Standard.output("left out: the comment in \(comment)\n") }
            Standard.output("published from \(edition.manifest.publishedFrom.prefix(12)); nothing hidden is in it\n")
        }
    }
}
