import Glibc

/// A terminal in raw mode on its alternate screen; `end` gives it back as it was.
final class TerminalSession {
    private let input: Int32
    private let output: Int32
    private let before: termios
    private var shown: [ProxyScreen.Line] = []
    private let usesColour: Bool

    /// Nil where either descriptor is no terminal.
    init?(input: Int32, output: Int32, usesColour: Bool) {
        var settings = termios()
        guard isatty(input) == 1, isatty(output) == 1, tcgetattr(input, &settings) == 0 else { return nil }
        self.input = input
        self.output = output
        self.usesColour = usesColour
        before = settings
        cfmakeraw(&settings)
        // What was typed before the screen came is meant for it: nothing is flushed.
        tcsetattr(input, TCSADRAIN, &settings)
        write("\u{1B}[?1049h\u{1B}[?25l\u{1B}[2J")
    }

    func end() {
        write("\u{1B}[0m\u{1B}[?25h\u{1B}[?1049l")
        var settings = before
        tcsetattr(input, TCSADRAIN, &settings)
    }

    var size: (columns: Int, lines: Int) {
        var window = winsize()
        guard ioctl(output, UInt(TIOCGWINSZ), &window) == 0, window.ws_col > 0, window.ws_row > 0 else {
            return (80, 24)
        }
        return (Int(window.ws_col), Int(window.ws_row))
    }

    /// Paints the lines that changed.
    func show(_ lines: [ProxyScreen.Line], all: Bool) {
        var text = all ? "\u{1B}[2J" : ""
        for (index, line) in lines.enumerated() where all || index >= shown.count || shown[index] != line {
            text += "\u{1B}[\(index + 1);1H\u{1B}[0m\(code(line.paint))\(line.text)\u{1B}[0m\u{1B}[K"
        }
        shown = lines
        if !text.isEmpty { write(text) }
    }

    private func code(_ paint: ProxyScreen.Line.Paint) -> String {
        switch paint {
        case .plain: ""
        case .title: "\u{1B}[1m"
        case .bar: "\u{1B}[7m"
        case .prompt: "\u{1B}[1m"
        case .hint: usesColour ? "\u{1B}[2m" : ""
        case .tone(let tone): colour(tone)
        case .selected(let tone): "\u{1B}[1m" + colour(tone)
        }
    }

    private func colour(_ tone: ProxyRow.Tone) -> String {
        guard usesColour else { return "" }
        return switch tone {
        case .plain: ""
        case .success: "\u{1B}[32m"
        case .redirect: "\u{1B}[36m"
        case .warning: "\u{1B}[33m"
        case .failure: "\u{1B}[31m"
        }
    }

    private func write(_ text: String) { TerminalSession.write(text, to: output) }

    static func write(_ text: String, to descriptor: Int32) {
        let bytes = Array(text.utf8)
        var done = 0
        while done < bytes.count {
            let count = bytes[done...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count > 0 {
                done += count
            } else if errno == EAGAIN {
                var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
                poll(&waiting, 1, 1000)
            } else if errno != EINTR {
                return
            }
        }
    }
}
