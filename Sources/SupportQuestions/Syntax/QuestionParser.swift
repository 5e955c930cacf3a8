import SupportDiagnostics

/// Builds the syntax tree of a question: Wireshark 4's grammar, with references and lists added.
struct QuestionParser {
    private let source: SourceText
    private let tokens: [Token]
    private var index = 0
    private var depth = 0

    /// Nesting beyond this is no question a person wrote.
    private static let deepest = 100

    static func parse(_ source: SourceText) throws(Diagnostic) -> Test {
        var parser = QuestionParser(source: source, tokens: try Lexer.tokens(of: source))
        guard parser.tokens.count > 1 else {
            throw Diagnostic("question.empty", "the question is empty", at: source.span)
        }
        let test = try parser.disjunction()
        guard parser.kind == .end else { throw parser.unexpected(nil) }
        return test
    }

    private init(source: SourceText, tokens: [Token]) {
        self.source = source
        self.tokens = tokens
    }

    private var token: Token { tokens[min(index, tokens.count - 1)] }
    private var kind: Token.Kind { token.kind }

    private mutating func next() -> Token {
        let token = token
        if index < tokens.count - 1 { index += 1 }
        return token
    }

    private mutating func accept(_ kind: Token.Kind) -> Bool {
        guard self.kind == kind else { return false }
        _ = next()
        return true
    }

    private mutating func nested<Result>(
        _ body: (inout QuestionParser) throws(Diagnostic) -> Result
    ) throws(Diagnostic) -> Result {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.deepest else {
            throw problem("question.too-deep", "nested more than \(Self.deepest) deep", token.range)
        }
        return try body(&self)
    }

    // MARK: Logic, weakest first

    private mutating func disjunction() throws(Diagnostic) -> Test {
        var left = try exclusive()
        while accept(.or) {
            let right = try exclusive()
            left = Test(kind: .or(left, right), range: left.range.lowerBound..<right.range.upperBound)
        }
        return left
    }

    private mutating func exclusive() throws(Diagnostic) -> Test {
        var left = try conjunction()
        while accept(.xor) {
            let right = try conjunction()
            left = Test(kind: .xor(left, right), range: left.range.lowerBound..<right.range.upperBound)
        }
        return left
    }

    private mutating func conjunction() throws(Diagnostic) -> Test {
        var left = try negation()
        while accept(.and) {
            let right = try negation()
            left = Test(kind: .and(left, right), range: left.range.lowerBound..<right.range.upperBound)
        }
        return left
    }

    private mutating func negation() throws(Diagnostic) -> Test {
        guard kind == .not else { return try primary() }
        let start = next().range.lowerBound
        let inner = try nested { parser throws(Diagnostic) in try parser.negation() }
        return Test(kind: .not(inner), range: start..<inner.range.upperBound)
    }

    private mutating func primary() throws(Diagnostic) -> Test {
        guard kind == .leftParenthesis else { return try relation() }
        let open = next()
        let inner = try nested { parser throws(Diagnostic) in try parser.disjunction() }
        guard kind == .rightParenthesis else { throw unclosed(open, ")") }
        let close = next()
        if case .comparison = kind { throw arithmeticInParentheses(open.range.lowerBound..<close.range.upperBound) }
        return Test(kind: inner.kind, range: open.range.lowerBound..<close.range.upperBound)
    }

    // MARK: Relations

    private mutating func relation() throws(Diagnostic) -> Test {
        let start = token.range.lowerBound
        let quantifier: Quantifier? = accept(.any) ? .any : accept(.all) ? .all : nil
        let left = try operand()
        switch kind {
        case .comparison: return try comparisons(quantifier, left, from: start)
        case .contains, .matches:
            let relation: Relation = next().kind == .contains ? .contains : .matches
            let right = try operand()
            return Test(kind: .relation(quantifier, left, relation, right), range: start..<right.range.upperBound)
        case .in: return try membership(quantifier, left, from: start, negated: false)
        case .not where tokens[min(index + 1, tokens.count - 1)].kind == .in:
            _ = next()
            return try membership(quantifier, left, from: start, negated: true)
        default:
            guard quantifier == nil else { throw unexpected("a relation, as in `all tcp.port > 1024`") }
            return Test(kind: .presence(left), range: left.range)
        }
    }

    /// `1 < tcp.port < 9` holds where both halves do.
    private mutating func comparisons(
        _ quantifier: Quantifier?, _ first: Operand, from start: Int
    ) throws(Diagnostic) -> Test {
        var left = first
        var result: Test?
        while case .comparison(let comparison) = kind {
            _ = next()
            let right = try operand()
            let range = (result == nil ? start : left.range.lowerBound)..<right.range.upperBound
            let test = Test(kind: .relation(quantifier, left, .comparison(comparison), right), range: range)
            result = result.map { Test(kind: .and($0, test), range: start..<right.range.upperBound) } ?? test
            left = right
        }
        return result ?? Test(kind: .presence(first), range: first.range)
    }

    private mutating func membership(
        _ quantifier: Quantifier?, _ left: Operand, from start: Int, negated: Bool
    ) throws(Diagnostic) -> Test {
        _ = next()
        if case .reference = kind {
            let right = try operand()
            return Test(
                kind: .memberOfReference(quantifier, left, negated: negated, right),
                range: start..<right.range.upperBound)
        }
        guard kind == .leftBrace else { throw unexpected("a set in braces, as in `in {80, 443}`") }
        let open = next()
        var elements: [SetElement] = []
        repeat {
            let lower = try operand()
            elements.append(SetElement(lower: lower, upper: accept(.dotDot) ? try operand() : nil))
        } while accept(.comma)
        guard kind == .rightBrace else {
            throw kind == .end ? unclosed(open, "}") : unexpected("`,` or `}`")
        }
        let end = next().range.upperBound
        return Test(kind: .member(quantifier, left, negated: negated, elements), range: start..<end)
    }

