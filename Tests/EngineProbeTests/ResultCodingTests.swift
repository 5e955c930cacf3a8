import EngineNetwork
import EngineProbe
import Foundation
import Testing
import Wire

@Suite("Results are JSON with units in their names")
struct ResultCodingTests {
    @Test("a ping")
    func ping() throws {
        var transport = try SimulatedTransport(Drawings.chain(routers: 1), target: "203.0.113.80")
        let address = transport.target
        let result = try PingStateMachine.run(
            PingConfiguration(count: 1), target: "www", address: address, over: &transport)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        let text = String(decoding: try encoder.encode(result.rows), as: UTF8.self)
        #expect(
            text
                == #"[{"bytes":64,"from":"203.0.113.80","outcome":"reply","rtt_ns":4000000,"sent_ns":0,"sequence":1,"ttl":63}]"#
        )
        #expect(try JSONDecoder().decode(PingResult.self, from: encoder.encode(result)) == result)
    }

    @Test("a traceroute, with nobody as null")
    func traceroute() throws {
        var topology = Drawings.chain(routers: 2)
        topology.routers[0].silent = true
        var transport = try SimulatedTransport(topology, target: "203.0.113.80")
        let address = transport.target
        let result = try TracerouteStateMachine.run(
            TracerouteConfiguration(probesPerHop: 1), target: "www", address: address, over: &transport)
        let bytes = try JSONEncoder().encode(result)
        #expect(String(decoding: bytes, as: UTF8.self).contains(#""path":[null,"198.18.1.2","203.0.113.80"]"#))
        #expect(try JSONDecoder().decode(TracerouteResult.self, from: bytes) == result)
    }
}
