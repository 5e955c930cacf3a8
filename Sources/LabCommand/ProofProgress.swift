import Glibc
import LabProof
import SupportDiagnostics
import SupportLinux
import Synchronization

/// How far a proof has come, on standard error: one line that changes on a terminal, plain lines elsewhere.
final class ProofProgress: Sendable {
    private let isTerminal = Terminal.isTerminal(STDERR_FILENO) && OwnProcess.environment()["TERM"] != "dumb"
    private let told = Mutex(0)

    func show(_ update: ProofRunner.Update) {
        switch update {
        case .reference: break
        case .planned(let runs): write("\(runs) wrong runs to make")
        case .finished(let run, let count, let total):
            // In a log, a line now and then shows that it goes on.
            let isDue = told.withLock { told in
                guard count == total || count * 10 / max(1, total) > told * 10 / max(1, total) else { return false }
                told = count
                return true
            }
            if isTerminal || isDue { write("\(count) of \(total): \(Visible.text(run.name))") }
        }
    }

    func end() { if isTerminal { Standard.error("\r\u{1B}[K") } }

    private func write(_ line: String) {
        Standard.error(isTerminal ? "\r\u{1B}[K\(line.prefix(76))" : line + "\n")
    }
}
