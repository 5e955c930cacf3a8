/// One simple command as a shell reads it: variables before it, words, and whether it goes on in the background.
///
/// What is more than that (pipes, redirections, substitutions, several commands on a line) is not taken apart: the line
/// as a whole is then what was done.
package struct ShellLine: Sendable, Hashable {
    package var assignments: [(name: String, value: String)]
    package var words: [String]
    package var isInBackground: Bool

    package static func == (left: ShellLine, right: ShellLine) -> Bool {
        left.words == right.words && left.isInBackground == right.isInBackground
            && left.assignments.map { [$0.name, $0.value] } == right.assignments.map { [$0.name, $0.value] }
    }

    package func hash(into hasher: inout Hasher) { hasher.combine(words) }

    /// Nil for a line that is more than one simple command.
    ///
    /// - Parameter variables: values that are known, for `$NAME` in words; one that is not known makes the line opaque.
    package init?(_ line: String, variables: [String: String] = [:]) {
        var reader = Reader(rest: line.unicodeScalars[...], variables: variables)
        guard let words = reader.words() else { return nil }
        isInBackground = reader.isInBackground
        let leading = words.prefix { Self.assignment($0) != nil }
        assignments = leading.compactMap(Self.assignment)
        self.words = words.dropFirst(leading.count).map(\.text)
        if self.words.isEmpty, assignments.isEmpty { return nil }
    }

    private static func assignment(_ word: Reader.Word) -> (name: String, value: String)? {
        guard let equals = word.text.firstIndex(of: "="), equals != word.text.startIndex, !word.startsQuoted else {
            return nil
        }
        let name = word.text[..<equals]
        let isName = name.unicodeScalars.allSatisfy {
            $0 == "_" || ($0.isASCII && $0.properties.isAlphabetic)
                || ("0"..."9").contains($0)
        }
        guard isName, name.first?.isNumber == false else { return nil }
        return (String(name), String(word.text[word.text.index(after: equals)...]))
    }

    /// POSIX quoting (XCU 2.2), without expansions other than of known variables.
    private struct Reader {
        struct Word {
            var text: String
            var startsQuoted: Bool
        }

        var rest: Substring.UnicodeScalarView
        let variables: [String: String]
        var isInBackground = false

        mutating func words() -> [Word]? {
            var words: [Word] = []
            while true {
                rest = rest.drop { $0 == " " || $0 == "\t" }
                guard let next = rest.first else { return words }
                if next == "&" {
                    rest = rest.dropFirst().drop { $0 == " " || $0 == "\t" }
                    isInBackground = true
                    return rest.isEmpty ? words : nil
                }
                if next == "#" { return words }
                guard let word = word() else { return nil }
                words.append(word)
            }
        }

        private mutating func word() -> Word? {
            var word = Word(text: "", startsQuoted: rest.first == "'" || rest.first == "\"")
            while let next = rest.first {
                switch next {
                case " ", "\t", "&": return word
                case "'":
                    rest.removeFirst()
                    guard let end = rest.firstIndex(of: "'") else { return nil }
                    word.text += String(rest[..<end])
                    rest = rest[rest.index(after: end)...]
                case "\"":
                    rest.removeFirst()
                    guard quoted(into: &word.text) else { return nil }
                case "\\":
                    rest.removeFirst()
                    guard let escaped = rest.popFirst(), escaped != "\n" else { return nil }
                    word.text.unicodeScalars.append(escaped)
                case "$": guard variable(into: &word.text) else { return nil }
                case "|", ";", "<", ">", "(", ")", "`", "*", "?", "[", "{", "\n", "~", "!": return nil
                default: word.text.unicodeScalars.append(rest.removeFirst())
                }
            }
            return word
        }

        private mutating func quoted(into text: inout String) -> Bool {
            while let next = rest.popFirst() {
                switch next {
                case "\"": return true
                case "`": return false
                case "\\":
                    guard let escaped = rest.popFirst() else { return false }
                    if !"\"\\$`".unicodeScalars.contains(escaped) { text.unicodeScalars.append("\\") }
                    text.unicodeScalars.append(escaped)
                case "$":
                    guard variable(afterDollar: true, into: &text) else { return false }
                default: text.unicodeScalars.append(next)
                }
            }
            return false
        }

        private mutating func variable(afterDollar: Bool = false, into text: inout String) -> Bool {
            if !afterDollar { rest.removeFirst() }
            let isBraced = rest.first == "{"
            if isBraced { rest.removeFirst() }
            let name = rest.prefix {
                $0 == "_" || ($0.isASCII && ($0.properties.isAlphabetic || $0.properties.numericType != nil))
            }
            guard !name.isEmpty, let value = variables[String(name)] else { return false }
            rest = rest.dropFirst(name.count)
            if isBraced {
                guard rest.first == "}" else { return false }
                rest.removeFirst()
            }
            text += value
            return true
        }
    }
}
