/// The words of a command taken apart as `getopt` would, by a list of what the command knows.
struct Options {
    private(set) var values: [String: [String]] = [:]
    private(set) var operands: [String] = []
    /// An option that is not on the list: nothing can be said about what it does.
    private(set) var unknown: String?

    /// - Parameters:
    ///   - flags: options without a value, `-k` and `--insecure`.
    ///   - valued: options with one.
    init(_ words: some Sequence<String>, flags: Set<String>, valued: Set<String>) {
        var words = Array(words)[...]
        while let word = words.popFirst() {
            if word == "--" {
                operands += words
                return
            }
            if !word.hasPrefix("-") || word == "-" {
                operands.append(word)
            } else if word.hasPrefix("--") {
                long(word, &words, flags, valued)
            } else {
                short(word, &words, flags, valued)
            }
        }
    }

    func has(_ names: String...) -> Bool { names.contains { values[$0] != nil } }
    func value(_ names: String...) -> String? { names.lazy.compactMap { values[$0]?.last }.first }

    private mutating func long(
        _ word: String, _ words: inout ArraySlice<String>, _ flags: Set<String>, _ valued: Set<String>
    ) {
        let name = String(word.prefix { $0 != "=" })
        if valued.contains(name) {
            let value = name.count < word.count ? String(word.dropFirst(name.count + 1)) : words.popFirst()
            values[name, default: []].append(value ?? "")
        } else if flags.contains(word) {
            values[word, default: []].append("")
        } else {
            unknown = word
        }
    }

    private mutating func short(
        _ word: String, _ words: inout ArraySlice<String>, _ flags: Set<String>, _ valued: Set<String>
    ) {
        var rest = word.dropFirst()
        while let letter = rest.popFirst() {
            let name = "-\(letter)"
            if valued.contains(name) {
                values[name, default: []].append(rest.isEmpty ? words.popFirst() ?? "" : String(rest))
                return
            }
            guard flags.contains(name) else {
                unknown = name
                return
            }
            values[name, default: []].append("")
        }
    }
}
