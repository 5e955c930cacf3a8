import SupportDiagnostics

extension QuestionCompiler {
    /// An operand without a type of its own, as constants of the type of `target`.
    mutating func literal(_ operand: Operand, like target: Typed) throws(Diagnostic) -> Typed {
        if case .reference(let name) = operand.kind {
            let constants = try constants(of: name, at: operand.range, as: target)
            return constant(constants, target, operand.range)
        }
        if case .list(let elements) = operand.kind { return try list(elements, operand.range, like: target) }
        if case .arithmetic(let operation, let left, let right) = operand.kind {
            guard [.unsigned, .signed, .float, .duration].contains(target.type) else {
                throw wrong(operand.range, target)
            }
            let plain = Typed(node: 0, type: target.type, range: target.range)
            let first = try literal(left, like: plain)
            let second = try literal(right, like: plain)
            let node = program.add(.arithmetic(operation, first.node, second.node))
            return Typed(node: node, type: target.type, range: operand.range, isConstant: true)
        }
        if case .negative(let value) = operand.kind, case .word = value.kind {
        } else if case .negative(let value) = operand.kind {
            let inner = try literal(value, like: target)
            return Typed(
                node: program.add(.negative(inner.node)), type: target.type, range: operand.range, isConstant: true)
        }
        let matcher = try matcher(operand, target)
        return constant(program.addConstants([matcher]), target, operand.range)
    }

    private mutating func constant(_ constants: Int, _ target: Typed, _ range: Range<Int>) -> Typed {
        Typed(node: program.add(.constants(constants)), type: target.type, range: range, isConstant: true)
    }

    /// The elements of a set, with the values of the references among them.
    mutating func constants(of elements: [SetElement], like target: Typed) throws(Diagnostic) -> Int {
        var matchers: [Matcher] = []
        var waiting: [(name: String, span: SourceSpan)] = []
        for element in elements {
            guard element.upper == nil, case .reference(let name) = element.lower.kind else {
                matchers.append(try matcher(element, target))
                continue
            }
            let constants = try constants(of: name, at: element.lower.range, as: target)
            if bindings.last?.constants == constants {
                waiting.append((name, span(element.lower.range)))
            } else {
                matchers += program.constants[constants]
            }
        }
        let constants = program.addConstants(matchers)
        if elements.contains(where: { if case .reference = $0.lower.kind { true } else { false } }) {
            openConstants.insert(constants)
        }
        if !waiting.isEmpty {
            bindings.append(
                Binding(constants: constants, type: target.type, bits: target.bits, part: .set(matchers, waiting)))
        }
        return constants
    }

    /// An element of a set that names a field.
    mutating func compile(_ element: SetElement, like target: Typed) throws(Diagnostic) -> Program.Element {
        let lower = try self.element(element.lower, like: target)
        return Program.Element(
            lower: lower,
            upper: try element.upper.map { upper throws(Diagnostic) in
                try self.element(upper, like: target)
            })
    }

    private mutating func element(_ operand: Operand, like target: Typed) throws(Diagnostic) -> Int {
        guard !isLiteral(operand) else { return try literal(operand, like: target).node }
        let value = try typed(operand)
        guard Self.areCompatible(target.type, value.type) else {
            throw Diagnostic(
                "question.types", "`\(text(target.range))` and `\(text(value.range))` cannot be compared",
                at: span(value.range), label: "this is \(value.type.described)",
                secondary: [.init(span(target.range), "this is \(target.type.described)")])
        }
        return value.node
    }

    /// An element of a set.
    mutating func matcher(_ element: SetElement, _ target: Typed) throws(Diagnostic) -> Matcher {
        let lower = try matcher(element.lower, target)
        guard let upper = element.upper else { return lower }
        guard case .value(let first) = lower, case .value(let last) = try matcher(upper, target) else {
            throw problem("question.range", "a range lies between two single values", element.lower.range)
        }
        if Order(first, last) == .greater {
            let range = element.lower.range.lowerBound..<upper.range.upperBound
            var empty = problem("question.range", "this range is empty: it begins after its end", range)
            guard language == .filter else { throw empty }
            empty.severity = .warning
            warnings.append(empty)
        }
        return .range(first, last)
    }

    /// One constant, as its type writes it.
    private func matcher(_ operand: Operand, _ target: Typed) throws(Diagnostic) -> Matcher {
        switch operand.kind {
        case .word(let word): return try matcher(word, operand.range, target)
        case .negative(let value):
            guard case .word(let word) = value.kind else { break }
            return try matcher("-" + word, operand.range, target)
        case .string(let bytes): return try matcher(bytes, operand.range, target)
        case .character(let byte):
            switch target.type {
            case .unsigned: return .value(.unsigned(UInt64(byte)))
            case .signed: return .value(.signed(Int64(byte)))
            case .string: return .value(.string(String(decoding: [byte], as: UTF8.self)))
            case .bytes: return .value(.bytes([byte]))
            default: break
            }
        case .reference:
            throw problem("question.range", "a range lies between two literals", operand.range)
        case .list:
            throw problem(
                "question.types", "`\(text(target.range))` is \(target.type.described), not a list", operand.range)
        default: break
        }
        throw wrong(operand.range, target)
    }

