import Foundation
import LabTestSupport
import SupportLinux
import Testing

/// `lab shell` at a real terminal, and ports that lead into its world.
@Suite("lab shell at a terminal", .serialized, .enabled("needs network namespaces") { await BuiltLab.hasWorlds() })
struct ShellTerminalTests {
    private static let prompt = "laptop\u{1B}[0m:"

    private final class Session: Sendable {
        let terminal: TerminalSession
        let temporary = TemporaryFolder()

        init(_ options: [String], command: [String] = []) throws {
            let tool = try #require(BuiltLab.tool)
            // Programs of the world run as others and must get in.
            chmod(temporary.path, 0o755)
            let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
            terminal = try TerminalSession(
                [tool.path, "shell", Repository.root + "/Labs/week2.yml", "laptop", "--student", "ada"] + options
                    + (command.isEmpty ? [] : ["--"] + command),
                environment: [
                    "PATH": path, "TERM": "xterm", "TMPDIR": temporary.path, "SWIFT_BACKTRACE": "enable=no",
                ], folder: temporary.path)
        }

        /// The port that was given, as it is told on the terminal.
        func port() async throws -> String {
            try await terminal.wait(for: "127.0.0.1:")
            try await terminal.wait(for: " of your machine")
            let match = try #require(terminal.text.firstMatch(of: /127\.0\.0\.1:(\d+) of your machine/))
            return String(match.output.1)
        }

        func waitUntilNothingIsLeft() async throws {
            let path = temporary.path
            try await Conditions.wait("nothing is left in the temporary folder") {
                try FileManager.default.contentsOfDirectory(atPath: path).filter { $0.hasPrefix("lab-") }.isEmpty
            }
        }
    }

    @Test("a shell tells where it is, has the terminal to itself, and ends with its own status")
    func interactive() async throws {
        try await BuiltLab.alone {
            let session = try Session([])
            let terminal = session.terminal
            for told in [
                "You are on `laptop`", "198.51.100.10, 2001:db8:100::10", "198.51.100.1", "www.example.test",
                "192.0.2.53", Self.prompt,
            ] { try await terminal.wait(for: told) }
            #expect(try terminal.isRaw())
            try terminal.type("ping -c 1 -n www.example.test | tail -n 3; tty\r")
            try await terminal.wait(for: "/dev/pts/")
            try terminal.type("exit 5\r")
            #expect(await terminal.exitStatus() == .exited(5))
            try await terminal.waitUntilRestored()
            try await session.waitUntilNothingIsLeft()
        }
    }

    enum End: String, CaseIterable, Sendable { case terminated, killed, hungUp }

