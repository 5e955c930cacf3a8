import ArgumentParser
import Glibc
import LabJudge
import LabModel
import SupportDiagnostics
import SupportLinux

struct LintCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lint", abstract: "Checks labs without running them.")

    @Argument(help: "Lab files, folders of labs, or names of labs.")
    var paths: [String]

    @Option(help: "Prints problems as text or as JSON.")
    var format = OutputFormat.text

    func run() throws {
        var problems: [Diagnostic] = []
        var labs = 0
        for path in paths {
            for file in files(path) {
                labs += 1
                problems += LabLoader.standard.load(file).problems
            }
            if files(path).isEmpty { problems.append(LabSearch.unknown(path)) }
        }
        let errors = problems.count { $0.severity == .error }
        switch format {
        case .json: Standard.output(DiagnosticJSON.render(problems) + "\n")
        case .text:
            Problem.show(problems)
            let warnings = problems.count { $0.severity == .warning }
            Standard.output(
                "\(labs) \(labs == 1 ? "lab" : "labs"), \(errors) \(errors == 1 ? "error" : "errors"), "
                    + "\(warnings) \(warnings == 1 ? "warning" : "warnings")\n")
        }
        if errors > 0 { throw LabModel.ExitStatus.invalidInput.exit }
    }

    /// The lab files that a path or a name stands for; worlds are read with the labs that use them.
    private func files(_ path: String) -> [String] {
        guard Files.kind(of: path) == .directory else {
            // A translation says nothing without its lab, nor does a key file.
            if let lab = Sidecars.lab(of: path), Files.exists(lab) { return [lab] }
            return LabSearch.find(LabKey.lab(of: path) ?? path).map { [$0] } ?? []
        }
        let entries = ((try? Files.list(path)) ?? []).filter { entry in
            entry.kind == .file && (entry.name.hasSuffix(".yml") || entry.name.hasSuffix(".yaml"))
                && !entry.name.hasSuffix(".key.yml") && !isSidecar(entry.name, in: path)
        }
        return entries.map { "\(path)/\($0.name)" }.sorted()
    }

    /// A translation is checked with its lab.
    private func isSidecar(_ name: String, in folder: String) -> Bool {
        Sidecars.lab(of: "\(folder)/\(name)").map { Files.exists($0) } ?? false
    }
}

struct ListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "Shows the labs there are.")

    @Option(help: "Prints the list as text or as JSON.")
    var format = OutputFormat.text

    func run() throws {
        let labs = LabSearch.all().map { found -> (name: String, title: String, steps: Int, path: String) in
            let loaded = LabLoader.standard.load(found.path, settings: LabSettings(language: .english))
            let title = loaded.lab?.title.rendered(loaded.references) ?? "(cannot be read: `lab lint \(found.path)`)"
            return (found.name, title, loaded.lab?.steps.count ?? 0, found.path)
        }
        switch format {
        case .json:
            let list = Value.list(
                labs.map {
                    [
                        "name": .string($0.name), "title": .string($0.title), "steps": .int(Int64($0.steps)),
                        "path": .string($0.path),
                    ]
                })
            Standard.write(try JSON.encode(list, pretty: true) + [0x0A], to: STDOUT_FILENO)
        case .text:
            let width = labs.map(\.name.count).max() ?? 0
            for lab in labs {
                let name = lab.name + String(repeating: " ", count: width - lab.name.count)
                Standard.output("\(name)  \(lab.title) (\(lab.steps) steps)\n")
            }
            if labs.isEmpty { Standard.error("no labs in \(LabSearch.folders().joined(separator: ", "))\n") }
        }
    }
}
