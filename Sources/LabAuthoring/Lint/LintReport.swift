import SupportDiagnostics

/// What lint has to say of the files it was given.
package struct LintReport: Sendable {
    /// How many labs were read.
    package var labs: Int
    package var problems: [Diagnostic]
    /// The version of lab, for formats that name their tool.
    package var version: String

    package init(labs: Int, problems: [Diagnostic], version: String) {
        self.labs = labs
        self.problems = problems
        self.version = version
    }

    package var errors: Int { problems.count { $0.severity == .error } }
    package var warnings: Int { problems.count { $0.severity == .warning } }

    /// `2 labs: no problems`, `1 lab: 2 errors, 1 warning`.
    package var summary: String {
        func count(_ number: Int, _ name: String) -> String { "\(number) \(name)\(number == 1 ? "" : "s")" }
        let found = [
            errors > 0 ? count(errors, "error") : "", warnings > 0 ? count(warnings, "warning") : "",
        ].filter { !$0.isEmpty }
        return count(labs, "lab") + ": " + (found.isEmpty ? "no problems" : found.joined(separator: ", "))
    }
}

/// What a format writes, and where: diagnostics for people go to standard error.
package struct LintOutput: Sendable, Hashable {
    package var output = ""
    package var errors = ""
}

/// One way to print problems: a file each, listed in `LintFormats`.
package protocol LintFormat: Sendable {
    /// What one writes after `--format`.
    var name: String { get }
    func render(_ report: LintReport) -> LintOutput
}

/// The formats there are, in the order in which they are told.
package enum LintFormats {
    /// - Parameters:
    ///   - color: whether people read the problems on a terminal that has colours.
    ///   - columns: how wide that terminal is; nil where there is none.
    package static func all(color: Bool = false, columns: Int? = nil) -> [any LintFormat] {
        [TextLint(color: color, columns: columns), JSONLint(), GitHubLint(), SARIFLint()]
    }

    package static var names: [String] { all().map(\.name) }

    package static func named(_ name: String, color: Bool = false, columns: Int? = nil) -> (any LintFormat)? {
        all(color: color, columns: columns).first { $0.name == name }
    }
}
