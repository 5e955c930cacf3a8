import EngineProbe
import Glibc
import SupportLinux
import Synchronization

/// A watch on a person's terminal: the screen as it changes, and keys.
final class WatchView: Sendable {
    private struct State {
        var screen: WatchScreen?
        var isShown = false
    }

    private let target: String
    private let method: TracerouteConfiguration.Method
    private let showsLabels: Bool
    private let terminal: RawTerminal
    private let input: Int32
    private let output: Int32
    private let state = Mutex(State())

    /// Nil where nobody sits at a terminal.
    init?(
        target: String, method: TracerouteConfiguration.Method, showsLabels: Bool, input: Int32 = STDIN_FILENO,
        output: Int32 = STDOUT_FILENO
    ) {
        guard Terminal.isTerminal(input), Terminal.isTerminal(output),
            let terminal = try? RawTerminal(input: input, output: output)
        else { return nil }
        self.terminal = terminal
        self.target = target
        self.method = method
        self.showsLabels = showsLabels
        self.input = input
        self.output = output
    }

    /// The terminal as it was; the second time nothing happens.
    func restore() { terminal.restore() }

    /// Draws, and gives what was typed.
    func take(_ frame: Watch.Frame) -> [WatchStateMachine.Request] {
        state.withLock { state in
            var screen = state.screen ?? newScreen(frame)
            let requests = keys().compactMap { key -> WatchStateMachine.Request? in
                switch key {
                // Ctrl-C is a key like any other here.
                case UInt8(ascii: "q"), UInt8(ascii: "Q"), 0x03: return .quit
                case UInt8(ascii: "p"), UInt8(ascii: " "): return .pause
                case UInt8(ascii: "r"): return .reset
                case UInt8(ascii: "d"):
                    screen.display = screen.display == .figures ? .history : .figures
                    return nil
                default: return nil
                }
            }
            state.screen = screen
            var machine = frame.machine
            for request in requests { machine.asked(request) }
            let size = Terminal.size(of: output) ?? .standard
            let lines = screen.lines(machine, names: frame.names, columns: size.columns, rows: size.rows)
            // Another screen and no cursor, and over what was drawn last.
            let begin = state.isShown ? "\u{1B}[H" : "\u{1B}[?1049h\u{1B}[?25l\u{1B}[H"
            let text = begin + lines.map { $0 + "\u{1B}[K" }.joined(separator: "\r\n") + "\u{1B}[J"
            state.isShown = true
            terminal.show(Array(text.utf8))
            return requests
        }
    }

    private func newScreen(_ frame: Watch.Frame) -> WatchScreen {
        var screen = WatchScreen(target: target, address: frame.machine.target, method: method)
        screen.showsLabels = showsLabels
        return screen
    }

    /// What was typed by now. A terminal that is gone quits.
    private func keys() -> [UInt8] {
        var waiting = pollfd(fd: input, events: Int16(POLLIN), revents: 0)
        guard poll(&waiting, 1, 0) > 0 else { return [] }
        var buffer = [UInt8](repeating: 0, count: 256)
        let count = read(input, &buffer, buffer.count)
        if count < 0, errno == EINTR || errno == EAGAIN { return [] }
        return count > 0 ? Array(buffer[..<count]) : [UInt8(ascii: "q")]
    }
}
