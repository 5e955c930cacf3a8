import ArgumentParser
import LabAuthoring
import LabModel
import LabReport
import SupportDiagnostics
import SupportLinux

struct NewCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "new", abstract: "Writes a small commented lab to begin with, its world and its key file.",
        discussion: "Topics:\n"
            + NewLab.Topic.allCases.map { "  \($0.rawValue): \($0.summary)" }.joined(separator: "\n"))

    @Argument(help: "The lab's name: letters, digits, `-` and `_`.")
    var name: String

    @Option(help: "What it is about.")
    var topic = NewLab.Topic.web

    @Option(help: "The folder to write into; without one, Labs/ where there is one, otherwise this folder.")
    var dir: String?

    func run() throws {
        guard let lab = NewLab(name: name, topic: topic) else {
            throw fail(
                "`\(Visible.text(name))` cannot be the name of a lab: letters, digits, `-` and `_`, a letter first")
        }
        let given = dir ?? (Files.kind(of: "Labs") == .directory ? "Labs" : ".")
        let folder = given == "." ? "" : given.hasSuffix("/") ? given : given + "/"
        let taken = lab.files.map { folder + $0.path }.filter { Files.kind(of: $0) != nil }
        guard taken.isEmpty else {
            let listed = taken.map { "`\(Visible.text($0))`" }.joined(separator: ", ")
            throw fail("\(listed) \(taken.count == 1 ? "is" : "are") there already; choose another name")
        }
        do {
            for path in ["worlds", "schema"] { try Files.createDirectories(folder + path) }
            for schema in EditorSchema.allCases {
                let path = "\(folder)schema/\(schema.fileName)"
                // A lab written earlier may need the schema as it is.
                if Files.kind(of: path) == nil { try AtomicFile.write(try schema.render(), to: path) }
            }
            for file in lab.files { try AtomicFile.write(Array(file.text.utf8), to: "\(folder)\(file.path)") }
        } catch {
            throw fail("the lab could not be written into `\(Visible.text(given))`: \(error)")
        }
        for file in lab.files { Standard.output("\(folder)\(file.path)\n") }
        Standard.output("\nNow: lab run \(folder)\(name).yml\n")
    }

    private func fail(_ message: String) -> ExitCode {
        Standard.error("lab: \(message)\n")
        return LabModel.ExitStatus.usage.exit
    }
}

extension NewLab.Topic: ExpressibleByArgument {}
