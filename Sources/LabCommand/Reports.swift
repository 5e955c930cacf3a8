import ArgumentParser
import Glibc
import LabModel
import LabReport
import SupportLinux

/// Reports of a run, written and printed.
enum Reports {
    /// - Parameter folder: the run folder that gets its `report.html`; nil: none does.
    static func write(_ record: RunRecord, folder: String?, targets: [ReportTarget]) throws {
        do {
            if let folder {
                let page = ReportTarget(format: HTMLReport(), path: "\(folder)/\(RunFolder.report)")
                try page.write(record, ReportContext(folder: folder))
            }
            for target in targets { try target.write(record, ReportContext(folder: folder ?? "", evidenceBase: nil)) }
        } catch let error as AtomicFileError {
            Standard.error("lab: a report could not be written: \(error)\n")
            throw LabModel.ExitStatus.software.exit
        }
    }

    static func printJSON(_ record: RunRecord, folder: String) throws {
        Standard.write(try JSONReport().render(record, ReportContext(folder: folder)), to: STDOUT_FILENO)
    }
}

/// `--report` as it was typed.
enum ReportArgument {
    static func parse(_ text: String) throws -> ReportTarget {
        do { return try ReportTarget.parse(text) } catch { throw ValidationError("\(error)") }
    }
}

/// How a run is shown while it goes on.
enum Views {
    static func live(plain: Bool) -> any RunObserver {
        let isTerminal = Terminal.isTerminal(STDOUT_FILENO)
        let output: @Sendable (String) -> Void = { Standard.output($0) }
        guard isTerminal, !plain, OwnProcess.environment()["TERM"] != "dumb" else { return PlainView(output: output) }
        return TerminalView(
            output: output, width: { Terminal.size(of: STDOUT_FILENO)?.columns ?? 80 },
            colour: Standard.isColoured(STDOUT_FILENO))
    }
}
