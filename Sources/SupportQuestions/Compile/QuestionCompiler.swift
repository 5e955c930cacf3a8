import SupportDiagnostics

/// Checks the types of a question against its table and turns it into a program.
///
/// Every relation is checked, so that all problems of a line are told at once.
struct QuestionCompiler {
    let question: Question
    let table: Table
    let tables: [Table]
    let elsewhere: [Table]
    let references: [String: QuestionReference]
    let language: QuestionLanguage

    var program = Program()
    var bindings: [Binding] = []
    private var terms: [Term] = []
    /// Constants that come from references.
    var openConstants: Set<Int> = []
    /// Those of the term that is being compiled.
    var termReferences: [Term.Reference] = []
    private var problems: [Diagnostic] = []
    var warnings: [Diagnostic] = []
    private var slots: Set<Int> = []

    init(
        question: Question, table: Table, tables: [Table], elsewhere: [Table],
        references: [String: QuestionReference], language: QuestionLanguage
    ) {
        self.question = question
        self.table = table
        self.tables = tables
        self.elsewhere = elsewhere
        self.references = references
        self.language = language
    }

    mutating func compile() throws(Diagnostics) -> CompiledQuestion {
        program.root = compile(question.root, wanted: true)
        guard problems.isEmpty else { throw Diagnostics(problems) }
        guard !slots.isEmpty else {
            throw Diagnostics([
                Diagnostic(
                    "question.no-field", "the question asks about no field",
                    at: question.source.span(of: question.root.range))
            ])
        }
        return CompiledQuestion(
            question: question, table: table, language: language, slots: slots.sorted(), warnings: warnings,
            program: program.compact, bindings: bindings, terms: terms.compact, openConstants: openConstants)
    }

    // MARK: Logic

    private mutating func compile(_ test: Test, wanted: Bool) -> Int {
        switch test.kind {
        case .and(let left, let right):
            return program.add(.and(compile(left, wanted: wanted), compile(right, wanted: wanted)))
        case .or(let left, let right):
            return program.add(.or(compile(left, wanted: wanted), compile(right, wanted: wanted)))
        case .xor(let left, let right):
            return program.add(.xor(compile(left, wanted: wanted), compile(right, wanted: wanted)))
        case .not(let inner): return program.add(.not(compile(inner, wanted: !wanted)))
        default:
            do throws(Diagnostic) {
                return try compileTerm(test, wanted: wanted)
            } catch {
                problems.append(error)
                return 0
            }
        }
    }

    private mutating func compileTerm(_ test: Test, wanted: Bool) throws(Diagnostic) -> Int {
        let index: Int
        var subjects: [Typed] = []
        termReferences = []
        switch test.kind {
        case .presence(let operand):
            let value = try presence(operand)
            index = value.test
            subjects = [value.typed]
        case .relation(let quantifier, let left, let relation, let right):
            (index, subjects) = try compile(quantifier, left, relation, right)
            warnAboutNoCount(left, relation, right)
        case .member(let quantifier, let left, let negated, let elements):
            let value = try typed(left)
            let fields = elements.filter { !isLiteral($0.lower) || !($0.upper.map(isLiteral) ?? true) }
            let set = try constants(of: elements.filter { !fields.contains($0) }, like: value)
            index = member(
                quantifier, value, negated, set,
                try fields.map { element throws(Diagnostic) in
                    try compile(element, like: value)
                })
            subjects = [value]
        case .memberOfReference(let quantifier, let left, let negated, let right):
            let value = try typed(left)
            guard case .reference(let name) = right.kind else {
                var result = problem("question.types", "`in` takes a set in braces or the name of one", right.range)
                result.help = ["give the set a name of its own under `vars`, or write it out: `in {80, 443}`"]
                throw result
            }
            let constants = try constants(of: name, at: right.range, as: value)
            index = member(quantifier, value, negated, constants, [])
            subjects = [value]
        case .and, .or, .xor, .not: return 0
        }
        let shown = subjects.filter { !$0.isConstant }.map {
            Term.Subject(range: $0.range, value: $0.node, slot: $0.slot)
        }
        terms.append(
            Term(test: index, range: test.range, wanted: wanted, subjects: shown, references: termReferences))
        return index
    }

    /// `count(x) == 0` never holds, because a function of an absent field has no value.
    private mutating func warnAboutNoCount(_ left: Operand, _ relation: Relation, _ right: Operand) {
        guard language == .expect, case .call("count", _, let arguments) = left.kind, let field = arguments.first,
            relation == .comparison(.anyEqual), case .word("0") = right.kind
        else { return }
        let range = left.range.lowerBound..<right.range.upperBound
        warnings.append(
            Diagnostic(
                "question.no-count", "this never holds: the count of an absent field is absent too, not 0",
                severity: .warning, at: span(range), label: "write `not \(text(field.range))`",
                fix: .init(replace: span(range), with: "not " + text(field.range))))
    }

