import EngineNetwork
import EngineProbe
import Testing
import Wire

@Suite("Traceroute on the virtual clock")
struct TracerouteTests {
    private let millisecond = Drawings.millisecond

    private func trace(
        _ target: String, _ configuration: TracerouteConfiguration = TracerouteConfiguration(), lost: Set<UInt16> = [],
        _ change: (inout Topology) -> Void = { _ in }
    ) throws -> (result: TracerouteResult, elapsed: Int64, sent: Int) {
        var topology = Drawings.chain(routers: 8)
        change(&topology)
        var transport = try SimulatedTransport(topology, target: target, method: configuration.method)
        transport.lost = lost
        let address = transport.target
        let result = try TracerouteStateMachine.run(configuration, target: target, address: address, over: &transport)
        return (result, transport.now(), transport.sent)
    }

    @Test(
        "the path is every router, then the target, at their exact distances",
        arguments: [
            ("203.0.113.80", TracerouteConfiguration.Method.icmp), ("2001:db8:0:2::80", .icmp), ("203.0.113.80", .udp),
            ("2001:db8:0:2::80", .udp),
        ])
    func path(target: String, method: TracerouteConfiguration.Method) throws {
        let (result, elapsed, _) = try trace(target, TracerouteConfiguration(method: method))
        let family = Drawings.address(target).family
        #expect(result.reached)
        #expect(result.path == (1...8).map { Drawings.hop($0, family) } + [Drawings.address(target)])
        #expect(result.rows.count == 27)
        #expect(result.rows.allSatisfy { $0.roundTrip == Int64(2 * $0.timeToLive) * millisecond })
        #expect(result.rows.last?.outcome == .reply)
        #expect(result.rows.dropLast(3).allSatisfy { $0.outcome == .timeExceeded })
        // All hops at once, then those behind the window: no constant of seconds anywhere.
        #expect(elapsed < 40 * millisecond)
    }

    @Test("a silent router is a row of stars and the path goes on")
    func silent() throws {
        let (result, elapsed, _) = try trace("203.0.113.80") { $0.routers[3].silent = true }
        #expect(result.reached)
        try #require(result.path.count == 9)
        #expect(result.path[3] == nil)
        #expect(result.path[4] == Drawings.hop(5, .v4))
        #expect(result.rows.filter { $0.timeToLive == 4 }.map(\.outcome) == [.timeout, .timeout, .timeout])
        #expect(elapsed < 400 * millisecond)
    }

    @Test("a dead host ends in stars up to the last hop, in about a second")
    func dead() throws {
        let (result, elapsed, _) = try trace("203.0.113.66")
        #expect(!result.reached)
        try #require(result.path.count == 30)
        #expect(result.path[7] == Drawings.hop(8, .v4))
        #expect(result.path[8...].allSatisfy { $0 == nil })
        #expect(elapsed < 1_500 * millisecond)
    }

    @Test("without a router the path ends where the route does, with its reason")
    func removedRouter() throws {
        let (result, _, _) = try trace("203.0.113.80") { $0.routers.remove(at: 3) }
        #expect(!result.reached)
        // The router answers for its own TTL first, then for the route it lacks.
        #expect(result.path == [Drawings.hop(1, .v4), Drawings.hop(1, .v4)])
        #expect(result.rows.last?.outcome == .unreachable)
        #expect(result.rows.last?.icmpCode == 0)
        #expect(TracerouteText.lines(result).last?.contains("!N") == true)
    }

    @Test("one lost probe is one star")
    func lost() throws {
        let (result, _, _) = try trace("203.0.113.80", lost: [5])
        #expect(result.path.count == 9)
        #expect(result.rows.filter { $0.outcome == .timeout }.map { [$0.timeToLive, $0.probe] } == [[2, 2]])
    }

    @Test("the first hop, the last and the probes for each are chosen")
    func range() throws {
        let configuration = TracerouteConfiguration(firstHop: 3, maximumHops: 5, probesPerHop: 1)
        let (result, _, sent) = try trace("203.0.113.80", configuration)
        #expect(sent == 3)
        #expect(!result.reached)
        #expect(result.path == (3...5).map { Drawings.hop($0, .v4) })
    }

    @Test("the first hop may be the target")
    func neighbor() throws {
        let (result, _, _) = try trace("192.0.2.1")
        #expect(result.reached)
        #expect(result.path == [Drawings.address("192.0.2.1")])
        #expect(result.rows.count == 3)
    }

    @Test("the lines are those of the classic tool")
    func text() throws {
        var (result, _, _) = try trace("203.0.113.80", lost: [2])
        try #require(result.rows.count == 27)
        result.rows[3].name = "r2.example.test"
        let lines = TracerouteText.text(result)
        try #require(lines.count == 11)
        #expect(lines[0] == "traceroute to 203.0.113.80 (203.0.113.80), 30 hops max, 32 data bytes, by simulation")
        #expect(lines[1] == " 1  192.0.2.1  2.000 ms  *  2.000 ms")
        #expect(lines[2] == " 2  r2.example.test (198.18.1.2)  4.000 ms  4.000 ms  4.000 ms")
        #expect(lines.last == "reached 203.0.113.80 after 9 hops")
    }

    @Test(
        "a configuration that cannot be is refused",
        arguments: [
            TracerouteConfiguration(firstHop: 0), TracerouteConfiguration(maximumHops: 300),
            TracerouteConfiguration(probesPerHop: 0), TracerouteConfiguration(timeout: 0),
            TracerouteConfiguration(window: 0),
        ])
    func invalid(configuration: TracerouteConfiguration) {
        #expect(throws: ProbeError.self) { try trace("203.0.113.80", configuration) }
    }
}
