import Glibc
import SupportLinux

/// Waiting for Ctrl-C or a request to end.
enum Interruption {
    /// - Parameter isOver: asked ten times a second.
    static func wait(_ isOver: @escaping @Sendable () -> Bool = { false }) async throws {
        let signals = try Interruptions()
        try await Threads.perform(name: "signals") {
            while !signals.wait(milliseconds: 100), !isOver() {}
        }
    }

    /// From now on Ctrl-C ends the process as it should look: with a cursor, and with what remains to be done said. A
    /// world needs no word: it ends with its runner.
    static func endProcess(restoring terminal: Int32) {
        guard let signals = try? Interruptions() else { return }
        try? Threads.detach(name: "signals") {
            while !signals.wait(milliseconds: 60_000) {}
            if Terminal.isTerminal(terminal) { Standard.write("\u{1B}[?25h\u{1B}[0m\n", to: terminal) }
            Standard.error("lab: interrupted; what was recorded so far can be judged with `lab check`\n")
            _exit(130)
        }
    }
}
