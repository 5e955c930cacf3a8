import Foundation
import LabTestSupport
import SupportLinux
import Testing

/// Several shells in one world, each at a terminal of its own.
@Suite("Shells that share a world", .serialized, .enabled("needs network namespaces") { await BuiltLab.hasWorlds() })
struct SharedWorldTests {
    /// One user's terminals: what they start finds the same running worlds, which no other test sees.
    private final class Desk: Sendable {
        let folder = TemporaryFolder()
        let lab: String
        private let user: [String]

        /// - Parameter user: the words before a command that make it another user's.
        init(user: [String] = []) throws {
            self.user = user
            // Programs of the world run as others and must get in.
            chmod(folder.path, user.isEmpty ? 0o755 : 0o777)
            lab = folder.write(Array(SharedWorldTests.lab.utf8), to: "two.yml")
        }

        private var environment: [String: String] {
            [
                "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "TERM": "xterm", "LANG": "C",
                "TMPDIR": folder.path, "SWIFT_BACKTRACE": "enable=no", "NO_COLOR": "1",
            ]
        }

        func terminal(_ arguments: [String]) throws -> TerminalSession {
            let tool = try #require(BuiltLab.tool)
            return try TerminalSession(user + [tool.path] + arguments, environment: environment, folder: folder.path)
        }

        /// A shell on a host, once it has prompted.
        func shell(_ host: String, _ options: [String] = []) async throws -> TerminalSession {
            let session = try terminal(["shell", lab, host] + options)
            try await session.wait(for: "\(host)\u{1B}[0m:")
            return session
        }

        /// Without a terminal.
        func script(_ arguments: [String]) async throws -> RealTool.Outcome {
            let tool = try #require(BuiltLab.tool)
            let command = user + [tool.path] + arguments
            let first = try #require(command[0].hasPrefix("/") ? RealTool(path: command[0]) : RealTool(command[0]))
            return try await first.run(
                Array(command.dropFirst()), environment: environment,
                removing: RealTool.proxyVariables + ["LAB_PATH", "LAB_HOME", "LAB_LANG", "XDG_RUNTIME_DIR"],
                folder: folder.path)
        }

        func command(_ options: [String], _ command: String) async throws -> RealTool.Outcome {
            try await script(["shell", lab] + options + ["--", "sh", "-c", command])
        }

        /// The numbers of the worlds that are listed.
        func worlds() async throws -> [String] {
            struct List: Decodable {
                struct World: Decodable { var id: String }
                var worlds: [World]
            }
            let listed = try await script(["shell", "--list", "--format", "json"])
            return try JSONDecoder().decode(List.self, from: Data(listed.output.utf8)).worlds.map(\.id)
        }

        /// What lies in the folder of running worlds.
        var entered: [String] {
            let parent = folder.path
            let names = (try? FileManager.default.contentsOfDirectory(atPath: parent)) ?? []
            return names.filter { $0.hasPrefix(".lab-worlds-") }.flatMap {
                (try? FileManager.default.contentsOfDirectory(atPath: parent + "/" + $0)) ?? []
            }
        }
    }

    private static let lab = """
        format: 1
        lab: two
        title: Two hosts and a router
        world:
          networks: { home: { prefix: 198.51.100.0/24, router: r1 }, far: { prefix: 203.0.113.0/24, router: r1 } }
          routers: [r1]
          links: []
          hosts: { laptop: { network: home }, server: { network: far, address: 203.0.113.80 } }
        at: laptop
        steps:
        - id: look
          title: Look
          ask: Who are you?
          expect:
            right: lab.answer.text == "ada"

        """

    @Test("the second joins the world of the first, and it stays until the last has ended")
    func joins() async throws { try await Self.joins(try Desk()) }

    private static let user = ["setpriv", "--reuid=4321", "--regid=4321", "--clear-groups"]

    /// Whether an ordinary user can run the program that was built, and has worlds.
    private static func ordinaryUserHasWorlds() async -> Bool {
        guard OwnProcess.isRoot, let become = RealTool(user[0]), let lab = BuiltLab.tool else { return false }
        return (try? await become.run(user.dropFirst() + [lab.path, "doctor"], folder: "/"))?.status == 0
    }

    @Test(
        "an ordinary user shares a world as root does",
        .enabled("needs root, to become an ordinary user who can reach what was built") {
            await ordinaryUserHasWorlds()
        })
    func ordinary() async throws { try await Self.joins(try Desk(user: Self.user)) }

