import ArgumentParser
import Glibc
import LabAuthoring
import LabModel
import LabSteps
import SupportDiagnostics

struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Says what a step kind does, how labs are written, or what the code of a problem means.")

    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text, json, markdown
    }

    @Argument(
        help: """
            A step kind, a topic such as `checks`, a field such as `lab.http.code`, the code of a problem, or `codes`; \
            without one, all are listed.
            """)
    var topic: String?

    @Option(help: "Prints it as text, as JSON for programs, or as Markdown.")
    var format = Format.text

    func run() throws {
        guard let name = topic else { return try listAll() }
        if name == "codes" {
            return Standard.output(
                format == .json ? CodeText.json(CodeCatalog.all) + "\n" : CodeText.list(CodeCatalog.all))
        }
        if let code = CodeCatalog.named(name) {
            return Standard.output(format == .json ? CodeText.json(code) + "\n" : CodeText.render(code))
        }
        if let page = HelpIndex.page(name) { return try show(page) }
        let family = CodeCatalog.all.filter { $0.family == name }
        if !family.isEmpty { return Standard.output(CodeText.list(family)) }
        throw unknown(name)
    }

    private func show(_ page: HelpPage) throws {
        switch format {
        case .text: Standard.output(page.text())
        case .markdown: Standard.output(page.markdown(title: page.name))
        case .json: try json(KindJSON.value(named: page.name))
        }
    }

    private func json(_ value: Value) throws {
        Standard.write(try JSON.encode(value, pretty: true) + [0x0A], to: STDOUT_FILENO)
    }

    private func listAll() throws {
        if format == .json { return try json(KindJSON.catalogue()) }
        Standard.output(HelpIndex.overview())
        Standard.output("\nCodes of problems\n" + CodeText.list(CodeCatalog.all))
    }

    private func unknown(_ name: String) -> ExitCode {
        let known = HelpIndex.names + CodeCatalog.all.map(\.code)
        let nearest =
            CodeCatalog.all.first { $0.code.hasSuffix("." + name) }?.code
            ?? Suggestion.nearest(to: name, among: known)
        let guess = nearest.map { "; did you mean `\($0)`?" } ?? "; `lab explain` lists them"
        Standard.error("lab: there is nothing called `\(Visible.text(name))` to explain\(guess)\n")
        return LabModel.ExitStatus.usage.exit
    }
}
