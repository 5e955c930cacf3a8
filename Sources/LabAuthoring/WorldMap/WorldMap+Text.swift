import SupportDiagnostics

extension WorldMap {
    /// The world for a terminal: from one network along the ways, the longest of them straight down, what branches off
    /// indented. Links that close a circle are told at their second end.
    package var text: String {
        var drawing = TextDrawing(self)
        drawing.draw()
        let lines = [title, ""] + drawing.lines + (notes.isEmpty ? [] : [""] + notes.map(\.text))
        return lines.map { Visible.text($0) }.joined(separator: "\n") + "\n"
    }
}

/// A tree that spans the map, written line by line.
private struct TextDrawing {
    private let map: WorldMap
    private var links: [[Int]]
    private var parent: [Int?]
    private var children: [[Int]]
    private var weight: [Int]
    private var drawn: Set<Int> = []
    var lines: [String] = []

    init(_ map: WorldMap) {
        self.map = map
        let count = map.nodes.count
        links = Array(repeating: [], count: count)
        for (index, edge) in map.edges.enumerated() {
            links[edge.from].append(index)
            links[edge.to].append(index)
        }
        parent = Array(repeating: nil, count: count)
        children = Array(repeating: [], count: count)
        weight = Array(repeating: 1, count: count)
    }

    mutating func draw() {
        var seen: Set<Int> = []
        for start in [map.root] + Array(map.nodes.indices) where map.nodes.indices.contains(start) {
            guard seen.insert(start).inserted else { continue }
            var order = [start]
            var next = 0
            while next < order.count {
                let node = order[next]
                next += 1
                for link in links[node] {
                    let other = end(of: link, from: node)
                    guard seen.insert(other).inserted else { continue }
                    parent[other] = link
                    children[node].append(other)
                    order.append(other)
                }
            }
            for node in order.reversed() { weight[node] = 1 + children[node].map { weight[$0] }.reduce(0, +) }
            if !lines.isEmpty { lines.append("") }
            write(start)
        }
    }

    private func end(of link: Int, from node: Int) -> Int {
        map.edges[link].from == node ? map.edges[link].to : map.edges[link].from
    }

    /// Writes what hangs together from a node on; without recursion, since a way may be long.
    private mutating func write(_ start: Int) {
        // What is still to be written, the next last: a node, what stands before its line and before those that follow.
        var waiting = [(node: start, head: "", rest: "")]
        while let (node, head, rest) = waiting.popLast() {
            let trunk = children[node].max { (weight[$0], -$0) < (weight[$1], -$1) }
            let branches = children[node].filter { $0 != trunk }
            let below = trunk == nil ? "  " : "│ "
            lines.append(head + title(of: node))
            for line in details(of: node) { lines.append("\(rest)\(below)  \(line)") }
            drawn.insert(node)
            for link in links[node] where link != parent[node] && drawn.contains(end(of: link, from: node)) {
                guard !children[node].contains(end(of: link, from: node)) else { continue }
                let other = map.nodes[end(of: link, from: node)].name
                lines.append(
                    "\(rest)\(below)  also linked to \(other)\(about(link, from: node).map { ": " + $0 } ?? "")")
            }
            if let trunk {
                let label = parent[trunk].flatMap { about($0, from: node) }
                waiting.append((trunk, label.map { "\(rest)│ \($0)\n\(rest)" } ?? "\(rest)│\n\(rest)", rest))
            }
            for branch in branches.reversed() {
                let label = parent[branch].flatMap { about($0, from: node) }.map { "[\($0)] " } ?? ""
                let bar = trunk == nil && branch == branches.last ? "└─ " : "├─ "
                waiting.append((branch, rest + bar + label, rest + (bar.hasPrefix("└") ? "   " : "│  ")))
            }
        }
        lines = lines.flatMap { $0.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) }
    }

    private func title(of index: Int) -> String {
        let node = map.nodes[index]
        let kind =
            switch node.kind {
            case .router: ""
            case .network: "network "
            case .hub: "switch "
            case .host: "host "
            }
        let lines = node.kind == .host ? node.hosts.first?.addresses ?? [] : node.lines
        return [kind + node.name, lines.joined(separator: ", ")].filter { !$0.isEmpty }.joined(separator: "  ")
    }

    private func details(of index: Int) -> [String] {
        let node = map.nodes[index]
        let hosts = node.hosts.map { host in
            let state = host.isDown ? " (down)" : host.isVirtual ? " (virtual)" : ""
            return "· \(host.name)  \(host.addresses.joined(separator: ", "))\(state)"
        }
        let marks = node.marks.flatMap { mark in ["* \(mark.label.text)"] + mark.details.map { "    \($0)" } }
        return (node.kind == .host ? [] : hosts) + marks
    }

    /// A link's properties, those of one direction behind its arrow; nil where it has none.
    private func about(_ link: Int, from node: Int) -> String? {
        let edge = map.edges[link]
        let (there, back) = edge.from == node ? ("↓", "↑") : ("↑", "↓")
        let parts =
            (edge.isDown ? ["down"] : []) + edge.both.map(\.text)
            + (edge.there.isEmpty ? [] : ["\(there) \(edge.there.map(\.text).joined(separator: ", "))"])
            + (edge.back.isEmpty ? [] : ["\(back) \(edge.back.map(\.text).joined(separator: ", "))"])
            + (edge.isInTunnel ? ["in a tunnel"] : [])
        return parts.isEmpty ? nil : parts.joined(separator: ", ")
    }
}
