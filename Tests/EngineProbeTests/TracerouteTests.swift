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
        // Three, and a second try.
        #expect(result.rows.filter { $0.timeToLive == 4 }.map(\.outcome) == [.timeout, .timeout, .timeout, .timeout])
        #expect(result.stars.map(\.timeToLive) == [4])
        #expect(result.stars.map(\.reason) == [.silent])
        #expect(elapsed < 700 * millisecond)
    }

    @Test("a dead host ends in stars up to the last hop, in about a second")
    func dead() throws {
        let (result, elapsed, _) = try trace("203.0.113.66")
        #expect(!result.reached)
        try #require(result.path.count == 30)
        #expect(result.path[7] == Drawings.hop(8, .v4))
        #expect(result.path[8...].allSatisfy { $0 == nil })
        #expect(result.stars.map(\.reason) == Array(repeating: .filtered, count: 22))
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
        #expect(result.stars.map(\.reason) == [.lost])
    }

    @Test("a router that limits its reports is told from one that loses packets")
    func limited() throws {
        let (result, elapsed, _) = try trace("203.0.113.80", TracerouteConfiguration(minimumWait: 30 * millisecond)) {
            $0.routers[2].limit = ReportLimit(interval: 1000 * millisecond, burst: 2)
        }
        #expect(result.reached)
        #expect(
            result.rows.filter { $0.timeToLive == 3 }.map(\.outcome) == [
                .timeExceeded, .timeExceeded, .timeout, .timeout,
            ])
        #expect(result.stars.map(\.reason) == [.rateLimited])
        #expect(elapsed < (3 * 18 + 100) * millisecond)
    }

    @Test(
        "with a silent hop a trace takes at most three times the largest round trip and 100 ms", arguments: [1, 5, 20])
    func bounded(delay: Int64) throws {
        var topology = Drawings.chain(routers: 8, delay: delay * millisecond)
        topology.routers[5].silent = true
        var transport = try SimulatedTransport(topology, target: "203.0.113.80")
        let configuration = TracerouteConfiguration(minimumWait: 30 * millisecond)
        let result = try TracerouteStateMachine.run(
            configuration, target: "x", address: transport.target, over: &transport)
        #expect(result.reached)
        #expect(transport.now() <= (3 * 18 * delay + 100) * millisecond)
    }

    @Test("an answer after its star takes the star's place while the trace goes on")
    func late() {
        let target = Drawings.address("203.0.113.80")
        let router = Drawings.hop(1, .v4)
        var machine = TracerouteStateMachine(
            TracerouteConfiguration(maximumHops: 2, probesPerHop: 1, timeout: 100, minimumWait: 0), target: target)
        func answer(_ number: UInt16, _ outcome: ProbeObservation.Outcome, _ from: IPAddress, at: Int64) {
            machine.observed(
                ProbeObservation(number: number, outcome: outcome, from: from, timeToLive: 60, bytes: 0, at: at))
        }
        for _ in 0..<2 {
            for case .send(let probe) in machine.timeAdvanced(to: 0) { machine.sent(probe, at: 0) }
        }
        answer(2, .reply, target, at: 40)
        for case .send(let probe) in machine.timeAdvanced(to: 60) { machine.sent(probe, at: 60) }
        answer(1, .timeExceeded, router, at: 70)
        answer(3, .timeExceeded, router, at: 80)
        #expect(machine.timeAdvanced(to: 80) == [.finish])
        let result = machine.result(target: "x", mode: .simulation)
        #expect(result.rows.map(\.outcome) == [.timeExceeded, .timeExceeded, .reply])
        #expect(result.rows.first?.roundTrip == 70)
        #expect(result.stars.isEmpty)
    }

    @Test("forged answers, and reports about packets to somebody else, are not believed")
    func forged() {
        let target = Drawings.address("203.0.113.80")
        var machine = TracerouteStateMachine(TracerouteConfiguration(maximumHops: 1, probesPerHop: 1), target: target)
        for case .send(let probe) in machine.timeAdvanced(to: 0) { machine.sent(probe, at: 0) }
        let stranger = Drawings.address("198.51.100.1")
        for (about, integrity) in [
            (target, ProbeObservation.Integrity.forged), (stranger, .intact), (target, .damaged),
        ] {
            machine.observed(
                ProbeObservation(
                    number: 1, outcome: .timeExceeded, target: about, from: stranger, timeToLive: 60, bytes: 0, at: 1,
                    integrity: integrity))
        }
        machine.observed(
            ProbeObservation(number: 1, outcome: .reply, from: stranger, timeToLive: 60, bytes: 0, at: 1))
        #expect(machine.timeAdvanced(to: 2).isEmpty)
        #expect(machine.result(target: "x", mode: .simulation).rows.isEmpty)
    }

    @Test(
        "probes of one flow look alike to routers, those of the classic tool do not",
        arguments: [TracerouteConfiguration.Method.icmp, .udp])
    func flows(method: TracerouteConfiguration.Method) throws {
        for (flows, count) in [(TracerouteConfiguration.Flows.one, 1), (.each, 27)] {
            var transport = try SimulatedTransport(
                Drawings.chain(routers: 8), target: "203.0.113.80", method: method)
            let configuration = TracerouteConfiguration(method: method, flows: flows)
            let result = try TracerouteStateMachine.run(
                configuration, target: "x", address: transport.target, over: &transport)
            #expect(result.reached)
            #expect(flows == .one ? transport.flows.count == 1 : transport.flows.count >= count)
        }
    }

    @Test("all ways of a router that spreads packets are found, with as many flows as that takes")
    func allWays() throws {
        let topology = Drawings.diamond()
        for method in [TracerouteConfiguration.Method.icmp, .udp] {
            var transport = try SimulatedTransport(topology, target: "203.0.113.80", method: method)
            let configuration = TracerouteConfiguration(method: method, flows: .all)
            let result = try TracerouteStateMachine.run(
                configuration, target: "x", address: transport.target, over: &transport)
            #expect(result.reached)
            let second = result.rows.filter { $0.timeToLive == 2 }
            #expect(
                Set(second.compactMap(\.address)) == [Drawings.address("198.18.1.2"), Drawings.address("198.18.2.2")])
            #expect(second.count == 11)
            #expect(result.rows.filter { $0.timeToLive == 1 }.count == 6)
            // One flow takes one way, at every hop the same.
            var single = try SimulatedTransport(topology, target: "203.0.113.80", method: method)
            let paris = try TracerouteStateMachine.run(
                TracerouteConfiguration(method: method), target: "x", address: single.target, over: &single)
            #expect(Set(paris.rows.filter { $0.timeToLive == 2 }.compactMap(\.address)).count == 1)
        }
    }

    @Test("the largest packet that gets through is found, and where it was cut off")
    func mtu() throws {
        let (result, _, _) = try trace("203.0.113.80", TracerouteConfiguration(findsMTU: true)) {
            $0.links[3].mtu = 1400
            $0.links[5].mtu = 1280
        }
        #expect(result.reached)
        #expect(result.pathMTU == 1280)
        #expect(result.rows.filter { $0.outcome == .packetTooBig }.compactMap(\.mtu) == [1500, 1400, 1280])
        #expect(TracerouteText.text(result).last?.hasSuffix("path MTU 1280") == true)
    }

    @Test("labels and interfaces that routers tell are in the rows and the text")
    func extensions() throws {
        let (result, _, _) = try trace("203.0.113.80") { $0.routers[1].tellsInterfaces = true }
        let second = try #require(result.rows.first { $0.timeToLive == 2 })
        #expect(second.interface == "eth0")
        #expect(TracerouteText.text(result, showsExtensions: true)[2].contains("<IN:eth0>"))
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
        try #require(result.rows.count == 28)
        result.rows[4].name = "r2.example.test"
        let lines = TracerouteText.text(result)
        try #require(lines.count == 12)
        #expect(lines[10].hasPrefix("* at 1: lost: 1 of 4 probes had no answer"))
        #expect(lines[0] == "traceroute to 203.0.113.80 (203.0.113.80), 30 hops max, 32 data bytes, by simulation")
        #expect(lines[1] == " 1  192.0.2.1  2.000 ms  *  2.000 ms  2.000 ms")
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
