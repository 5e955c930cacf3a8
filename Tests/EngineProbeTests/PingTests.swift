import EngineNetwork
import EngineProbe
import Testing
import Wire

@Suite("Ping on the virtual clock")
struct PingTests {
    private let millisecond = Drawings.millisecond

    private func ping(
        _ target: String, _ configuration: PingConfiguration = PingConfiguration(), lost: Set<UInt16> = [],
        _ change: (inout Topology) -> Void = { _ in }
    ) throws -> (result: PingResult, elapsed: Int64, reported: [Int]) {
        var topology = Drawings.chain(routers: 8)
        change(&topology)
        var transport = try SimulatedTransport(topology, target: target)
        transport.lost = lost
        var reported: [Int] = []
        let address = transport.target
        let result = try PingStateMachine.run(
            configuration, target: target, address: address, over: &transport
        ) { reported.append($0.sequence) }
        return (result, transport.now(), reported)
    }

    @Test("every reply has the exact round trip", arguments: ["203.0.113.80", "2001:db8:0:2::80"])
    func replies(target: String) throws {
        let (result, elapsed, reported) = try ping(target)
        #expect(result.rows.map(\.outcome) == [.reply, .reply, .reply, .reply])
        #expect(result.rows.allSatisfy { $0.roundTrip == 18 * millisecond })
        #expect(result.rows.allSatisfy { $0.timeToLive == 56 && $0.bytes == 64 })
        #expect(result.rows.map(\.sent) == [0, 1000, 2000, 3000].map { $0 * millisecond })
        #expect(result.summary.loss == 0)
        #expect(result.summary.roundTrip?.deviation == 0)
        // The run ends with the last reply, not with its timeout.
        #expect(elapsed == 3018 * millisecond)
        #expect(reported == [1, 2, 3, 4])
    }

    @Test("a dead host costs one timeout, and is a loss of all")
    func dead() throws {
        let configuration = PingConfiguration(count: 3, interval: 10 * millisecond, timeout: 200 * millisecond)
        let (result, elapsed, _) = try ping("203.0.113.66", configuration)
        #expect(result.rows.map(\.outcome) == [.timeout, .timeout, .timeout])
        #expect(result.summary.loss == 100)
        #expect(result.summary.roundTrip == nil)
        #expect(elapsed == 220 * millisecond)
    }

    @Test("a lost request is one lost row")
    func lost() throws {
        let (result, _, _) = try ping("203.0.113.80", lost: [2])
        #expect(result.rows.map(\.outcome) == [.reply, .timeout, .reply, .reply])
        #expect(result.summary.received == 3)
        #expect(result.summary.loss == 25)
    }

    @Test("reports are rows with their sender, type and code")
    func reports() throws {
        let nobody = try ping("203.0.113.99", PingConfiguration(count: 1)).result
        #expect(nobody.rows[0].outcome == .unreachable)
        #expect(nobody.rows[0].from == Drawings.hop(8, .v4))
        #expect(nobody.rows[0].icmpType == 3)
        #expect(nobody.rows[0].icmpCode == 1)
        let expired = try ping("203.0.113.80", PingConfiguration(count: 1, timeToLive: 3)).result
        #expect(expired.rows[0].outcome == .timeExceeded)
        #expect(expired.rows[0].from == Drawings.hop(3, .v4))
        #expect(expired.summary.errors == 1)
        #expect(expired.summary.loss == 100)
    }

    @Test("a host without a route says so instead of waiting")
    func noRoute() throws {
        #expect(throws: ProbeError.networkUnreachable(Drawings.address("203.0.113.80"))) {
            try ping("203.0.113.80") { $0.links[0].b.addresses = [] }
        }
    }

    @Test(
        "a configuration that cannot be is refused before anything is sent",
        arguments: [
            PingConfiguration(count: 0), PingConfiguration(interval: -1), PingConfiguration(timeout: 0),
            PingConfiguration(size: 70000), PingConfiguration(timeToLive: 0),
            PingConfiguration(count: nil, interval: 0), PingConfiguration(deadline: 0),
            PingConfiguration(pattern: Array(repeating: 1, count: 17)),
        ])
    func invalid(configuration: PingConfiguration) {
        #expect(configuration.problem != nil)
        #expect(throws: ProbeError.self) { try ping("203.0.113.80", configuration) }
    }

    @Test("statistics are those of iputils, with percentiles")
    func statistics() throws {
        let statistics = try #require(RoundTripStatistics([4, 1, 3, 2, 10].map { $0 * 1000 }))
        #expect(statistics.minimum == 1000)
        #expect(statistics.maximum == 10000)
        #expect(statistics.average == 4000)
        #expect(statistics.deviation == 3162)
        #expect(statistics.median == 3000)
        #expect(statistics.percentile90 == 10000)
        #expect(statistics.percentile99 == 10000)
        // A sixteenth of |1 - 4|, then each step towards the next difference by a sixteenth (RFC 3550, appendix A.8).
        #expect(statistics.jitter == 823)
        #expect(RoundTripStatistics([]) == nil)
    }

    @Test("the lines are those of the classic tool")
    func text() throws {
        let result = try ping("203.0.113.80", PingConfiguration(count: 1)).result
        let address = result.address
        #expect(
            PingText.header(target: "www.example.test", address: address, size: 56, mode: .rawICMP)
                == "PING www.example.test (203.0.113.80) 56 data bytes, by raw-icmp")
        #expect(
            PingText.line(result.rows[0], target: address)
                == "64 bytes from 203.0.113.80: icmp_seq=1 ttl=56 time=18.000 ms")
        #expect(
            PingText.summary(result) == [
                "--- 203.0.113.80 ping statistics ---", "1 packets transmitted, 1 received, 0% packet loss",
                "rtt min/avg/max/mdev = 18.000/18.000/18.000/0.000 ms",
                "rtt p50/p90/p99/jitter = 18.000/18.000/18.000/0.000 ms",
            ])
    }

    @Test("the same seed gives the same result")
    func repeatable() throws {
        #expect(try ping("203.0.113.80").result == ping("203.0.113.80").result)
    }
}
