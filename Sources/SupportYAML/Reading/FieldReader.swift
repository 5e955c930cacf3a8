import SupportDiagnostics

/// Reads the fields of one mapping, each with its type, and at the end reports every key that nobody asked for.
///
///     guard var fields = FieldReader(node, of: "`ping`", problems) else { return nil }
///     let to = fields.string("to", required: true)
///     let count = fields.integer("count", in: 1...100)
///     fields.finish(help: "`lab explain ping` lists all fields")
///
/// A field that is missing, or was reported, is nil: what matters is whether `problems` has errors at the end.
package struct FieldReader {
    package let node: YAMLNode
    /// What messages call the mapping, with its backticks: "`ping`", "the lab", "step `mitm`".
    package let owner: String
    package let problems: Problems
    private let pairs: [YAMLPair]
    private var known: [String] = []
    /// The keys that the documentation and the JSON Schema know, too; empty where nobody declared them.
    private let declared: [String]

    /// Nil after reporting where the node is no mapping.
    ///
    /// - Parameter declared: the keys as the language declares them. A reader that asks for another one, or forgets one,
    ///   is a bug of ours and told in debug builds.
    package init?(_ node: YAMLNode, of owner: String, declared: [String] = [], _ problems: Problems) {
        guard let pairs = node.pairs(owner, problems) else { return nil }
        self.init(node, pairs: pairs, of: owner, declared: declared, problems)
    }

    /// Reads `pairs` as if they were the whole mapping; `node` says where problems of the whole are marked.
    package init(
        _ node: YAMLNode, pairs: [YAMLPair], of owner: String, declared: [String] = [], _ problems: Problems
    ) {
        self.declared = declared
        self.node = node
        self.owner = owner
        self.problems = problems
        self.pairs = pairs
    }

    /// The pair of a key, if the mapping has it. Every key asked for counts as known.
    package mutating func pair(_ key: String, required: Bool = false) -> YAMLPair? {
        if !known.contains(key) { known.append(key) }
        assert(declared.isEmpty || declared.contains(key), "declare `\(key)` of \(owner) in LabModel/Language")
        if let pair = pairs.first(where: { $0.key.text == key }) { return pair }
        if required { reportMissing(key) }
        return nil
    }

    package mutating func node(_ key: String, required: Bool = false) -> YAMLNode? {
        pair(key, required: required)?.value
    }

    /// The value as the file writes it, with the place of each byte: for questions and texts with `$names`.
    package mutating func text(_ key: String, required: Bool = false) -> SourceText? {
        node(key, required: required)?.text(name(key), problems)
    }

    package mutating func string(_ key: String, required: Bool = false) -> Located<String>? {
        node(key, required: required)?.string(name(key), problems)
    }

    package mutating func integer(
        _ key: String, in range: ClosedRange<Int> = Int.min...Int.max, required: Bool = false
    ) -> Located<Int>? {
        node(key, required: required)?.integer(name(key), in: range, problems)
    }

    package mutating func double(
        _ key: String, atLeast least: Double = -.infinity, required: Bool = false
    ) -> Located<Double>? {
        node(key, required: required)?.double(name(key), atLeast: least, problems)
    }

    package mutating func boolean(_ key: String, required: Bool = false) -> Located<Bool>? {
        node(key, required: required)?.boolean(name(key), problems)
    }

    package mutating func duration(_ key: String, required: Bool = false) -> Located<Duration>? {
        node(key, required: required)?.duration(name(key), problems)
    }

    package mutating func size(_ key: String, required: Bool = false) -> Located<Int>? {
        node(key, required: required)?.size(name(key), problems)
    }

    package mutating func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ key: String, as type: Choice.Type = Choice.self, required: Bool = false
    ) -> Located<Choice>? {
        node(key, required: required)?.choice(name(key), as: type, problems)
    }

    package mutating func strings(_ key: String, required: Bool = false) -> [Located<String>]? {
        node(key, required: required)?.strings(name(key), problems)
    }

    package mutating func list(_ key: String, required: Bool = false) -> [YAMLNode]? {
        node(key, required: required)?.list(name(key), problems)
    }

    package mutating func map(_ key: String, required: Bool = false) -> [YAMLPair]? {
        node(key, required: required)?.pairs(name(key), problems)
    }

    /// A reader of the mapping under a key.
    package mutating func fields(_ key: String, required: Bool = false) -> FieldReader? {
        node(key, required: required).flatMap { FieldReader($0, of: name(key), problems) }
    }

    /// Keys that others read: they are no surprise at the end.
    package mutating func expect(_ keys: some Sequence<String>) {
        if known.isEmpty { return known = Array(keys) }
        for key in keys where !known.contains(key) { known.append(key) }
    }

    /// The pairs whose keys nobody asked for so far, such as the one key of a step that names its kind.
    package var rest: [YAMLPair] { pairs.filter { !known.contains($0.key.text) } }

    /// Reports what nobody asked for. `suggestions` are further names that may have been meant.
    package func finish(help: String? = nil, suggestions: [String] = []) {
        assert(declared.allSatisfy(known.contains), "\(owner) does not read all of \(declared)")
        for pair in rest {
            let key = pair.key.text
            let nearest = Suggestion.nearest(to: key, among: known + suggestions)
            let listed = known.sorted().map { "`\($0)`" }.joined(separator: ", ")
            var helps = help.map { [$0] } ?? []
            if helps.isEmpty, nearest == nil, !known.isEmpty { helps = ["its fields are \(listed)"] }
            problems.report(
                Diagnostic(
                    "field.unknown", "\(owner) has no field `\(key)`", at: pair.key.span,
                    label: nearest.map { "did you mean `\($0)`?" } ?? "", help: helps,
                    fix: .spelling(
                        of: key, as: nearest, at: pair.key.span, taken: pairs.contains { $0.key.text == nearest })))
        }
    }

    /// What messages call the value of a key.
    package func name(_ key: String) -> String { "`\(key)` of \(owner)" }

    private func reportMissing(_ key: String) {
        let wrong = rest.first { Suggestion.nearest(to: $0.key.text, among: [key]) != nil }
        // A misspelled key is told once, as an unknown one with its suggestion.
        guard wrong == nil, !node.isFlawed else { return }
        problems.report(
            Diagnostic("field.missing", "\(owner) needs a field `\(key)`", at: firstLine, label: "no `\(key)` here"))
    }

    private var firstLine: SourceSpan {
        guard let first = pairs.first else { return node.span }
        return first.key.span
    }
}