    // MARK: Values, weakest first

    private mutating func operand() throws(Diagnostic) -> Operand {
        try nested { parser throws(Diagnostic) in try parser.binary(level: 0) }
    }

    private static let levels: [Set<Arithmetic>] = [[.bitAnd], [.add, .subtract], [.multiply, .divide, .remainder]]

    private mutating func binary(level: Int) throws(Diagnostic) -> Operand {
        guard level < Self.levels.count else { return try unary() }
        var left = try binary(level: level + 1)
        while case .arithmetic(let operation) = kind, Self.levels[level].contains(operation) {
            _ = next()
            let right = try binary(level: level + 1)
            left = Operand(
                kind: .arithmetic(operation, left, right), range: left.range.lowerBound..<right.range.upperBound)
        }
        return left
    }

    private mutating func unary() throws(Diagnostic) -> Operand {
        guard case .arithmetic(let operation) = kind, operation == .subtract || operation == .add else {
            return try postfix()
        }
        let start = next().range.lowerBound
        let inner = try nested { parser throws(Diagnostic) in try parser.postfix() }
        let range = start..<inner.range.upperBound
        return operation == .subtract ? Operand(kind: .negative(inner), range: range) : inner
    }

    private mutating func postfix() throws(Diagnostic) -> Operand {
        var value = try simple()
        while true {
            let range = value.range.lowerBound..<token.range.upperBound
            switch kind {
            case .slice(let ranges): value = Operand(kind: .slice(value, ranges), range: range)
            case .layer(let ranges): value = Operand(kind: .layer(value, ranges), range: range)
            default: return value
            }
            _ = next()
        }
    }

    private mutating func simple() throws(Diagnostic) -> Operand {
        let start = token
        switch start.kind {
        case .word(let word):
            _ = next()
            return kind == .leftParenthesis
                ? try call(word, start.range) : Operand(kind: .word(word), range: start.range)
        case .string(let bytes): return Operand(kind: .string(bytes), range: next().range)
        case .character(let byte): return Operand(kind: .character(byte), range: next().range)
        case .reference(let name): return Operand(kind: .reference(name), range: next().range)
        case .leftBracket: return try list()
        case .leftBrace:
            _ = next()
            let inner = try operand()
            guard kind == .rightBrace else { throw unclosed(start, "}") }
            return Operand(kind: inner.kind, range: start.range.lowerBound..<next().range.upperBound)
        default: throw unexpected("a field or a value")
        }
    }

    private mutating func call(_ name: String, _ nameRange: Range<Int>) throws(Diagnostic) -> Operand {
        let open = next()
        var arguments: [Operand] = []
        if kind != .rightParenthesis {
            repeat { arguments.append(try operand()) } while accept(.comma)
        }
        guard kind == .rightParenthesis else { throw unclosed(open, ")") }
        let range = nameRange.lowerBound..<next().range.upperBound
        return Operand(kind: .call(name, nameRange: nameRange, arguments), range: range)
    }

    private mutating func list() throws(Diagnostic) -> Operand {
        let open = next()
        var elements: [Operand] = []
        if kind != .rightBracket {
            repeat { elements.append(try operand()) } while accept(.comma)
        }
        guard kind == .rightBracket else { throw kind == .end ? unclosed(open, "]") : unexpected("`,` or `]`") }
        return Operand(kind: .list(elements), range: open.range.lowerBound..<next().range.upperBound)
    }
}

extension QuestionParser {
    private func problem(_ code: String, _ message: String, _ range: Range<Int>, label: String = "") -> Diagnostic {
        Diagnostic(code, message, at: source.span(of: range), label: label)
    }

    private func unclosed(_ open: Token, _ close: String) -> Diagnostic {
        guard kind == .end else { return unexpected("`\(close)`") }
        return problem("question.unclosed", "this is never closed with `\(close)`", open.range)
    }

    private func arithmeticInParentheses(_ range: Range<Int>) -> Diagnostic {
        var result = problem("question.parentheses", "parentheses group tests, not values", range)
        result.help = ["braces group a calculation: `{tcp.len + 1} * 2 == 8`"]
        return result
    }

    private func unexpected(_ expected: String?) -> Diagnostic {
        let wanted = expected.map { ", expected \($0)" } ?? ""
        guard kind != .end else {
            return problem("question.syntax", "the question ends too early\(wanted)", token.range)
        }
        let text = source.text.utf8
        let shown = String(
            decoding: text.dropFirst(token.range.lowerBound).prefix(token.range.count), as: UTF8.self)
        var result = problem("question.syntax", "`\(shown)` is unexpected here\(wanted)", token.range)
        if case .word(let word) = kind {
            let lower = word.lowercased()
            if lower != word, Self.operatorWords.contains(lower) {
                result.primary = .init(source.span(of: token.range), "write `\(lower)`")
                result.fix = .init(replace: source.span(of: token.range), with: lower)
            } else if expected == nil || expected == "`,` or `}`" || expected == "`,` or `]`" {
                result.help = [
                    expected == nil ? "two tests are joined with `and` or `or`" : "elements are separated by commas"
                ]
            }
        }
        return result
    }

    private static let operatorWords: Set<String> = [
        "and", "or", "xor", "not", "in", "contains", "matches", "any", "all", "eq", "ne", "gt", "lt", "ge", "le",
    ]
}
