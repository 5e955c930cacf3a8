import EngineNetwork
import EngineProbe
import Foundation
import LabTestSupport
import Testing
import Wire

@Suite("A watched path as people and programs see it")
struct WatchShowingTests {
    private let target = "203.0.113.80"

    private func watched(_ change: (inout Topology) -> Void = { _ in }) throws -> WatchStateMachine {
        var topology = Drawings.chain(routers: 4)
        topology.routers[2].silent = true
        topology.links[3].conditions = LinkConditions(
            jitter: .init(400_000, .uniform), loss: .random(0.2))
        topology.tunnels = [Tunnel(path: ["r1", "r2", "r3"], labels: [16002])]
        change(&topology)
        var transport = try SimulatedTransport(topology, target: target)
        let address = transport.target
        return try WatchStateMachine.run(
            WatchConfiguration(TracerouteConfiguration(), interval: 100_000_000, rounds: 40), address: address,
            over: &transport)
    }

    private let names = [
        Drawings.address("192.0.2.1"): "r1.example.test", Drawings.address("203.0.113.80"): "www.example.test",
    ]

    private var screen: WatchScreen {
        WatchScreen(target: "www.example.test", address: Drawings.address(target), method: .icmp)
    }

    @Test(
        "the screen at its usual size, wide, narrow and tiny",
        arguments: [(80, 24), (132, 24), (40, 24), (80, 6)])
    func sizes(columns: Int, rows: Int) throws {
        let lines = screen.lines(try watched(), names: names, columns: columns, rows: rows)
        #expect(lines.count <= rows && lines.allSatisfy { $0.count <= columns })
        expectGolden(lines.joined(separator: "\n") + "\n", "Fixtures/Probes/watch-\(columns)x\(rows).txt")
    }

    @Test("the history, and the report that is printed without a terminal")
    func others() throws {
        var history = screen
        history.display = .history
        history.showsLabels = true
        let lines = history.lines(try watched(), names: names, columns: 80, rows: 24)
        #expect(lines.allSatisfy { $0.count <= 80 })
        expectGolden(lines.joined(separator: "\n") + "\n", "Fixtures/Probes/watch-history.txt")
        let report = screen.report(try watched(), mode: .simulation, names: names)
        expectGolden(report.joined(separator: "\n") + "\n", "Fixtures/Probes/watch-report.txt")
    }

    @Test("no size of a terminal is too small, and nothing is wider or longer than it")
    func everySize() throws {
        let machine = try watched()
        for display in WatchScreen.Display.allCases {
            var screen = screen
            screen.display = display
            for columns in Array(0...140) + [Int.max] {
                for rows in [0, 1, 2, 3, 4, 7, 24, Int.max] {
                    let lines = screen.lines(machine, names: names, columns: min(columns, 10_000), rows: rows)
                    #expect(lines.count <= rows && lines.allSatisfy { $0.count <= columns })
                }
            }
        }
        // Before anything was sent there is a screen, too.
        let new = WatchStateMachine(WatchConfiguration(TracerouteConfiguration()), target: Drawings.address(target))
        #expect(screen.lines(new, columns: 80, rows: 24).count >= 3)
    }

    @Test("whoever chooses the names cannot steer the terminal")
    func hostileNames() throws {
        let machine = try watched()
        let hostile = [Drawings.address("192.0.2.1"): "a\u{1B}[2Jb\u{9B}31m\n", Drawings.address(target): "\u{202E}x"]
        let screen = WatchScreen(target: "w\u{1B}]0;x\u{7}", address: Drawings.address(target), method: .icmp)
        let text =
            (screen.lines(machine, names: hostile, columns: 200, rows: 24)
            + screen.report(machine, mode: .simulation, names: hostile)).joined()
        #expect(text.contains("a?[2Jb?31m?") && text.contains("w?]0;x?"))
        #expect(
            !text.unicodeScalars.contains { $0.value < 0x20 || (0x7F..<0xA0).contains($0.value) || $0.value == 0x202E })
    }

    @Test("the published schema describes what is printed, and nothing else passes")
    func schema() throws {
        let schema = try JSONSchema("Docs/schemas/watch.schema.json")
        let result = WatchResult(try watched(), target: "www.example.test", mode: .simulation, names: names)
        let refused = WatchResult(
            try watched { $0.routers.remove(at: 3) }, target: "www.example.test", mode: .simulation)
        for result in [result, refused] {
            let data = try JSONEncoder().encode(result)
            #expect(try schema.problems(data) == [])
            #expect(try JSONDecoder().decode(WatchResult.self, from: data) == result)
        }
        #expect(result.reached && result.rounds == 40 && result.hops.count == 5)
        #expect(result.hops[0].name == "r1.example.test" && result.hops[1].labels == [16002])
        let text = String(decoding: try JSONEncoder().encode(result), as: UTF8.self)
        let broken = text.replacingOccurrences(of: #""rounds":40"#, with: #""rounds":"many""#)
        #expect(try schema.problems(Data(broken.utf8)).count == 1)
    }

    /// `LAB_UPDATE_GOLDEN=1` writes the file anew.
    private func expectGolden(_ text: String, _ path: String) {
        let url = URL(fileURLWithPath: Repository.root + "/" + path)
        if ProcessInfo.processInfo.environment["LAB_UPDATE_GOLDEN"] != nil {
            try? FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try? Data(text.utf8).write(to: url)
        }
        let golden = try? String(contentsOf: url, encoding: .utf8)
        #expect(text == golden, "\(path) is not current: LAB_UPDATE_GOLDEN=1 writes it anew")
    }
}