    /// `not in` holds where no value is inside, also where there is none, and whatever the quantifier: as in Wireshark.
    private mutating func member(
        _ quantifier: Quantifier?, _ value: Typed, _ negated: Bool, _ constants: Int, _ elements: [Program.Element]
    ) -> Int {
        let test = program.add(
            .member(all: quantifier == .all && !negated, value.node, constants: constants, elements: elements))
        return negated ? program.add(.not(test)) : test
    }

    private mutating func presence(_ operand: Operand) throws(Diagnostic) -> (test: Int, typed: Typed) {
        switch operand.kind {
        case .call: throw problem("question.presence", "a function is always there: compare its result", operand.range)
        case .word, .slice, .layer, .arithmetic, .negative: break
        default: throw problem("question.presence", "this is neither a field nor a comparison", operand.range)
        }
        let value = try typed(operand)
        if case .layer = operand.kind { return (program.add(.nonEmpty(value: value.node)), value) }
        guard let slot = value.slot else { return (program.add(.nonZero(value: value.node)), value) }
        if value.type == .boolean, language == .expect {
            let span = span(operand.range)
            warnings.append(
                Diagnostic(
                    "question.presence", "`\(span.text)` alone asks whether the field is there, also when it is false",
                    severity: .warning, at: span, label: "write `\(span.text) == 1`",
                    fix: .init(replace: span.endPoint, with: " == 1")))
        }
        return (program.add(.present(slot: slot)), value)
    }

    // MARK: Fields

    mutating func use(_ name: String, at range: Range<Int>) -> (slot: Int, field: Field)? {
        guard let slot = table.slot(of: name) else { return nil }
        if name.hasPrefix("ssl"), table.fields[slot].name != name {
            let known = table.fields[slot].name
            warnings.append(
                Diagnostic(
                    "question.old-name", "`\(name)` is what TLS was called before Wireshark 3.0", severity: .warning,
                    at: span(range), label: "write `\(known)`", fix: .init(replace: span(range), with: known)))
        }
        slots.insert(slot)
        return (slot, table.fields[slot])
    }

    func unknownField(_ name: String, _ range: Range<Int>) -> Diagnostic {
        if let other = elsewhere.first(where: { $0.slot(of: name) != nil }) {
            var result = problem("question.unrecorded-field", "nothing here records `\(name)`", range)
            result.notes = ["it is a field of `\(other.name)`"]
            return result
        }
        let names = tables.map(\.names)
        let nearest =
            Suggestion.nearest(to: name, among: names) ?? Self.longer(name, among: names)
            ?? Suggestion.nearest(to: name, among: elsewhere.map(\.names))
        var result = problem("question.unknown-field", "there is no field `\(name)`", range)
        if let nearest {
            result.primary = .init(span(range), "did you mean `\(nearest)`?")
            result.fix = .spelling(of: name, as: nearest, at: span(range))
        } else {
            let family = name.split(separator: ".").first.map { String($0) + "." } ?? name
            let all = names.joined().map(\.text)
            let relatives = all.filter { $0.hasPrefix(family) }.prefix(8).map { "`\($0)`" }
            let shown = relatives.isEmpty ? all.prefix(8).map { "`\($0)`" } : Array(relatives)
            result.help = [
                "fields of `\(table.name)` are " + shown.joined(separator: ", ") + (shown.count == 8 ? " …" : "")
            ]
        }
        return result
    }

    /// The shortest name that has all parts of a name in their order: `http.response.code` for `http.code`.
    private static func longer(_ name: String, among names: [[Suggestion.Name]]) -> String? {
        let parts = name.split(separator: ".")
        guard parts.count > 1 else { return nil }
        let wanted = Suggestion.Name(name)
        let fitting = names.joined().filter { $0.mayContain(wanted) }.map(\.text).filter { candidate in
            var rest = parts[...]
            for part in candidate.split(separator: ".") where part == rest.first { rest = rest.dropFirst() }
            return rest.isEmpty
        }
        return fitting.min { $0.count < $1.count }
    }

    func span(_ range: Range<Int>) -> SourceSpan { question.source.span(of: range) }

    func problem(_ code: String, _ message: String, _ range: Range<Int>, label: String = "") -> Diagnostic {
        Diagnostic(code, message, at: span(range), label: label)
    }
}

/// An operand with its type.
struct Typed {
    let node: Int
    let type: FieldType
    let range: Range<Int>
    var slot: Int?
    var field: Field?
    /// Of a field and a calculation with it: a literal beside it must fit.
    var bits = 64
    var isConstant = false
    /// What is sought in it is text, even where it holds bytes: a reference's text is not read as hexadecimal.
    var isSearched = false
}
