import Foundation
import LabTestSupport
import SupportLinux
import Testing

/// `lab record` at a real terminal. What is typed goes to `lab` alone: there is no other shell that could get it.
@Suite("lab record at a terminal", .serialized, .enabled("needs network namespaces") { await BuiltLab.hasWorlds() })
struct RecordTerminalTests {
    private static let prompt = "laptop\u{1B}[0m:~"

    /// A copy of the labs, a temporary folder of its own, and a recording at a terminal that has come to its prompt.
    private final class Recording: Sendable {
        let lab: EditedLab
        let terminal: TerminalSession
        let temporary = TemporaryFolder()

        init(_ options: [String] = []) async throws {
            lab = try EditedLab()
            let tool = try #require(BuiltLab.tool)
            // Programs of the world run as others and must get in.
            chmod(temporary.path, 0o755)
            let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
            terminal = try TerminalSession(
                [tool.path, "record", "--lab", "week2", "--student", "ada", "-o", "Labs/draft.yml"] + options,
                environment: [
                    "PATH": path, "TERM": "xterm", "TMPDIR": temporary.path, "SWIFT_BACKTRACE": "enable=no",
                ], folder: lab.folder)
            try await terminal.wait(for: RecordTerminalTests.prompt)
        }

        func type(_ line: String) async throws {
            try terminal.type(line + "\r")
            try await terminal.wait(for: RecordTerminalTests.prompt)
        }

        var left: [String] {
            (try? FileManager.default.contentsOfDirectory(atPath: temporary.path))?.filter { $0.hasPrefix("lab-") }
                ?? []
        }

        func waitUntilNothingIsLeft() async throws {
            try await Conditions.wait("nothing is left in the temporary folder") { [self] in left.isEmpty }
        }
    }

    @Test("a walkthrough by hand becomes a draft that lints and runs, and the terminal is as it was")
    func walkthrough() async throws {
        try await BuiltLab.alone {
            let recording = try await Recording()
            let terminal = recording.terminal
            #expect(try terminal.isRaw())
            try await recording.type("curl -s https://www.example.test/")
            try await recording.type("ping -c 1 www.example.test")
            try await recording.type("dig www.example.test")
            try await recording.type("lab traceroute www.example.test")
            try await recording.type("lab proxy --headless --listen-port 9000 &")
            try await terminal.wait(for: "listening at 127.0.0.1:9000")
            try await recording.type("curl -s -x 127.0.0.1:9000 -o ca.pem http://mitm.it/cert/pem")
            try await recording.type("lab trust install ca.pem")
            try await recording.type("curl -s -x 127.0.0.1:9000 https://www.example.test/")
            // The proxy is still there: a shell that has ended is over all the same.
            try terminal.type("exit\r")
            #expect(await terminal.exitStatus() == .exited(0))
            try await terminal.wait(for: "Labs/draft.yml: a draft of 9 steps")
            try await terminal.wait(for: "checks passed")
            try await terminal.waitUntilRestored()
            try await recording.waitUntilNothingIsLeft()
            let lint = try await BuiltLab.run(["lint", "Labs/draft.yml"], in: recording.lab.folder)
            #expect(lint.output == "1 lab: no problems\n", "\(lint.errors)")
        }
    }

    @Test("keys reach the program in front: Ctrl-C and Ctrl-Z are its own, and it can be fetched back")
    func jobControl() async throws {
        try await BuiltLab.alone {
            let recording = try await Recording(["--no-verify"])
            let terminal = recording.terminal
            // In two parts, so that the echo of what is typed is not taken for the program.
            try terminal.type("sh -c 'echo sta\"\"rted; exec sleep 100000'\r")
            try await terminal.wait(for: "started")
            try terminal.type("\u{1A}")
            try await terminal.wait(for: "Stopped")
            try await terminal.wait(for: Self.prompt)
            try terminal.type("fg\r")
            try await terminal.wait(for: "exec sleep 100000")
            // bash prints the line before it hands the terminal over: until then Ctrl-C would be its own.
            let child = terminal.pid
            try await Conditions.wait("the program is in front again") { Processes.isSleeping(below: child) }
            try terminal.type("\u{3}")
            try await terminal.wait(for: Self.prompt)
            try terminal.type("echo status-$?\r")
            try await terminal.wait(for: "status-130")
            try terminal.type("exit\r")
            _ = await terminal.exitStatus()
            try await terminal.waitUntilRestored()
        }
    }

    @Test("a terminal that changes its size changes the program's")
    func size() async throws {
        try await BuiltLab.alone {
            let recording = try await Recording()
            let terminal = recording.terminal
            try await recording.type("stty size")
            #expect(terminal.text.contains("30 100"))
            try terminal.resize(Terminal.Size(rows: 41, columns: 133))
            try terminal.type("until [ \"$(stty size)\" = '41 133' ]; do sleep 0.1; done; echo si\"\"zed\r")
            try await terminal.wait(for: "sized")
        }
    }

    enum End: String, CaseIterable, Sendable {
        case terminated, killed, interrupted, shellKilled
    }

    @Test("whatever ends it, the terminal is put right and nothing is left", arguments: End.allCases)
    func ends(end: End) async throws {
        try await BuiltLab.alone {
            let recording = try await Recording(["--no-verify"])
            let terminal = recording.terminal
            // As a full-screen program leaves it that cannot tidy up any more.
            try terminal.type("printf '\\033[?1049h\\033[?1000;1006h\\033[?25l%s' dra\"\"wn; read x\r")
            try await terminal.wait(for: "drawn")
            #expect(try terminal.isRaw())
            #expect(!recording.left.isEmpty)
            switch end {
            case .terminated: kill(terminal.pid, SIGTERM)
            case .interrupted: kill(terminal.pid, SIGINT)
            case .killed: kill(terminal.pid, SIGKILL)
            case .shellKilled: try terminal.type("\rkill -9 $$\r")
            }
            let status = await terminal.exitStatus()
            switch end {
            case .terminated: #expect(status == .exited(128 + SIGTERM))
            case .interrupted: #expect(status == .exited(128 + SIGINT))
            case .killed: #expect(status == .signalled(SIGKILL))
            // The walkthrough ends there, and a draft is made of it.
            case .shellKilled:
                if case .signalled = status { Issue.record("\(status)") }
            }
            try await terminal.wait(for: "\u{1B}[?1049l\u{1B}[?25h")
            try await terminal.wait(for: "\u{1B}[?1000l")
            try await terminal.waitUntilRestored()
            try await recording.waitUntilNothingIsLeft()
        }
    }
}
