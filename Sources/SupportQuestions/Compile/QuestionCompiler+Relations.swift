import SupportDiagnostics

extension QuestionCompiler {
    mutating func compile(
        _ quantifier: Quantifier?, _ left: Operand, _ relation: Relation, _ right: Operand
    ) throws(Diagnostic) -> (Int, [Typed]) {
        switch relation {
        case .comparison(let comparison): return try compare(quantifier, left, comparison, right)
        case .contains: return try contains(quantifier, left, right)
        case .matches: return try matches(quantifier, left, right)
        }
    }

    // MARK: Comparisons

    private mutating func compare(
        _ quantifier: Quantifier?, _ left: Operand, _ comparison: Comparison, _ right: Operand
    ) throws(Diagnostic) -> (Int, [Typed]) {
        let first: Typed
        let second: Typed
        if !isLiteral(left) {
            first = try typed(left)
            try checkComparable(first, comparison)
            try checkCalculation(right, first)
            second = isLiteral(right) ? try literal(right, like: first) : try typed(right)
        } else if !isLiteral(right) {
            second = try typed(right)
            try checkComparable(second, comparison)
            try checkCalculation(left, second)
            first = try literal(left, like: second)
        } else {
            throw nothingToCompare(left)
        }
        try checkCompatible(first, second)
        let (ordering, all) = Self.meaning(of: comparison, quantifier)
        if let slot = first.slot, case .constants(let constants) = program.values[second.node] {
            return (program.add(.fieldIs(ordering, all: all, slot: slot, constants: constants)), [first, second])
        }
        return (program.add(.compare(ordering, all: all, first.node, second.node)), [first, second])
    }

    private static func meaning(
        of comparison: Comparison, _ quantifier: Quantifier?
    ) -> (Program.Ordering, all: Bool) {
        let (ordering, all): (Program.Ordering, Bool) =
            switch comparison {
            case .anyEqual: (.equal, false)
            case .allEqual: (.equal, true)
            case .anyNotEqual: (.notEqual, false)
            case .allNotEqual: (.notEqual, true)
            case .greater: (.greater, false)
            case .less: (.less, false)
            case .greaterOrEqual: (.greaterOrEqual, false)
            case .lessOrEqual: (.lessOrEqual, false)
            }
        return (ordering, quantifier.map { $0 == .all } ?? all)
    }

    private func nothingToCompare(_ left: Operand) -> Diagnostic {
        if case .word(let word) = left.kind, Literal.magnitude(word) == nil, word.contains(where: \.isLetter) {
            return unknownField(word, left.range)
        }
        var result = problem("question.no-field", "one side of a relation must be a field", left.range)
        if case .reference = left.kind { result.help = ["write the field first: `field == $name`"] }
        return result
    }

    /// Constants take their type from the other side, and so does what can be calculated with them. No recursion: the
    /// frames of those who compile nested calculations are many already.
    private func checkCalculation(_ operand: Operand, _ target: Typed) throws(Diagnostic) {
        guard isLiteral(operand), target.type == .duration else { return }
        var rest = [operand]
        while let next = rest.popLast() {
            switch next.kind {
            case .arithmetic(let operation, let left, let right):
                guard Self.allows(operation, target.type) else {
                    var result = problem(
                        "question.types", "`\(operation.rawValue)` does not work on \(target.type.described)",
                        next.range)
                    result.help = ["spans of time are added and subtracted: `2ms + 2ms`"]
                    throw result
                }
                rest += [left, right]
            case .negative(let value): rest.append(value)
            default: break
            }
        }
    }

    private func checkComparable(_ value: Typed, _ comparison: Comparison) throws(Diagnostic) {
        let name = text(value.range)
        if value.type == .label {
            var result = problem("question.label", "`\(name)` is there or not, it has no value to compare", value.range)
            result.help = ["write `\(name)` alone, or `not \(name)`"]
            throw result
        }
        guard value.type == .list else { return }
        switch comparison {
        case .anyEqual, .allEqual, .anyNotEqual, .allNotEqual: return
        default:
            throw problem("question.list", "`\(name)` is a list: lists are equal or not, none is more", value.range)
        }
    }

    private func checkCompatible(_ left: Typed, _ right: Typed) throws(Diagnostic) {
        guard !right.isConstant, !left.isConstant, !Self.areCompatible(left.type, right.type) else { return }
        throw Diagnostic(
            "question.types", "`\(text(left.range))` and `\(text(right.range))` cannot be compared",
            at: span(right.range),
            label: "this is \(right.type.described)",
            secondary: [.init(span(left.range), "this is \(left.type.described)")])
    }

    static func areCompatible(_ left: FieldType, _ right: FieldType) -> Bool {
        if left == right { return true }
        let numbers: Set<FieldType> = [.unsigned, .signed, .float]
        if numbers.contains(left), numbers.contains(right) { return true }
        return numbers.contains(left) && right == .boolean
    }

    // MARK: contains and matches

    private mutating func contains(
        _ quantifier: Quantifier?, _ left: Operand, _ right: Operand
    ) throws(Diagnostic) -> (Int, [Typed]) {
        let whole = content(try typed(left))
        guard [.string, .bytes, .ether, .list].contains(whole.type) else { throw noText(whole, "contains") }
        let part: Typed
        if isLiteral(right) {
            if whole.type == .ether, case .string = right.kind { throw noText(whole, "contains text") }
            let type: FieldType = whole.type == .list ? .string : whole.type == .ether ? .bytes : whole.type
            var target = Typed(node: 0, type: type, range: whole.range, field: whole.field)
            target.isSearched = true
            part = try literal(right, like: target)
        } else {
            part = try typed(right)
            try checkCompatible(whole, part)
        }
        return (program.add(.contains(all: quantifier == .all, whole.node, part.node)), [whole, part])
    }

    private mutating func matches(
        _ quantifier: Quantifier?, _ left: Operand, _ right: Operand
    ) throws(Diagnostic) -> (Int, [Typed]) {
        let subject = content(try typed(left))
        let searched: Set<FieldType> = language == .filter ? [.string, .bytes, .ether] : [.string, .bytes]
        guard searched.contains(subject.type) else { throw noText(subject, "matches") }
        guard case .string(let bytes) = right.kind else {
            var result = problem("question.pattern", "`matches` needs a pattern in double quotes", right.range)
            if case .word = right.kind {
                result.fix = .init(replace: span(right.range), with: "\"\(text(right.range))\"")
            }
            throw result
        }
        do {
            program.patterns.append(try Pattern(bytes))
        } catch {
            let start = right.range.lowerBound + 1 + min(error.offset, bytes.count)
            let isPlain = right.range.count == bytes.count + 2
            let range = isPlain ? min(start, right.range.upperBound - 1)..<right.range.upperBound : right.range
            throw problem("question.pattern", "not a regular expression: \(error.message)", range)
        }
        let pattern = program.patterns.count - 1
        return (program.add(.matches(all: quantifier == .all, subject.node, pattern: pattern)), [subject])
    }

    private func noText(_ value: Typed, _ relation: String) -> Diagnostic {
        let name = text(value.range)
        var result = problem(
            "question.types", "`\(relation)` looks into text or bytes, `\(name)` is \(value.type.described)",
            value.range)
        if value.type == .label {
            result.help = ["write `\(name)` alone, or `not \(name)`"]
        } else {
            result.help = ["compare it with `==` or `in {…}`, or look into its text: `string(\(name)) \(relation) …`"]
        }
        return result
    }

    func text(_ range: Range<Int>) -> String {
        String(decoding: question.text.utf8.dropFirst(range.lowerBound).prefix(range.count), as: UTF8.self)
    }
}