    private static func joins(_ desk: Desk) async throws {
        try await BuiltLab.alone {
            let first = try await desk.shell("laptop")
            try first.type("echo 'of the first' > ~/mark; echo mar\"\"ked\r")
            try await first.wait(for: "marked")
            let second = try await desk.shell("server")
            #expect(second.text.contains("in the world of `\(desk.lab)` that is up already"))
            #expect(try await desk.worlds().count == 1)
            // They meet on the network, and two shells of one host in its home.
            try second.type("lab proxy --headless --listen-host 0.0.0.0 --listen-port 8123 &\r")
            try await second.wait(for: "listening at")
            try first.type("exec 3<>/dev/tcp/203.0.113.80/8123 && echo m\"\"et\r")
            try await first.wait(for: "met")
            let third = try await desk.command(["laptop", "--join"], "cat ~/mark; exit 7")
            #expect(third.output == "of the first\n" && third.status == 7, "\(third.errors)")

            try first.type("exit 4\r")
            try await first.wait(for: "still in this world")
            try second.type("cat < /dev/null; echo st\"\"ill; exit 5\r")
            try await second.wait(for: "still")
            #expect(await second.exitStatus() == .exited(5))
            #expect(await first.exitStatus() == .exited(4))
            try await first.waitUntilRestored()
            try await second.waitUntilRestored()
            #expect(desk.entered == [])
        }
    }

    @Test("a script has a world of its own, unless it asks for one that is up; so has who asks for a new one")
    func own() async throws {
        let desk = try Desk()
        try await BuiltLab.alone {
            let first = try await desk.shell("laptop")
            try first.type("echo first > ~/mark; echo mar\"\"ked\r")
            try await first.wait(for: "marked")
            let own = try await desk.command(["laptop"], "cat ~/mark")
            #expect(own.status == 1 && own.output == "")
            let new = try await desk.shell("laptop", ["--new"])
            #expect(try await desk.worlds().count == 2)
            try new.type("echo new > ~/mark; echo mar\"\"ked\r")
            try await new.wait(for: "marked")
            // The new one is joined by number only.
            let number = try #require(try await desk.worlds().last)
            let named = try await desk.script(["shell", "--world", number, "laptop", "--", "cat", "mark"])
            #expect(named.status == 1, "It starts where `lab` was called.")
            let home = try await desk.script(["shell", "--world", number, "laptop", "--", "sh", "-c", "cat ~/mark"])
            #expect(home.output == "new\n", "\(home.errors)")
            let joined = try await desk.command(["laptop", "--join"], "cat ~/mark")
            #expect(joined.output == "first\n", "\(joined.errors)")
            try new.type("exit\r")
            #expect(await new.exitStatus() == .exited(0))
            try first.type("exit\r")
            #expect(await first.exitStatus() == .exited(0))
        }
    }

    @Test("when the one who opened it is killed, the others are told, and nothing of the world is left")
    func openerKilled() async throws {
        let desk = try Desk()
        try await BuiltLab.alone {
            let first = try await desk.shell("laptop")
            let second = try await desk.shell("server")
            try second.type("sleep 100000 & echo be\"\"gun\r")
            try await second.wait(for: "begun")
            kill(first.pid, SIGKILL)
            #expect(await first.exitStatus() == .signalled(SIGKILL))
            try await second.wait(for: "the world has ended, since the shell that opened it (process \(first.pid)) has")
            #expect(await second.exitStatus() == .exited(3))
            try await second.waitUntilRestored()
            let path = desk.folder.path
            try await Conditions.wait("nothing runs any more") { Processes.using(path).isEmpty }
            // What it could not take away itself, whoever looks next does.
            #expect(desk.entered.count == 1)
            #expect(try await desk.worlds().isEmpty)
            #expect(desk.entered == [])
            let next = try await desk.command(["laptop", "--join"], "true")
            #expect(next.status == 64 && next.errors.contains("no world of `\(desk.lab)` is up"), "\(next.errors)")
        }
    }

    @Test("a guest that is killed takes its own programs along, and the world goes on")
    func guestKilled() async throws {
        let desk = try Desk()
        try await BuiltLab.alone {
            let first = try await desk.shell("laptop")
            let script = "echo be\"\"gun; sleep 100000"
            let second = try desk.terminal(["shell", desk.lab, "server", "--", "sh", "-c", script])
            try await second.wait(for: "begun")
            kill(second.pid, SIGKILL)
            _ = await second.exitStatus()
            let path = desk.folder.path
            try await Conditions.wait("its program is gone") { !Processes.using(path).contains { $0.name == "sleep" } }
            // Without an end of its own, the first would wait for it.
            try first.type("echo st\"\"ill; exit 6\r")
            try await first.wait(for: "still")
            #expect(await first.exitStatus() == .exited(6))
        }
    }

    @Test("Ctrl-C ends a world that waits for others, who are told")
    func interrupted() async throws {
        let desk = try Desk()
        try await BuiltLab.alone {
            let first = try await desk.shell("laptop")
            let second = try await desk.shell("server")
            try first.type("exit\r")
            try await first.wait(for: "still in this world")
            try await first.waitUntilRestored()
            try first.type("\u{3}")
            #expect(await first.exitStatus() == .exited(130))
            try await second.wait(for: "the world has ended")
            #expect(await second.exitStatus() == .exited(3))
            #expect(desk.entered == [])
        }
    }

