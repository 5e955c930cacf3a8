import ArgumentParser
import Glibc
import LabModel
import SupportLinux

/// The three streams of this process.
enum Standard {
    static func output(_ text: String) { write(text, to: STDOUT_FILENO) }
    static func error(_ text: String) { write(text, to: STDERR_FILENO) }

    static func write(_ text: String, to descriptor: Int32) { write(Array(text.utf8), to: descriptor) }

    /// A reader that has gone away is no failure of ours.
    static func write(_ bytes: [UInt8], to descriptor: Int32) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    static func isColoured(_ descriptor: Int32) -> Bool {
        let environment = OwnProcess.environment()
        return Terminal.isTerminal(descriptor) && (environment["NO_COLOR"] ?? "").isEmpty
            && environment["TERM"] != "dumb"
    }
}

extension LabModel.ExitStatus {
    /// Ends the command with this status.
    var exit: ExitCode { ExitCode(rawValue) }
}
