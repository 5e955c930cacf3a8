/// Where the parts of a world are drawn: columns by their distance from where drawing begins, folded into bands where there
/// are many.
///
/// Distances make columns in which a link joins neighbours or parts of the same column, so no link has to go around others. The
/// same world always gives the same places.
struct MapLayout {
    struct Size: Equatable {
        var width: Double
        var height: Double
    }

    struct Frame: Equatable {
        var x = 0.0
        var y = 0.0
        var width: Double
        var height: Double
        /// Counted from the top.
        var band = 0
        /// Counted from where drawing begins, throughout all bands.
        var column = 0

        var middle: (x: Double, y: Double) { (x + width / 2, y + height / 2) }
        var right: Double { x + width }
        var bottom: Double { y + height }
    }

    private(set) var frames: [Frame]
    private(set) var width = 0.0
    private(set) var height = 0.0

    /// A band that is wider is folded, where no more than one link has to turn round.
    private static let widest = 2300.0
    private static let rowGap = 22.0
    private static let bandGap = 64.0

    private let sizes: [Size]
    private let neighbours: [[Int]]

    /// - Parameters:
    ///   - gap: the room that the links between two columns need, given the parts in them.
    init(_ map: WorldMap, sizes: [Size], gap: ([Int], [Int]) -> Double) {
        self.sizes = sizes
        frames = sizes.map { Frame(width: $0.width, height: $0.height) }
        var neighbours = Array(repeating: [Int](), count: sizes.count)
        for edge in map.edges {
            neighbours[edge.from].append(edge.to)
            neighbours[edge.to].append(edge.from)
        }
        self.neighbours = neighbours
        var top = 0.0
        var column = 0
        var band = 0
        for layers in components(from: map.root) {
            let bands = fold(layers, gap: gap)
            for columns in bands {
                place(columns, gap: gap, top: top, band: band, firstColumn: column)
                column += columns.count
                band += 1
                top = (columns.joined().map { frames[$0].bottom }.max() ?? top) + Self.bandGap
            }
            turn(from: band - bands.count, to: band)
        }
        height = max(0, top - Self.bandGap)
        width = frames.map(\.right).max() ?? 0
    }

    // MARK: Columns

    /// The parts by their distance from a first one, for every part of the world that hangs together.
    private func components(from root: Int) -> [[[Int]]] {
        var seen = Array(repeating: false, count: sizes.count)
        var components: [[[Int]]] = []
        for start in [root] + Array(sizes.indices) where sizes.indices.contains(start) && !seen[start] {
            seen[start] = true
            var layers = [[start]]
            while let last = layers.last {
                var next: [Int] = []
                for node in last {
                    for neighbour in neighbours[node] where !seen[neighbour] {
                        seen[neighbour] = true
                        next.append(neighbour)
                    }
                }
                if next.isEmpty { break }
                layers.append(next)
            }
            components.append(layers)
        }
        return components
    }

    private func columnWidth(_ column: [Int]) -> Double { column.map { sizes[$0].width }.max() ?? 0 }

    /// Bands of about the same width.
    private func fold(_ columns: [[Int]], gap: ([Int], [Int]) -> Double) -> [[[Int]]] {
        let gaps = zip(columns, columns.dropFirst()).map(gap)
        let total = columns.map(columnWidth).reduce(0, +) + gaps.reduce(0, +)
        let bands = (total / Self.widest).rounded(.up)
        guard bands > 1 else { return [columns] }
        var folded: [[[Int]]] = []
        var before: Set<Int> = []
        var used = 0.0
        var left = total
        for (index, column) in columns.enumerated() {
            // A few columns more make no band of their own.
            let isFull = used > total / bands * 0.94 && left > total / bands * 0.3
            if folded.isEmpty || isFull && links(across: before) == 1 {
                folded.append([])
                used = 0
            }
            folded[folded.count - 1].append(column)
            before.formUnion(column)
            let width = columnWidth(column) + (index < gaps.count ? gaps[index] : 0)
            used += width
            left -= width
        }
        return folded
    }

    /// How many links lead out of a set of parts.
    private func links(across members: Set<Int>) -> Int {
        members.reduce(0) { $0 + neighbours[$1].count { !members.contains($0) } }
    }

