import SupportDiagnostics

/// Texts in double quotes, raw texts, and characters in single quotes.
extension Lexer {
    mutating func string(raw: Bool) throws(Diagnostic) {
        let start = index
        index += raw ? 2 : 1
        var value: [UInt8] = []
        while let byte = peek(0), byte != UInt8(ascii: "\"") {
            if byte == UInt8(ascii: "\\") {
                if raw {
                    // In a raw string a backslash keeps the quote behind it from ending the string, and stays.
                    value.append(byte)
                    index += 1
                    if peek(0) == UInt8(ascii: "\"") {
                        value.append(UInt8(ascii: "\""))
                        index += 1
                    }
                } else {
                    value += try escape()
                }
            } else {
                value.append(byte)
                index += 1
            }
        }
        guard accept(UInt8(ascii: "\"")) else {
            throw problem("question.unclosed-quote", "this quote is never closed", start..<(start + (raw ? 2 : 1)))
        }
        tokens.append(Token(kind: .string(value), range: start..<index))
    }

    mutating func character() throws(Diagnostic) {
        let start = index
        index += 1
        var value: [UInt8] = []
        while let byte = peek(0), byte != UInt8(ascii: "'") {
            if byte == UInt8(ascii: "\\") {
                value += try escape()
            } else {
                value.append(byte)
                index += 1
            }
        }
        guard accept(UInt8(ascii: "'")) else {
            throw problem("question.unclosed-quote", "this quote is never closed", start..<(start + 1))
        }
        guard value.count == 1 else {
            var problem = problem(
                "question.character-constant", "single quotes hold one character, as in `'A'`", start..<index)
            problem.help = ["text stands in double quotes"]
            throw problem
        }
        tokens.append(Token(kind: .character(value[0]), range: start..<index))
    }

    private mutating func escape() throws(Diagnostic) -> [UInt8] {
        let start = index
        index += 1
        guard let kind = peek(0) else { return [UInt8(ascii: "\\")] }
        let simple: [UInt8: UInt8] = [
            UInt8(ascii: "a"): 7, UInt8(ascii: "b"): 8, UInt8(ascii: "f"): 12, UInt8(ascii: "n"): 10,
            UInt8(ascii: "r"): 13, UInt8(ascii: "t"): 9, UInt8(ascii: "v"): 11, UInt8(ascii: "\\"): 0x5C,
            UInt8(ascii: "'"): 0x27, UInt8(ascii: "\""): 0x22,
        ]
        if let byte = simple[kind] {
            index += 1
            return [byte]
        }
        if kind >= UInt8(ascii: "0"), kind <= UInt8(ascii: "7"), let value = digits(upTo: 3, radix: 8, atLeast: 1) {
            return [UInt8(truncatingIfNeeded: value)]
        }
        let lengths: [UInt8: Int] = [UInt8(ascii: "x"): 2, UInt8(ascii: "u"): 4, UInt8(ascii: "U"): 8]
        if let length = lengths[kind] {
            index += 1
            // Of `\x` one digit is enough, as in Wireshark.
            if let value = digits(upTo: length, radix: 16, atLeast: length == 2 ? 1 : length) {
                if kind == UInt8(ascii: "x") { return [UInt8(truncatingIfNeeded: value)] }
                if let scalar = Unicode.Scalar(value) { return Array(String(scalar).utf8) }
            }
        }
        let end = min(bytes.count, max(index, start + 2))
        var problem = problem("question.escape", "there is no such escape", start..<end)
        problem.help = ["a raw string takes a backslash as it is: r\"\\d+\""]
        throw problem
    }

    private mutating func digits(upTo count: Int, radix: UInt32, atLeast least: Int) -> UInt32? {
        var value: UInt32 = 0
        var taken = 0
        while taken < count, let byte = peek(0), let digit = Character(Unicode.Scalar(byte)).hexDigitValue,
            digit < radix
        {
            value = value &* radix &+ UInt32(digit)
            index += 1
            taken += 1
        }
        return taken < least ? nil : value
    }
}
