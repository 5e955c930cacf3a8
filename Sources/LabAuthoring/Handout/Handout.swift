import LabModel
import SupportQuestions

/// A lab as a person reads it before doing it: tasks, explanations, what to type, what is looked at, hints. Nothing of the
/// key file is in it, and of a question only what it looks at, not what it expects.
package struct Handout: Sendable {
    package struct Section: Sendable {
        package var title: String
        package var steps: [Step]
    }

    package struct Step: Sendable {
        package var number: Int
        package var id: String
        package var kind: String
        package var host: String
        package var title: String
        /// Markdown, as are explanations and hints.
        package var task: String
        package var explain: String
        /// What it asks, with what can be chosen; empty for a step that asks nothing.
        package var question = ""
        package var options: [String] = []
        package var byHand: [(tool: String, command: String)]
        package var checks: [Check]
        package var hints: [(text: String, costs: Double)]
        package var isOptional: Bool
        package var points: Double
    }

    package struct Check: Sendable {
        package var name: String
        package var isForbidden: Bool
        /// What it looks at, in words.
        package var about: String
        package var points: Double
    }

    package struct Node: Sendable {
        package var name: String
        package var addresses: String
        package var network: String
        package var remark: String
    }

    package var name: String
    package var title: String
    package var points: Double
    package var isHandsOn: Bool
    package var sections: [Section]
    /// Hosts of the world; empty without one.
    package var nodes: [Node]
    package var routers: [String]
    package var names: [(name: String, host: String)]

    /// - Parameters:
    ///   - references: the values to put in; names without one stay as they were written.
    ///   - withWorld: whether hosts, routers and names are shown.
    ///   - others: worlds of other students; where one differs, the handout says so in place of a value.
    package init(
        _ lab: LabDefinition, references: [String: Value], withWorld: Bool = true, others: [WorldDefinition] = []
    ) {
        name = lab.name
        title = lab.title.rendered(references)
        isHandsOn = lab.credit == .handsOn
        sections = []
        for (index, step) in lab.steps.enumerated() {
            let shown = Step(step, number: index + 1, references)
            if sections.last?.title == step.section {
                sections[sections.count - 1].steps.append(shown)
            } else {
                sections.append(Section(title: step.section, steps: [shown]))
            }
        }
        points = sections.flatMap(\.steps).reduce(0) { $0 + $1.points }
        let world = withWorld ? lab.world : nil
        nodes = world?.hosts.map { host in Node(host, others: others.map { $0.host(host.name) }) } ?? []
        routers =
            world?.routers.map { router in
                others.allSatisfy { $0.routers.contains { $0.name == router.name } } ? router.name : Self.varying
            } ?? []
        let common = others.map { Set($0.names.map(\.name)) }
        names =
            world?.names.map { name in
                (common.allSatisfy { $0.contains(name.name) } ? name.name : Self.varying, name.host)
            } ?? []
    }

    package var steps: [Step] { sections.flatMap(\.steps) }

    /// Stands where each student has another value.
    static let varying = "another for each student"

    /// The values that are the same whoever does the lab.
    package static func common(_ one: [String: Value], _ other: [String: Value]) -> [String: Value] {
        one.filter { other[$0.key] == $0.value }
    }
}

extension Handout.Step {
    fileprivate init(_ step: StepDefinition, number: Int, _ references: [String: Value]) {
        self.number = number
        id = step.id
        kind = step.kind
        host = step.host
        let rendered = step.title.rendered(references)
        title = rendered.isEmpty ? step.id : rendered
        task = step.task.rendered(references)
        explain = step.explain.rendered(references)
        question = step.asked?.question.rendered(references) ?? ""
        options = step.asked?.options.map { $0.rendered(references) } ?? []
        byHand = step.byHand.map { ($0.tool, $0.command.rendered(references)) }
        // A student's sheet: neither hidden checks nor their points.
        let shown = step.checks.filter { !$0.isHidden }
        checks = shown.map(Handout.Check.init).reduce(into: []) { merged, check in
            // What looks at the same is said once.
            let same = merged.firstIndex { $0.isForbidden == check.isForbidden && $0.about == check.about }
            guard let same else { return merged.append(check) }
            merged[same].name += ", " + check.name
            merged[same].points += check.points
        }
        hints = step.hints.map { ($0.text.rendered(references), $0.costs) }
        isOptional = step.isOptional
        points = step.isOptional ? 0 : shown.reduce(0) { $0 + $1.points }
    }
}

extension Handout.Check {
    fileprivate init(_ check: CheckDefinition) {
        name = check.name
        isForbidden = check.polarity == .forbid
        points = check.points
        about = QuestionWords.about(check)
    }
}

extension Handout.Node {
    fileprivate init(_ host: WorldDefinition.Host, others: [WorldDefinition.Host?]) {
        name = host.name
        let isSame = others.allSatisfy { $0?.address == host.address && $0?.address6 == host.address6 }
        addresses =
            isSame ? [host.address, host.address6].compactMap { $0 }.joined(separator: ", ") : Handout.varying
        network = host.network
        remark = host.isDown ? "switched off" : host.isVirtual ? "answers pings" : "runs steps and programs"
    }
}

/// What a question looks at, without what it expects: a handout gives no answers away.
enum QuestionWords {
    static func about(_ check: CheckDefinition) -> String {
        let table = check.question.table
        var fields: [Field] = []
        for word in words(of: check.text) {
            guard let slot = table.slot(of: word), !fields.contains(table.fields[slot]) else { continue }
            fields.append(table.fields[slot])
        }
        let listed = fields.map(\.summary).joined(separator: "; ")
        return listed.isEmpty ? table.summary : "\(table.summary): \(listed)"
    }

    /// Runs of what names of fields are made of.
    private static func words(of text: String) -> [String] {
        text.split { !($0.isLetter || $0.isNumber || $0 == "." || $0 == "_") }.map(String.init)
    }
}
