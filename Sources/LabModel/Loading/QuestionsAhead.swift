import Dispatch
import SupportDiagnostics
import SupportQuestions
import SupportYAML
import Synchronization

/// Compiles the questions of a large lab on a second thread, from the last step backwards, while the steps are read from the
/// first on: where the two meet, all are compiled.
///
/// What is compiled here is what reading the step would have compiled. It is therefore of no account who comes first: only
/// questions that name nothing, or what is known before the first step, are compiled here, and of those only the ones in
/// which nothing is wrong.
final class QuestionsAhead: Sendable {
    /// Items before `front` are read; those from `bottom` on are compiled here, or just being so.
    private struct State {
        var front = 0
        var bottom: Int
        var compiled: [[CompiledQuestion]]
    }

    private let state: Mutex<State>
    private let work = DispatchGroup()

    /// A thread for what takes no time would only cost some.
    private static let many = 500
    /// How many items are taken at once.
    private static let portion = 16

    init(_ items: [StepItem], catalogue: [StepSchema], sharedTables: [Table]) {
        let isWorthwhile = items.count >= Self.many
        state = Mutex(
            State(bottom: items.count, compiled: isWorthwhile ? Array(repeating: [], count: items.count) : []))
        guard isWorthwhile else { return }
        let nodes = items.map { $0.scope === $0.scope.lab ? $0.node : nil }
        let known = items[0].scope.declarations.questionReferences
        let schemas = catalogue.map {
            ($0.name, CheckReader.tables(of: $0, sharedTables: sharedTables))
        }
        DispatchQueue.global().async(group: work) {
            while let range = self.take() {
                for index in range.reversed() {
                    let questions = nodes[index].map { Self.compile($0, schemas, known) } ?? []
                    self.state.withLock { $0.compiled[index] = questions }
                }
            }
        }
    }

    /// The questions of an item that are compiled; to be asked for each item once, in order.
    func questions(of index: Int) -> [CompiledQuestion] {
        let isTaken = state.withLock { state in
            state.front = index + 1
            return index >= state.bottom
        }
        guard isTaken else { return [] }
        // From here on nothing is left to take: it ends with what it has.
        work.wait()
        return state.withLock { state in
            defer { state.compiled[index] = [] }
            return state.compiled[index]
        }
    }

    /// Nothing more is asked for.
    func stop() { state.withLock { $0.front = $0.bottom } }

    private func take() -> Range<Int>? {
        state.withLock { state in
            guard state.bottom - state.front > Self.portion else { return nil }
            state.bottom -= Self.portion
            return state.bottom..<state.bottom + Self.portion
        }
    }

    private static func compile(
        _ step: YAMLNode, _ schemas: [(name: String, tables: [Table])], _ known: [String: QuestionReference]
    ) -> [CompiledQuestion] {
        guard let pairs = step.mapping,
            let tables = schemas.first(where: { schema in pairs.contains { $0.key.text == schema.name } })?.tables
        else { return [] }
        return [CheckDefinition.Polarity.expect, .forbid].flatMap { polarity in
            (step.value(of: polarity.rawValue)?.mapping ?? []).compactMap { check -> CompiledQuestion? in
                guard let source = (check.value.value(of: "is") ?? check.value).scalar?.source,
                    let question = try? Question.parse(source)
                else { return nil }
                var references: [String: QuestionReference] = [:]
                for reference in question.references {
                    guard let meaning = known[reference.value] else { return nil }
                    references[reference.value] = meaning
                }
                return try? CompiledQuestion.compile(question, against: tables, references: references)
            }
        }
    }
}
