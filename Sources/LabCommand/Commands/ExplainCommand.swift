import ArgumentParser
import LabAuthoring
import LabModel
import LabSteps
import SupportDiagnostics

struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Says what a step kind does: its fields, results, tables.")

    @Argument(help: "A step kind, `lab`, `steps` or `world`; without one, all kinds are listed.")
    var kind: String?

    func run() throws {
        guard let name = kind else {
            for schema in StepCatalog.schemas { Standard.output("\(schema.name): \(schema.summary)\n") }
            let topics = ExplainTopics.all.map { "`\($0.name)`" }.joined(separator: ", ")
            return Standard.output("\nBesides the kinds: \(topics)\n")
        }
        if let topic = ExplainTopics.all.first(where: { $0.name == name }) { return Standard.output(topic.text) }
        guard let schema = StepCatalog.kind(named: name)?.schema else {
            let known = StepCatalog.schemas.map(\.name) + ExplainTopics.all.map(\.name)
            let nearest = Suggestion.nearest(to: name, among: known)
            let guess = nearest.map { "; did you mean `\($0)`?" } ?? ""
            Standard.error("lab: there is no step kind `\(name)`\(guess)\n")
            throw LabModel.ExitStatus.usage.exit
        }
        Standard.output(SchemaText.render(schema))
    }
}