    /// Every other band of those that hang together goes back, so that the link from one to the next is short.
    private mutating func turn(from start: Int, to end: Int) {
        let width = frames.filter { (start..<end).contains($0.band) }.map(\.right).max() ?? 0
        for index in frames.indices
        where (start..<end).contains(frames[index].band) && (frames[index].band - start) % 2 == 1 {
            frames[index].x = width - frames[index].right
        }
    }

    // MARK: Places

    private mutating func place(
        _ columns: [[Int]], gap: ([Int], [Int]) -> Double, top: Double, band: Int, firstColumn: Int
    ) {
        var columns = columns
        var centres: [Int: Double] = [:]
        var before: [Set<Int>] = []
        // Each column by what it hangs at in the one before: heights follow from the order, and the next order from them.
        for index in columns.indices {
            before.append(index == 0 ? [] : before[index - 1].union(columns[index - 1]))
            columns[index] = ordered(columns[index], before[index], centres)
            settle(columns[index], by: before[index], &centres)
        }
        let all = Set(columns.joined())
        let after = columns.indices.map { all.subtracting(before[$0]).subtracting(columns[$0]) }
        // To and fro; fro at last, so that each part lies in the middle of what it leads to.
        for _ in 0..<3 {
            for index in columns.indices.reversed() { settle(columns[index], by: after[index], &centres) }
            for index in columns.indices { settle(columns[index], by: before[index], &centres) }
        }
        for index in columns.indices.reversed() { settle(columns[index], by: after[index], &centres) }
        let highest = columns.joined().map { (centres[$0] ?? 0) - sizes[$0].height / 2 }.min() ?? 0
        var x = 0.0
        for (index, column) in columns.enumerated() {
            let width = columnWidth(column)
            for node in column {
                frames[node].x = x + (width - sizes[node].width) / 2
                frames[node].y = top + (centres[node] ?? 0) - sizes[node].height / 2 - highest
                frames[node].band = band
                frames[node].column = firstColumn + index
            }
            x += width + (index + 1 < columns.count ? gap(column, columns[index + 1]) : 0)
        }
    }

    private func isLeaf(_ node: Int) -> Bool { neighbours[node].count <= 1 }

    private func wish(_ node: Int, _ members: Set<Int>, _ centres: [Int: Double]) -> Double? {
        let here = neighbours[node].filter(members.contains)
        // What ends at a part hangs beside the way and does not bend it.
        let onWay = here.filter { !isLeaf($0) }
        let known = (onWay.isEmpty ? here : onWay).compactMap { centres[$0] }
        return known.isEmpty ? nil : known.reduce(0, +) / Double(known.count)
    }

    private func ordered(_ column: [Int], _ before: Set<Int>, _ centres: [Int: Double]) -> [Int] {
        column.enumerated().map { (wish($1, before, centres) ?? 0, isLeaf($1) ? 1 : 0, $0, $1) }
            .sorted { ($0.0, $0.1, $0.2) < ($1.0, $1.1, $1.2) }.map(\.3)
    }

    /// Moves the parts of a column, in their order, as near as can be to the middle of what they hang at: an isotonic regression
    /// by pooling neighbours that are in each other's way. What ends a way gives way to what goes on.
    private func settle(_ column: [Int], by members: Set<Int>, _ centres: inout [Int: Double]) {
        struct Block {
            var sum: Double
            var weight: Double
            var count: Int
            var value: Double { sum / weight }
        }
        var offsets: [Double] = []
        var blocks: [Block] = []
        for (index, node) in column.enumerated() {
            let step = index == 0 ? 0 : (sizes[column[index - 1]].height + sizes[node].height) / 2 + Self.rowGap
            offsets.append((offsets.last ?? 0) + step)
            let weight = isLeaf(node) ? 1.0 : 10_000
            let wish = wish(node, members, centres) ?? centres[node] ?? 0
            blocks.append(Block(sum: (wish - offsets[index]) * weight, weight: weight, count: 1))
            while blocks.count > 1, blocks[blocks.count - 2].value > blocks[blocks.count - 1].value {
                let last = blocks.removeLast()
                blocks[blocks.count - 1].sum += last.sum
                blocks[blocks.count - 1].weight += last.weight
                blocks[blocks.count - 1].count += last.count
            }
        }
        var index = 0
        for block in blocks {
            for _ in 0..<block.count {
                centres[column[index]] = block.value + offsets[index]
                index += 1
            }
        }
    }
}
