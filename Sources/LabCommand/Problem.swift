import Glibc
import SupportDiagnostics
import SupportLinux

/// Problems of an input, on standard error.
enum Problem {
    static func show(_ problems: [Diagnostic], _ format: OutputFormat = .text) {
        switch format {
        case .json: Standard.error(DiagnosticJSON.render(problems) + "\n")
        case .text:
            let color = Standard.isColoured(STDERR_FILENO)
            let columns = Terminal.size(of: STDERR_FILENO)?.columns
            let renderer = columns.map { DiagnosticText(color: color, columns: $0) } ?? DiagnosticText(color: color)
            for problem in problems { Standard.error(renderer.render(problem) + "\n") }
        }
    }
}
