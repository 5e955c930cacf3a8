import CLinux
import Glibc

/// A terminal in raw mode for as long as this lives. A process of its own puts it right should this one be killed.
package final class RawTerminal {
    private let descriptor: Int32
    private let before: Terminal.State
    private let guardPipe: FileDescriptor
    private let guardProcess: Int32

    /// - Throws: `SystemError` where the descriptor is no terminal.
    package init(_ descriptor: Int32) throws(SystemError) {
        var pipe: Int32 = -1
        var pid: Int32 = -1
        try checked("guard the terminal") { lab_terminal_guard(descriptor, &pipe, &pid) }
        guardPipe = FileDescriptor(owning: pipe)
        guardProcess = pid
        self.descriptor = descriptor
        do {
            before = try Terminal.makeRaw(descriptor)
        } catch {
            guardPipe.close()
            _ = waitpid(pid, nil, 0)
            throw error
        }
    }

    /// Puts the terminal back as it was.
    package func restore() {
        Terminal.restore(before, of: descriptor)
        try? guardPipe.write([0])
        guardPipe.close()
        while waitpid(guardProcess, nil, 0) < 0, errno == EINTR {}
    }
}

/// Joins a person's terminal with the terminal of a program: keys there, output here, and the size as it changes.
package enum TerminalRelay {
    /// Returns when the program's side has ended.
    ///
    /// - Parameters:
    ///   - program: the primary end of the program's pseudoterminal.
    ///   - input: the person's terminal, in raw mode.
    package static func run(program: FileDescriptor, input: Int32, output: Int32) {
        var size = Terminal.size(of: output)
        var isInputOpen = true
        while true {
            var waiting = [
                pollfd(fd: program.number, events: Int16(POLLIN), revents: 0),
                pollfd(fd: isInputOpen ? input : -1, events: Int16(POLLIN), revents: 0),
            ]
            // The size is looked at between waits: a signal would need a place in the process that others may hold.
            let ready = poll(&waiting, nfds_t(waiting.count), 250)
            if ready < 0, errno != EINTR { return }
            let now = Terminal.size(of: output)
            if let now, now != size {
                size = now
                try? Terminal.setSize(now, of: program.number)
            }
            if ready <= 0 { continue }
            if waiting[0].revents != 0 {
                guard let bytes = try? program.read(upTo: 65_536), !bytes.isEmpty else { return }
                write(bytes, to: output)
            }
            if waiting[1].revents != 0 {
                var buffer = [UInt8](repeating: 0, count: 4096)
                let count = read(input, &buffer, buffer.count)
                if count > 0 {
                    try? program.write(Array(buffer[..<count]))
                } else if count == 0 || errno != EINTR {
                    isInputOpen = false
                }
            }
        }
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}
