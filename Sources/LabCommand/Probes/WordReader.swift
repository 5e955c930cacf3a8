/// The plainest way of writing options: `-c 5`, `-c5`, `-q`, `--format json` and `--format=json`, each at most once.
struct WordReader {
    enum Word {
        case plain(String)
        case letter(Unicode.Scalar)
        case name(String)
    }

    private var rest: ArraySlice<String>
    /// What stands in one word with an option.
    private var joined: String?
    private var met: [String] = []
    /// False once something is not as plain as that.
    private(set) var isSound = true

    init(_ words: ArraySlice<String>) { rest = words }

    /// Nil at the end, or where what was read before is not understood.
    mutating func next() -> Word? {
        guard isSound, let word = rest.popFirst() else { return nil }
        let bytes = word.utf8
        guard bytes.first == UInt8(ascii: "-") else {
            if word.isEmpty { return refuse() }
            return .plain(word)
        }
        let option: Word
        if word.hasPrefix("--") {
            let parts = word.dropFirst(2).split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = parts.first, !name.isEmpty else { return refuse() }
            joined = parts.count > 1 ? String(parts[1]) : nil
            option = .name(String(name))
            if met.contains(String(name)) { return refuse() }
            met.append(String(name))
        } else {
            guard let letter = word.unicodeScalars.dropFirst().first, letter.isASCII else { return refuse() }
            joined = bytes.count > 2 ? String(word.unicodeScalars.dropFirst(2)) : nil
            // The parser takes the sign for a part of the option.
            if joined?.utf8.first == UInt8(ascii: "=") { return refuse() }
            option = .letter(letter)
            if met.contains(String(letter)) { return refuse() }
            met.append(String(letter))
        }
        if joined?.isEmpty ?? false { return refuse() }
        return option
    }

    private mutating func refuse() -> Word? {
        isSound = false
        return nil
    }

    mutating func add(_ word: String, to words: inout [String]) -> Bool {
        words.append(word)
        return true
    }

    /// An option without a value.
    mutating func set(_ value: inout Bool) -> Bool {
        value = true
        return joined == nil
    }

    /// The value of an option: what is joined to it, or else the next word; nil where that looks like another option.
    private mutating func value() -> String? {
        if let joined { return joined }
        guard let word = rest.popFirst(), let first = word.utf8.first, first != UInt8(ascii: "-") else { return nil }
        return word
    }

    /// False where there is no value, or it is none of this kind.
    mutating func take<Value>(_ value: inout Value, _ read: (String) -> Value?) -> Bool {
        guard let word = self.value(), let new = read(word) else { return false }
        value = new
        return true
    }

    mutating func take<Value>(_ value: inout Value?, _ read: (String) -> Value?) -> Bool {
        guard let word = self.value(), let new = read(word) else { return false }
        value = new
        return true
    }

    mutating func take(_ value: inout Int) -> Bool { take(&value) { Int($0) } }
    mutating func take(_ value: inout Int?) -> Bool { take(&value) { Int($0) } }
    mutating func take(_ value: inout UInt8?) -> Bool { take(&value) { UInt8($0) } }
    mutating func take(_ value: inout UInt16?) -> Bool { take(&value) { UInt16($0) } }
    mutating func take(_ value: inout Double) -> Bool { take(&value) { Double($0) } }
    mutating func take(_ value: inout Double?) -> Bool { take(&value) { Double($0) } }
    mutating func take(_ value: inout String?) -> Bool { take(&value) { $0 } }
}
