import Glibc
import SupportDiagnostics

/// Problems of an input, on standard error.
enum Problem {
    static func show(_ problems: [Diagnostic], _ format: OutputFormat = .text) {
        switch format {
        case .json: Standard.error(DiagnosticJSON.render(problems) + "\n")
        case .text:
            let renderer = DiagnosticText(color: Standard.isColoured(STDERR_FILENO))
            for problem in problems { Standard.error(renderer.render(problem) + "\n") }
        }
    }
}