    private func matcher(_ word: String, _ range: Range<Int>, _ target: Typed) throws(Diagnostic) -> Matcher {
        if let field = target.field, Literal.magnitude(word) == nil, let value = named(word, in: field) {
            return .value(field.type == .boolean ? .boolean(value != 0) : .unsigned(value))
        }
        if language == .filter, target.type == .string, HexText.bytes(word) == nil,
            !word.utf8.allSatisfy({ $0 < 0x80 && $0 != UInt8(ascii: ":") })
        {
            var result = problem("question.types", "text with such signs stands in quotes", range)
            result.fix = .init(replace: span(range), with: "\"\(word)\"")
            throw result
        }
        try checkUnit(word, range, target)
        do throws(Literal.Problem) {
            return try Literal.matcher(word, as: target.type, bits: target.bits)
        } catch {
            switch error {
            case .tooLarge(let maximum):
                throw problem(
                    "question.range", "`\(word)` is too large for `\(text(target.range))`, at most \(maximum)", range)
            case .unknownUnit(let unit, .some(let nearest)) where language == .expect:
                throw problem(
                    "question.unit", "there is no unit `\(unit)`", range, label: "did you mean `\(nearest)`?")
            case .needsUnit, .wrong, .unknownUnit: throw wrong(range, target)
            }
        }
    }

    /// Units belong to `expect` and `forbid`, and there a span of time that is ours must have one.
    private func checkUnit(_ word: String, _ range: Range<Int>, _ target: Typed) throws(Diagnostic) {
        guard [.unsigned, .duration].contains(target.type), Literal.magnitude(word) == nil else {
            if target.type == .duration, language == .expect, target.field?.name.hasPrefix("lab.") == true,
                Literal.magnitude(word) != 0
            {
                var result = problem("question.unit", "a span of time needs a unit", range, label: "`\(word)` of what?")
                result.help = ["write `\(word)ms` or `\(word)s`"]
                throw result
            }
            return
        }
        guard language == .filter, (try? Quantity(word)) != nil else { return }
        var result = problem("question.unit", "a filter is Wireshark's language, which has no units", range)
        if target.type == .duration { result.help = ["spans of time are written in seconds, such as `0.05`"] }
        throw result
    }

    private func matcher(_ bytes: [UInt8], _ range: Range<Int>, _ target: Typed) throws(Diagnostic) -> Matcher {
        let text = String(decoding: bytes, as: UTF8.self)
        switch target.type {
        case .string: return .value(.string(text))
        case .bytes: return .value(.bytes(bytes))
        case .time:
            guard let value = TimeText.nanoseconds(text) else { throw wrong(range, target) }
            return .value(.time(value))
        case .unsigned, .signed, .boolean:
            guard let field = target.field, !field.valueNames.isEmpty else { break }
            guard let value = named(text, in: field) else { throw unknownName(text, range, field) }
            return .value(field.type == .boolean ? .boolean(value != 0) : .unsigned(value))
        default: break
        }
        var result = wrong(range, target)
        if (try? Literal.matcher(text, as: target.type, bits: target.bits)) != nil {
            result.help = ["write it without quotes"]
            result.fix = .init(replace: span(range), with: text)
        }
        throw result
    }

    // MARK: Names of values

    private func named(_ name: String, in field: Field) -> UInt64? {
        guard !field.valueNames.isEmpty else { return nil }
        guard language == .expect else {
            let wanted = name.lowercased()
            return field.valueNames.first { !field.aliases.contains($0.key) && $0.key.lowercased() == wanted }?.value
        }
        if let value = field.valueNames[name] { return value }
        let wanted = Self.normal(name)
        return field.valueNames.first { Self.normal($0.key) == wanted }?.value
    }

    private static func normal(_ name: String) -> String {
        String(name.lowercased().map { $0 == "_" || $0 == "-" ? " " : $0 })
    }

    private func unknownName(_ name: String, _ range: Range<Int>, _ field: Field) -> Diagnostic {
        let names = field.valueNames.keys.filter { language == .expect || !field.aliases.contains($0) }.sorted()
        let same = field.valueNames[name].flatMap { value in names.first { field.valueNames[$0] == value } }
        let nearest = same ?? Suggestion.nearest(to: name, among: names)
        var result = problem(
            "question.value-name", "`\(field.name)` has no value named `\(name)`", range,
            label: nearest.map { "did you mean `\($0)`?" } ?? "")
        guard !names.isEmpty else {
            result.help = ["in a filter, write the number"]
            return result
        }
        result.help = [
            "its values are " + names.prefix(12).map { "`\($0)`" }.joined(separator: ", ")
                + (names.count > 12 ? " …" : "")
        ]
        return result
    }

