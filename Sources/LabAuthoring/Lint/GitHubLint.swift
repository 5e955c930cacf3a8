import SupportDiagnostics

/// Workflow commands of GitHub Actions, one line a problem: they become annotations of the lines that a pull request
/// changes. A command ends with its line, so whatever a file holds is escaped.
struct GitHubLint: LintFormat {
    let name = "github"

    func render(_ report: LintReport) -> LintOutput {
        LintOutput(output: report.problems.map { line($0) + "\n" }.joined() + report.summary + "\n")
    }

    private func line(_ problem: Diagnostic) -> String {
        let command =
            switch problem.severity {
            case .error: "error"
            case .warning: "warning"
            case .note: "notice"
            }
        var properties: [String] = []
        if let span = problem.primary?.span {
            let (start, end) = (span.start, span.end)
            properties = ["file=\(Self.property(span.file.name))", "line=\(start.line)", "endLine=\(end.line)"]
            // A column means something to GitHub only where both ends lie on one line.
            if start.line == end.line {
                properties += ["col=\(start.column)", "endColumn=\(max(start.column, end.column - 1))"]
            }
        }
        properties.append("title=\(Self.property(problem.code))")
        var lines = [problem.message]
        if let label = problem.primary?.text, !label.isEmpty { lines.append(label) }
        lines += problem.notes.map { "note: " + $0 } + problem.help.map { "help: " + $0 }
        let message = lines.map { Visible.text($0) }.joined(separator: "\n")
        return "::\(command) \(properties.joined(separator: ","))::\(Self.data(message))"
    }

    private static func data(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "%": result += "%25"
            case "\r": result += "%0D"
            case "\n": result += "%0A"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    private static func property(_ text: String) -> String {
        var result = ""
        for scalar in data(Visible.text(text)).unicodeScalars {
            switch scalar {
            case ":": result += "%3A"
            case ",": result += "%2C"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
