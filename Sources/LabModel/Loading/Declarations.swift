import SupportDiagnostics
import SupportQuestions

/// The names that `$` may stand before anywhere in a lab, each with the type of what it stands for where that is known
/// before the run.
final class Declarations {
    struct Entry {
        /// Nil for a variable whose value is text that any field may read in its own way.
        let type: FieldType?
        let isList: Bool
        /// The step whose result this is.
        let step: String?
        /// Results of steps have none of it, and are by far the most.
        private let details: Details?

        /// Known before the run: variables and addresses.
        var value: Value? { details?.value }
        /// What a variable may hold; nil for what is none.
        var rule: VariableRule? { details?.rule }
        /// Its value must not be looked at before the run, nor shown.
        var isSecret: Bool { details?.isSecret ?? false }

        fileprivate var questionReference: QuestionReference {
            let values = isSecret ? nil : value
            return QuestionReference(type: type, values: values.flatMap { FieldValue.values(of: $0, as: type) })
        }

        init(
            type: FieldType? = nil, isList: Bool = false, value: Value? = nil, step: String? = nil,
            rule: VariableRule? = nil, isSecret: Bool = false
        ) {
            self.type = type
            self.isList = isList
            self.step = step
            let isPlain = value == nil && rule == nil && !isSecret
            details = isPlain ? nil : Details(value: value, rule: rule, isSecret: isSecret)
        }
    }

    private final class Details {
        let value: Value?
        let rule: VariableRule?
        let isSecret: Bool

        init(value: Value?, rule: VariableRule?, isSecret: Bool) {
            self.value = value
            self.rule = rule
            self.isSecret = isSecret
        }
    }

    private(set) var entries: [String: Entry] = [:]
    /// What stands before a dot in names: `mitm` and `mitm.ca` of `mitm.ca.sha256`.
    private(set) var beginnings: Set<String> = []
    /// How often the nearest of all names may still be looked for: that takes time, and a lab that is wrong in one way
    /// tends to be wrong so everywhere.
    private var guesses = 100
    /// Ids that stand for several steps: those of a `foreach`, and of all steps of a group.
    private(set) var families: [String: [String]] = [:]
    /// The kinds of the steps so far, by id.
    private(set) var kinds: [String: String] = [:]
    /// The names of their checks.
    private(set) var checks: [String: [String]] = [:]
    /// Where they begin.
    private(set) var places: [String: SourceSpan] = [:]

    subscript(name: String) -> Entry? { entries[name] }
    func contains(_ name: String) -> Bool { entries[name] != nil }

    /// The values known before the run.
    var values: [String: Value] { entries.compactMapValues(\.value) }

    /// Whether it is still worth looking for the name that was probably meant.
    func mayGuess() -> Bool {
        guesses -= guesses > 0 ? 1 : 0
        return guesses > 0
    }

    /// The declared name that was probably meant.
    func nearest(to name: String) -> String? {
        mayGuess() ? Suggestion.nearest(to: name, among: entries.keys.sorted()) : nil
    }

    func declare(_ name: String, _ entry: Entry) {
        entries[name] = entry
        var rest = name[...]
        while let dot = rest.utf8.lastIndex(of: UInt8(ascii: ".")) {
            rest = rest[..<dot]
            guard beginnings.insert(String(rest)).inserted else { break }
        }
    }

    /// A name as questions know it: that of a variable or an address with its values.
    func questionReference(_ name: String) -> QuestionReference? { entries[name]?.questionReference }

    /// All of them. To be asked for seldom: a large lab has tens of thousands.
    var questionReferences: [String: QuestionReference] { entries.mapValues(\.questionReference) }

    func declare(unreadable name: String) { declare(name, Entry()) }

    func declare(variable: VariableDefinition, value: Value) {
        declare(variable.name, Entry(value: value, rule: variable.rule, isSecret: variable.isSecret))
    }

    func declare(world references: [String: Value]) {
        for (name, value) in references {
            declare(name, Entry(type: FieldValue(addressText: value.text)?.type, value: value))
        }
        declare("world.roots.sha256", Entry(type: .bytes))
    }

    /// The results of a step: `$id` and `$id.result`.
    func declare(step: StepDefinition, of schema: StepSchema) {
        let id = step.id
        kinds[id] = schema.name
        checks[id] = step.checks.map(\.name)
        places[id] = step.idSpan
        for (index, result) in schema.results.enumerated() {
            let entry = Entry(type: result.type, isList: result.isList, step: id)
            declare("\(id).\(result.name)", entry)
            if index == 0 { declare(id, entry) }
        }
        if schema.results.isEmpty { declare(id, Entry(type: .string, step: id)) }
    }

    /// Whether this is the id of a step so far, or stands for several.
    func isStep(_ id: String) -> Bool { kinds[id] != nil || families[id] != nil }

    func add(_ id: String, toFamily name: String) { families[name, default: []].append(id) }
}
