import SupportDiagnostics

/// One JSON array of all problems, for editors and scripts.
struct JSONLint: LintFormat {
    let name = "json"

    func render(_ report: LintReport) -> LintOutput {
        LintOutput(output: DiagnosticJSON.render(report.problems) + "\n")
    }
}
