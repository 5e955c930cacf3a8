import EngineNetwork
import Testing
import Wire

@Suite("Links do to packets what was drawn")
struct LinkConditionTests {
    private let ms = Drawings.millisecond

    /// A chain of three routers whose middle link has conditions, one way or both.
    private func chain(_ conditions: LinkConditions, back: LinkConditions? = LinkConditions()) -> Topology {
        var topology = Drawings.chain(routers: 3)
        topology.links[1].conditions = conditions
        topology.links[1].conditionsBack = back
        return topology
    }

    @Test("a seed loses the same packets in every run, whatever identifier the prober has; another seed loses others")
    func seeded() throws {
        let topology = chain(LinkConditions(loss: .random(0.1)), back: nil)
        let first = try EchoSeries(topology, count: 1000)
        #expect((150...230).contains(first.lost.count), "\(first.lost.count) lost; 19 % are expected")
        #expect(try EchoSeries(topology, count: 1000, identifier: 4711).lost == first.lost)
        #expect(try EchoSeries(topology, count: 1000, interval: 30 * ms).lost == first.lost)
        #expect(try EchoSeries(topology, seed: 2, count: 1000).lost != first.lost)
        let version6 = try EchoSeries(topology, count: 1000, to: "2001:db8:0:2::80")
        #expect(version6.lost != first.lost)
    }

    @Test("other traffic, and conditions of other links, change nothing about what a link loses")
    func independent() throws {
        var topology = chain(LinkConditions(loss: .random(0.1)))
        let alone = try EchoSeries(topology, count: 300)
        topology.links[2].conditions = LinkConditions(loss: .random(0.2))
        topology.links.insert(Link(Link.End("r1"), Link.End("r3"), cost: 9), at: 0)
        let both = try EchoSeries(topology, count: 300)
        #expect(alone.lost.isSubset(of: both.lost))
        #expect(alone.lost != both.lost)
    }

    @Test("loss in one direction leaves the other alone, and is told with the name of the link")
    func direction() throws {
        let there = try EchoSeries(chain(LinkConditions(loss: .random(0.1))), count: 200)
        let back = try EchoSeries(
            chain(LinkConditions(), back: LinkConditions(loss: .random(0.1))), count: 200)
        for (series, node) in [(there, "r1"), (back, "r2")] {
            let losses = series.verdicts.filter { $0.outcome == .lost(link: "r1-r2") }
            #expect(losses.count == series.lost.count)
            #expect(!losses.isEmpty)
            #expect(losses.allSatisfy { $0.node == node })
        }
        #expect(there.lost != back.lost)
    }

    @Test("losses of a Gilbert-Elliott channel come in bursts of the length asked for")
    func bursts() throws {
        let model = LinkConditions.GilbertElliott(mean: 0.2, length: 5)
        let series = try EchoSeries(chain(LinkConditions(loss: .bursts(model))), count: 4000)
        #expect((600...1000).contains(series.lost.count), "\(series.lost.count) of 4000; 800 are expected")
        let bursts = series.lost.filter { !series.lost.contains($0 - 1) }.count
        let length = Double(series.lost.count) / Double(bursts)
        #expect((4...6).contains(length), "bursts of \(length)")
        #expect(abs(model.mean - 0.2) < 1e-9)
        // Asked for packet by packet from the end, the channel says the same: it keeps no history.
        #expect(try EchoSeries(chain(LinkConditions(loss: .bursts(model))), count: 4000).lost == series.lost)
    }

    @Test(
        "a channel whose states overlap still loses what its chances say",
        arguments: [(0.9, 0.8, 0.529), (1, 1, 0.5), (0, 1, 0), (1, 0, 1)])
    func overlap(enter: Double, leave: Double, mean: Double) throws {
        let model = LinkConditions.GilbertElliott(enter: enter, leave: leave)
        let series = try EchoSeries(chain(LinkConditions(loss: .bursts(model))), count: 2000)
        #expect(abs(Double(series.lost.count) / 2000 - mean) < 0.04, "\(series.lost.count) of 2000")
    }

    @Test(
        "jitter has the mean and the deviation of its distribution",
        arguments: LinkConditions.Jitter.Distribution.allCases)
    func jitter(distribution: LinkConditions.Jitter.Distribution) throws {
        var topology = chain(LinkConditions(jitter: LinkConditions.Jitter(2 * ms, distribution)))
        topology.links[1].delay = 20 * ms
        topology.links[1].delayBack = 0
        let times = try EchoSeries(topology, count: 4000, interval: 50 * ms).answers.map {
            Double($0.elapsed - 6 * ms) / Double(ms)
        }
        let mean = times.reduce(0, +) / Double(times.count)
        let deviation = (times.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(times.count)).squareRoot()
        #expect(abs(mean - 20) < 0.15, "\(distribution): mean \(mean)")
        let expected = distribution == .uniform ? 2 / 3.0.squareRoot() : 2
        #expect(abs(deviation - expected) < 0.4, "\(distribution): deviation \(deviation)")
        let (least, most) = (times.min() ?? 0, times.max() ?? 0)
        switch distribution {
        case .uniform: #expect(least >= 18 && most <= 22)
        case .normal: #expect(least >= 8 && least < 16 && most > 24 && most <= 32)
        case .pareto: #expect(least >= 18.8 && most > 30)
        }
    }

