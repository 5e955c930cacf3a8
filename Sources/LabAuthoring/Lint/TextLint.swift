import SupportDiagnostics

/// For people: each problem with its line and a caret, then how many there are.
struct TextLint: LintFormat {
    let name = "text"
    var color = false
    /// Of the terminal; nil where the output is none.
    var columns: Int?

    func render(_ report: LintReport) -> LintOutput {
        let renderer = columns.map { DiagnosticText(color: color, columns: $0) } ?? DiagnosticText(color: color)
        var errors = report.problems.map { renderer.render($0) + "\n" }.joined()
        let codes = Set(report.problems.map(\.code))
        if let code = codes.min() {
            let example = codes.count == 1 ? code : "CODE"
            errors += "`lab explain \(example)` tells more of a problem"
            let fixes = report.problems.count { $0.fix != nil }
            if fixes > 0 { errors += "; `lab lint --fix` can mend \(fixes == 1 ? "one" : "\(fixes)")" }
            errors += "\n"
        }
        return LintOutput(output: report.summary + "\n", errors: errors)
    }
}
