import CLinux
import Glibc

/// Ctrl-C and requests to end (SIGINT, SIGTERM) as something to wait for.
package final class Interruptions: Sendable {
    private let descriptor: FileDescriptor

    /// From now on the signals no longer end the process by themselves.
    package init() throws(SystemError) {
        descriptor = FileDescriptor(owning: try checked("catch interruptions") { lab_catch_interruptions() })
    }

    /// Blocks for at most so long; true when a signal came.
    package func wait(milliseconds: Int32) -> Bool {
        var poll = pollfd(fd: descriptor.number, events: Int16(POLLIN), revents: 0)
        return Glibc.poll(&poll, 1, milliseconds) > 0
    }

    /// Blocks until a signal comes; its number.
    package func next() -> Int32 {
        while true {
            _ = wait(milliseconds: -1)
            if let byte = try? descriptor.read(upTo: 1).first { return Int32(byte) }
        }
    }
}
