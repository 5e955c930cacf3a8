import SupportDiagnostics

/// A lab as its author wrote it, checked, every part with its place in the file.
package struct LabDefinition: Sendable {
    package var name: String
    package var title: Template
    package var titleSpan: SourceSpan?
    package var credit: Credit
    package var world: WorldDefinition?
    /// The host of every step that names none; empty where the lab has no world.
    package var host: String
    package var variables: [VariableDefinition]
    package var steps: [StepDefinition]
    /// The main file first, then what it includes.
    package var files: [LabFile]
    /// What stands in the key file beside it, besides the hidden checks; nil in the student edition.
    package var key: LabKey?
    /// What a student edition says of where it comes from.
    package var edition: PublishedEdition?

    package init(
        name: String, title: Template, credit: Credit, world: WorldDefinition?, host: String,
        variables: [VariableDefinition], steps: [StepDefinition], files: [LabFile]
    ) {
        self.name = name
        self.title = title
        self.credit = credit
        self.world = world
        self.host = host
        self.variables = variables
        self.steps = steps
        self.files = files
    }

    package func step(_ id: String) -> StepDefinition? { steps.first { $0.id == id } }
    package var maxPoints: Double { steps.filter { !$0.isOptional }.flatMap(\.checks).reduce(0) { $0 + $1.points } }
    package var secrets: [VariableDefinition] { variables.filter(\.isSecret) }
}

/// One file that a lab was read from; `path` is relative to the folder of the lab's main file.
package struct LabFile: Sendable, Hashable {
    package var path: String
    package var bytes: [UInt8]

    package init(path: String, bytes: [UInt8]) {
        self.path = path
        self.bytes = bytes
    }
}
