import EngineNetwork
import Testing
import Wire

@Suite("Links that are watched")
struct LinkTapTests {
    private static let destination = "203.0.113.80"
    /// Of an IPv4 packet in an Ethernet frame.
    private static let timeToLive = 14 + 8

    @Test("a packet is seen as it is put on the link: when, in which direction, and with the TTL that it has there")
    func crossing() throws {
        let topology = Drawings.chain(routers: 3)
        var laptop = SimulatedLaptop(topology)
        laptop.simulation.watch(links: ["no-such", "r1-r2"])
        let answer = try #require(try laptop.echo(to: Self.destination))
        #expect(answer.elapsed == 8 * Drawings.millisecond)
        let seen = laptop.simulation.takeSightings()
        #expect(seen.map(\.link) == [1, 1] && seen.map(\.isBack) == [false, true])
        #expect(seen.map(\.at) == [Drawings.millisecond, 6 * Drawings.millisecond])
        #expect(seen.map { $0.frame[Self.timeToLive] } == [63, 62])
        for sighting in seen {
            let header = try sighting.frame.withUnsafeBytes { try EthernetHeader(parsing: $0) }
            #expect(header.type == .ipv4 && header.source != header.destination)
        }
        #expect(laptop.simulation.takeSightings() == [])
    }

    @Test("a link has the same name from both ends, and IPv6 is seen, too")
    func ends() throws {
        var laptop = SimulatedLaptop(Drawings.chain(routers: 3))
        laptop.simulation.watch(links: ["r3-r2"])
        _ = try laptop.echo(to: "2001:db8:0:2::80")
        let seen = laptop.simulation.takeSightings()
        // There is from the first end of the link as it was written to its second.
        #expect(seen.map(\.isBack) == [false, true])
        #expect(
            try seen.map { try $0.frame.withUnsafeBytes { try EthernetHeader(parsing: $0).type } } == [.ipv6, .ipv6])
    }

    @Test("what is lost on the link is seen, what never comes to it is not")
    func lost() throws {
        var topology = Drawings.chain(routers: 3)
        topology.links[1].conditions.loss = .random(1)
        var laptop = SimulatedLaptop(topology)
        laptop.simulation.watch(links: ["r1-r2", "r2-r3"])
        #expect(try laptop.echo(to: Self.destination) == nil)
        #expect(laptop.simulation.takeSightings().map(\.link) == [0])
    }

    @Test("watching changes nothing: the same packets are lost, late and doubled")
    func unchanged() throws {
        var topology = Drawings.chain(routers: 4)
        for index in topology.links.indices {
            topology.links[index].conditions.loss = .random(0.05)
            topology.links[index].conditions.duplication = 0.05
        }
        func outcomes(_ watched: [String]) throws -> [Int64?] {
            var laptop = SimulatedLaptop(topology, seed: 11)
            laptop.simulation.watch(links: watched)
            return try (0..<200).map { _ in try laptop.echo(to: Self.destination)?.elapsed }
        }
        let plain = try outcomes([])
        #expect(plain.contains(nil) && plain.contains { $0 != nil })
        #expect(try outcomes(["r1-r2", "r3-r4"]) == plain)
    }
}
