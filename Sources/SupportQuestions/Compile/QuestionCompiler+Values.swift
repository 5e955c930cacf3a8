import SupportDiagnostics

extension QuestionCompiler {
    /// Whether an operand takes its type from the other side of the relation.
    func isLiteral(_ operand: Operand) -> Bool {
        switch operand.kind {
        case .word(let word): table.slot(of: word) == nil && !looksLikeField(word) && !word.hasPrefix(".")
        case .string, .character, .list, .reference: true
        case .negative(let value): isLiteral(value)
        case .arithmetic(_, let left, let right): isLiteral(left) && isLiteral(right)
        case .call, .slice, .layer: false
        }
    }

    /// A word with the first name of a known field, such as `http.hots`, was meant as one and not as text.
    private func looksLikeField(_ word: String) -> Bool {
        let parts = word.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count > 1, let first = parts.first, !first.isEmpty, first.contains(where: \.isLetter),
            HexText.bytes(word) == nil
        else { return false }
        let family = String(first) + "."
        return tables.contains { $0.fields.contains { $0.name.hasPrefix(family) } }
    }

    /// The value of an operand that has a type of its own.
    mutating func typed(_ operand: Operand) throws(Diagnostic) -> Typed {
        switch operand.kind {
        case .word(let word):
            guard let (slot, field) = use(word, at: operand.range) else {
                if Literal.magnitude(word) != nil || !word.contains(where: \.isLetter) { throw notAField(operand) }
                throw unknownField(word, operand.range)
            }
            let node = program.add(.field(slot: slot))
            return Typed(
                node: node, type: field.type, range: operand.range, slot: slot, field: field, bits: field.bits)
        case .call(let name, let nameRange, let arguments):
            return try call(name, nameRange, arguments, operand.range)
        case .slice(let value, let ranges): return try slice(value, ranges, operand.range)
        case .layer(let value, let ranges): return try layer(value, ranges, operand.range)
        case .arithmetic(let operation, let left, let right):
            return try arithmetic(operation, left, right, operand.range)
        case .negative(let value):
            let inner = try typed(value)
            guard [.unsigned, .signed, .float, .duration].contains(inner.type) else { throw cannot(.subtract, inner) }
            return Typed(
                node: program.add(.negative(inner.node)), type: inner.type == .unsigned ? .signed : inner.type,
                range: operand.range)
        case .string, .character, .reference, .list: throw notAField(operand)
        }
    }

    private func notAField(_ operand: Operand) -> Diagnostic {
        problem("question.no-field", "a field is expected here, found `\(text(operand.range))`", operand.range)
    }

    private mutating func layer(
        _ value: Operand, _ ranges: [SliceRange], _ range: Range<Int>
    ) throws(Diagnostic) -> Typed {
        let inner = try typed(value)
        guard let slot = inner.slot, case .word = value.kind else {
            throw problem("question.layer", "`#` stands behind a field, as in `ip.src#2`", range)
        }
        return Typed(
            node: program.add(.layer(slot: slot, ranges)), type: inner.type, range: range, field: inner.field,
            bits: inner.bits)
    }

    /// The bytes of a protocol, where the table has them: for all that looks into it.
    mutating func content(_ value: Typed) -> Typed {
        guard value.type == .label, let name = value.field?.name,
            let (slot, field) = use(Table.nameOfBytes(of: name), at: value.range)
        else { return value }
        return Typed(
            node: program.add(.field(slot: slot)), type: .bytes, range: value.range, slot: slot, field: field)
    }

    private mutating func slice(
        _ value: Operand, _ ranges: [SliceRange], _ range: Range<Int>
    ) throws(Diagnostic) -> Typed {
        let inner = content(try typed(value))
        switch inner.type {
        case .string: return Typed(node: program.add(.slice(inner.node, ranges)), type: .string, range: range)
        case .bytes, .ether, .ipv4, .ipv6:
            return Typed(node: program.add(.slice(inner.node, ranges)), type: .bytes, range: range)
        case .label:
            throw problem("question.slice", "the bytes of `\(text(value.range))` are not recorded", range)
        default:
            throw problem(
                "question.slice",
                "only text, bytes and addresses have slices, `\(text(value.range))` is \(inner.type.described)",
                range)
        }
    }

