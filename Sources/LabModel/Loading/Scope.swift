import SupportDiagnostics
import SupportQuestions

/// What names mean at one place of a lab: within a group its parameters and its own steps come first, within a `foreach`
/// its item; what neither has is the lab's.
final class Scope {
    enum Binding {
        case value(Value)
        /// Another name, as it is known where the group was used.
        case alias(String, in: Scope)
    }

    /// What a name stands for.
    enum Meaning {
        case value(Value)
        /// Declared for the whole lab under this name.
        case name(String)
    }

    let declarations: Declarations
    private let parent: Scope?
    private let bindings: [String: Binding]
    /// What the ids of steps begin with.
    let prefix: String
    /// Ids as they are written in the group.
    private let ids: Set<String>

    init(_ declarations: Declarations) {
        self.declarations = declarations
        parent = nil
        bindings = [:]
        prefix = ""
        ids = []
    }

    /// The inside of a group.
    init(group bindings: [String: Binding], prefix: String, ids: Set<String>, in lab: Scope) {
        declarations = lab.declarations
        parent = lab
        self.bindings = bindings
        self.prefix = prefix
        self.ids = ids
    }

    /// One turn of a `foreach`.
    init(items bindings: [String: Binding], in parent: Scope) {
        declarations = parent.declarations
        self.parent = parent
        self.bindings = bindings
        prefix = parent.prefix
        ids = []
    }

    /// The scope outside of all groups.
    var lab: Scope { parent?.lab ?? self }

    /// Nil for a name that nobody declared (yet).
    func lookUp(_ local: String) -> Meaning? {
        guard parent != nil else { return declarations.contains(local) ? .name(local) : nil }
        let (head, rest) = Self.split(local)
        switch bindings[head] {
        case .value(let value)?: return rest.isEmpty ? .value(value) : nil
        case .alias(let name, let outer)?: return outer.lookUp(name + rest)
        case nil: break
        }
        if ids.contains(head) {
            let name = prefix + local
            return declarations.contains(name) ? .name(name) : nil
        }
        if isRepeated(head), declarations.contains(prefix + local) { return .name(prefix + local) }
        return parent?.lookUp(local)
    }

    /// The id of a step that is written as `local` here, whether or not there is such a step.
    func id(_ local: String) -> String {
        let (head, rest) = Self.split(local)
        if case .alias(let name, let outer)? = bindings[head] { return outer.id(name + rest) }
        if ids.contains(head) || isRepeated(head) && declarations.isStep(prefix + head) { return prefix + local }
        return parent?.id(local) ?? local
    }

    /// Whether this may be a step of a group used here, `inner-open`, or one turn of a `foreach`, `look-a`.
    private func isRepeated(_ head: String) -> Bool { ids.contains { head.hasPrefix($0 + "-") } }

    func template(_ source: String) -> Template {
        Template(source) { name in
            switch self.lookUp(name) {
            case .value(let value)?: .literal(value.text)
            case .name(let name)?: .reference(name)
            case nil: nil
            }
        }
    }

    /// The references of a question, and what those stand for that have another name elsewhere.
    func references(of question: Question) -> QuestionNames {
        var known: [String: QuestionReference] = [:]
        var names: [String: String] = [:]
        var values: [String: Value] = [:]
        for reference in question.references {
            switch lookUp(reference.value) {
            case .value(let value)?:
                known[reference.value] = QuestionReference(values: FieldValue.values(of: value, as: nil))
                values[reference.value] = value
            case .name(let name)?:
                known[reference.value] = declarations.questionReference(name)
                if name != reference.value { names[reference.value] = name }
            case nil:
                // All names there are, for the error to choose from.
                return QuestionNames(known: declarations.mayGuess() ? declarations.questionReferences : [:])
            }
        }
        return QuestionNames(known: known, names: names, values: values)
    }

    struct QuestionNames {
        var known: [String: QuestionReference]
        var names: [String: String] = [:]
        var values: [String: Value] = [:]
    }

    static func split(_ name: String) -> (head: String, rest: String) {
        guard let dot = name.utf8.firstIndex(of: UInt8(ascii: ".")) else { return (name, "") }
        return (String(name[..<dot]), String(name[dot...]))
    }
}
