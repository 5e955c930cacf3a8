/// One problem in something a person wrote, with the place, the reason and what to do next.
///
/// Wording: lower case, no full stop, names in backticks; what was expected and what was found; the span as small as
/// it can be.
package struct Diagnostic: Error, Sendable, Hashable {
    package enum Severity: String, Sendable, Hashable, Comparable {
        case note, warning, error

        private var rank: Int {
            switch self {
            case .note: 0
            case .warning: 1
            case .error: 2
            }
        }
        package static func < (left: Severity, right: Severity) -> Bool { left.rank < right.rank }
    }

    package struct Label: Sendable, Hashable {
        package let span: SourceSpan
        /// May be empty: then only the place is marked.
        package let text: String

        package init(_ span: SourceSpan, _ text: String = "") {
            self.span = span
            self.text = text
        }
    }

    /// A change to the file that removes the problem, safe to apply without thinking.
    package struct Fix: Sendable, Hashable {
        package let span: SourceSpan
        package let replacement: String

        package init(replace span: SourceSpan, with replacement: String) {
            self.span = span
            self.replacement = replacement
        }
    }

    /// Stable, dotted: `step.unknown-field`. `lab explain CODE` tells more of it.
    package var code: String
    package var severity: Severity
    package var message: String
    package var primary: Label?
    package var secondary: [Label]
    package var notes: [String]
    package var help: [String]
    package var fix: Fix?

    package init(
        _ code: String, _ message: String, severity: Severity = .error, at span: SourceSpan? = nil,
        label: String = "", secondary: [Label] = [], notes: [String] = [], help: [String] = [], fix: Fix? = nil
    ) {
        self.code = code
        self.severity = severity
        self.message = message
        self.primary = span.map { Label($0, label) }
        self.secondary = secondary
        self.notes = notes
        self.help = help
        self.fix = fix
    }
}

/// Everything that is wrong with one input, thrown at once.
package struct Diagnostics: Error, Sendable, Hashable {
    package let all: [Diagnostic]

    package init(_ all: [Diagnostic]) { self.all = all }

    package var hasErrors: Bool { all.contains { $0.severity == .error } }
}

/// Gathers the problems of one input while it is being read, so that all of them are told and not only the first.
package final class Problems {
    package private(set) var all: [Diagnostic] = []

    package init() {}

    package func report(_ diagnostic: Diagnostic) { all.append(diagnostic) }

    package func report(_ diagnostics: some Sequence<Diagnostic>) { all.append(contentsOf: diagnostics) }

    package var hasErrors: Bool { all.contains { $0.severity == .error } }

    /// Every problem in the order of its file, those without a place last. Files follow each other as their first problems
    /// were reported; of one place, what was reported first comes first.
    package var inFileOrder: [Diagnostic] {
        var ranks: [SourceFile: Int] = [:]
        for problem in all {
            guard let file = problem.primary?.span.file, ranks[file] == nil else { continue }
            ranks[file] = ranks.count
        }
        return all.enumerated().map { order, problem in
            let span = problem.primary?.span
            let rank = span.flatMap { ranks[$0.file] } ?? .max
            return (key: (rank, span?.range.lowerBound ?? 0, order), problem: problem)
        }.sorted { $0.key < $1.key }.map(\.problem)
    }
}
