import EngineNetwork
import EngineProbe
import Testing
import Wire

/// Losses and errors in one network, as ping, fping, mtr and traceroute tell them, and as we do.
@Suite(
    "Losses and errors as other tools see them", .serialized,
    .enabled(if: NamespacePair.missing == nil, "needs root, iproute2, iputils and traceroute"),
    .enabled(if: PeerTool.missing == nil, "fping, mtr or tracepath is not installed"))
struct PeerReportTests {
    private let target = "203.0.113.80"
    private let count = 80

    private var lossy: Topology {
        var topology = Drawings.chain(routers: 4, delay: 100_000)
        for index in [1, 3] {
            topology.links[index].conditions = LinkConditions(
                loss: .bursts(.init(mean: 0.08, length: 2)), duplication: 0.03)
        }
        return topology
    }

    /// Draws count the packets of a flow from the beginning of a world, so each question has a world of its own.
    private func inNewWorld<Value>(_ body: (NamespacePair) throws -> Value) throws -> Value {
        let world = try NamespacePair(lossy)
        defer { world.end() }
        return try body(world)
    }

    private func inNewWorld<Value>(_ body: (NamespacePair) async throws -> Value) async throws -> Value {
        let world = try NamespacePair(lossy)
        defer { world.end() }
        return try await body(world)
    }

    @Test("ping, fping, mtr and ours lose the very probes that the simulation loses, whatever ids they use")
    func losses() async throws {
        let simulated = try EchoSeries(lossy, count: count, interval: 5_000_000)
        let lost = Set(simulated.lost.map { $0 + 1 })
        let doubled = Set(
            Dictionary(grouping: simulated.answers, by: \.sequence).filter { $1.count > 1 }.map { $0.key + 1 })
        // What comes back last, a tool need not wait for.
        #expect(lost.count > 5 && doubled.count > 1 && (doubled.max() ?? count) < count - 4, "\(doubled.sorted())")

        try await PeerTool.expectOurs([lost, doubled], "ours") { seconds in
            let result = try await inNewWorld { world in
                try await world.ping(
                    target,
                    PingConfiguration(count: count, interval: 5_000_000, timeout: Int64(seconds) * 1_000_000_000))
            }
            return [
                Set(result.rows.filter { $0.outcome == .timeout }.map(\.sequence)),
                Set(result.strays.filter { $0.kind == .duplicate }.map(\.sequence)),
            ]
        }
        try PeerTool.expect([lost, doubled], "ping") { seconds in
            let output = try inNewWorld { world in
                try world.run(
                    on: "laptop", ["ping", "-n", "-c", "\(count)", "-i", "0.005", "-W", "\(seconds)", target])
            }
            let (lost, doubled) = PeerOutput.ping(output, count: count)
            return [lost, doubled]
        }
        try PeerTool.expect(lost, "fping") { seconds in
            try inNewWorld { world in
                PeerOutput.fping(
                    try world.run(
                        on: "laptop", ["fping", "-q", "-C", "\(count)", "-p", "5", "-t", "\(seconds * 1000)", target]))
            }
        }
        // Probes of one distance alone: the others would be counted among the flow's packets.
        try PeerTool.expect([count, lost.count], "mtr") { seconds in
            try inNewWorld { world in
                try PeerOutput.mtrLoss(
                    try world.run(
                        on: "laptop",
                        [
                            "mtr", "-n", "-f", "5", "-m", "5", "-i", "0.01", "-c", "\(count)", "-Z", "\(seconds)", "-G",
                            "\(seconds)", "--json", target,
                        ]))
            }
        }
    }

    @Test("a watch counts the losses that mtr counts, and knows which rounds they were")
    func watched() async throws {
        let simulated = try EchoSeries(lossy, count: count, interval: 10_000_000)
        let pattern = (0..<count).map { simulated.lost.contains($0) }
        let (target, count) = (Drawings.address(target), count)
        try await PeerTool.expectOurs(pattern, "our watch") { seconds in
            let machine = try await inNewWorld { world in
                try await world.perform(on: "laptop") {
                    let trace = TracerouteConfiguration(
                        firstHop: 5, maximumHops: 5, timeout: Int64(seconds) * 500_000_000, minimumWait: 0)
                    var transport = try LinuxProbeTransport(target: target, identifier: 77, preferred: [.rawICMP])
                    return try WatchStateMachine.run(
                        WatchConfiguration(trace, interval: 10_000_000, rounds: count), address: target,
                        over: &transport)
                }
            }
            return machine.hops.first?.history.map { $0 == nil } ?? []
        }
    }

    @Test("traceroute shows stars where we do")
    func stars() async throws {
        let simulated = try EchoSeries(lossy, count: 10, interval: 5_000_000)
        let pattern = (0..<10).map { simulated.lost.contains($0) }
        #expect(pattern.contains(true))
        try await PeerTool.expectOurs(pattern, "ours") { seconds in
            let wait = Int64(seconds) * 500_000_000
            let result = try await inNewWorld { world in
                try await world.trace(
                    target,
                    TracerouteConfiguration(
                        firstHop: 5, maximumHops: 5, probesPerHop: 10, timeout: wait, minimumWait: wait))
            }
            return result.rows.prefix(10).map { $0.outcome == .timeout }
        }
        try PeerTool.expect(pattern, "traceroute") { seconds in
            let output = try inNewWorld { world in
                try world.run(
                    on: "laptop",
                    [
                        "traceroute", "-n", "-I", "-f", "5", "-m", "5", "-q", "10", "-N", "1", "-w", "\(seconds)",
                        target,
                    ])
            }
            let words = output.lines.last?.words.dropFirst() ?? []
            return words.filter { $0 == "*" || $0 == "ms" }.map { $0 == "*" }
        }
    }