    @Test("a delay with its jitter is never negative")
    func jitterAtZero() throws {
        var topology = chain(LinkConditions(jitter: LinkConditions.Jitter(50 * ms, .normal)))
        topology.links[1].delay = 0
        topology.links[1].delayBack = 0
        let times = try EchoSeries(topology, count: 200, interval: 500 * ms).answers.map(\.elapsed)
        #expect(times.min() == 6 * ms)
    }

    @Test("some packets come twice, some are held back, some are damaged")
    func misfortunes() throws {
        let twice = try EchoSeries(chain(LinkConditions(duplication: 0.1)), count: 500)
        #expect((530...570).contains(twice.answers.count), "\(twice.answers.count)")
        #expect(twice.lost.isEmpty)

        let held = try EchoSeries(
            chain(LinkConditions(reordering: .init(share: 0.1, hold: 5 * ms))), count: 500)
        let late = held.answers.filter { $0.elapsed > 9 * ms }
        #expect((30...70).contains(late.count), "\(late.count)")
        #expect(held.answers.map(\.sequence) != Array(0..<500))
        #expect(held.lost.isEmpty)

        let damaged = try EchoSeries(
            chain(LinkConditions(), back: LinkConditions(corruption: 0.1)), count: 500)
        let wrong = damaged.answers.filter { !$0.checksumHolds }.count + damaged.lost.count
        #expect((30...70).contains(wrong), "\(wrong)")
        // On the way there the damage is found by the host that should answer.
        #expect((30...70).contains(try EchoSeries(chain(LinkConditions(corruption: 0.1)), count: 500).lost.count))
    }

    @Test("packets pass a link at its rate, wait in its queue, and are dropped where that is full")
    func rate() throws {
        // 84 bytes at 672 kbit/s take one millisecond.
        let slow = LinkConditions(rate: .init(bitsPerSecond: 672_000, queue: 840))
        let burst = try EchoSeries(chain(slow), count: 20, interval: 1)
        #expect(burst.answers.map(\.sequence) == Array(0..<10))
        let gaps = zip(burst.answers.dropFirst(), burst.answers).map { $0.at - $1.at }
        #expect(gaps.allSatisfy { $0 == ms })
        #expect(burst.verdicts.filter { $0.outcome == .queueFull(link: "r1-r2") }.count == 10)
        let steady = try EchoSeries(chain(slow), count: 20, interval: ms)
        #expect(steady.lost.isEmpty)
        #expect(steady.answers.allSatisfy { $0.elapsed == 9 * ms })
    }

    @Test("who reaches a slow link first passes first, though it was sent later")
    func order() throws {
        var topology = chain(LinkConditions(rate: .init(bitsPerSecond: 672_000)))
        topology.hosts.append(Host(name: "near", addresses: [Drawings.interface("198.51.100.10/24")]))
        topology.links.append(
            Link(Link.End("near"), Link.End("r1", addresses: [Drawings.interface("198.51.100.1/24")])))
        topology.links[0].delay = 30 * ms
        topology.links[0].delayBack = 0
        var simulation = Simulation(topology, seed: 1)
        let target = Drawings.address("203.0.113.80")
        func request(_ source: String, size: Int) throws -> [UInt8] {
            let source = Drawings.address(source)
            let message = ICMPHeader.message(
                type: 8, rest: 1, payload: [UInt8](repeating: 0, count: size), from: source, to: target)
            return try #require(IPPacket.build(from: source, to: target, proto: .icmp, payload: message))
        }
        simulation.send(try request("192.0.2.10", size: 56), fromHost: 0)
        _ = simulation.next(until: 10 * ms)
        simulation.send(try request("198.51.100.10", size: 56), fromHost: 4)
        var arrivals: [Simulation.Arrival] = []
        while let arrival = simulation.next(until: 1000 * ms) { arrivals.append(arrival) }
        #expect(arrivals.map(\.host) == [4, 0])
        // Neither waits for the other: 10 + 1 + 3 there + 3 back, and 30 + 1 + 3 there + 3 back.
        #expect(arrivals.map(\.at) == [17 * ms, 37 * ms])
    }

