import EngineProbe
import Foundation
import LabTestSupport
import Testing
import Wire

@Suite("Pings as people and programs see them")
struct PingShowingTests {
    private func report(lost: Set<UInt16> = [], target: String = "203.0.113.80") throws -> PingReport {
        var transport = try SimulatedTransport(Drawings.chain(routers: 2), target: target)
        transport.lost = lost
        let address = transport.target
        let result = try PingStateMachine.run(
            PingConfiguration(count: 3), target: "www.example.test", address: address, over: &transport)
        return PingReport(startedAt: 1_700_000_000_000_000_000, results: [result])
    }

    @Test("the published schema describes what is printed, and nothing else passes")
    func schema() throws {
        let schema = try JSONSchema("Docs/schemas/ping.schema.json")
        for target in ["203.0.113.80", "2001:db8:0:2::80", "203.0.113.99"] {
            let bytes = try JSONEncoder().encode(report(lost: [2], target: target))
            #expect(try schema.problems(bytes) == [])
        }
        var failed = try report()
        failed.failures = [PingReport.Failure(target: "x", error: "not known")]
        #expect(try schema.problems(JSONEncoder().encode(failed)) == [])
        let text = String(decoding: try JSONEncoder().encode(report()), as: UTF8.self)
        let broken = text.replacingOccurrences(of: #""outcome":"reply""#, with: #""outcome":"perhaps""#)
        #expect(try schema.problems(Data(broken.utf8)).count == 3)
        let more = text.replacingOccurrences(of: #""foreign":0"#, with: #""foreign":0,"more":1"#)
        #expect(try !schema.problems(Data(more.utf8)).isEmpty)
    }

    @Test("RIPE Atlas' own words")
    func atlas() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let report = try report(lost: [2])
        let bytes = try encoder.encode(AtlasPing(report.results[0], startedAt: report.startedAt))
        #expect(
            String(decoding: bytes, as: UTF8.self)
                == #"{"af":4,"avg":6,"dst_addr":"203.0.113.80","dst_name":"www.example.test","dup":0,"fw":5080,"max":6,"min":6,"#
                + #""proto":"ICMP","rcvd":2,"result":[{"rtt":6},{"x":"*"},{"rtt":6}],"sent":3,"size":56,"#
                + #""timestamp":1700000000,"ttl":62,"type":"ping"}"#)
    }

    @Test("round trips as blocks, losses as dots")
    func sparkline() {
        #expect(Sparkline.text([1, 4, nil, 8], width: 10) == "▂▅·█")
        #expect(Sparkline.text([1, 4, nil, 8], width: 2) == "·█")
        #expect(Sparkline.text([0, 0], width: 2) == "▁▁")
        #expect(Sparkline.text([1], width: 0) == "")
    }

    @Test("many targets at a glance, within the terminal")
    func dashboard() {
        let targets = (1...3).map { ResolvedTarget(name: "host\($0)", address: Drawings.address("192.0.2.\($0)")) }
        var dashboard = PingDashboard(targets)
        func row(_ outcome: ProbeOutcome, _ time: Int64?) -> PingRow {
            PingRow(sequence: 1, outcome: outcome, roundTrip: time, sent: 0)
        }
        for target in 0..<3 { dashboard.take(.sent(target: target, sequence: 1)) }
        dashboard.take(.row(row(.reply, 2_000_000), target: 0))
        dashboard.take(.row(row(.timeout, nil), target: 1))
        let lines = dashboard.lines(columns: 100)
        #expect(lines.count == 4)
        #expect(lines[1].hasPrefix("host1 (192.0.2.1)"))
        #expect(lines[1].contains(" 0% ") && lines[1].contains("2.000") && lines[1].hasSuffix("█"))
        #expect(lines[2].contains(" 100% ") && lines[2].hasSuffix("·"))
        for columns in [0, 10, 40, 80] {
            #expect(dashboard.lines(columns: columns).allSatisfy { $0.count <= max(columns, 14) })
        }
        #expect(dashboard.lines(columns: 80, rows: 3).last == "… and 2 more")
        let hostile = PingDashboard([ResolvedTarget(name: "a\u{1B}[2J", address: targets[0].address)])
        #expect(!hostile.lines(columns: 80).joined().contains("\u{1B}"))
    }

    @Test("strays have lines of their own, and sums name them")
    func strays() {
        let target = Drawings.address("192.0.2.1")
        let stray = PingStray(
            kind: .duplicate, sequence: 4, from: target, timeToLive: 60, bytes: 64, roundTrip: 1_500_000)
        #expect(
            PingText.line(stray, target: target, name: "www")
                == "64 bytes from www (192.0.2.1): icmp_seq=4 ttl=60 time=1.500 ms (DUP!)")
        var foreign = stray
        foreign.kind = .foreign
        foreign.from = Drawings.address("192.0.2.9")
        foreign.roundTrip = nil
        #expect(PingText.line(foreign, target: target) == "64 bytes from 192.0.2.9: icmp_seq=4 ttl=60 (not asked for)")
    }

    @Test("a block of addresses is its hosts")
    func block() throws {
        func hosts(_ text: String) throws -> [String]? {
            AddressBlock.hosts(try #require(IPPrefix(text)))?.map { "\($0)" }
        }
        #expect(try hosts("192.0.2.0/30") == ["192.0.2.1", "192.0.2.2"])
        #expect(try hosts("192.0.2.2/31") == ["192.0.2.2", "192.0.2.3"])
        #expect(try hosts("192.0.2.7/32") == ["192.0.2.7"])
        #expect(try hosts("2001:db8::/127") == ["2001:db8::", "2001:db8::1"])
        #expect(try hosts("2001:db8::/64") == nil)
        #expect(try hosts("10.0.0.0/16")?.count == 65_534)
    }
}
