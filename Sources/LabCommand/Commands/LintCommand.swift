import ArgumentParser
import Glibc
import LabAuthoring
import LabJudge
import LabModel
import LabReport
import SupportDiagnostics
import SupportLinux

struct LintCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "lint", abstract: "Checks labs without running them.",
        discussion: "Exit status: 0 without errors, 2 with one; with --strict also with a warning.")

    @Argument(help: "Lab files, folders of labs, patterns such as 'Labs/*.yml', or names of labs.")
    var paths: [String]

    @Option(help: "How problems are printed: \(LintFormats.names.joined(separator: ", ")).")
    var format = "text"

    @Flag(help: "Applies the fixes that need no thinking, and says what it changed.")
    var fix = false

    @Flag(help: "Shows what --fix would change, as a unified diff, and changes nothing.")
    var diff = false

    @Flag(help: "Takes warnings for errors.")
    var strict = false

    func validate() throws {
        guard LintFormats.named(format) == nil else { return }
        let guess = Suggestion.nearest(to: format, among: LintFormats.names).map { "; did you mean '\($0)'?" } ?? "."
        throw ValidationError("there is no format '\(Visible.text(format))'\(guess)")
    }

    func run() throws {
        var labs: [String] = []
        var missing: [Diagnostic] = []
        for path in paths {
            let found = LintFiles.labs(path)
            labs += found.filter { !labs.contains($0) }
            if found.isEmpty { missing.append(LabSearch.unknown(path)) }
        }
        let lint = { (replaced: [String: [UInt8]]) in
            let loader = LabLoader.standard.replacing(replaced)
            return missing
                + Self.unique(
                    labs.flatMap { path in
                        let loaded = loader.load(path)
                        if labs.count == 1, !fix, !diff { Self.keep(loaded) }
                        return loaded.problems
                    })
        }
        var problems: [Diagnostic]
        if fix || diff {
            let fixing = Fixing(lint)
            if diff {
                try showDiff(fixing)
                problems = lint([:])
            } else {
                try apply(fixing)
                problems = fixing.problems
            }
        } else {
            problems = lint([:])
        }
        if strict { for index in problems.indices { problems[index].severity = .error } }
        if !diff { show(LintReport(labs: labs.count, problems: problems, version: LabProgram.version)) }
        if problems.contains(where: { $0.severity == .error }) { throw LabModel.ExitStatus.invalidInput.exit }
    }

    private func show(_ report: LintReport) {
        guard
            let format = LintFormats.named(
                format, color: Standard.isColoured(STDERR_FILENO), columns: Terminal.size(of: STDERR_FILENO)?.columns)
        else { return }
        let text = format.render(report)
        Standard.error(text.errors)
        Standard.output(text.output)
    }

    /// Leaves a lab to the end of the process, which is near: taking a large one apart takes a fifth of what reading took.
    private static func keep(_ lab: LoadedLab) { _ = Unmanaged.passRetained(Kept(lab)) }

    private final class Kept {
        let lab: LoadedLab

        init(_ lab: LoadedLab) { self.lab = lab }
    }

    /// What two labs share is told once.
    private static func unique(_ problems: [Diagnostic]) -> [Diagnostic] {
        var seen = Set<String>()
        return problems.filter { problem in
            guard let span = problem.primary?.span else { return true }
            return seen.insert("\(problem.code) \(span.file.name) \(span.range) \(problem.message)").inserted
        }
    }

    private func apply(_ fixing: Fixing) throws {
        for file in fixing.files {
            do { try AtomicFile.write(file.after, to: file.name) } catch {
                Standard.error("lab: \(error)\n")
                throw LabModel.ExitStatus.preflight.exit
            }
            let changes = fixing.changes.filter { $0.file == file.name }
            let count = "\(changes.count) \(changes.count == 1 ? "change" : "changes")"
            Standard.error("\(Visible.text(file.name)): \(count)\n")
            for (_, change) in changes { Standard.error("  \(Self.words(change))\n") }
        }
        if fixing.files.isEmpty { Standard.error("nothing to fix\n") }
    }

    /// `12:5 field.unknown: expalin → explain`
    private static func words(_ change: FixPlan.Change) -> String {
        func short(_ text: String) -> String {
            let visible = Visible.text(text)
            return visible.isEmpty ? "nothing" : visible.count > 40 ? visible.prefix(39) + "…" : visible
        }
        return "\(change.place) \(change.code): \(short(change.old)) → \(short(change.new))"
    }

    private func showDiff(_ fixing: Fixing) throws {
        let isTerminal = Standard.isColoured(STDOUT_FILENO)
        for file in fixing.files {
            let diff = UnifiedDiff.render(file.name, from: file.before, to: file.after)
            guard isTerminal else {
                Standard.write(diff, to: STDOUT_FILENO)
                continue
            }
            for line in String(decoding: diff, as: UTF8.self).split(separator: "\n") {
                Standard.output(Visible.text(line) + "\n")
            }
        }
        if fixing.files.isEmpty { Standard.error("nothing to fix\n") }
    }
}

/// The lab files that an argument stands for; worlds are read with the labs that use them.
enum LintFiles {
    static func labs(_ path: String) -> [String] {
        switch Files.kind(of: path) {
        case .directory?: return inFolder(path)
        case nil where path.contains("*") || path.contains("?"):
            return Files.matches(path).filter { Files.kind(of: $0) == .file && !isSidecar($0) }
        default:
            // A translation says nothing without its lab, nor does a key file.
            if let lab = Sidecars.lab(of: path), Files.exists(lab) { return [lab] }
            return LabSearch.find(LabKey.lab(of: path) ?? path).map { [$0] } ?? []
        }
    }

    private static func inFolder(_ path: String) -> [String] {
        var folder = path
        while folder.count > 1, folder.hasSuffix("/") { folder.removeLast() }
        let entries = ((try? Files.list(folder)) ?? []).filter { $0.kind == .file }
        return entries.map { "\(folder)/\($0.name)" }.filter { !isSidecar($0) }.sorted()
    }

    /// Anything but a lab: a file of another kind, a key, a translation, which is checked with its lab.
    private static func isSidecar(_ path: String) -> Bool {
        guard path.hasSuffix(".yml") || path.hasSuffix(".yaml"), !path.hasSuffix(".key.yml") else { return true }
        return Sidecars.lab(of: path).map { Files.exists($0) } ?? false
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
