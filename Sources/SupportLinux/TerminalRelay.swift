import Glibc

/// Joins a person's terminal with the terminal of a program: keys there, output here, and the size as it changes.
package enum TerminalRelay {
    /// As many keys as go to the program at once; a terminal that says it takes something takes these.
    private static let portion = 256

    /// Returns when the program has ended, and its output is shown. What it left in the background may go on and have its
    /// terminal still.
    ///
    /// - Parameters:
    ///   - program: the primary end of the program's pseudoterminal.
    ///   - ended: becomes readable, or is hung up, when the program has ended.
    package static func run(program: FileDescriptor, ended: FileDescriptor, on terminal: RawTerminal) {
        var size = Terminal.size(of: terminal.output)
        var isInputOpen = true
        // A program closes its terminal before it ends, some do long before: only its end is the end.
        var isProgramOpen = true
        var keys: [UInt8] = []
        while true {
            let events = Int16(POLLIN) | (keys.isEmpty ? 0 : Int16(POLLOUT))
            var waiting = [
                pollfd(fd: isProgramOpen ? program.number : -1, events: events, revents: 0),
                pollfd(fd: isInputOpen && keys.isEmpty ? terminal.input : -1, events: Int16(POLLIN), revents: 0),
                pollfd(fd: ended.number, events: Int16(POLLIN), revents: 0),
            ]
            // The size is looked at between waits: a signal would need a place in the process that others may hold.
            let ready = poll(&waiting, nfds_t(waiting.count), 250)
            if ready < 0, errno != EINTR { return }
            let now = Terminal.size(of: terminal.output)
            if let now, now != size {
                size = now
                try? Terminal.setSize(now, of: program.number)
            }
            // It may have been opened again.
            isProgramOpen = isProgramOpen || ready <= 0
            if ready <= 0 { continue }
            // Output goes first, so that a program that has ended is over only when nothing of it is left to show.
            if waiting[0].revents & Int16(POLLIN | POLLHUP | POLLERR) != 0 {
                if let bytes = try? program.read(upTo: 65_536), !bytes.isEmpty {
                    terminal.show(bytes)
                } else {
                    isProgramOpen = false
                }
                if waiting[2].revents == 0 { take(&keys, waiting, program, terminal, &isInputOpen) }
                continue
            }
            if waiting[2].revents != 0 { return }
            take(&keys, waiting, program, terminal, &isInputOpen)
        }
    }

    private static func take(
        _ keys: inout [UInt8], _ waiting: [pollfd], _ program: FileDescriptor, _ terminal: RawTerminal,
        _ isInputOpen: inout Bool
    ) {
        if waiting[0].revents & Int16(POLLOUT) != 0 {
            try? program.write(Array(keys.prefix(portion)))
            keys.removeFirst(min(portion, keys.count))
        }
        guard waiting[1].revents != 0 else { return }
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = read(terminal.input, &buffer, buffer.count)
        if count > 0 {
            keys += buffer[..<count]
        } else if count == 0 || errno != EINTR {
            isInputOpen = false
        }
    }
}
