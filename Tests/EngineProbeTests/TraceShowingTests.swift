import EngineNetwork
import EngineProbe
import Foundation
import Testing
import Wire

@Suite("Traces as programs see them")
struct TraceShowingTests {
    private func trace(_ change: (inout Topology) -> Void = { _ in }) throws -> TracerouteResult {
        var topology = Drawings.chain(routers: 2)
        change(&topology)
        var transport = try SimulatedTransport(topology, target: "203.0.113.80")
        let address = transport.target
        return try TracerouteStateMachine.run(
            TracerouteConfiguration(probesPerHop: 1), target: "www.example.test", address: address, over: &transport)
    }

    @Test("the published schema describes what is printed, and nothing else passes")
    func schema() throws {
        let schema = try JSONSchema("Docs/schemas/traceroute.schema.json")
        let results = [
            try trace(), try trace { $0.routers[0].silent = true }, try trace { $0.routers[1].tellsInterfaces = true },
            try trace { $0.routers.remove(at: 1) },
        ]
        for result in results { #expect(try schema.problems(JSONEncoder().encode(result)) == []) }
        let text = String(decoding: try JSONEncoder().encode(results[0]), as: UTF8.self)
        let broken = text.replacingOccurrences(of: #""reached":true"#, with: #""reached":"perhaps""#)
        #expect(try schema.problems(Data(broken.utf8)).count == 1)
    }

    @Test("RIPE Atlas' own words")
    func atlas() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let result = try trace { $0.routers[0].silent = true }
        let bytes = try encoder.encode(AtlasTraceroute(result, startedAt: 1_700_000_000_000_000_000))
        #expect(
            String(decoding: bytes, as: UTF8.self)
                == #"{"af":4,"dst_addr":"203.0.113.80","dst_name":"www.example.test","fw":5080,"paris_id":1,"proto":"ICMP","#
                + #""result":[{"hop":1,"result":[{"x":"*"},{"x":"*"}]},{"hop":2,"result":[{"from":"198.18.1.2","rtt":4,"ttl":63}]},"#
                + #"{"hop":3,"result":[{"from":"203.0.113.80","rtt":6,"ttl":62}]}],"size":32,"timestamp":1700000000,"#
                + #""type":"traceroute"}"#)
    }

    @Test("a drawing names every hop, and nothing in a name can leave its text")
    func drawing() throws {
        var result = try trace { $0.routers[0].silent = true }
        result.rows[2].name = "<script>&\""
        let svg = TracerouteDrawing.svg(result)
        #expect(svg.contains("silent") && svg.contains("198.18.1.2") && svg.contains("203.0.113.80"))
        #expect(!svg.contains("<script>") && svg.contains("&lt;script&gt;&amp;&quot;"))
    }

    @Test("how many hops an answer made is guessed by the customary first TTLs")
    func returnHops() {
        func hops(_ left: UInt8) -> Int? {
            var row = HopRow(timeToLive: 1, probe: 1, outcome: .reply)
            row.replyTimeToLive = left
            return row.returnHops
        }
        #expect([64, 56, 128, 120, 255, 250].map { hops($0) } == [1, 9, 1, 9, 1, 6])
    }
}