    private func wrong(_ range: Range<Int>, _ target: Typed) -> Diagnostic {
        if let field = target.field, !field.valueNames.isEmpty, text(range).contains(where: \.isLetter) {
            return unknownName(text(range), range, field)
        }
        var result = problem(
            "question.types", "`\(text(target.range))` is \(target.type.described), found `\(text(range))`", range,
            label: "expected \(target.type.described)")
        switch target.type {
        case .duration: result.help = [language == .expect ? "such as `50ms` or `1.5s`" : "in seconds, such as `0.05`"]
        case .boolean: result.help = ["write `1` or `0`"]
        case .time: result.help = ["such as `\"2026-11-23 06:00:00\"`, in UTC"]
        case .bytes: result.help = ["such as `16:03:01`, or text in double quotes"]
        case .label: result.help = ["write `\(text(target.range))` alone, or `not \(text(target.range))`"]
        default: break
        }
        return result
    }

    // MARK: References and lists

    /// The constants that a reference fills: now where its values are known, otherwise when the question is bound.
    mutating func constants(of name: String, at range: Range<Int>, as target: Typed) throws(Diagnostic) -> Int {
        let reference = try lookUp(name, range)
        let span = span(range)
        if let values = reference.values {
            do throws(ReferenceProblem) {
                let constants = program.addConstants(
                    try Binding.matchers(
                        values, name, span, target.type, target.bits, isSearched: target.isSearched))
                openConstants.insert(constants)
                termReferences.append(Term.Reference(range: range, constants: constants))
                return constants
            } catch {
                throw error.diagnostic
            }
        }
        if let type = reference.type, !Self.mayConvert(type, target.type) {
            throw Diagnostic(
                "question.types", "`$\(name)` cannot be compared with `\(text(target.range))`", at: span,
                label: "this is \(type.described)",
                secondary: [.init(self.span(target.range), "this is \(target.type.described)")])
        }
        let constants = program.addConstants([])
        openConstants.insert(constants)
        termReferences.append(Term.Reference(range: range, constants: constants))
        bindings.append(
            Binding(
                constants: constants, type: target.type, bits: target.bits, part: .each(name, span),
                isSearched: target.isSearched))
        return constants
    }

    private func lookUp(_ name: String, _ range: Range<Int>) throws(Diagnostic) -> QuestionReference {
        guard language == .expect else {
            throw problem("question.reference", "a filter is Wireshark's language, which has no `$` names", range)
        }
        if let reference = references[name] { return reference }
        let names = references.keys.sorted()
        let nearest = Suggestion.nearest(to: name, among: names)
        var result = problem(
            "question.unknown-reference", "nothing is named `$\(name)` here", range,
            label: nearest.map { "did you mean `$\($0)`?" } ?? "")
        result.fix = .spelling(of: name, as: nearest, at: span(range), prefix: "$")
        if nearest == nil {
            let family = names.filter { $0.hasPrefix((name.split(separator: ".").first ?? "") + ".") }
            let shown = (family.isEmpty ? names : family).prefix(8).map { "`$\($0)`" }
            if !shown.isEmpty { result.help = ["there are " + shown.joined(separator: ", ")] }
        }
        throw result
    }

    private static func mayConvert(_ from: FieldType, _ to: FieldType) -> Bool {
        let numbers: Set<FieldType> = [.unsigned, .signed, .float, .boolean]
        return from == to || from == .string || to == .string || from == .list || to == .list
            || (numbers.contains(from) && numbers.contains(to)) || (from == .ether && to == .bytes)
    }

    private mutating func list(
        _ elements: [Operand], _ range: Range<Int>, like target: Typed
    ) throws(Diagnostic) -> Typed {
        guard language == .expect else {
            throw problem("question.list", "a filter is Wireshark's language, which has no lists", range)
        }
        guard target.type == .list else {
            var result = problem(
                "question.list", "`\(text(target.range))` is \(target.type.described), not a list", range)
            result.help = ["one of several values is `in {…}`"]
            throw result
        }
        var parts: [Binding.Part] = []
        for element in elements {
            switch element.kind {
            case .word(let word): parts.append(.value(.string(word)))
            case .string(let bytes): parts.append(.value(.string(String(decoding: bytes, as: UTF8.self))))
            case .reference(let name):
                let reference = try lookUp(name, element.range)
                parts += reference.values.map { $0.map { .value($0) } } ?? [.reference(name, span(element.range))]
            default: throw problem("question.list", "a list holds names, addresses, numbers and texts", element.range)
            }
        }
        let values = parts.compactMap { if case .value(let value) = $0 { value } else { nil } }
        let constants = program.addConstants([.value(.list(values))])
        if elements.contains(where: { if case .reference = $0.kind { true } else { false } }) {
            openConstants.insert(constants)
        }
        if values.count < parts.count {
            bindings.append(Binding(constants: constants, type: .list, bits: 64, part: .list(parts)))
            termReferences.append(Term.Reference(range: range, constants: constants))
        }
        return constant(constants, target, range)
    }
}
