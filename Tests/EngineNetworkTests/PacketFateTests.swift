import EngineNetwork
import Testing
import Wire

@Suite("The network remembers what became of packets that came to grief")
struct PacketFateTests {
    private static let laptop = "192.0.2.10"
    private static let www = "203.0.113.80"

    /// What became of an echo request of the laptop's, in a chain of three routers that was changed.
    private func fates(
        ttl: UInt8 = 64, size: Int = 8, count: Int = 1, to target: String = www,
        _ change: (inout Topology) throws -> Void
    ) throws -> [PacketFate] {
        var topology = Drawings.chain(routers: 3)
        try change(&topology)
        var ends = Ends(topology)
        ends.simulation.keepFates(10)
        var packet = try #require(Ends.echo(Self.laptop, target, size: size))
        IPv4Header.setTimeToLive(ttl, in: &packet)
        for _ in 1..<count { try ends.send(packet, from: "laptop", within: 0) }
        try ends.send(packet, from: "laptop")
        let fates = ends.simulation.takeFates(ofHost: "laptop")
        // Once told, they are forgotten.
        #expect(ends.simulation.takeFates(ofHost: "laptop").isEmpty)
        for fate in fates {
            #expect(fate.host == "laptop" && fate.source == Drawings.address(Self.laptop))
            #expect(fate.destination == Drawings.address(target) && fate.timeToLive == ttl)
        }
        return fates
    }

    private func expect(
        _ fates: [PacketFate], _ node: String, _ reason: PacketFate.Reason, _ report: PacketFate.Report,
        isAnswer: Bool = false, _ location: SourceLocation = #_sourceLocation
    ) {
        #expect(fates.map(\.node) == [node], sourceLocation: location)
        #expect(fates.first?.reason == reason, sourceLocation: location)
        #expect(fates.first?.report == report, sourceLocation: location)
        #expect(fates.first?.isAnswer == isAnswer, sourceLocation: location)
    }

    @Test("what arrives, and what is reported as every router would, is no news")
    func nothing() throws {
        #expect(try fates { _ in }.isEmpty)
        #expect(try fates(ttl: 2) { _ in }.isEmpty)
    }

    @Test("where, why and whether it was said")
    func reasons() throws {
        let all = try #require(IPPrefix("203.0.113.0/24"))
        expect(try fates(ttl: 2) { $0.routers[1].silent = true }, "r2", .expired, .silent)
        expect(try fates(ttl: 2) { $0.routers[1].withholds = [.timeExceeded] }, "r2", .expired, .withheld)
        expect(
            try fates(ttl: 2, count: 2) { $0.routers[1].limit = ReportLimit(interval: 1_000_000_000, burst: 1) }, "r2",
            .expired, .rateLimited)
        expect(try fates { $0.routers[1].routes = [StaticRoute(all, .discard)] }, "r2", .discarded, .none)
        expect(try fates { $0.routers[1].routes = [StaticRoute(all, .refuse)] }, "r2", .noRoute, .made)
        expect(try fates(to: "203.0.113.99") { _ in }, "r3", .hostUnreachable, .made)
        expect(try fates { $0.hosts[1].condition = .silent }, "www", .hostDown, .none)
        expect(try fates(to: "198.18.1.2") { $0.routers[1].withholds = [.echo] }, "r2", .ignored, .withheld)
        expect(try fates(to: "198.18.1.2") { $0.routers[1].silent = true }, "r2", .ignored, .silent)
        let stopped = try fates {
            $0.routers[1].filters = [FilterRule(.accept, .tcp), FilterRule(.prohibited, number: 4)]
        }
        expect(stopped, "r2", .filtered, .made)
        #expect(stopped.first?.rule == 4)
        expect(try fates { $0.routers[1].filters = [FilterRule(.drop)] }, "r2", .filtered, .none)
    }

    @Test("links that lose it are named, on the way there and on the way back")
    func links() throws {
        let lost = try fates { $0.links[1].conditions = LinkConditions(loss: .random(1)) }
        expect(lost, "r1", .lost, .none)
        #expect(lost.first?.link == "r1-r2")
        let back = try fates {
            $0.links[1].conditionsBack = LinkConditions(loss: .random(1))
        }
        expect(back, "r2", .lost, .none, isAnswer: true)
        // The same of a report: it goes back to the probe that it is about.
        expect(
            try fates(ttl: 3) { $0.links[1].conditionsBack = LinkConditions(loss: .random(1)) }, "r2", .lost, .none,
            isAnswer: true)
        let full = try fates(size: 1400, count: 2) {
            $0.links[1].conditions.rate = .init(bitsPerSecond: 1_000_000, queue: 1500)
        }
        expect(full, "r1", .queueFull, .none)
        let narrow = try fates(size: 1400) {
            $0.links[1].mtu = 60
            $0.routers[0].withholds = [.packetTooBig]
        }
        #expect(narrow.allSatisfy { $0.reason == .tooBig && $0.mtu == 60 })
    }

    @Test("other people's packets are theirs, and a real host's answers are told to whom they were for")
    func owners() throws {
        var topology = Drawings.chain(routers: 3, www: .namespace)
        topology.links[1].conditionsBack = LinkConditions(loss: .random(1))
        var ends = Ends(topology)
        ends.simulation.keepFates(10)
        try ends.send(Ends.echo(Self.www, "192.0.2.1"), from: "www")
        #expect(ends.simulation.takeFates(ofHost: "laptop").isEmpty)
        #expect(ends.simulation.takeFates(ofHost: "www").count == 1)
        try ends.send(Ends.echo(Self.www, Self.laptop, isReply: true), from: "www")
        let fates = ends.simulation.takeFates(ofHost: "laptop")
        #expect(fates.map(\.host) == ["www"])
        #expect(fates.map(\.link) == ["r1-r2"])
    }

    @Test("only the newest are remembered, and none unless it is asked for")
    func bounds() throws {
        var topology = Drawings.chain(routers: 3)
        topology.routers[1].filters = [FilterRule(.drop)]
        for limit in [0, 10] {
            var ends = Ends(topology)
            ends.simulation.keepFates(limit)
            for ttl in UInt8(3)...90 {
                var packet = try #require(Ends.echo(Self.laptop, Self.www))
                IPv4Header.setTimeToLive(ttl, in: &packet)
                try ends.send(packet, from: "laptop", within: 0)
            }
            let fates = ends.simulation.takeFates(ofHost: "laptop")
            #expect(fates.map(\.timeToLive) == (limit == 0 ? [] : Array(81...90)))
        }
    }
}
