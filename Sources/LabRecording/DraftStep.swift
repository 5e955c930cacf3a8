/// One step of a draft, before it is written down.
struct DraftStep {
    /// A value of a plan.
    enum Field {
        case text(String)
        case number(Int)
        case list([String])
        /// A bare `$name`.
        case reference(String)
    }

    var id: String
    var title: String
    var kind: String
    /// The fields of the kind; a single one without a name is the shorthand.
    var fields: [(name: String, value: Field)]
    var tool: String
    var typed: String
    var checks: [(name: String, question: String)] = []
    /// What was seen and will be different the next time.
    var volatile: [String] = []
    var remarks: [String] = []
}
