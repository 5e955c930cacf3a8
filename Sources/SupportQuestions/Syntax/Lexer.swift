import SupportDiagnostics

/// Cuts a question into tokens, as Wireshark 4 does, and knows what people type instead.
struct Lexer {
    let source: SourceText
    let bytes: [UInt8]
    var index = 0
    var tokens: [Token] = []

    static let longest = 65_536
    /// A chain of `or` becomes a tree as deep as the chain is long, and is walked on small stacks.
    static let mostTokens = 2_000

    static func tokens(of source: SourceText) throws(Diagnostic) -> [Token] {
        var lexer = Lexer(source)
        return try lexer.run()
    }

    private init(_ source: SourceText) {
        self.source = source
        bytes = Array(source.text.utf8)
    }

    private mutating func run() throws(Diagnostic) -> [Token] {
        guard bytes.count <= Self.longest else {
            throw problem("question.too-long", "the question is longer than \(Self.longest) bytes", 0..<1)
        }
        while true {
            while index < bytes.count, Self.isBlank(bytes[index]) { index += 1 }
            guard tokens.count < Self.mostTokens else {
                throw problem(
                    "question.too-long", "the question has more than \(Self.mostTokens) words and signs",
                    index..<(index + 1))
            }
            guard index < bytes.count else {
                tokens.append(Token(kind: .end, range: index..<index))
                return tokens
            }
            try scan(bytes[index])
        }
    }

    private mutating func scan(_ byte: UInt8) throws(Diagnostic) {
        switch byte {
        case UInt8(ascii: "("): take(.leftParenthesis, 1)
        case UInt8(ascii: ")"): take(.rightParenthesis, 1)
        case UInt8(ascii: "{"): take(.leftBrace, 1)
        case UInt8(ascii: "}"): take(.rightBrace, 1)
        case UInt8(ascii: "]"): take(.rightBracket, 1)
        case UInt8(ascii: ","): take(.comma, 1)
        case UInt8(ascii: "+"): take(.arithmetic(.add), 1)
        case UInt8(ascii: "-"): take(.arithmetic(.subtract), 1)
        case UInt8(ascii: "*"): take(.arithmetic(.multiply), 1)
        case UInt8(ascii: "/"): take(.arithmetic(.divide), 1)
        case UInt8(ascii: "%"): take(.arithmetic(.remainder), 1)
        case UInt8(ascii: "["): try bracket()
        case UInt8(ascii: "#"): try layer()
        case UInt8(ascii: "$"): try reference()
        case UInt8(ascii: "\""): try string(raw: false)
        case UInt8(ascii: "'"): try character()
        case UInt8(ascii: "r"), UInt8(ascii: "R"):
            if peek(1) == UInt8(ascii: "\"") { try string(raw: true) } else { try word() }
        case _ where Self.isWord(byte) || byte >= 0x80: try wordOrRange()
        default: try symbol(byte)
        }
    }

    // MARK: Operators

    /// Longer ones first.
    private static let symbols: [(spelling: StaticString, kind: Token.Kind)] = [
        ("===", .comparison(.allEqual)), ("!==", .comparison(.anyNotEqual)), ("==", .comparison(.anyEqual)),
        ("!=", .comparison(.allNotEqual)), ("~=", .comparison(.anyNotEqual)), (">=", .comparison(.greaterOrEqual)),
        ("<=", .comparison(.lessOrEqual)), ("&&", .and), ("||", .or), ("^^", .xor),
    ]

    private static let mistakes: [(spelling: StaticString, right: String)] = [
        ("=>", ">="), ("=<", "<="), ("<>", "!="), ("=", "=="), ("|", "||"), ("^", "^^"),
    ]

    private mutating func symbol(_ byte: UInt8) throws(Diagnostic) {
        for (spelling, right) in Self.mistakes where spelling.utf8CodeUnitCount == 2 && starts(spelling) {
            throw instead(spelling, right)
        }
        for (spelling, kind) in Self.symbols where starts(spelling) { return take(kind, spelling.utf8CodeUnitCount) }
        switch byte {
        case UInt8(ascii: ">"): return take(.comparison(.greater), 1)
        case UInt8(ascii: "<"): return take(.comparison(.less), 1)
        case UInt8(ascii: "!"): return take(.not, 1)
        case UInt8(ascii: "&"): return take(.arithmetic(.bitAnd), 1)
        case UInt8(ascii: "~"): return take(.matches, 1)
        default: break
        }
        for (spelling, right) in Self.mistakes where starts(spelling) { throw instead(spelling, right) }
        let shown = Visible.text(String(Character(Unicode.Scalar(byte))))
        var problem = problem("question.character", "`\(shown)` means nothing in a question", index..<(index + 1))
        if byte == UInt8(ascii: "@") { problem.help = ["the raw bytes of a field (`@field`) are not supported"] }
        throw problem
    }

