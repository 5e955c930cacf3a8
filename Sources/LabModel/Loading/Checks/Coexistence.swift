import SupportDiagnostics
import SupportQuestions

/// Whether one run can take several steps, as far as their conditions tell. "No" is said only where it is certain.
struct Coexistence {
    private let steps: [String: StepDefinition]
    private let declarations: Declarations

    /// Beyond this many cases nothing is excluded.
    private static let mostCases = 1_000

    init(_ steps: [StepDefinition], _ declarations: Declarations) {
        self.steps = Dictionary(steps.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        self.declarations = declarations
    }

    /// What must hold for a step to be taken: its own conditions and those of the steps that it builds on.
    func conditions(of step: StepDefinition) -> [ConditionDefinition] {
        var conditions: [ConditionDefinition] = []
        var seen: Set<String> = [step.id]
        var open = [step]
        while let next = open.popLast() {
            conditions += next.conditions
            for need in next.needs where seen.insert(need).inserted { open += steps[need].map { [$0] } ?? [] }
        }
        return conditions
    }

    /// Whether there is a run that takes all of `taken` and none of `skipped`.
    func isPossible(taking taken: [StepDefinition], skipping skipped: [StepDefinition] = []) -> Bool {
        let wanted = taken.flatMap { conditions(of: $0) }
        let unwanted = skipped.map { conditions(of: $0) }
        // What has no condition is taken whenever the others are.
        guard !unwanted.contains(where: \.isEmpty) else { return false }
        guard !wanted.isEmpty || !unwanted.isEmpty else { return true }
        let unknowns = Unknowns(wanted + unwanted.flatMap(\.self), declarations)
        guard let cases = unknowns.cases(atMost: Self.mostCases) else { return true }
        return cases.contains { one in
            wanted.allSatisfy(one.holds) && unwanted.allSatisfy { !$0.allSatisfy(one.holds) }
        }
    }
}

/// What decides conditions: variables with few values, and facts that only a run or `--set` tells.
private struct Unknowns {
    private var axes: [(name: String, values: [Value])] = []
    private var facts: [String: ConditionDefinition] = [:]

    init(_ conditions: [ConditionDefinition], _ declarations: Declarations) {
        for condition in conditions {
            guard let names = condition.variables, names.allSatisfy({ declarations[$0]?.rule?.domain != nil }) else {
                facts[condition.fact] = condition
                continue
            }
            for name in names where !axes.contains(where: { $0.name == name }) {
                axes.append((name, declarations[name]?.rule?.domain ?? []))
            }
        }
    }

    /// Every combination of values and facts that does not contradict itself; nil where there are too many.
    func cases(atMost most: Int) -> [Case]? {
        var cases = [Case()]
        for (name, values) in axes {
            guard cases.count * values.count <= most else { return nil }
            cases = cases.flatMap { one in values.map { one.setting(name, to: $0) } }
        }
        let names = facts.keys.sorted()
        for (index, name) in names.enumerated() {
            guard cases.count * 2 <= most else { return nil }
            let excluded = names[..<index].filter { excludes($0, name) }
            let implied = names[..<index].filter { Self.isPart($0, of: name) }
            let implying = names[..<index].filter { Self.isPart(name, of: $0) }
            cases = cases.flatMap { one in
                var both: [Case] = []
                if !excluded.contains(where: { one.facts[$0] == true }),
                    !implied.contains(where: { one.facts[$0] == false })
                {
                    both.append(one.setting(name, isTrue: true))
                }
                if !implying.contains(where: { one.facts[$0] == true }) {
                    both.append(one.setting(name, isTrue: false))
                }
                return both
            }
        }
        return cases
    }

    /// Whether one is a check of the step that is the other: a step that passed passed all its checks.
    private static func isPart(_ check: String, of step: String) -> Bool { check.hasPrefix(step + ".") }

    /// Whether two questions about the same values cannot both hold.
    private func excludes(_ first: String, _ second: String) -> Bool {
        guard let first = facts[first], let second = facts[second], case .question(let one, let operands) = first.test,
            case .question(let other, let others) = second.test
        else { return false }
        var fields: [Field] = []
        var meanings: [String: String] = [:]
        for (field, operand) in zip(one.table.fields + other.table.fields, operands + others) {
            let meaning = operand.fact
            if let known = meanings[field.name] {
                guard known == meaning else { return false }
            } else {
                meanings[field.name] = meaning
                fields.append(Field(field.name, field.type, field.summary, isMany: false))
            }
        }
        let text = SourceText("(\(one.question.text)) and (\(other.question.text))", name: "when")
        guard let question = try? Question.parse(text),
            let both = try? CompiledQuestion.compile(question, against: [Table("condition", "", fields: fields)])
        else { return false }
        return QuestionAnalysis(both).impossibility != nil
    }
}

/// One way in which a run may go.
private struct Case {
    var values: [String: Value] = [:]
    var facts: [String: Bool] = [:]

    func setting(_ name: String, to value: Value) -> Case {
        var result = self
        result.values[name] = value
        return result
    }

    func setting(_ fact: String, isTrue: Bool) -> Case {
        var result = self
        result.facts[fact] = isTrue
        return result
    }

    func holds(_ condition: ConditionDefinition) -> Bool {
        guard let isTrue = facts[condition.fact] else {
            return condition.holds(references: values, hasPassed: { _ in false })
        }
        if case .passed(_, false) = condition.test { return !isTrue }
        return isTrue
    }
}

extension ConditionDefinition {
    /// The names that a question is about; nil for a condition about what passed.
    fileprivate var variables: [String]? {
        guard case .question(_, let operands) = test else { return nil }
        return operands.compactMap { if case .name(let name) = $0 { name } else { nil } }
    }

    /// What is true or not where nothing more is known: equal texts about equal things mean the same.
    fileprivate var fact: String {
        switch test {
        case .passed(let name, _): name
        case .question(_, let operands): "\(text) of " + operands.map(\.fact).joined(separator: ", ")
        }
    }
}

extension ConditionDefinition.Operand {
    fileprivate var fact: String {
        switch self {
        case .name(let name): "$" + name
        case .value(let value): "\(value)"
        }
    }
}
