import EngineNetwork
import Testing
import Wire

@Suite("Packets that wait for their time have a bound")
struct ParkedPacketTests {
    private static let www = "203.0.113.80"

    /// Twenty requests of 36 bytes at once, that wait before or behind the link between the first two routers.
    private func burst(
        packets: Int, bytes: Int = .max, _ change: (inout Topology) -> Void
    ) throws -> (answers: Int, ends: Ends) {
        var topology = Drawings.chain(routers: 3)
        change(&topology)
        var ends = Ends(topology)
        ends.simulation.limitParked(packets: packets, bytes: bytes)
        ends.simulation.keepFates(100)
        for number in 0..<20 {
            try ends.send(
                Ends.echo("192.0.2.10", Self.www, identifier: UInt32(number)), from: "laptop", within: 0)
        }
        return (try ends.wait(60_000).count, ends)
    }

    private func slow(_ topology: inout Topology) {
        topology.links[1].conditions.rate = .init(bitsPerSecond: 672_000, queue: 1_000_000)
    }

    @Test("what comes in excess before a link with a rate is the loss of its queue, and what waits goes on")
    func rate() throws {
        #expect(try burst(packets: 20, slow).answers == 20)
        var (answers, ends) = try burst(packets: 5, slow)
        #expect(answers == 5)
        let dropped = ends.simulation.model.verdicts.filter { $0.outcome == .queueFull(link: "r1-r2") }
        #expect(dropped.count == 15 && dropped.allSatisfy { $0.node == "r1" })
        let fates = ends.simulation.takeFates(ofHost: "laptop")
        #expect(fates.count == 15)
        #expect(fates.allSatisfy { $0.reason == .queueFull && $0.link == "r1-r2" && $0.node == "r1" })
        // Room comes back with those that went on.
        for _ in 0..<3 {
            #expect(try ends.send(Ends.echo("192.0.2.10", Self.www), from: "laptop").count == 1)
        }
    }

    @Test("the bound is one of bytes, too")
    func bytes() throws {
        #expect(try burst(packets: 20, bytes: 20 * 36, slow).answers == 20)
        #expect(try burst(packets: 20, bytes: 6 * 36 + 35, slow).answers == 6)
        #expect(try burst(packets: 20, bytes: 0, slow).answers == 0)
    }

    @Test("before a firewall with a state, the link that the packet came by has no room")
    func firewall() throws {
        let (answers, ends) = try burst(packets: 5) {
            $0.routers[1].filters = [FilterRule(.accept, states: [.new, .established])]
        }
        #expect(answers == 5)
        let dropped = ends.simulation.model.verdicts.filter {
            if case .queueFull = $0.outcome { true } else { false }
        }
        #expect(dropped.count == 15 && dropped.allSatisfy { $0.node == "r2" })
    }

    @Test("the story of a packet tells of the queue that had no room")
    func story() throws {
        var topology = Drawings.chain(routers: 3)
        slow(&topology)
        var simulation = Simulation(topology, seed: 1)
        simulation.limitParked(packets: 0)
        let packet = try #require(Ends.echo("192.0.2.10", Self.www))
        let last = try #require(simulation.story(of: packet, fromHost: 0).last)
        #expect(last.act == .ended(.queueFull(link: "r1-r2")) && last.node == "r1")
    }
}
