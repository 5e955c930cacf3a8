import SupportDiagnostics

/// Applies fixes again and again, in memory, until none is left: what a fix lets YAML read may show further problems.
package struct Fixing {
    /// The problems of everything, with some files replaced: their new bytes by the names that problems show.
    package typealias Lint = (_ replaced: [String: [UInt8]]) -> [Diagnostic]

    package private(set) var files: [(name: String, before: [UInt8], after: [UInt8])] = []
    package private(set) var changes: [(file: String, change: FixPlan.Change)] = []
    /// What is left.
    package private(set) var problems: [Diagnostic]

    /// No lab needs more, and a fix that makes another one necessary for ever must end somewhere.
    private static let mostRounds = 20

    package init(_ lint: Lint) {
        var replaced: [String: [UInt8]] = [:]
        var before: [String: [UInt8]] = [:]
        var order: [String] = []
        problems = lint(replaced)
        for _ in 0..<Self.mostRounds {
            let plans = FixPlan.plans(problems)
            guard !plans.isEmpty else { break }
            for plan in plans {
                if before[plan.file] == nil {
                    order.append(plan.file)
                    before[plan.file] = problems.compactMap { $0.fix?.span.file }.first { $0.name == plan.file }?.bytes
                }
                replaced[plan.file] = plan.bytes
                changes += plan.changes.map { (plan.file, $0) }
            }
            problems = lint(replaced)
        }
        files = order.compactMap { name in
            guard let old = before[name], let new = replaced[name], old != new else { return nil }
            return (name, old, new)
        }
    }
}
