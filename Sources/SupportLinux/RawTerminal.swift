import CLinux
import Glibc
import Synchronization

/// A person's terminal in raw mode, or one that echoes nothing. A process of its own puts it right should this one be
/// killed.
package final class RawTerminal: Sendable {
    package enum Mode: Sendable {
        /// Every key at once, nothing echoed.
        case raw
        /// Lines as ever, but not to be seen while they are typed.
        case unechoed
    }

    let input: Int32
    let output: Int32
    private let before: Terminal.State
    private let guardPipe: FileDescriptor
    private let guardProcess: Int32
    private let state = Mutex((modes: TerminalModes(), isRestored: false))

    /// - Throws: `SystemError` where the descriptors are no terminal.
    package init(input: Int32, output: Int32, mode: Mode = .raw) throws(SystemError) {
        var pipe: Int32 = -1
        var pid: Int32 = -1
        try checked("guard the terminal") { lab_terminal_guard(input, output, &pipe, &pid) }
        guardPipe = FileDescriptor(owning: pipe)
        guardProcess = pid
        self.input = input
        self.output = output
        do {
            before = mode == .raw ? try Terminal.makeRaw(input) : try Terminal.stopEchoing(input)
        } catch {
            guardPipe.close()
            _ = waitpid(pid, nil, 0)
            throw error
        }
    }

    /// Shows what a program printed, and keeps in mind, also in the guard's, what that switches on.
    package func show(_ bytes: [UInt8]) {
        let isShown = state.withLock { state in
            let old = state.modes.byte
            state.modes.follow(bytes)
            // Told before it is shown: a guard that switches off too much is better than one that does too little.
            if state.modes.byte != old, !state.isRestored { try? guardPipe.write([state.modes.byte]) }
            return !state.isRestored
        }
        // Not under the lock: a terminal that was stopped (Ctrl-S) takes nothing, and may have to be put right meanwhile.
        if isShown { write(bytes) }
    }

    /// Puts the terminal back as it was. The second time nothing happens.
    package func restore() {
        state.withLock { state in
            guard !state.isRestored else { return }
            state.isRestored = true
            Terminal.restore(before, of: input)
            write(state.modes.reset)
            try? guardPipe.write([0])
            guardPipe.close()
            while waitpid(guardProcess, nil, 0) < 0, errno == EINTR {}
        }
    }

    private func write(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(output, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}
