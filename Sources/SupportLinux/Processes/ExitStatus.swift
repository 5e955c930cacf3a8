import CLinux
import Glibc

/// How a program ended.
package enum ExitStatus: Sendable, Equatable, Hashable, Codable, CustomStringConvertible {
    case exited(Int32)
    case signalled(Int32)

    package var succeeded: Bool { self == .exited(0) }

    package var description: String {
        switch self {
        case .exited(let status): "exit status \(status)"
        case .signalled(let signal): "ended by signal \(signal)"
        }
    }

    /// Blocks until the child ends, and reaps it.
    package static func wait(for pidfd: FileDescriptor) throws(SystemError) -> ExitStatus {
        var exited: Int32 = 0
        var value: Int32 = 0
        try checked("wait for a program") { lab_wait_pidfd(pidfd.number, &exited, &value) }
        return exited == 1 ? .exited(value) : .signalled(value)
    }
}
