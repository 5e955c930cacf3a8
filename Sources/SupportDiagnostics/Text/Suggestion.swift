/// Finds the name that was probably meant.
package enum Suggestion {
    /// The nearest of the candidates, or nil where none is near enough to be worth a guess.
    package static func nearest(to name: String, among candidates: some Sequence<String>) -> String? {
        ranked(name, among: candidates, limit: 1).first
    }

    /// The nearest of names that are looked through again and again, as those of tables' fields are.
    package static func nearest(to name: String, among candidates: [[Name]]) -> String? {
        ranked(name, among: candidates, limit: 1).first
    }

    /// The nearest candidates, best first; ties keep their order.
    package static func ranked(
        _ name: String, among candidates: some Sequence<String>, limit: Int
    ) -> [String] {
        ranked(name, among: [candidates.map(Name.init)], limit: limit)
    }

    private static func ranked(_ name: String, among candidates: [[Name]], limit: Int) -> [String] {
        let wanted = letters(name)
        guard !wanted.isEmpty, wanted.count <= longest else { return [] }
        let reach = wanted.count <= 2 ? 1 : max(2, wanted.count / 3)
        let kinds = wanted.reduce(0) { $0 | Name.kind($1.value) }
        var found: [(distance: Int, order: Int, name: String)] = []
        for candidate in candidates.joined() {
            guard candidate.mayBeNear(wanted.count, kinds, reach), candidate.text != name else { continue }
            let letters = letters(candidate.text)
            guard letters.count <= longest, !letters.isEmpty else { continue }
            if let distance = distance(wanted, letters, atMost: min(reach, max(wanted.count, letters.count) - 1)) {
                found.append((distance, found.count, candidate.text))
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

    /// Whether a name is the other one misspelled, beyond doubt: then it may be replaced without thinking. What is short
    /// or differs in a number names something else, as `r9` and `r1` do.
    package static func isMisspelling(_ name: String, of other: String) -> Bool {
        let (left, right) = (letters(name), letters(other))
        guard min(left.count, right.count) >= 3, max(left.count, right.count) <= longest else { return false }
        guard left.filter(\.isDigit) == right.filter(\.isDigit) else { return false }
        let (words, others) = (parts(left), parts(right))
        if words.count == others.count {
            for (word, other) in zip(words, others) where word != other && max(word.count, other.count) < 3 {
                return false
            }
        }
        return distance(left, right, atMost: max(1, max(left.count, right.count) / 4)) != nil
    }

    /// A candidate, with what shows at once that it is not near.
    package struct Name: Sendable {
        package let text: String
        private let bytes: Int
        /// Which letters it has, one bit each, several letters to a bit; nil where not all are ASCII.
        private let kinds: UInt64?

        package init(_ text: String) {
            self.text = text
            bytes = text.utf8.count
            var kinds: UInt64? = 0
            for byte in text.utf8 {
                guard byte < 0x80 else {
                    kinds = nil
                    break
                }
                kinds? |= Self.kind(UInt32(byte))
            }
            self.kinds = kinds
        }

        /// False only where the texts are further apart than `reach`: for most names that shows by their length, or by
        /// letters that only one of the two has, each of which takes a change.
        func mayBeNear(_ count: Int, _ others: UInt64, _ reach: Int) -> Bool {
            // A letter has one byte or up to four.
            guard let kinds else { return bytes + reach >= count && bytes <= 4 * (count + reach) }
            return bytes + reach >= count && bytes <= count + reach
                && (kinds & ~others).nonzeroBitCount <= reach && (others & ~kinds).nonzeroBitCount <= reach
        }

        /// Whether it has all letters of another name.
        package func mayContain(_ name: Name) -> Bool {
            guard let kinds, let others = name.kinds else { return true }
            return others & ~kinds == 0 && bytes >= name.bytes
        }

        /// The same bit for what counts as the same letter.
        static func kind(_ scalar: UInt32) -> UInt64 {
            switch scalar {
            case 0x41...0x5A: 1 << UInt64((scalar | 0x20) & 63)
            case 0x5F: 1 << UInt64(0x2D)
            default: 1 << UInt64(scalar & 63)
            }
        }
    }

    private static let longest = 96

    /// `www`, `example`, `test` of `www.example.test`.
    private static func parts(_ letters: [Unicode.Scalar]) -> [ArraySlice<Unicode.Scalar>] {
        letters.split(omittingEmptySubsequences: false) { $0 == "-" || $0 == "." || $0 == "/" }
    }

    /// Case and the choice between `-` and `_` are no difference worth counting.
    private static func letters(_ text: String) -> [Unicode.Scalar] {
        guard text.utf8.allSatisfy({ $0 < 0x80 }) else {
            return text.lowercased().unicodeScalars.map { $0 == "_" ? "-" : $0 }
        }
        return text.utf8.map { byte in
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): Unicode.Scalar(byte | 0x20)
            case UInt8(ascii: "_"): "-"
            default: Unicode.Scalar(byte)
            }
        }
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

extension Unicode.Scalar {
    fileprivate var isDigit: Bool { ("0"..."9").contains(self) }
}

extension Diagnostic.Fix {
    /// Writes the name that was meant, where that is beyond doubt; nil where somebody has to think.
    ///
    /// - Parameters:
    ///   - nearest: the nearest of the names there are.
    ///   - taken: whether that name cannot be used here, as the key of a mapping that has it already.
    ///   - prefix: what stands before a name, such as `$`.
    package static func spelling(
        of name: String, as nearest: String?, at span: SourceSpan, taken: Bool = false, prefix: String = ""
    ) -> Self? {
        guard let nearest, !taken, Suggestion.isMisspelling(name, of: nearest) else { return nil }
        return Self(replace: span, with: prefix + nearest)
    }
}