    @Test("whatever ends it, the terminal is put right, and programs and files are gone", arguments: End.allCases)
    func ends(end: End) async throws {
        try await BuiltLab.alone {
            let session = try Session([])
            let terminal = session.terminal
            try await terminal.wait(for: Self.prompt)
            // Everything in the world has its home below this path.
            let path = session.temporary.path
            try terminal.type("sleep 100000 & printf '\\033[?1049h%s' dra\"\"wn\r")
            try await terminal.wait(for: "drawn")
            try await Conditions.wait("the program runs") {
                Processes.using(path).contains { $0.name == "sleep" }
            }
            switch end {
            case .terminated: kill(terminal.pid, SIGTERM)
            case .killed: kill(terminal.pid, SIGKILL)
            case .hungUp: kill(terminal.pid, SIGHUP)
            }
            let status = await terminal.exitStatus()
            #expect(
                status
                    == (end == .terminated
                        ? .exited(128 + SIGTERM) : .signalled(end == .killed ? SIGKILL : SIGHUP)))
            try await terminal.wait(for: "\u{1B}[?1049l")
            try await terminal.waitUntilRestored()
            try await session.waitUntilNothingIsLeft()
            try await Conditions.wait("nothing runs any more") { Processes.using(path).isEmpty }
        }
    }

    @Test(
        "an exposed port leads to a host of the world for as long as the world is there",
        .enabled(if: RealTool.exists("curl"), "needs curl"))
    func exposed() async throws {
        let curl = try #require(RealTool("curl"))
        try await BuiltLab.alone {
            // Whatever was typed would be read by nobody but cat.
            let session = try Session(["--expose", "0=www:80"], command: ["cat"])
            let port = try await session.port()
            let page = try await curl.run(["-sS", "-H", "Host: mitm.it", "http://127.0.0.1:\(port)/"])
            #expect(page.output.contains("not passing through"), "\(page.errors)")
            try session.terminal.type("\u{4}")
            #expect(await session.terminal.exitStatus() == .exited(0))
        }
    }

    @Test(
        "where nobody listens the browser and the person at the shell are told, and once somebody does it works",
        .enabled(if: RealTool.exists("curl"), "needs curl"))
    func silent() async throws {
        let curl = try #require(RealTool("curl"))
        try await BuiltLab.alone {
            let session = try Session(["--expose", "0=laptop:9000"])
            let port = try await session.port()
            try await session.terminal.wait(for: Self.prompt)
            // A curl that stands still for long is hung up on without a word; the next is not.
            var told = ""
            for _ in 0..<20 where told.isEmpty {
                told = try await curl.run(["-sS", "-w", "%{http_code}", "http://127.0.0.1:\(port)/"]).output
                if told == "000" { told = "" }
            }
            #expect(told == "nobody listens on port 9000 of `laptop`\n502")
            try await session.terminal.wait(for: "but nobody listens on port 9000 of `laptop`")
            try session.terminal.type("lab proxy --headless --listen-port 9000 &\r")
            try await session.terminal.wait(for: "listening at 127.0.0.1:9000")
            let page = try await curl.run(["-sS", "-x", "127.0.0.1:\(port)", "http://www.example.test/"])
            #expect(page.output.contains("example shop"), "\(page.errors)")
            try session.terminal.type("exit\r")
            _ = await session.terminal.exitStatus()
            try await session.terminal.waitUntilRestored()
        }
    }

    @Test(
        "a port leads into the world of a run that waits for its student",
        .enabled(if: RealTool.exists("curl"), "needs curl"))
    func run() async throws {
        let curl = try #require(RealTool("curl"))
        let tool = try #require(BuiltLab.tool)
        let folder = TemporaryFolder()
        chmod(folder.path, 0o755)
        let lab = folder.write(Array(Self.asking.utf8), to: "asking.yml")
        try await BuiltLab.alone {
            let terminal = try TerminalSession(
                [tool.path, "run", lab, "--plain", "--expose", "0=web:80"],
                environment: ["PATH": "/usr/bin:/bin", "TERM": "xterm", "LANG": "C", "SWIFT_BACKTRACE": "enable=no"],
                folder: folder.path)
            try await terminal.wait(for: "What does it say?")
            let match = try #require(terminal.text.firstMatch(of: /127\.0\.0\.1:(\d+) of your machine/))
            let page = try await curl.run([
                "-sS", "-H", "Host: www.example.test", "http://127.0.0.1:\(match.output.1)/",
            ])
            #expect(page.output == "forty-two", "\(page.errors)")
            try terminal.type(page.output + "\n")
            #expect(await terminal.exitStatus() == .exited(0))
        }
    }

    private static let asking = """
        format: 1
        lab: asking
        title: Look with your own browser
        world:
          networks: { home: { prefix: 198.51.100.0/24, router: r1 } }
          routers: [r1]
          links: []
          hosts: { web: { network: home } }
          names: { www.example.test: web }
          resolver: 198.51.100.53
          sites: { www.example.test: { host: web, pages: { /: { type: text/plain, body: forty-two } } } }
        at: web
        steps:
        - id: look
          title: Look
          ask: What does it say?
          expect:
            right: lab.answer.text == "forty-two"

        """

    @Test("a port that is taken is told before anything is built")
    func taken() async throws {
        let listener = try StreamSocket.listen(at: "127.0.0.1", port: 0)
        let port = try #require(StreamSocket.port(of: listener))
        let outcome = try await BuiltLab.run(
            ["shell", Repository.root + "/Labs/week2.yml", "laptop", "--expose", "\(port)", "--", "true"], in: "/")
        #expect(outcome.status == 64)
        #expect(outcome.errors.hasPrefix("lab: port \(port) of this machine's loopback is taken"), "\(outcome.errors)")
        listener.close()
    }
}
