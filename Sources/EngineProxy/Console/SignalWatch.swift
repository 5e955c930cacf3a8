import Glibc

/// While it lasts, the signals that ask a program to end wake a mailbox instead.
///
/// One at a time per process: signal handlers are the process's own.
struct SignalWatch {
    private static let watched = [SIGINT, SIGTERM, SIGHUP]
    /// Written before the handlers are installed and read by them; a plain number, so that reading it is async-signal-safe.
    private nonisolated(unsafe) static var wakeEnd: Int32 = -1

    private let thread: EndingThread
    private var before: [sigaction] = []

    init(_ mailbox: Mailbox) {
        thread = EndingThread(mailbox)
        Self.wakeEnd = thread.writeEnd
        for number in Self.watched {
            var old = sigaction()
            var new = sigaction()
            new.__sigaction_handler.sa_handler = { _ in
                var byte: UInt8 = 1
                _ = write(SignalWatch.wakeEnd, &byte, 1)
            }
            sigaction(number, &new, &old)
            before.append(old)
        }
    }

    func end() {
        for (number, old) in zip(Self.watched, before) {
            var old = old
            sigaction(number, &old, nil)
        }
        Self.wakeEnd = -1
        thread.end()
    }

    /// Waits for a handler's byte and tells the mailbox; a second byte value says that nobody needs it any more.
    private final class EndingThread: Sendable {
        let readEnd: Int32
        let writeEnd: Int32

        init(_ mailbox: Mailbox) {
            var ends: [Int32] = [-1, -1]
            _ = pipe(&ends)
            for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
            let (readEnd, writeEnd) = (ends[0], ends[1])
            self.readEnd = readEnd
            self.writeEnd = writeEnd
            Detached.run {
                var byte: UInt8 = 0
                while true {
                    let count = read(readEnd, &byte, 1)
                    if count < 0, errno == EINTR { continue }
                    guard count == 1, byte == 1 else { break }
                    mailbox.end()
                }
                close(readEnd)
                close(writeEnd)
            }
        }

        func end() {
            var byte: UInt8 = 2
            _ = write(writeEnd, &byte, 1)
        }
    }
}
