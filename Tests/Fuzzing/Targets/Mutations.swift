/// Changes inputs as a fuzzer without coverage does: the same seed gives the same inputs.
package struct Mutations: RandomNumberGenerator {
    private var state: UInt64

    package init(seed: UInt64) { state = seed }

    /// SplitMix64.
    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// One to four changes of an input: those that its target knows, bytes flipped, taken out or doubled, words put in,
    /// another input spliced on.
    package mutating func mutate(
        _ input: [UInt8], for target: any FuzzTarget, among corpus: [[UInt8]], words: [[UInt8]]
    ) -> [UInt8] {
        var bytes = input
        for _ in 0..<Int.random(in: 1...4, using: &self) {
            if Bool.random(using: &self), let changed = target.change(bytes, &self) {
                bytes = changed
            } else {
                change(&bytes, among: corpus, words: words)
            }
        }
        return Array(bytes.prefix(target.longestInput))
    }

    private mutating func change(_ bytes: inout [UInt8], among corpus: [[UInt8]], words: [[UInt8]]) {
        let place = Int.random(in: 0...bytes.count, using: &self)
        switch Int.random(in: 0..<6, using: &self) {
        case 0 where place < bytes.count: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &self)
        case 1 where place < bytes.count: bytes[place] = UInt8.random(in: 0...255, using: &self)
        case 2: bytes.removeSubrange(piece(of: bytes, from: place))
        case 3: bytes.insert(contentsOf: bytes[piece(of: bytes, from: place)], at: place)
        case 4:
            guard let other = corpus.randomElement(using: &self), !other.isEmpty else { return }
            let start = Int.random(in: 0..<other.count, using: &self)
            bytes = Array(bytes[..<place]) + other[start...]
        default:
            if let word = words.randomElement(using: &self) { bytes.insert(contentsOf: word, at: place) }
        }
    }

    private mutating func piece(of bytes: [UInt8], from place: Int) -> Range<Int> {
        place..<(place + Int.random(in: 0...min(40, bytes.count - place), using: &self))
    }

    /// Changes a text as the sequence of its parts: one left out, doubled, moved, or replaced by another or a new one.
    mutating func rearrange(_ parts: [ArraySlice<UInt8>], _ new: [[UInt8]]) -> [ArraySlice<UInt8>] {
        var parts = parts
        guard let place = parts.indices.randomElement(using: &self),
            let other = parts.indices.randomElement(using: &self)
        else { return new.randomElement(using: &self).map { [$0[...]] } ?? [] }
        switch Int.random(in: 0..<7, using: &self) {
        case 0: parts.remove(at: place)
        case 1: parts.insert(parts[other], at: place)
        case 2: parts.swapAt(place, other)
        case 3: parts[place] = parts[other]
        case 4:
            // Several in a row, as a block of lines or a term in parentheses is.
            let end = min(parts.count, place + Int.random(in: 1...6, using: &self))
            parts.insert(contentsOf: parts[place..<end], at: other)
        case 5:
            if let word = new.randomElement(using: &self) { parts[place] = word[...] }
        default:
            // In front of a part, or behind the last.
            let end = Int.random(in: 0..<8, using: &self) == 0 ? parts.count : place
            if let word = new.randomElement(using: &self) { parts.insert(word[...], at: end) }
        }
        return parts
    }
}
