import Foundation
import LabTestSupport
import SupportLinux
import Testing

/// `lab traceroute --watch` over the loopback: at a terminal, and without one.
@Suite("lab traceroute --watch", .serialized)
struct WatchTests {
    private func session(_ words: String..., size: Terminal.Size = .standard) throws -> TerminalSession {
        let tool = try #require(BuiltLab.tool)
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        return try TerminalSession(
            [tool.path, "traceroute", "--watch", "-n", "-w", "60"] + words + ["127.0.0.1"],
            environment: ["PATH": path, "TERM": "xterm", "SWIFT_BACKTRACE": "enable=no"], folder: "/", size: size)
    }

    /// Another screen without a cursor was shown, and the usual one with it is there again.
    private func expectRestored(_ terminal: TerminalSession, sourceLocation: SourceLocation = #_sourceLocation)
        async throws
    {
        try await terminal.waitUntilRestored()
        try await Conditions.wait("the usual screen") {
            ["1049", "25"].allSatisfy { mode in
                let (on, off) = mode == "25" ? ("l", "h") : ("h", "l")
                guard let begun = terminal.text.range(of: "\u{1B}[?\(mode)\(on)", options: .backwards) else {
                    return false
                }
                return terminal.text[begun.upperBound...].contains("\u{1B}[?\(mode)\(off)")
            }
        }
    }

    @Test("keys pause, begin anew, show the history and quit; the report is what remains")
    func keys() async throws {
        let terminal = try session("--interval", "0.02")
        try await terminal.wait(for: "q quit  p pause")
        #expect(try terminal.isRaw())
        try await terminal.wait(for: "  1 127.0.0.1")
        try await terminal.wait(for: "round 3")
        try terminal.type("p")
        try await terminal.wait(for: "paused")
        try await terminal.wait(for: "p go on")
        try terminal.type("p")
        try await terminal.wait(for: "p pause")
        try terminal.type("d")
        try await terminal.wait(for: "loss     last  ms")
        try terminal.type("r")
        try await terminal.wait(for: "  1 127.0.0.1")
        try await terminal.wait(for: "round ")
        try await terminal.wait(for: "  1 127.0.0.1")
        try terminal.type("q")
        #expect(await terminal.exitStatus() == .exited(0))
        try await expectRestored(terminal)
        try await terminal.wait(for: "watch of 127.0.0.1, icmp, by ")
        try await terminal.wait(for: "stdev")
    }

    @Test("a terminal that becomes smaller is drawn on as it is")
    func resized() async throws {
        let terminal = try session("--interval", "0.02", size: Terminal.Size(rows: 24, columns: 120))
        try await terminal.wait(for: "stdev  ms")
        try terminal.resize(Terminal.Size(rows: 5, columns: 30))
        try await terminal.wait(for: "  sent\u{1B}[K")
        try terminal.type("p")
        try await terminal.wait(for: "paused\u{1B}[K")
        try terminal.type("\u{3}")
        #expect(await terminal.exitStatus() == .exited(0))
        try await expectRestored(terminal)
    }

    @Test("however it ends, the terminal is as it was", arguments: [SIGTERM, SIGINT, SIGKILL])
    func ended(signal: Int32) async throws {
        let terminal = try session()
        try await terminal.wait(for: "q quit")
        kill(terminal.pid, signal)
        let status = await terminal.exitStatus()
        #expect(signal == SIGKILL || status == .exited(0) || status == .exited(1))
        try await expectRestored(terminal)
    }

    @Test("a name that is none leaves the terminal alone and says so")
    func unknownName() async throws {
        let tool = try #require(BuiltLab.tool)
        let terminal = try TerminalSession(
            [tool.path, "traceroute", "--watch", "no name"], environment: ["TERM": "xterm"], folder: "/")
        try await terminal.wait(for: "'no name'")
        #expect(await terminal.exitStatus() == .exited(1))
        try await terminal.waitUntilRestored()
    }

    @Test("without a terminal the report comes at the end, as text or JSON")
    func report() async throws {
        let words = ["traceroute", "--watch", "-n", "-c", "3", "--interval", "0.01", "-w", "60", "127.0.0.1"]
        let text = try await BuiltLab.run(words, in: "/")
        #expect(text.status == 0, "\(text.errors)")
        #expect(text.output.contains(", 3 rounds\n") && text.output.contains("  1 127.0.0.1"))
        #expect(!text.output.contains("\u{1B}"))
        let json = try await BuiltLab.run(words + ["--format", "json"], in: "/")
        let result = try JSONSerialization.jsonObject(with: Data(json.outputBytes)) as? [String: Any]
        #expect(result?["format"] as? String == "lab-watch/1" && result?["rounds"] as? Int == 3)
        let hops = result?["hops"] as? [[String: Any]]
        #expect(hops?.count == 1 && hops?.first?["received"] as? Int == 3)
    }

    @Test(
        "wrong usage says what was expected",
        arguments: [
            (["-c", "3"], "-c and --interval belong to --watch"), (["--interval", "1"], "belong to --watch"),
            (["--watch", "--mtu"], "the MTU is found by a single trace"),
            (["--watch", "--all-ways"], "keeps to one way"),
            (["--watch", "--format", "svg"], "--watch prints text or json, not svg"),
            (["--watch", "-c", "0"], "rounds, not 0"),
            (["--watch", "--interval", "0"], "The interval between two rounds"),
        ])
    func usage(words: [String], sentence: String) async throws {
        let outcome = try await BuiltLab.run(["traceroute"] + words + ["127.0.0.1"], in: "/")
        #expect(outcome.status == 64)
        #expect(outcome.errors.contains(sentence), "\(outcome.errors)")
        #expect(outcome.output.isEmpty)
    }
}
