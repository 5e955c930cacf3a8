import SupportYAML

/// What an `ask` step says to the student. Its plan keeps the lab's own words, by which answers are judged; these here are
/// what is shown, in the student's language.
package struct AskedText: Sendable {
    package var question: Template
    package var options: [Template]

    package init(question: Template, options: [Template] = []) {
        self.question = question
        self.options = options
    }
}

extension StepSchema {
    /// The name of the field whose text is the question, for a kind that asks one.
    var questionField: String? { fields.first { $0.isProse }?.name }

    /// The question and the options of a plan of this kind; nil for a kind that asks nothing.
    func asked(_ plan: [String: PlanNode]) -> AskedText? {
        guard let name = questionField, let question = plan[name]?.templates.first else { return nil }
        return AskedText(question: question, options: plan["options"]?.templates ?? [])
    }

    /// Where the question and the options are written.
    func askedNodes(_ step: YAMLNode) -> (question: YAMLNode?, options: [YAMLNode]) {
        guard let name = questionField, let plan = step.value(of: self.name) else { return (nil, []) }
        guard plan.mapping != nil else { return (name == shorthand ? plan : nil, []) }
        let options = plan.value(of: "options")
        return (plan.value(of: name), options?.sequence ?? options.map { [$0] } ?? [])
    }
}

extension PlanNode {
    /// Its texts, in order.
    fileprivate var templates: [Template] {
        switch self {
        case .scalar(let template, _, _): [template]
        case .value(.string(let text)): [Template(text, isDeclared: { _ in false })]
        case .list(let nodes): nodes.flatMap(\.templates)
        case .value, .step, .map: []
        }
    }
}