    private mutating func arithmetic(
        _ operation: Arithmetic, _ left: Operand, _ right: Operand, _ range: Range<Int>
    ) throws(Diagnostic) -> Typed {
        guard !isLiteral(left) || !isLiteral(right) else {
            throw problem("question.no-field", "this calculates with constants only", range)
        }
        let first: Typed
        let second: Typed
        if isLiteral(left) {
            second = try typed(right)
            first = try literal(left, like: Self.factor(second, operation))
        } else {
            first = try typed(left)
            second = isLiteral(right) ? try literal(right, like: Self.factor(first, operation)) : try typed(right)
        }
        for value in [first, second] where !Self.allows(operation, value.type) { throw cannot(operation, value) }
        guard Self.areCompatible(first.type, second.type) else {
            throw Diagnostic(
                "question.types", "cannot calculate with both", at: span(right.range),
                label: "this is \(second.type.described)",
                secondary: [.init(span(left.range), "this is \(first.type.described)")])
        }
        let type: FieldType =
            first.type == .float || second.type == .float
            ? .float : first.type == .signed || second.type == .signed ? .signed : first.type
        // Wireshark calculates in the field's own width; ours is wider, but a filter must read the same there.
        let bits =
            language == .filter ? max(first.isConstant ? 0 : first.bits, second.isConstant ? 0 : second.bits) : 64
        return Typed(
            node: program.add(.arithmetic(operation, first.node, second.node)), type: type, range: range, bits: bits)
    }

    /// A constant in a calculation need not fit the field's bits or have its names.
    private static func factor(_ value: Typed, _ operation: Arithmetic) -> Typed {
        Typed(node: value.node, type: value.type, range: value.range)
    }

    static func allows(_ operation: Arithmetic, _ type: FieldType) -> Bool {
        switch type {
        case .unsigned, .signed: true
        case .float: operation != .bitAnd
        case .duration: operation == .add || operation == .subtract
        case .ipv4, .ipv6, .bytes, .ether: operation == .bitAnd
        default: false
        }
    }

    private func cannot(_ operation: Arithmetic, _ value: Typed) -> Diagnostic {
        problem(
            "question.types", "`\(operation.rawValue)` does not work on \(value.type.described)", value.range)
    }

    // MARK: Functions

    private mutating func call(
        _ name: String, _ nameRange: Range<Int>, _ arguments: [Operand], _ range: Range<Int>
    ) throws(Diagnostic) -> Typed {
        guard let function = QuestionFunction(rawValue: name) else {
            let names = QuestionFunction.allCases.map(\.rawValue)
            let nearest = Suggestion.nearest(to: name, among: names)
            var result = problem(
                "question.function", "there is no function `\(name)`", nameRange,
                label: nearest.map { "did you mean `\($0)`?" } ?? "")
            result.help = ["functions are " + names.map { "`\($0)`" }.joined(separator: ", ")]
            throw result
        }
        let takesMany = function == .max || function == .min
        guard takesMany ? !arguments.isEmpty : arguments.count == 1 else {
            throw problem(
                "question.function",
                "`\(name)` takes \(takesMany ? "at least one argument" : "one argument"), found \(arguments.count)",
                range)
        }
        var values: [Typed] = []
        for argument in arguments where !isLiteral(argument) {
            let value = try typed(argument)
            values.append(function == .len ? content(value) : value)
        }
        guard let first = values.first else { throw notAField(arguments[0]) }
        try check(function, first)
        var nodes: [Int] = []
        var rest = values[...]
        for argument in arguments {
            let value = isLiteral(argument) ? try literal(argument, like: first) : rest.removeFirst()
            guard Self.areCompatible(first.type, value.type) || value.isConstant else {
                throw problem("question.types", "`\(name)` needs values of one kind", value.range)
            }
            nodes.append(value.node)
        }
        let node = program.add(.call(function, arguments: nodes))
        return Typed(node: node, type: Self.result(of: function, first.type), range: range)
    }

    private func check(_ function: QuestionFunction, _ argument: Typed) throws(Diagnostic) {
        let allowed: Set<FieldType>
        switch function {
        case .upper, .lower: allowed = [.string]
        case .len: allowed = [.string, .bytes, .ether, .ipv4, .ipv6, .list]
        case .max, .min:
            allowed = [.unsigned, .signed, .float, .duration, .time, .string, .bytes, .ipv4, .ipv6, .ether, .boolean]
        case .abs: allowed = [.unsigned, .signed, .float, .duration]
        case .string:
            let useless: Set<FieldType> = [.string, .label]
            let unknown: Set<FieldType> = [.boolean, .duration, .time, .bytes]
            guard useless.contains(argument.type) || (language == .filter && unknown.contains(argument.type)) else {
                return
            }
            throw problem("question.function", "`string` does not work on \(argument.type.described)", argument.range)
        case .count:
            if case .layer = program.values[argument.node] { return }
            guard argument.slot == nil else { return }
            throw problem("question.function", "`count` takes a field", argument.range)
        }
        guard !allowed.contains(argument.type) else { return }
        throw problem(
            "question.function", "`\(function.rawValue)` does not work on \(argument.type.described)", argument.range)
    }

    private static func result(of function: QuestionFunction, _ type: FieldType) -> FieldType {
        switch function {
        case .upper, .lower, .string: .string
        case .len, .count: .unsigned
        case .max, .min: type
        case .abs: type == .signed ? .unsigned : type
        }
    }
}