    private func instead(_ wrong: StaticString, _ right: String) -> Diagnostic {
        let range = index..<(index + wrong.utf8CodeUnitCount)
        var result = problem("question.operator", "there is no relation `\(wrong)`", range, label: "write `\(right)`")
        result.fix = .init(replace: source.span(of: range), with: right)
        return result
    }

    // MARK: Words

    private static let keywords: [String: Token.Kind] = [
        "and": .and, "or": .or, "xor": .xor, "not": .not, "any": .any, "all": .all, "in": .in, "contains": .contains,
        "matches": .matches, "eq": .comparison(.anyEqual), "any_eq": .comparison(.anyEqual),
        "all_eq": .comparison(.allEqual), "ne": .comparison(.allNotEqual), "all_ne": .comparison(.allNotEqual),
        "any_ne": .comparison(.anyNotEqual), "gt": .comparison(.greater), "lt": .comparison(.less),
        "ge": .comparison(.greaterOrEqual), "le": .comparison(.lessOrEqual),
    ]

    private mutating func wordOrRange() throws(Diagnostic) {
        if starts("..") { return take(.dotDot, 2) }
        if bytes[index] == UInt8(ascii: "."), let next = peek(1), Self.isDigit(next) {
            throw problem(
                "question.number", "a number does not begin with a dot", index..<(index + 2), label: "write `0.`")
        }
        try word()
    }

    private mutating func word() throws(Diagnostic) {
        let start = index
        while index < bytes.count, Self.isWord(bytes[index]) || bytes[index] >= 0x80 {
            if starts(".."), index > start { break }
            index += 1
        }
        try refuseLookalike(from: start)
        prefixLength(from: start)
        let text = String(decoding: bytes[start..<index], as: UTF8.self)
        tokens.append(Token(kind: Self.keywords[text] ?? .word(text), range: start..<index))
    }

    /// `10.0.0.0/8`: a slash belongs to an address that stands before it.
    private mutating func prefixLength(from start: Int) {
        guard peek(0) == UInt8(ascii: "/"), let next = peek(1), Self.isDigit(next) else { return }
        let text = String(decoding: bytes[start..<index], as: UTF8.self)
        guard AddressText.ipv4(text) != nil || AddressText.ipv6(text) != nil else { return }
        index += 1
        while let byte = peek(0), Self.isDigit(byte) || byte == UInt8(ascii: ".") { index += 1 }
    }

    /// A name may have dots and hyphens inside, but does not end with one.
    private mutating func reference() throws(Diagnostic) {
        let start = index
        index += 1
        if peek(0) == UInt8(ascii: "{") {
            var problem = problem(
                "question.reference", "`${` is not how a question names a variable", start..<(start + 2))
            problem.help = ["write `$name`, or `$step.result`"]
            throw problem
        }
        while let byte = peek(0), Self.isWord(byte), byte != UInt8(ascii: ":"), !starts("..") { index += 1 }
        while index > start + 1, bytes[index - 1] == UInt8(ascii: ".") || bytes[index - 1] == UInt8(ascii: "-") {
            index -= 1
        }
        guard index > start + 1 else {
            throw problem("question.reference", "a name is expected after `$`", start..<(start + 1))
        }
        let name = String(decoding: bytes[(start + 1)..<index], as: UTF8.self)
        tokens.append(Token(kind: .reference(name), range: start..<index))
    }

    // MARK: Characters

    mutating func take(_ kind: Token.Kind, _ length: Int) {
        tokens.append(Token(kind: kind, range: index..<(index + length)))
        index += length
    }

    func peek(_ distance: Int) -> UInt8? {
        index + distance < bytes.count ? bytes[index + distance] : nil
    }

    mutating func accept(_ byte: UInt8) -> Bool {
        guard peek(0) == byte else { return false }
        index += 1
        return true
    }

    mutating func skipBlanks() {
        while let byte = peek(0), Self.isBlank(byte) { index += 1 }
    }

    private func starts(_ text: StaticString) -> Bool {
        let count = text.utf8CodeUnitCount
        guard index + count <= bytes.count else { return false }
        for offset in 0..<count where bytes[index + offset] != text.utf8Start[offset] { return false }
        return true
    }

    func problem(_ code: String, _ message: String, _ range: Range<Int>, label: String = "") -> Diagnostic {
        Diagnostic(code, message, at: source.span(of: range), label: label)
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (byte >= 0x09 && byte <= 0x0D) }
    static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"),
            UInt8(ascii: "."), UInt8(ascii: ":"), UInt8(ascii: "-"):
            true
        default: isDigit(byte)
        }
    }
}
