import ArgumentParser
import LabAuthoring
import LabModel
import LabSteps
import SupportDiagnostics

struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Says what a step kind does (its fields, results, tables), or what the code of a problem means.")

    @Argument(
        help: "A step kind, the code of a problem, `lab`, `steps`, `world`, or `codes`; without one, all are listed.")
    var topic: String?

    @Option(help: "Prints codes as text or as JSON.")
    var format = OutputFormat.text

    func run() throws {
        guard let name = topic else { return listAll() }
        if name == "codes" {
            return Standard.output(
                format == .json ? CodeText.json(CodeCatalog.all) + "\n" : CodeText.list(CodeCatalog.all))
        }
        if let code = CodeCatalog.named(name) {
            return Standard.output(format == .json ? CodeText.json(code) + "\n" : CodeText.render(code))
        }
        if let topic = ExplainTopics.all.first(where: { $0.name == name }) { return Standard.output(topic.text) }
        if let schema = StepCatalog.kind(named: name)?.schema { return Standard.output(SchemaText.render(schema)) }
        let family = CodeCatalog.all.filter { $0.family == name }
        if !family.isEmpty { return Standard.output(CodeText.list(family)) }
        throw unknown(name)
    }

    private func listAll() {
        if format == .json { return Standard.output(CodeText.json(CodeCatalog.all) + "\n") }
        for schema in StepCatalog.schemas { Standard.output("\(schema.name): \(schema.summary)\n") }
        let topics = ExplainTopics.all.map { "`\($0.name)`" }.joined(separator: ", ")
        Standard.output("\nBesides the kinds: \(topics)\n\nCodes of problems:\n" + CodeText.list(CodeCatalog.all))
    }

    private func unknown(_ name: String) -> ExitCode {
        let known = StepCatalog.schemas.map(\.name) + ExplainTopics.all.map(\.name) + CodeCatalog.all.map(\.code)
        let nearest =
            CodeCatalog.all.first { $0.code.hasSuffix("." + name) }?.code
            ?? Suggestion.nearest(to: name, among: known)
        let guess = nearest.map { "; did you mean `\($0)`?" } ?? "; `lab explain` lists them"
        Standard.error("lab: there is no step kind and no code `\(Visible.text(name))`\(guess)\n")
        return LabModel.ExitStatus.usage.exit
    }
}
