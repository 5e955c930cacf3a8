import EngineNetwork
import Testing

@Suite("A gateway that cannot be opened says why")
struct GatewayErrorTests {
    @Test("a port needs a namespace host, once, and an interface")
    func errors() {
        let topology = Drawings.chain(routers: 1)
        let unknown = Gateway.Port(host: "dns", interfaceIndex: 1)
        #expect(throws: GatewayError.unknownHost("dns")) {
            try Gateway(topology: topology, seed: 1, ports: [unknown])
        }
        let missing = Gateway.Port(host: "laptop", interfaceIndex: 0x7FFF_0000)
        #expect(throws: GatewayError.self) { try Gateway(topology: topology, seed: 1, ports: [missing]) }
    }
}
