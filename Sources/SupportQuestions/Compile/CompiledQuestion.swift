import SupportDiagnostics

/// A question that fits a table: every field is known, every literal has the type of its field. A class, since it is large
/// and never changes.
package final class CompiledQuestion: Sendable {
    package let question: Question
    package let table: Table
    package let language: QuestionLanguage
    /// The fields the question needs, in rising order of slots: nothing else has to be extracted.
    package let slots: [Int]
    /// What is allowed, but hardly meant.
    package let warnings: [Diagnostic]
    let program: Program
    let bindings: [Binding]
    let terms: [Term]
    /// Constants that come from references: another run may fill them with other values.
    let openConstants: Set<Int>

    init(
        question: Question, table: Table, language: QuestionLanguage, slots: [Int], warnings: [Diagnostic],
        program: Program, bindings: [Binding], terms: [Term], openConstants: Set<Int>
    ) {
        self.question = question
        self.table = table
        self.language = language
        self.slots = slots
        self.warnings = warnings
        self.program = program
        self.bindings = bindings
        self.terms = terms
        self.openConstants = openConstants
    }

    /// Holds the question against a table. The first of `tables` that has all its fields is taken.
    ///
    /// - Parameters:
    ///   - references: every name that may stand after `$`, with dots as written: `port`, `mitm.ca.sha256`.
    ///   - elsewhere: tables that others record, to explain a field that is known but not recorded here.
    package static func compile(
        _ question: Question, against tables: [Table], references: [String: QuestionReference] = [:],
        language: QuestionLanguage = .expect, elsewhere: [Table] = []
    ) throws(Diagnostics) -> CompiledQuestion {
        let table = try TableChoice(question: question, tables: tables).table()
        var compiler = QuestionCompiler(
            question: question, table: table, tables: tables, elsewhere: elsewhere, references: references,
            language: language)
        return try compiler.compile()
    }

    /// The names after `$` whose values are needed before the question can be evaluated.
    package var unboundReferences: [String] {
        var seen: Set<String> = []
        return bindings.flatMap(\.names).filter { seen.insert($0).inserted }
    }

    /// The question with the values of its references, ready for any number of rows.
    package func bound(to references: [String: [FieldValue]] = [:]) throws(ReferenceProblem) -> BoundQuestion {
        var program = program
        for binding in bindings { program.constants[binding.constants] = try binding.matchers(references) }
        return BoundQuestion(compiled: self, program: program)
    }

    /// Whether the question holds on a row. Where many rows are asked, bind once instead.
    package func evaluate(_ row: Row, references: [String: [FieldValue]] = [:]) throws(ReferenceProblem) -> Bool {
        try bound(to: references).holds(on: row)
    }
}

/// A part of a question that is told apart when the whole does not hold.
struct Term: Sendable, Hashable {
    let test: Int
    let range: Range<Int>
    /// False under an odd number of negations: the term must not hold.
    let wanted: Bool
    /// The values that the term looks at, as nodes, with the text that names them.
    let subjects: [Subject]
    /// Where the term names references, and the constants that hold their values.
    let references: [Reference]

    struct Reference: Sendable, Hashable {
        let range: Range<Int>
        let constants: Int
    }

    struct Subject: Sendable, Hashable {
        let range: Range<Int>
        let value: Int
        let slot: Int?
    }
}

/// A question whose references have values.
package struct BoundQuestion: Sendable {
    package let compiled: CompiledQuestion
    let program: Program

    package func holds(on row: Row) -> Bool { program.holds(row) }
}
