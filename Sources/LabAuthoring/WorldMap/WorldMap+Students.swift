/// What differs from student to student is no part of a map for all of them.
extension WorldMap {
    static let varies = "varies"

    /// Takes out what another student has otherwise. Variables stand for values and names, so both worlds have the same parts;
    /// should they not, nothing can be shown but that.
    mutating func blur(where other: WorldMap) {
        guard nodes.map(\.kind) == other.nodes.map(\.kind), edges.map(\.ends) == other.edges.map(\.ends),
            nodes.map(\.hosts.count) == other.nodes.map(\.hosts.count)
        else {
            nodes = []
            edges = []
            notes = [Label(key: "world", text: "The world is another one for each student; --student draws theirs.")]
            return
        }
        for (index, node) in other.nodes.enumerated() { nodes[index].blur(where: node) }
        for (index, edge) in other.edges.enumerated() { edges[index].blur(where: edge) }
        notes.blur(where: other.notes)
    }
}

extension WorldMap.Edge {
    fileprivate var ends: [Int] { [from, to] }

    fileprivate mutating func blur(where other: Self) {
        // A property that is the same both ways for one student may not be for the other.
        guard both.map(\.key) == other.both.map(\.key), there.map(\.key) == other.there.map(\.key),
            back.map(\.key) == other.back.map(\.key)
        else {
            let keys = (both + there + back + other.both + other.there + other.back).map(\.key)
            var seen: Set<String> = []
            both = keys.filter { seen.insert($0).inserted }.map {
                WorldMap.Label(key: $0, text: "\($0) \(WorldMap.varies)")
            }
            (there, back) = ([], [])
            return
        }
        both.blur(where: other.both)
        there.blur(where: other.there)
        back.blur(where: other.back)
        isDown = isDown && other.isDown
    }
}

extension WorldMap.Node {
    fileprivate mutating func blur(where other: Self) {
        if name != other.name { name = WorldMap.varies }
        if lines != other.lines { lines = ["address \(WorldMap.varies)"] }
        for (index, host) in other.hosts.enumerated() {
            if hosts[index].name != host.name { hosts[index].name = WorldMap.varies }
            if hosts[index].addresses != host.addresses { hosts[index].addresses = [WorldMap.varies] }
        }
        guard marks.map(\.label.key) == other.marks.map(\.label.key) else {
            marks = [.init(tone: .differs, label: .init(key: "behaviour", text: "behaviour \(WorldMap.varies)"))]
            return
        }
        for (index, mark) in other.marks.enumerated() where marks[index] != mark {
            marks[index].label.text = "\(mark.label.key) \(WorldMap.varies)"
            marks[index].details = []
        }
    }
}

extension [WorldMap.Label] {
    fileprivate mutating func blur(where other: Self) {
        for (index, label) in enumerated() where !other.contains(label) {
            self[index].text = "\(label.key) \(WorldMap.varies)"
        }
    }
}
