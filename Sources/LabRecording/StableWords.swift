/// The words of a page or of a program's output that will most likely be there the next time, too.
package enum StableWords {
    private static let dates: Set<String> = [
        "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun", "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep",
        "Oct", "Nov", "Dec", "GMT", "UTC", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
        "January", "February", "March", "April", "June", "July", "August", "September", "October", "November",
        "December",
        "today", "yesterday", "ago",
    ]

    /// Whether letters make a word and no code: not longer than words are, and not in mixed case.
    private static func isPlain(_ letters: ArraySlice<UInt8>) -> Bool {
        guard (1...20).contains(letters.count) else { return false }
        let others = letters.dropFirst()
        return others.allSatisfy { $0 >= 0x61 } || letters.allSatisfy { $0 < 0x61 }
    }

    /// The longest phrase of two to five plain words that stand side by side, or one word of at least five letters; nil
    /// where there is none. Letters and single spaces alone, so that a question may quote it as it is. Whatever has a
    /// digit in or beside it, names a day or a month, or holds a value of this student is taken to change.
    package static func phrase(in bytes: [UInt8], avoiding values: [String]) -> String? {
        var best: [String] = []
        func length(_ words: [String]) -> Int { words.reduce(0) { $0 + $1.count + 1 } }
        for line in bytes.prefix(1 << 16).split(whereSeparator: { $0 == 0x0A || $0 == 0x3C || $0 == 0x3E }) {
            var words: [String] = []
            func take() {
                let phrase = Array(words.prefix(5))
                if (phrase.count > 1 || phrase.first.map { $0.count > 4 } == true), length(phrase) > length(best) {
                    best = phrase
                }
                words = []
            }
            for part in line.split(separator: 0x20, omittingEmptySubsequences: false) {
                let letters = part.prefix { (0x41...0x5A).contains($0) || (0x61...0x7A).contains($0) }
                let word = String(decoding: letters, as: UTF8.self)
                let rest = part.dropFirst(letters.count)
                guard isPlain(letters), !dates.contains(word),
                    !values.contains(where: { $0.contains(word) || word.contains($0) })
                else {
                    take()
                    continue
                }
                // A word that goes on with something else, `a1` or `max-age=5`, is not a word.
                if rest.isEmpty {
                    words.append(word)
                } else if rest.allSatisfy({ ".,;:!?)'\"".utf8.contains($0) }) {
                    words.append(word)
                    take()
                } else {
                    take()
                }
            }
            take()
        }
        return best.isEmpty ? nil : best.joined(separator: " ")
    }
}