    @Test("MTU and cost may differ by direction")
    func directions() throws {
        var topology = Drawings.chain(routers: 3)
        topology.links[2].mtuBack = 1300
        var laptop = SimulatedLaptop(topology)
        // The request passes whole, the reply comes in pieces.
        let whole = try #require(try laptop.echo(to: "203.0.113.80", size: 1400))
        #expect(whole.packet.count == 1300)
        // A second way, cheaper on the way back alone.
        topology = Drawings.chain(routers: 3)
        topology.links.append(
            Link(
                Link.End("r1", addresses: [Drawings.interface("198.19.0.1/30")]),
                Link.End("r3", addresses: [Drawings.interface("198.19.0.2/30")]), delay: 30 * ms, cost: 10, costBack: 1)
        )
        laptop = SimulatedLaptop(topology)
        #expect(try laptop.echo(to: "203.0.113.80", timeToLive: 2)?.source == Drawings.hop(2, .v4))
        #expect(try laptop.echo(to: "203.0.113.80")?.elapsed == (4 + 32) * ms)
    }

    @Test("a link goes down at its time, and others take over where there are any")
    func changes() throws {
        var topology = Drawings.chain(routers: 3)
        topology.changes = [
            TimedChange(at: 100 * ms, .link("r2-r3", isUp: false)),
            TimedChange(at: 200 * ms, .link("r3-r2", isUp: true)),
        ]
        let series = try EchoSeries(topology, count: 30, interval: 10 * ms)
        #expect(series.lost == Set(10..<20))
        #expect(series.verdicts.filter { $0.outcome == .noRoute && $0.node == "r1" }.count == 10)
        topology.links.append(
            Link(
                Link.End("r1", addresses: [Drawings.interface("198.19.0.1/30")]),
                Link.End("r3", addresses: [Drawings.interface("198.19.0.2/30")]), delay: 30 * ms, cost: 10))
        let detour = try EchoSeries(topology, count: 30, interval: 10 * ms)
        #expect(detour.lost.isEmpty)
        // Some go out by the detour and come back when the link is there again.
        #expect(Set(detour.answers.map(\.elapsed)) == [8 * ms, 36 * ms, 64 * ms])
    }

    @Test("a packet on its way when a link goes down does not get through")
    func underway() throws {
        var topology = Drawings.chain(routers: 3)
        topology.links[0].delay = 50 * ms
        topology.changes = [TimedChange(at: 20 * ms, .link("r2-r3", isUp: false))]
        #expect(try EchoSeries(topology, count: 1).lost == [0])
        topology.changes = [TimedChange(at: 20 * ms, .host("www", .silent))]
        #expect(try EchoSeries(topology, count: 1).verdicts.contains { $0.outcome == .hostSilent })
        topology.changes = [
            TimedChange(at: 0, .conditions(link: "r1-r2", there: LinkConditions(loss: .random(1)), back: nil))
        ]
        #expect(try EchoSeries(topology, count: 1).verdicts.contains { $0.outcome == .lost(link: "r1-r2") })
    }

    @Test("absurd figures end in late packets, never in a trap")
    func absurd() throws {
        let conditions = LinkConditions(
            jitter: .init(.max, .pareto), duplication: 1, reordering: .init(share: 1, hold: .max), corruption: 1,
            rate: .init(bitsPerSecond: .max, queue: .max))
        var topology = chain(conditions, back: conditions)
        topology.links[1].delay = .max
        _ = try EchoSeries(topology, count: 20)
        topology.links[1].conditions.rate = .init(bitsPerSecond: 0, queue: 0)
        _ = try EchoSeries(topology, count: 20)
        for length in [Double.nan, -1, .infinity] {
            let model = LinkConditions.GilbertElliott(mean: length, length: length)
            _ = try EchoSeries(chain(LinkConditions(loss: .bursts(model))), count: 20)
        }
    }

    @Test("conditions that cannot be are told before anything runs")
    func problems() {
        func problems(_ conditions: LinkConditions) -> [TopologyProblem] { chain(conditions).problems() }
        #expect(problems(LinkConditions(loss: .random(0.5))).isEmpty)
        #expect(
            problems(LinkConditions(loss: .random(1.5)))
                == [.impossibleShare(link: "r1-r2", what: "loss", value: 1.5)])
        #expect(
            problems(LinkConditions(rate: .init(bitsPerSecond: 0)))
                == [.impossibleRate(link: "r1-r2", bitsPerSecond: 0, queue: 150_000)])
        #expect(problems(LinkConditions(jitter: .init(-1))) == [.negativeDelay(link: "r1-r2")])
        var topology = Drawings.chain(routers: 3)
        topology.changes = [TimedChange(at: 1, .link("r1-r9", isUp: false)), TimedChange(at: 1, .host("x", .up))]
        #expect(topology.problems() == [.unknownChange("r1-r9"), .unknownChange("x")])
    }
}
