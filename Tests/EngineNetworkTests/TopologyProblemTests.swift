import EngineNetwork
import Testing
import Wire

@Suite("A drawing is checked before anything runs on it")
struct TopologyProblemTests {
    private func problems(_ change: (inout Topology) -> Void) -> [TopologyProblem] {
        var topology = Drawings.chain(routers: 3)
        change(&topology)
        return topology.problems()
    }

    @Test("a sound drawing has none")
    func sound() { #expect(problems { _ in }.isEmpty) }

    @Test("names of nodes are one name space")
    func nodes() {
        #expect(problems { $0.switches.append(Switch(name: "r1")) } == [.duplicateNode("r1")])
    }

    @Test("an address belongs to one node")
    func addresses() {
        let twice = Drawings.interface("203.0.113.80/24")
        #expect(
            problems { $0.hosts[2].addresses.append(twice) } == [.duplicateAddress(twice.address, "www", "dns")])
        #expect(problems { $0.routers[0].addresses = [Drawings.address("192.0.2.1")] }.isEmpty)
    }

    @Test("links end at nodes, and do not lose time")
    func links() {
        #expect(
            problems { $0.links[1].b.node = "r9" }.contains(.unknownLinkEnd(link: "r1-r9", node: "r9")))
        #expect(problems { $0.links[1].delayBack = -1 } == [.negativeDelay(link: "r1-r2")])
        #expect(problems { $0.links[1].mtu = 1000 } == [.mtuTooSmall(link: "r1-r2", mtu: 1000, minimum: 1280)])
        #expect(problems { $0.links[1].b.node = "r1" }.contains(.linkToItself(link: "r1-r1")))
    }

    @Test("a host has one link, an address and a gateway")
    func hosts() {
        #expect(
            problems { $0.hosts.append(Host(name: "x", addresses: [])) } == [
                .hostWithoutLink("x"), .hostWithoutAddress("x"),
            ])
        #expect(
            problems { $0.links.append(Link(Link.End("laptop"), Link.End("lan"))) } == [
                .hostWithSeveralLinks("laptop")
            ])
        #expect(problems { $0.links[0].b.addresses.removeLast() }.contains(.noGateway(host: "laptop", family: .v6)))
        #expect(
            problems { $0.hosts[0].gateways = [Drawings.address("192.0.2.9")] }
                .contains(.gatewayNotInReach(host: "laptop", gateway: Drawings.address("192.0.2.9"))))
        #expect(problems { $0.hosts[0].resolver = true } == [.resolverNotVirtual("laptop")])
    }

    @Test("a missing link cuts hosts off")
    func reachability() {
        let cut = problems { $0.links.remove(at: 1) }
        #expect(cut.contains(.unreachable(from: "laptop", to: "www", family: .v4)))
        #expect(cut.contains(.unreachable(from: "laptop", to: "dead", family: .v6)))
    }

    @Test("names are domain names, once each, and aliases lead somewhere")
    func names() {
        #expect(problems { $0.names.append(NameRecord("a..b")) } == [.badName("a..b")])
        #expect(problems { $0.names.append(NameRecord("WWW.example.test")) } == [.duplicateName("WWW.example.test")])
        #expect(
            problems { $0.names.append(NameRecord("x.test", alias: "y.test")) }
                == [.aliasWithoutTarget(name: "x.test", target: "y.test")])
    }

    @Test("every problem has a sentence that names its culprit")
    func sentences() {
        let problem = TopologyProblem.unknownLinkEnd(link: "r1-r9", node: "r9")
        #expect("\(problem)" == "The link r1-r9 ends at 'r9', which is no host, router or switch.")
    }

    @Test("a namespace is told its addresses, gateways, neighbours and resolvers")
    func attachment() throws {
        let attachment = try #require(Drawings.chain(routers: 3).attachment(ofHost: "laptop"))
        #expect(attachment.gateways == [Drawings.address("192.0.2.1"), Drawings.address("2001:db8:0:1::1")])
        #expect(attachment.neighbors.map(\.address) == attachment.gateways)
        #expect(attachment.resolvers == [Drawings.address("203.0.113.53"), Drawings.address("2001:db8:0:2::53")])
        #expect(attachment.mtu == 1500)
        #expect(attachment.hardwareAddress.description == "02:6c:61:62:00:01")
    }
}
