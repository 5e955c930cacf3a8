import Foundation
import LabTestSupport
import NIOConcurrencyHelpers
import Testing

@testable import EngineProxy

@Suite("The proxy's terminal view")
struct ConsoleTests {
    private let address = ProxyAddress(address: "127.0.0.1", port: 9000)
    /// 04:20:13 UTC.
    private let time: Int64 = 1_795_407_613_000_000_000

    private func flow(_ path: String = "/x", status: Int? = 200, error: ProxyFlowError? = nil) -> ProxyEvent {
        .flow(
            ProxyFlow(
                id: 1, connection: 1, client: ProxyAddress(address: "127.0.0.1", port: 5), server: nil, scheme: "https",
                method: "GET", host: "app.test", port: 443, path: path, version: "HTTP/1.1",
                request: ProxyMessage(headers: [ProxyHeader("Host", "app.test")]), status: status, reason: "OK",
                responseVersion: "HTTP/1.1", contentType: "text/plain; charset=utf-8",
                response: status.map { _ in ProxyMessage(body: ProxyBody(bytes: Array("hello".utf8), length: 27)) },
                answeredBy: .origin,
                timings: ProxyTimings(
                    start: time, requestEnd: nil, connectStart: nil, connectEnd: nil, responseStart: nil,
                    end: time + 10_000_000), clientTLS: nil, serverTLS: nil, error: error))
    }

    private func screen(_ lines: Int = 8) -> ProxyScreen {
        ProxyScreen(address: address, columns: 70, lines: lines, zone: 0)
    }

    private func text(_ screen: ProxyScreen) -> [String] {
        screen.lines.map { line in
            var text = line.text
            while text.hasSuffix(" ") { text.removeLast() }
            return text
        }
    }

