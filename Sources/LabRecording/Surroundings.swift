import LabModel

/// What a draft can refer to: the world's nodes by address, and the values of the lab's variables.
package struct Surroundings: Sendable {
    package var nodes: [String: String]
    package var references: [String: String]

    package init(world: WorldDefinition, references: [String: Value]) {
        nodes = world.nodesByAddress
        for network in world.networks {
            // A router's address in a network is no `$world.NAME.address`.
            nodes[network.gateway] = nil
            if let gateway6 = network.gateway6 { nodes[gateway6] = nil }
        }
        path = world.nodesByAddress
        neighbours = Set(world.links.flatMap { [[$0.from, $0.to], [$0.to, $0.from]] })
        for host in world.hosts {
            guard let router = world.network(host.network)?.router else { continue }
            neighbours.formUnion([[host.name, router], [router, host.name]])
        }
        self.references = references.filter { !$0.key.hasPrefix("world.") }.mapValues(\.text)
    }

    private let path: [String: String]
    private var neighbours: Set<[String]>

    /// Whether each node of a path is linked with the next, so that none between them was silent.
    func isWhole(_ path: [String]) -> Bool {
        zip(path, path.dropFirst()).allSatisfy { neighbours.contains([$0, $1]) }
    }

    /// `$world.www.address` for its address; the address in quotes where no node has it.
    func address(_ text: String) -> String {
        guard let node = nodes[text] else { return "\"\(text)\"" }
        return "$world.\(node).address" + (text.contains(":") ? "6" : "")
    }

    /// The name of the node on a path.
    func node(_ address: String) -> String { path[address] ?? "\"\(address)\"" }

    /// Values of variables that differ between students, with the names that stand for them.
    var drawn: [(name: String, value: String)] {
        references.filter { $0.value.count >= 6 }.map { ($0.key, $0.value) }.sorted { $0.name < $1.name }
    }

    /// The text with the names of variables for hosts and addresses that are their values.
    func named(_ text: String) -> String {
        var result = text
        for (name, value) in drawn where value.contains(".") { result = result.replacing(value, with: "$\(name)") }
        if let node = nodes[result] { return "$world.\(node).address" + (result.contains(":") ? "6" : "") }
        return result
    }

    /// A command line as others may type it: with the names of variables for hosts that are their values. A line that has
    /// a `$` of its own stays as it is.
    func retyped(_ line: String) -> String {
        guard !line.contains("$") else { return line }
        return drawn.filter { $0.value.contains(".") }.reduce(line) { $0.replacing($1.value, with: "$\($1.name)") }
    }

    /// The text as a shell reads it alike and a lab does not: `${name}` for `$name`.
    func shielded(_ text: String) -> String {
        var result = text
        for name in references.keys.sorted(by: { $0.count > $1.count }) {
            result = result.replacing("$\(name)", with: "${\(name)}")
        }
        return result.replacing("$world.", with: "${world}.")
    }
}