    @Test("a run's world is joined by who asks for it, which its events tell; it ends with the run")
    func run() async throws {
        let desk = try Desk()
        try await BuiltLab.alone {
            let run = try desk.terminal(["run", desk.lab, "--plain", "--runs", desk.folder.path + "/runs"])
            try await run.wait(for: "Who are you?")
            let guest = try await desk.shell("server", ["--join"])
            #expect(guest.text.contains("the world ends with the run that opened it"))
            try await run.wait(for: "a shell has joined the world, on `server`")
            try run.type("ada\r")
            #expect(await run.exitStatus() == .exited(0))
            try await guest.wait(for: "the world has ended, since the run that opened it")
            #expect(await guest.exitStatus() == .exited(3))
            let events = String(decoding: desk.folder.read("runs/two/latest/events.jsonl"), as: UTF8.self)
            let joined = events.split(separator: "\n").filter { $0.contains("\"shell-joined\"") }
            #expect(joined.count == 1 && joined[0].contains("\"actor\":\"student\""), "\(joined)")
            let checked = try await desk.script(["check", desk.folder.path + "/runs/two/latest"])
            #expect(checked.status == 0, "\(checked.output)\(checked.errors)")
        }
    }

    @Test("a port leads through a guest to a host of the world", .enabled(if: RealTool.exists("curl"), "needs curl"))
    func exposed() async throws {
        let curl = try #require(RealTool("curl"))
        let desk = try Desk()
        try await BuiltLab.alone {
            let first = try await desk.shell("server")
            let guest = try desk.terminal(["shell", desk.lab, "laptop", "--expose", "0=server:9000", "--", "cat"])
            try await guest.wait(for: " of your machine")
            let match = try #require(guest.text.firstMatch(of: /127\.0\.0\.1:(\d+) of your machine/))
            let port = String(match.output.1)
            var told = ""
            for _ in 0..<20 where told.isEmpty {
                told = try await curl.run(["-sS", "-w", "%{http_code}", "http://127.0.0.1:\(port)/"]).output
                if told == "000" { told = "" }
            }
            #expect(told == "nobody listens on port 9000 of `server`\n502")
            try first.type("lab proxy --headless --listen-port 9000 &\r")
            try await first.wait(for: "listening at 127.0.0.1:9000")
            // The proxy itself answers for this name.
            let page = try await curl.run(["-sS", "-x", "127.0.0.1:\(port)", "http://mitm.it/"])
            #expect(page.output.contains("<html"), "\(page.output)\(page.errors)")
            try guest.type("\u{4}")
            #expect(await guest.exitStatus() == .exited(0))
            try first.type("exit\r")
            #expect(await first.exitStatus() == .exited(0))
        }
    }

    @Test("a program that closes its terminal goes on to its own end, whoever opened the world")
    func closesTerminal() async throws {
        let desk = try Desk()
        let script = "exec 0<&- 1>&- 2>&-; i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done; exit 7"
        try await BuiltLab.alone {
            let opener = try desk.terminal(["shell", desk.lab, "laptop", "--new", "--", "sh", "-c", script])
            #expect(await opener.exitStatus() == .exited(7))
            let first = try await desk.shell("laptop")
            let guest = try desk.terminal(["shell", desk.lab, "server", "--", "sh", "-c", script])
            #expect(await guest.exitStatus() == .exited(7))
            try first.type("exit\r")
            #expect(await first.exitStatus() == .exited(0))
        }
    }

    @Test("what cannot be is said, and why")
    func mistakes() async throws {
        let desk = try Desk()
        try await BuiltLab.alone {
            for (arguments, said) in [
                (["shell", desk.lab, "laptop", "--join", "--", "true"], "no world of `\(desk.lab)` is up"),
                (["shell", "--world", "0000", "--", "true"], "no world 0000 is up"),
                (["shell", desk.lab, "--new", "--join"], "--new opens a world"), (["shell"], "<lab>"),
            ] {
                let outcome = try await desk.script(arguments)
                #expect(outcome.status == 64 && outcome.errors.contains(said), "\(outcome.errors)")
            }
            #expect(try await desk.script(["shell", "--list"]).output == "no world is up\n")
            let first = try await desk.shell("laptop")
            let number = try #require(try await desk.worlds().first)
            for (arguments, status, said) in [
                (["--world", number, "--", "true"], 64, "several hosts: `laptop`, `server`"),
                (["--world", number, "servre", "--", "true"], 64, "did you mean `server`?"),
                (["--world", number, "server", "--", "no-such-program"], 127, "`no-such-program` was not found"),
                (["--world", number, "server", "--capture", "x.pcapng", "--", "true"], 64, "is up already"),
                (["--world", number, "server", "--expose", "8080=nobody:1", "--", "true"], 64, "no host `nobody`"),
                ([desk.lab, "server", "--join", "--student", "other", "--", "true"], 64, "is not the one"),
            ] as [([String], Int32, String)] {
                let outcome = try await desk.script(["shell"] + arguments)
                #expect(outcome.status == status && outcome.errors.contains(said), "\(outcome.errors)")
            }
            try first.type("exit\r")
            #expect(await first.exitStatus() == .exited(0))
        }
    }
}
