import SupportYAML

/// Changes to a lab between its text and its meaning: what a wrong run does differently. Everything that is changed is
/// read, typed and checked like the rest, and what is not changed keeps its place in the file.
package struct LabEdits: Sendable {
    /// Given every step there is, in order, with sections; gives those that shall be read.
    package var steps: @Sendable ([YAMLNode]) -> [YAMLNode]
    package var world: @Sendable (YAMLNode) -> YAMLNode

    package init(
        steps: @escaping @Sendable ([YAMLNode]) -> [YAMLNode] = { $0 },
        world: @escaping @Sendable (YAMLNode) -> YAMLNode = { $0 }
    ) {
        self.steps = steps
        self.world = world
    }
}

/// What a lab was read from, after includes and repetitions and before anything was made of it.
package struct LabTree: Sendable {
    package var steps: [YAMLNode] = []
    package var world: YAMLNode?

    package init() {}

    /// The node of a step, by its id.
    package func step(_ id: String) -> YAMLNode? {
        steps.first { $0.value(of: "id")?.scalar?.text == id }
    }
}
