import SupportDiagnostics
import SupportYAML

/// Whether links lead from every network to every other.
struct WorldReach {
    let world: WorldDefinition
    let node: YAMLNode
    let problems: Problems

    func verify() {
        // A network is a node of its own, which links may end at.
        let routers = Set(world.routers.map(\.name))
        let known = routers.union(world.switches).union(world.networks.map(\.name)).union(world.hosts.map(\.name))
        // Links and networks that name unknown routers were told; what follows from them is not.
        guard world.links.allSatisfy({ known.contains($0.from) && known.contains($0.to) }),
            world.networks.allSatisfy({ routers.contains($0.router) }),
            world.links.count == node.value(of: "links")?.sequence?.count ?? 0, let start = world.networks.first
        else { return }
        var neighbours: [String: [String]] = [:]
        for link in world.links {
            neighbours[link.from, default: []].append(link.to)
            neighbours[link.to, default: []].append(link.from)
        }
        for network in world.networks where neighbours[network.name] != nil {
            neighbours[network.router, default: []].append(network.name)
            neighbours[network.name, default: []].append(network.router)
        }
        var reached: Set<String> = [start.router]
        var open = [start.router]
        while let router = open.popLast() {
            for next in neighbours[router] ?? [] where reached.insert(next).inserted { open.append(next) }
        }
        for network in world.networks where !reached.contains(network.router) {
            problems.report(
                Diagnostic(
                    "world.unreachable", "no link leads from the network `\(start.name)` to `\(network.name)`",
                    at: node.value(of: "networks")?.mapping?.first { $0.key.text == network.name }?.key.span,
                    help: [
                        "join the routers `\(start.router)` and `\(network.router)` by links, directly or over others"
                    ]))
        }
        let used = Set(world.networks.map(\.router)).union(neighbours.keys)
        for router in world.routers where !used.contains(router.name) {
            problems.report(
                Diagnostic(
                    "world.unreachable", "nothing leads to the router `\(router.name)`", severity: .warning,
                    at: span(router.name), help: ["link it, hang a network on it, or remove it"]))
        }
    }

    private func span(_ router: String) -> SourceSpan? {
        let routers = node.value(of: "routers")
        return routers?.sequence?.first { $0.scalar?.text == router }?.span
            ?? routers?.mapping?.first { $0.key.text == router }?.key.span
    }
}