    /// The last router refuses each of these in a way of its own.
    private static let refused: [(host: Int, port: UInt16, action: FilterRule.Action)] = [
        (91, 7001, .host), (92, 7002, .network), (93, 7003, .hostProhibited), (94, 7004, .networkProhibited),
        (95, 7005, .prohibited), (96, 7006, .port),
    ]

    private func refusing() throws -> NamespacePair {
        var topology = Drawings.chain(routers: 3, delay: 100_000)
        topology.links[2].mtu = 1400
        topology.links[2].mtuBack = 1400
        topology.routers[2].filters = PeerReportTests.refused.flatMap { rule in
            ["203.0.113.\(rule.host)/32", "2001:db8:0:2::\(rule.host)/128"].map { text in
                FilterRule(rule.action, .icmp, to: Drawings.interface(text).prefix)
            } + [FilterRule(rule.action, .udp, ports: rule.port...rule.port)]
        }
        return try NamespacePair(topology)
    }

    @Test("errors have the words and the reporters of ping", arguments: IPFamily.allCases)
    func errors(family: IPFamily) async throws {
        let world = try refusing()
        defer { world.end() }
        let net = family == .v4 ? "203.0.113." : "2001:db8:0:2::"
        var cases: [(target: String, words: [String], PingConfiguration)] = [
            ("\(net)99", [], PingConfiguration(count: 1)),
            (family == .v4 ? "198.51.100.1" : "2001:db8:9::1", [], PingConfiguration(count: 1)),
            ("\(net)80", ["-t", "2"], PingConfiguration(count: 1, timeToLive: 2)),
            ("\(net)80", ["-M", "do", "-s", "1430"], PingConfiguration(count: 1, size: 1430, fragmentation: .do)),
        ]
        cases += PeerReportTests.refused.map { ("\(net)\($0.host)", [], PingConfiguration(count: 1)) }
        for (target, words, configuration) in cases {
            var configuration = configuration
            configuration.timeout = 600_000_000_000
            // Neither is to know the path's MTU from the other.
            try world.run(on: "laptop", ["ip", family == .v4 ? "-4" : "-6", "route", "flush", "cache"])
            let result = try await world.ping(target, configuration)
            let row = try #require(result.rows.first)
            #expect(row.outcome != .reply)
            let line = PingText.line(row, target: Drawings.address(target))
            try world.run(on: "laptop", ["ip", family == .v4 ? "-4" : "-6", "route", "flush", "cache"])
            let output = try world.run(on: "laptop", ["ping", "-n", "-c", "1", "-W", "600"] + words + [target])
            #expect(output.lines.first { $0.hasPrefix("From ") }.map(String.init) == line, "\(output)")
        }
    }

    @Test("errors have the reporters and codes of fping")
    func fpingErrors() async throws {
        let world = try refusing()
        defer { world.end() }
        let words: [UInt8: String] = [
            0: "ICMP Network Unreachable", 1: "ICMP Host Unreachable", 3: "ICMP Port Unreachable",
            9: "ICMP Unreachable (Communication with Network Prohibited)",
            10: "ICMP Unreachable (Communication with Host Prohibited)",
            13: "ICMP Unreachable (Communication Administratively Prohibited)",
        ]
        for target in ["203.0.113.99", "198.51.100.1"] + PeerReportTests.refused.map({ "203.0.113.\($0.host)" }) {
            let result = try await world.ping(target, PingConfiguration(count: 1, timeout: 600_000_000_000))
            let row = try #require(result.rows.first)
            let word = try #require(row.icmpCode.flatMap { words[$0] })
            let from = try #require(row.from)
            try PeerTool.expect("\(word) from \(from) for ICMP Echo sent to \(target)", "fping") { seconds in
                try world.run(on: "laptop", ["fping", "-C", "1", "-t", "\(seconds * 500)", target])
                    .lines.first { $0.hasPrefix("ICMP ") }.map(String.init) ?? "no error"
            }
        }
    }

    @Test("refusals have the letters of traceroute", arguments: IPFamily.allCases)
    func letters(family: IPFamily) async throws {
        let world = try refusing()
        defer { world.end() }
        let (target, flag) = (family == .v4 ? target : "2001:db8:0:2::80", family == .v4 ? "-4" : "-6")
        for (_, port, action) in PeerReportTests.refused {
            let ours = try await world.completeTrace(
                target, TracerouteConfiguration(method: .udp), mode: .udp, port: port)
            var lines = TracerouteText.lines(ours).map { line -> [String] in
                let words = line[...].words
                return [String(words[1]), words.first { $0.hasPrefix("!") }.map(String.init) ?? ""]
            }
            try #require(lines.count == 4)
            if action == .port {
                // traceroute takes it for the target's own answer, whoever sends it.
                #expect(lines[3][1] == (family == .v4 ? "!<3>" : "!<4>"))
                lines[3][1] = ""
            }
            try PeerTool.expect(lines, "traceroute \(action)") { seconds in
                PeerOutput.traceroute(
                    try world.run(
                        on: "laptop",
                        [
                            "traceroute", flag, "-n", "-U", "-p", "\(port)", "-q", "1", "-N", "1", "-w", "\(seconds)",
                            target,
                        ])
                ).map { [$0.address ?? "*", $0.annotation] }
            }
        }
    }
}
