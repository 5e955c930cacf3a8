import EngineNetwork
import Foundation
import Testing
import Wire

@Suite("Topologies travel as JSON")
struct TopologyCodingTests {
    @Test("what was written is read back the same")
    func roundTrip() throws {
        var topology = Drawings.chain(routers: 3)
        topology.hosts[0].gateways = [Drawings.address("192.0.2.1")]
        topology.hosts[0].hardwareAddress = MACAddress(rawValue: 7)
        topology.links[0].delayBack = 5
        let bytes = try JSONEncoder().encode(topology)
        #expect(try JSONDecoder().decode(Topology.self, from: bytes) == topology)
        #expect(String(decoding: bytes, as: UTF8.self).contains("\"192.0.2.10\\/24\""))
    }

    @Test("an address that is none is refused")
    func invalid() throws {
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode([InterfaceAddress].self, from: Data("[\"192.0.2.10/99\"]".utf8))
        }
    }
}
