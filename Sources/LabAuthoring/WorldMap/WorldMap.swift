import LabModel

/// A world as it is drawn: who is there, what links them, and what is special about either.
package struct WorldMap: Sendable, Equatable {
    package enum Kind: String, Sendable {
        case router, network, hub, host
    }

    /// A short text about one property, so that the same property of two worlds can be compared.
    package struct Label: Sendable, Equatable {
        var key: String
        var text: String
    }

    /// Something that a router does besides forwarding.
    package struct Mark: Sendable, Equatable {
        enum Tone: String, Sendable {
            /// Packets are stopped.
            case stops
            /// Packets are changed.
            case changes
            /// Nothing is said about packets.
            case hides
            /// Another way, or another answer.
            case differs
        }

        var tone: Tone
        var label: Label
        /// In full, a line each: the rules of a firewall.
        var details: [String] = []
    }

    package struct Host: Sendable, Equatable {
        var name: String
        var addresses: [String]
        var isVirtual: Bool
        var isDown: Bool
    }

    package struct Node: Sendable, Equatable {
        var name: String
        var kind: Kind
        /// Addresses or prefixes.
        var lines: [String]
        /// Those in a network that hang at nothing else.
        var hosts: [Host] = []
        var marks: [Mark] = []
    }

    package struct Edge: Sendable, Equatable {
        /// Indices of nodes.
        var from: Int
        var to: Int
        /// What is the same in both directions.
        var both: [Label] = []
        /// What only one has, or has otherwise.
        var there: [Label] = []
        var back: [Label] = []
        var isDown = false
        /// A cable that the author did not write.
        var isPlain = false
        var isInTunnel = false
    }

    package let title: String
    var nodes: [Node] = []
    var edges: [Edge] = []
    /// What belongs to no single place, a line each: tunnels, changes, the resolver.
    var notes: [Label] = []
    /// Where drawing begins.
    var root = 0

    /// - Parameters:
    ///   - lab: the name of the lab, for a world that has none of its own.
    ///   - host: the host to begin at; another one where the world does not have it.
    ///   - others: worlds of other students: where one differs, the map says so in place of a value.
    package init(_ world: WorldDefinition, of lab: String = "", from host: String = "", others: [WorldDefinition] = [])
    {
        title = world.name == "inline" ? "The world of \(lab)" : "World \(world.name)"
        addNodes(of: world)
        addEdges(of: world)
        addNotes(of: world)
        let start = world.host(host) ?? world.hosts.first { !$0.isVirtual } ?? world.hosts.first
        let place = start.flatMap { start in
            nodes.firstIndex { $0.kind == .host && $0.name == start.name }
                ?? nodes.firstIndex { $0.kind == .network && $0.name == start.network }
        }
        root = place ?? nodes.firstIndex { $0.kind == .network } ?? 0
        for other in others { blur(where: WorldMap(other, from: host)) }
    }

    private mutating func addNodes(of world: WorldDefinition) {
        nodes = world.routers.map { router in
            Node(
                name: router.name, kind: .router, lines: [router.address, router.address6].filter { !$0.isEmpty },
                marks: MapWords.marks(of: router, in: world))
        }
        nodes += world.switches.map { Node(name: $0, kind: .hub, lines: []) }
        let linked = Set(world.links.flatMap { [$0.from, $0.to] })
        nodes += world.networks.map { network in
            Node(
                name: network.name, kind: .network, lines: [network.prefix, network.prefix6].compactMap { $0 },
                hosts: world.hosts.filter { $0.network == network.name && !linked.contains($0.name) }.map(Host.init))
        }
        for host in world.hosts where linked.contains(host.name) {
            nodes.append(Node(name: host.name, kind: .host, lines: [], hosts: [Host(host)]))
        }
    }

    private mutating func addEdges(of world: WorldDefinition) {
        // One name space for all that links end at.
        let places = Dictionary(nodes.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
        var tunnelled: Set<Set<Int>> = []
        for tunnel in world.tunnels {
            let path = tunnel.path.compactMap { places[$0] }
            for (one, next) in zip(path, path.dropFirst()) { tunnelled.insert([one, next]) }
        }
        for link in world.links {
            guard let from = places[link.from], let to = places[link.to] else { continue }
            let there = MapWords.labels(of: link.there)
            let back = MapWords.labels(of: link.back)
            edges.append(
                Edge(
                    from: from, to: to, both: there.filter(back.contains),
                    there: there.filter { !back.contains($0) }, back: back.filter { !there.contains($0) },
                    isDown: link.isDown, isInTunnel: tunnelled.contains([from, to])))
        }
        for network in world.networks {
            guard let router = places[network.router], let own = places[network.name] else { continue }
            if !edges.contains(where: { Set([$0.from, $0.to]) == [router, own] }) {
                edges.append(Edge(from: router, to: own, isPlain: true))
            }
        }
    }

    private mutating func addNotes(of world: WorldDefinition) {
        if !world.resolver.isEmpty {
            notes.append(Label(key: "resolver", text: "Names are resolved by \(world.resolver)"))
        }
        for (index, tunnel) in world.tunnels.enumerated() {
            let labels = tunnel.labels.map(String.init).joined(separator: ", ")
            notes.append(
                Label(
                    key: "tunnel \(index + 1)",
                    text: "Tunnel \(tunnel.path.joined(separator: " → "))"
                        + (labels.isEmpty ? "" : ", labels \(labels)") + (tunnel.isHidden ? ", its hops hidden" : "")))
        }
        for (index, change) in world.changes.enumerated() {
            let subject =
                switch change.subject {
                case .link(let name): "link \(name)"
                case .host(let name): "host \(name)"
                }
            notes.append(
                Label(
                    key: "change \(index + 1)",
                    text: "After \(MapWords.duration(change.at)): \(subject) goes \(change.isUp ? "up" : "down")"))
        }
    }
}

extension WorldMap.Host {
    fileprivate init(_ host: WorldDefinition.Host) {
        self.init(
            name: host.name, addresses: [host.address, host.address6].compactMap { $0 }, isVirtual: host.isVirtual,
            isDown: host.isDown)
    }
}
