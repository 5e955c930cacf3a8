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
    /// world needs no word: it ends with its runner. The exit status is the one that shells give for the signal.
    ///
    /// - Parameters:
    ///   - terminal: gets its cursor and colours back.
    ///   - message: what the interruption means for what was going on.
    ///   - last: what else is to be put right.
    static func endProcess(
        restoring terminal: Int32, saying message: String = "what was recorded so far can be judged with `lab check`",
        last: @escaping @Sendable () -> Void = {}
    ) {
        guard let signals = try? Interruptions() else { return }
        try? Threads.detach(name: "signals") {
            let number = signals.next()
            last()
            if Terminal.isTerminal(terminal) { Standard.write("\u{1B}[?25h\u{1B}[0m\n", to: terminal) }
            Standard.error("lab: interrupted; \(message)\n")
            _exit(128 + number)
        }
    }
}