    @Test("shows one line per flow between title and footer")
    func list() {
        var screen = screen()
        #expect(text(screen)[2].contains("No requests yet."))
        screen.received(flow())
        #expect(
            text(screen) == [
                "Flows", ">>04:20:13 HTTPS GET app.test /x 200 text/plain 27b 10ms", "", "", "", "",
                "[1/1]" + String(repeating: " ", count: 70 - 5 - 16) + "[127.0.0.1:9000]",
                "↑↓ choose   ⏎ details   q quit   Q quit at once",
            ])
    }

    @Test("q asks, n goes on, y ends; Q ends at once; elsewhere q goes back")
    func quit() {
        var screen = screen()
        screen.pressed(.character("q"))
        #expect(text(screen).last == "Quit (yes,no)?" && !screen.isOver)
        screen.pressed(.character("x"))
        #expect(screen.isAskingToQuit)
        screen.pressed(.character("n"))
        #expect(!screen.isAskingToQuit && !screen.isOver)
        screen.received(flow())
        screen.pressed(.enter)
        #expect(screen.view == .details && text(screen)[1] == "GET https://app.test/x HTTP/1.1")
        screen.pressed(.character("q"))
        #expect(screen.view == .list && !screen.isAskingToQuit)
        screen.pressed(.character("q"))
        screen.pressed(.character("y"))
        #expect(screen.isOver)
        var other = self.screen()
        other.pressed(.character("Q"))
        #expect(other.isOver)
    }

    @Test("a failed handshake is a row and a warning")
    func failure() {
        var screen = screen()
        screen.received(
            .handshakeFailure(
                ProxyHandshakeFailure(
                    at: time, connection: 1, leg: .client, client: address, host: "a.test", port: 443, sni: nil,
                    reason: .alert, alert: 48, alertName: "unknown_ca", verifyCode: nil,
                    text: "The client does not trust the proxy's certificate for a.test (tlsv1 alert unknown ca).")))
        #expect(text(screen)[1].hasPrefix(">>04:20:13 TLS    The client does not trust"))
        #expect(text(screen).last?.hasPrefix("Warn: The client does not trust") == true)
    }

    @Test("nothing that came over the network can reach the terminal as a command")
    func hostile() {
        let event = flow("/\u{1B}]0;evil\u{7}\u{202E}\u{9B}31m\n漢")
        var screen = screen()
        screen.received(event)
        screen.pressed(.enter)
        let everything = screen.lines.map(\.text).joined() + ProxyLog.lines(event).joined()
        #expect(everything.contains("/�]0;evil��"))
        #expect(everything.unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) })
        #expect(!everything.unicodeScalars.contains("\u{202E}"))
        #expect(DisplayText.safe("The name “ä”…\u{200F}\u{AD}") == "The name “ä”…��")
    }

    @Test(
        "follows the newest row until one is chosen, and fits every size",
        arguments: [(20, 4), (40, 5), (200, 60), (1, 1)])
    func sizes(columns: Int, lines: Int) {
        var screen = screen()
        for number in 0..<100 { screen.received(flow("/\(number)")) }
        screen.resized(columns: columns, lines: lines)
        for key in [ProxyScreen.Key.up, .pageUp, .home, .down, .pageDown, .end, .enter, .pageDown, .pageDown, .escape] {
            screen.pressed(key)
            #expect(screen.lines.count == max(4, lines))
            #expect(screen.lines.allSatisfy { $0.text.count <= max(20, columns) })
        }
        screen.pressed(.home)
        let chosen = screen.lines.first { $0.text.hasPrefix(">>") }?.text
        screen.received(flow("/new"))
        #expect(screen.lines.first { $0.text.hasPrefix(">>") }?.text == chosen)
    }

    @Test(
        "mitmdump's two lines",
        arguments: [
            (200 as Int?, nil as String?, "             << 200 OK 27b"), (nil, "gone", "             << gone"),
        ])
    func log(status: Int?, error: String?, expected: String) {
        let event = flow(status: status, error: error.map { ProxyFlowError(kind: "k", text: $0) })
        #expect(ProxyLog.lines(event) == ["127.0.0.1:5: GET https://app.test/x", expected])
    }

    @Test("keys are read however their bytes are cut")
    func keys() {
        var reader = KeyReader()
        #expect(
            reader.read(Array("q\u{1B}[A\u{1B}OB\u{1B}[5~\r\u{3}".utf8)) == [
                .character("q"), .up, .down, .pageUp, .enter, .interrupt,
            ])
        #expect(reader.read([0x1B]).isEmpty && reader.read([0x5B]).isEmpty && reader.read([0x42]) == [.down])
        #expect(reader.read([0x1B]).isEmpty && reader.read([]) == [.escape])
        #expect(reader.read([0x1B, 0x71]) == [.escape, .character("q")])
    }

    @Test("keys that were typed before the screen came are read")
    func typedAhead() async throws {
        let folder = TemporaryFolder()
        let terminal = try PseudoTerminal()
        var configuration = ProxyConfiguration(environment: [:])
        configuration.listenPort = 0
        configuration.confdir = folder.path
        var console = ProxyConsole()
        console.input = terminal.inside
        console.output = terminal.inside
        terminal.type("qy")
        // The terminal's own echo tells that the keys are in.
        try await terminal.wait(for: "qy")
        #expect(try await console.run(configuration) == 0)
    }

    @Test("on a real terminal q and y end it with status 0, the terminal is as before, and the port is free")
    func terminal() async throws {
        let folder = TemporaryFolder()
        let terminal = try PseudoTerminal()
        var configuration = ProxyConfiguration(environment: [:])
        configuration.listenPort = 0
        configuration.confdir = folder.path
        // A pipe with a name: what was written is read when it comes, however long after the screen that is.
        let events = folder.path + "/events"
        try #require(mkfifo(events, 0o600) == 0)
        let reader = EventReader(path: events)
        configuration.events = .file(events)
        var console = ProxyConsole()
        console.input = terminal.inside
        console.output = terminal.inside
        let before = terminal.settings
        let ending = Task { [console, configuration] in try await console.run(configuration) }
        try await terminal.wait(for: "No requests yet.")
        #expect(terminal.settings != before)
        guard case .listening(let at)? = await reader.next() else {
            Issue.record("not listening")
            return
        }
        let curl = try #require(RealTool("curl"))
        let page = try await curl.run(["-q", "-sS", "-x", "http://127.0.0.1:\(at.port)", "http://mitm.it/cert/pem"])
        #expect(page.output.contains("BEGIN CERTIFICATE"))
        try await terminal.wait(for: "HTTP  GET mitm.it /cert/pem 200")
        terminal.type("q")
        try await terminal.wait(for: "Quit (yes,no)?")
        terminal.type("n")
        terminal.type("q")
        terminal.type("y")
        #expect(try await ending.value == 0)
        #expect(terminal.settings == before)
        let again = try await RunningProxy.start { $0.listenPort = at.port }
        #expect(again.proxy.address.port == at.port)
        await again.stop()
    }
}
