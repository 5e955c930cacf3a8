/// Finds the name that was probably meant.
package enum Suggestion {
    /// The nearest of the candidates, or nil where none is near enough to be worth a guess.
    package static func nearest(to name: String, among candidates: some Sequence<String>) -> String? {
        ranked(name, among: candidates, limit: 1).first
    }

    /// The nearest candidates, best first; ties keep their order.
    package static func ranked(
        _ name: String, among candidates: some Sequence<String>, limit: Int
    ) -> [String] {
        let wanted = letters(name)
        guard !wanted.isEmpty, wanted.count <= longest else { return [] }
        let reach = wanted.count <= 2 ? 1 : max(2, wanted.count / 3)
        var found: [(distance: Int, order: Int, name: String)] = []
        for (order, candidate) in candidates.enumerated() where candidate != name {
            let letters = letters(candidate)
            guard letters.count <= longest, !letters.isEmpty else { continue }
            if let distance = distance(wanted, letters, atMost: min(reach, max(wanted.count, letters.count) - 1)) {
                found.append((distance, order, candidate))
            }
        }
        return found.sorted { ($0.distance, $0.order) < ($1.distance, $1.order) }.prefix(limit).map(\.name)
    }

    /// How many insertions, deletions, replacements and swaps of neighbours lie between two texts (optimal string
    /// alignment).
    package static func distance(_ left: String, _ right: String) -> Int {
        let left = Array(left.unicodeScalars)
        let right = Array(right.unicodeScalars)
        return distance(left, right, atMost: .max) ?? max(left.count, right.count)
    }

    private static let longest = 96

    /// Case and the choice between `-` and `_` are no difference worth counting.
    private static func letters(_ text: String) -> [Unicode.Scalar] {
        text.lowercased().unicodeScalars.map { $0 == "_" ? "-" : $0 }
    }

    private static func distance(_ left: [Unicode.Scalar], _ right: [Unicode.Scalar], atMost limit: Int) -> Int? {
        guard abs(left.count - right.count) <= limit else { return nil }
        var before = [Int](repeating: 0, count: right.count + 1)
        var previous = Array(0...right.count)
        var current = before
        for row in 0..<left.count {
            current[0] = row + 1
            var least = current[0]
            for column in 0..<right.count {
                let same = left[row] == right[column]
                var best = min(previous[column] + (same ? 0 : 1), previous[column + 1] + 1, current[column] + 1)
                if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                    best = min(best, before[column - 1] + 1)
                }
                current[column + 1] = best
                least = min(least, best)
            }
            if least > limit { return nil }
            (before, previous, current) = (previous, current, before)
        }
        return previous[right.count] <= limit ? previous[right.count] : nil
    }
}
