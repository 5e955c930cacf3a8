import EngineNetwork
import Foundation
import LabModel
import LabSteps
import LabTestSupport
import SupportDiagnostics
import Testing
import Wire

@Suite("Worlds are read as they are written")
struct WorldReadingTests {
    private static let page = Repository.root + "/Docs/worlds.md"

    /// The first YAML block of the page about worlds: everything that a world may have.
    private static func example() throws -> String {
        let text = try String(contentsOfFile: page, encoding: .utf8)
        let block = text.components(separatedBy: "```yaml\n").dropFirst().first?.components(separatedBy: "```").first
        return try #require(block)
    }

    private func load(_ world: String) -> LoadedLab {
        let lab = """
            format: 1
            lab: small
            title: A small lab
            world: world.yml
            at: laptop
            steps:
            - id: there
              title: Reach the server
              ping: { to: $world.server.address }
              expect:
                answered: lab.probe.addr == $world.server.address
            """
        let files = ["lab.yml": lab, "world.yml": world]
        return LabLoader(
            catalogue: StepCatalog.schemas, sharedTables: SharedTables.all,
            readFile: { files[$0].map { Array($0.utf8) } }, examineWorld: { WorldExamination.problems(of: $0) }
        ).load("lab.yml")
    }

    private func topology() throws -> Topology {
        let loaded = load(try Self.example())
        #expect(loaded.problems.map { "\($0.code): \($0.message)" } == [])
        return try TopologyAssembly.topology(of: try #require(loaded.lab?.world))
    }

    @Test("the example of the documentation has no problem, for lint and for the engine")
    func sound() throws {
        let topology = try topology()
        #expect(topology.problems().isEmpty)
    }

    @Test("links have what was said of them, and the way back what differs")
    func links() throws {
        let topology = try topology()
        func link(_ name: String) throws -> Link { try #require(topology.links.first { $0.name == name }) }
        let first = try link("r1-r2")
        #expect(first.delay == 5_000_000 && first.delayBack == 5_000_000)
        #expect(first.conditions == LinkConditions(jitter: .init(1_000_000), loss: .random(0.02)))
        #expect(first.conditionsBack == first.conditions)
        let second = try link("r2-r3")
        #expect(second.conditions.loss == .bursts(.init(mean: 0.01, length: 4)))
        #expect(second.delayBack == 9_000_000 && second.conditionsBack == LinkConditions())
        #expect(try link("r3-r5").conditions.rate == .init(bitsPerSecond: 10_000_000, queue: 65_536))
        #expect(try link("r4-r5").mtu == 1400)
        #expect(try link("r5-r6").conditions.jitter == .init(200_000, .pareto))
        let cable = try link("server-s1").conditions
        #expect(cable.duplication == 0.005 && cable.corruption == 0.0001)
        #expect(cable.reordering == .init(share: 0.01, hold: 5_000_000))
        // The author's link is the host's only one; the switch joins it to its network.
        #expect(topology.links.filter { $0.a.node == "server" || $0.b.node == "server" }.count == 1)
        #expect(topology.switches.map(\.name).contains("s1"))
    }

    @Test("routers behave as was said of them")
    func routers() throws {
        let routers = try topology().routers
        #expect(
            routers[0].translation
                == AddressTranslation(
                    inside: [try #require(IPPrefix("198.51.100.0/24"))],
                    outside: try #require(IPv4Address("198.18.0.1"))))
        #expect(routers[1].balancing == .flow)
        #expect(routers[2].limit == .linux && routers[2].tellsInterfaces)
        #expect(routers[3].silent)
        #expect(routers[4].voice == .interface)
        // The office has a prefix of either family, and the rule is there for both.
        #expect(routers[5].filters.map(\.action) == [.accept, .prohibited, .prohibited])
        #expect(routers[5].filters[1].ports == 7000...7100)
        #expect(routers[5].filters[1].to == IPPrefix("198.19.1.0/24"))
    }

    @Test("networks and hosts without addresses are given some")
    func assigned() throws {
        let topology = try topology()
        let server = try #require(topology.hosts.first { $0.name == "server" })
        #expect(server.addresses.map { "\($0)" } == ["198.19.1.10/24", "2001:db8:f001::a/64"])
        #expect(topology.hosts.first { $0.name == "printer" }?.addresses.map { "\($0)" }.first == "198.19.1.11/24")
    }

    @Test("the page's firewall and port forward have no problem, and are what they say")
    func firewall() throws {
        let text = try String(contentsOfFile: Self.page, encoding: .utf8)
        let block = text.components(separatedBy: "```yaml\n").compactMap {
            $0.components(separatedBy: "```").first
        }.first { $0.hasPrefix("world: home") }
        let loaded = load(try #require(block))
        #expect(loaded.problems.map { "\($0.code): \($0.message)" } == [])
        let world = try #require(loaded.lab?.world)
        let gateway = try #require(try TopologyAssembly.topology(of: world).routers.first)
        let server = try #require(IPv4Address("198.51.100.11"))
        let server6 = try #require(IPAddress("2001:db8:100::b"))
        #expect(
            gateway.translation?.forwards == [
                PortForward(.tcp, port: 8080, to: TransportAddress(server, 80)),
                PortForward(.tcp, port: 8080, to: TransportAddress(server6, 80)),
            ])
        #expect(gateway.translation?.ownAddress(of: .v4) == IPAddress("198.18.0.1"))
        #expect(gateway.translation?.ownAddress(of: .v6) == IPAddress("2001:2::1"))
        // IPv6 goes through as it is, but for what is forwarded.
        #expect(gateway.translation?.inside == [try #require(IPPrefix("198.51.100.0/24"))])
        #expect(
            gateway.filters.map(\.states) == [[.established, .related], [.invalid], [.new], [.new], nil, nil, nil])
        // One rule of the author's is one for each family.
        #expect(gateway.filters.map(\.number) == [0, 1, 2, 2, 3, 3, 4])
    }

    @Test("tunnels and changes are taken over")
    func rest() throws {
        let topology = try topology()
        #expect(topology.tunnels == [Tunnel(path: ["r2", "r3", "r5"], labels: [16003])])
        #expect(
            topology.changes == [
                TimedChange(at: 30_000_000_000, .link("r2-r3", isUp: false)),
                TimedChange(at: 40_000_000_000, .link("r2-r3", isUp: true)),
            ])
    }

    @Test("words of the file and of the engine are the same")
    func words() {
        #expect(WorldDefinition.Rule.Action.allCases.map(\.rawValue) == FilterRule.Action.allCases.map(\.rawValue))
        #expect(WorldDefinition.Rule.Subject.allCases.map(\.rawValue) == FilterRule.Subject.allCases.map(\.rawValue))
        #expect(WorldDefinition.Rule.State.allCases.map(\.rawValue) == ConnectionState.allCases.map(\.rawValue))
        #expect(
            WorldDefinition.Forward.Subject.allCases.map(\.rawValue) == PortForward.Subject.allCases.map(\.rawValue))
        #expect(
            WorldDefinition.RouterBehaviour.Answer.allCases.map(\.rawValue) == Router.Answer.allCases.map(\.rawValue))
        #expect(
            WorldDefinition.RouterBehaviour.Balance.allCases.map(\.rawValue)
                == Router.Balancing.allCases.map(\.rawValue))
        #expect(
            WorldDefinition.LinkSide.Distribution.allCases.map(\.rawValue)
                == LinkConditions.Jitter.Distribution.allCases.map(\.rawValue))
    }

    @Test("the campus of the course is as sound as ever")
    func campus() throws {
        let text = try String(contentsOfFile: Repository.root + "/Labs/worlds/campus.yml", encoding: .utf8)
        let loaded = load(
            text.replacingOccurrences(of: "  www:     {", with: "  server: { network: campus }\n  www:     {"))
        #expect(loaded.problems.filter { !$0.message.contains("$token") }.map(\.message) == [])
    }
}
