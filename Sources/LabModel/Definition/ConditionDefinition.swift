import SupportDiagnostics
import SupportQuestions

/// One condition of a step's `when`.
package struct ConditionDefinition: Sendable {
    package enum Test: Sendable {
        /// A question about one row: the operands, in the order of the slots.
        case question(CompiledQuestion, [Operand])
        /// Whether a check (`step.check`), or every check of a step, passed.
        case passed(String, wanted: Bool)
    }

    /// What a name in a condition stands for.
    package enum Operand: Sendable {
        case value(Value)
        case name(String)
    }

    package var text: String
    package var span: SourceSpan
    package var test: Test
    /// Ids of the steps whose results or checks it looks at.
    package var steps: [String]

    package init(text: String, span: SourceSpan, test: Test, steps: [String]) {
        self.text = text
        self.span = span
        self.test = test
        self.steps = steps
    }

    /// Whether nothing but variables, the student and the world decide it.
    package var isKnownBeforeRun: Bool { steps.isEmpty }

    /// - Parameters:
    ///   - references: values of names; one without a value makes what is said of it untrue.
    ///   - hasPassed: what became of a check or a step by its name.
    package func holds(references: [String: Value], hasPassed: (String) -> Bool) -> Bool {
        switch test {
        case .passed(let name, let wanted): return hasPassed(name) == wanted
        case .question(let question, let operands):
            var row = Row()
            for (slot, operand) in operands.enumerated() {
                let type = question.table.fields[slot].type
                let value: Value? =
                    switch operand {
                    case .value(let value): value
                    case .name(let name): references[name]
                    }
                if let value, let field = FieldValue(value, as: type) {
                    row.append(field, at: slot)
                }
            }
            return (try? question.evaluate(row)) ?? false
        }
    }
}
