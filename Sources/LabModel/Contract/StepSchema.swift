import SupportQuestions

/// What a step kind says of itself: the fields a lab may write, what it gives to later steps, and the evidence it
/// records. Lint, `lab explain` and the JSON Schema read nothing else.
package struct StepSchema: Sendable {
    /// The key that names the kind in a lab.
    package let name: String
    /// One sentence, lower case, without a full stop.
    package let summary: String
    package let fields: [PlanField]
    /// The field that a bare value fills: `request: http://mitm.it/` is `request: { url: http://mitm.it/ }`.
    package let shorthand: String?
    /// What later steps may refer to as `$step.name`; `$step` alone is the first.
    package let results: [ResultField]
    /// The tables whose rows this kind derives, besides those that every step has (`SharedTables`).
    package let tables: [Table]
    /// Whether performing it twice does no more than performing it once: what may be retried.
    package let isRepeatable: Bool
    /// Why one would use it, an example, and what can go wrong.
    package let guide: StepGuide

    package init(
        _ name: String, _ summary: String, fields: [PlanField], shorthand: String? = nil, results: [ResultField] = [],
        tables: [Table], isRepeatable: Bool = true, guide: StepGuide
    ) {
        self.name = name
        self.summary = summary
        self.fields = fields
        self.shorthand = shorthand
        self.results = results
        self.tables = tables
        self.isRepeatable = isRepeatable
        self.guide = guide
    }

    package func field(_ name: String) -> PlanField? { fields.first { $0.name == name } }
    package func result(_ name: String) -> ResultField? { results.first { $0.name == name } }
}

/// One field of a kind, as a lab writes it.
package struct PlanField: Sendable {
    package let name: String
    package let type: PlanType
    package let isRequired: Bool
    /// What holds where the lab says nothing.
    package let fallback: Value?
    /// Whether it is a text for the student: told in the student's language, and free to be reworded.
    package let isProse: Bool
    package let summary: String

    package init(
        _ name: String, _ type: PlanType, required: Bool = false, default fallback: Value? = nil, prose: Bool = false,
        _ summary: String
    ) {
        self.name = name
        self.type = type
        self.isRequired = required
        self.fallback = fallback
        self.isProse = prose
        self.summary = summary
    }
}

/// What a field of a plan may hold. Values are held as `Value`: durations as nanoseconds, the rest as JSON would.
package indirect enum PlanType: Sendable, Hashable {
    case string
    case integer(ClosedRange<Int64>)
    case boolean
    /// `50ms`, `2s`; held as nanoseconds.
    case duration
    /// The name of a host of the world.
    case host
    /// A link of the world and what becomes of it, such as `r1-r2 down`; held as that text.
    case link
    case choice([String])
    /// An earlier step of one of these kinds, written `$id`; held as its id.
    case step([String])
    /// A display filter, in Wireshark's language.
    case filter
    case list(PlanType)
    case map(PlanType)

    package static let port = PlanType.integer(1...65_535)

    /// The type as an error says it: `a port number from 1 to 65535`.
    package var description: String {
        switch self {
        case .string: "text"
        case .integer(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .boolean: "true or false"
        case .duration: "a duration such as `500ms` or `2s`"
        case .host: "the name of a host in the lab's world"
        case .link: "a link of the lab's world and `up` or `down`, such as `r1-r2 down`"
        case .choice(let names): "one of " + names.map { "`\($0)`" }.joined(separator: ", ")
        case .step(let kinds): "an earlier \(kinds.map { "`\($0)`" }.joined(separator: " or ")) step, written `$id`"
        case .filter: "a display filter"
        case .list(let element): "a list, each item \(element.description)"
        case .map(let element): "names with values, each value \(element.description)"
        }
    }
}

/// One value that a finished step gives to later ones.
package struct ResultField: Sendable {
    package let name: String
    package let type: FieldType
    /// A column: several values, for `in $step.name`.
    package let isList: Bool
    package let summary: String

    package init(_ name: String, _ type: FieldType, list: Bool = false, _ summary: String) {
        self.name = name
        self.type = type
        self.isList = list
        self.summary = summary
    }
}
