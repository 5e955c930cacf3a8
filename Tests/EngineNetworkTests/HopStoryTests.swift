import EngineNetwork
import Testing
import Wire

@Suite("A story tells what each router did to a packet")
struct HopStoryTests {
    private let ms = Drawings.millisecond

    private func story(_ topology: Topology, ttl: UInt8 = 64, size: Int = 56) throws -> [HopEvent] {
        let (source, target) = (SimulatedLaptop.source(.v4), Drawings.address("203.0.113.80"))
        let message = ICMPHeader.message(
            type: 8, rest: 1, payload: [UInt8](repeating: 0, count: size), from: source, to: target)
        let packet = try #require(
            IPPacket.build(from: source, to: target, proto: .icmp, timeToLive: ttl, payload: message))
        let simulation = Simulation(topology, seed: 1)
        let story = simulation.story(of: packet, fromHost: 0)
        // Telling changes nothing.
        #expect(simulation.story(of: packet, fromHost: 0) == story)
        return story
    }

    @Test("there and back, hop by hop, with times and TTLs")
    func thereAndBack() throws {
        let story = try story(Drawings.chain(routers: 2))
        let there = story.filter { $0.packet == 0 }
        #expect(
            there.map(\.act) == [
                .forwarded(to: "r1", .host), .crossed(link: "laptop-r1", delay: ms),
                .forwarded(to: "r2", .shortestPath), .crossed(link: "r1-r2", delay: ms),
                .forwarded(to: "www", .shortestPath), .crossed(link: "r2-lan", delay: 0),
                .crossed(link: "lan-www", delay: ms), .ended(.received), .answered(packet: 1),
            ])
        #expect(there.map(\.node) == ["laptop", "laptop", "r1", "r1", "r2", "r2", "r2", "www", "www"])
        #expect(there.map(\.timeToLive) == [64, 64, 63, 63, 62, 62, 62, 62, 62])
        #expect(story.last?.packet == 1)
        #expect(story.last?.act == .ended(.delivered))
        #expect(story.last?.at == 6 * ms)
        #expect(
            story.first.map { "\($0)" }
                == "0.000 ms  packet 0  laptop  ttl 64  goes on to r1: its network, or its gateway")
    }

    @Test("why nothing came back stands there")
    func silence() throws {
        func last(_ ttl: UInt8 = 64, _ change: (inout Topology) -> Void) throws -> HopEvent.Act? {
            var topology = Drawings.chain(routers: 3)
            change(&topology)
            return try story(topology, ttl: ttl).last?.act
        }
        let all = try #require(IPPrefix("203.0.113.0/24"))
        #expect(try last(2) { $0.routers[1].silent = true } == .kept(.silent))
        #expect(try last(2) { $0.routers[1].withholds = [.timeExceeded] } == .kept(.withheld(.timeExceeded)))
        #expect(
            try last { $0.routers[1].filters = [FilterRule(.accept, .tcp), FilterRule(.drop)] }
                == .ended(.filtered(rule: 1)))
        #expect(try last { $0.routers[1].routes = [StaticRoute(all, .discard)] } == .ended(.discarded))
        #expect(try last { $0.links[1].conditions = LinkConditions(loss: .random(1)) } == .ended(.lost(link: "r1-r2")))
        #expect(try last { $0.hosts[1].condition = .silent } == .ended(.hostSilent))
    }

    @Test("labels, equal ways, routes by hand, queues and translations are given as reasons")
    func reasons() throws {
        var topology = Drawings.chain(routers: 4)
        topology.tunnels = [Tunnel(path: ["r1", "r2", "r3"], labels: [16002])]
        #expect(try story(topology).contains { $0.act == .forwarded(to: "r2", .label(16002)) })
        topology.tunnels = []
        let subnet = try #require(IPPrefix("203.0.113.0/24"))
        topology.routers[0].routes = [StaticRoute(subnet, .via("r2"))]
        #expect(try story(topology).contains { $0.act == .forwarded(to: "r2", .route(subnet)) })
        topology.links[1].conditions.rate = .init(bitsPerSecond: 672_000)
        #expect(try story(topology).contains { $0.act == .queued(link: "r1-r2", wait: ms) })
        let outside = try #require(IPv4Address("198.51.100.2"))
        topology.routers[1].addresses = [.v4(outside)]
        topology.routers[1].translation = AddressTranslation(
            inside: [try #require(IPPrefix("192.0.2.0/24"))], outside: outside)
        let translated = try story(topology).filter { if case .translated = $0.act { true } else { false } }
        #expect(translated.map(\.packet) == [0, 1])
        topology.links[2].mtu = 600
        #expect(try story(topology, size: 1000).contains { $0.act == .fragmented(pieces: 2, mtu: 600) })
    }
}
