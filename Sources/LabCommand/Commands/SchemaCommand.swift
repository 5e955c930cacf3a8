import ArgumentParser
import Glibc
import LabAuthoring
import LabModel
import LabReport

struct SchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema", abstract: "Prints the JSON Schema of lab files, for editors.",
        discussion: """
            With it an editor completes keys, shows what each is for and marks mistakes. Name it at the top of a lab:

              # yaml-language-server: $schema=schema/lab.schema.json
            """)

    @Argument(help: "Which files: labs, worlds, key files or translations.")
    var files = EditorSchema.lab

    @Option(name: .customLong("out"), help: "Writes it to this file.")
    var target: String?

    func run() throws {
        let bytes = try files.render()
        guard let target else { return Standard.write(bytes, to: STDOUT_FILENO) }
        do {
            try AtomicFile.write(bytes, to: target)
        } catch {
            Standard.error("lab: the schema could not be written to `\(target)`: \(error)\n")
            throw LabModel.ExitStatus.usage.exit
        }
    }
}

extension EditorSchema: ExpressibleByArgument {}
