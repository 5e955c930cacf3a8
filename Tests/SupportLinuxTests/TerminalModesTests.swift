import SupportLinux
import Testing

@Suite("What a program switched on a terminal") struct TerminalModesTests {
    private func reset(_ parts: String...) -> String {
        var modes = TerminalModes()
        for part in parts { modes.follow(Array(part.utf8)) }
        return String(decoding: modes.reset, as: UTF8.self)
    }

    @Test("what is on is switched off, and nothing else")
    func resets() {
        #expect(reset("hello\r\n\u{1B}[2J\u{1B}[1;1H") == "")
        #expect(reset("\u{1B}[?1049h") == "\u{1B}[?1049l")
        #expect(reset("\u{1B}[?1049h", "\u{1B}[?1049l") == "")
        #expect(reset("\u{1B}[?25l\u{1B}[?2004h") == "\u{1B}[?25h\u{1B}[?2004l")
        #expect(reset("\u{1B}[?25;2004h") == "\u{1B}[?2004l")
        #expect(reset("\u{1B}=\u{1B}[?1h") == "\u{1B}[?1l\u{1B}>")
        #expect(reset("\u{1B}[?1002;1006h").contains("\u{1B}[?1002l"))
        #expect(reset("\u{1B}[31mred") == "\u{1B}[0m")
        #expect(reset("\u{1B}[?1049h\u{1B}c") == "")
    }

    @Test("wherever the output is cut, what is on is the same")
    func parts() {
        let text = Array("a\u{1B}[?1049;25h\u{1B}[1;32mb\u{1B}[?1000h\u{1B}[?25l\u{1B}=".utf8)
        var whole = TerminalModes()
        whole.follow(text)
        for cut in text.indices {
            var modes = TerminalModes()
            modes.follow(Array(text[..<cut]))
            modes.follow(Array(text[cut...]))
            #expect(modes.byte == whole.byte && modes.reset == whole.reset)
        }
    }

    @Test("a byte of modes is never 0, and no input traps")
    func hostile() {
        var modes = TerminalModes()
        #expect(modes.byte != 0 && modes.reset == [])
        modes.follow(Array("\u{1B}[?99999999999999999999;;;\u{1B}[?\u{1B}\u{1B}[?25\u{18}l".utf8))
        for first in UInt8.min...UInt8.max {
            modes.follow([0x1B, first, 0x5B, first, 0x3F, first, 0x68])
            #expect(modes.byte != 0)
        }
    }
}
