import SupportDiagnostics

/// `[0:2]` behind a value and `#2` behind a field.
extension Lexer {
    mutating func bracket() throws(Diagnostic) {
        switch tokens.last?.kind {
        case .word, .string, .slice, .layer, .rightParenthesis, .rightBrace, .reference:
            let start = index
            index += 1
            let ranges = try rangesInBrackets(from: start)
            tokens.append(Token(kind: .slice(ranges), range: start..<index))
        default: take(.leftBracket, 1)
        }
    }

    mutating func layer() throws(Diagnostic) {
        let start = index
        index += 1
        if peek(0) == UInt8(ascii: "[") {
            index += 1
            let ranges = try rangesInBrackets(from: start)
            return tokens.append(Token(kind: .layer(ranges), range: start..<index))
        }
        guard peek(0) != UInt8(ascii: "-"), let number = integer() else {
            throw problem("question.layer", "`#` needs the number of a layer, such as `ip.src#2`", start..<(start + 1))
        }
        let range = SliceRange(start: number, extent: .length(1))
        tokens.append(Token(kind: .layer([range]), range: start..<index))
    }

    private mutating func rangesInBrackets(from start: Int) throws(Diagnostic) -> [SliceRange] {
        var ranges: [SliceRange] = []
        repeat {
            skipBlanks()
            guard let range = sliceRange() else {
                var problem = problem("question.slice", "not a slice", start..<min(bytes.count, index + 1))
                problem.help = ["`[offset:length]`, `[first-last]`, `[offset]`, `[:length]` or `[offset:]`"]
                throw problem
            }
            ranges.append(range)
            skipBlanks()
        } while accept(UInt8(ascii: ","))
        guard accept(UInt8(ascii: "]")) else {
            throw problem("question.slice", "expected `]` here", index..<(index + 1))
        }
        return ranges
    }

    private mutating func sliceRange() -> SliceRange? {
        if accept(UInt8(ascii: ":")) {
            skipBlanks()
            let length = integer()
            return SliceRange(start: 0, extent: length.map { .length($0) } ?? .toEnd)
        }
        guard let start = integer() else { return nil }
        skipBlanks()
        if accept(UInt8(ascii: ":")) {
            skipBlanks()
            guard let length = integer() else { return SliceRange(start: start, extent: .toEnd) }
            return length > 0 ? SliceRange(start: start, extent: .length(length)) : nil
        }
        if accept(UInt8(ascii: "-")) {
            skipBlanks()
            guard let last = integer(), last > start || last < 0 else { return nil }
            return SliceRange(start: start, extent: .last(last))
        }
        return SliceRange(start: start, extent: .length(1))
    }

    private mutating func integer() -> Int? {
        let start = index
        let isNegative = accept(UInt8(ascii: "-"))
        var value = 0
        let digits = index
        while let byte = peek(0), Self.isDigit(byte) {
            value = value &* 10 &+ Int(byte - UInt8(ascii: "0"))
            index += 1
        }
        guard index > digits, index - digits <= 9 else {
            index = start
            return nil
        }
        return isNegative ? -value : value
    }
}
