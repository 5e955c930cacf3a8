import EngineNetwork
import Testing
import Wire

@Suite("Packets cross the emulated network")
struct ForwardingTests {
    @Test(
        "an echo takes exactly the sum of the delays, in both families",
        arguments: ["203.0.113.80", "2001:db8:0:2::80"])
    func roundTrip(destination: String) throws {
        var laptop = SimulatedLaptop(Drawings.chain(routers: 8))
        let answer = try #require(try laptop.echo(to: destination))
        #expect(answer.kind == .echoReply)
        #expect(answer.source == Drawings.address(destination))
        #expect(answer.elapsed == 2 * 9 * Drawings.millisecond)
    }

    @Test("every router on the way answers for its TTL, at its distance", arguments: IPFamily.allCases)
    func timeExceeded(family: IPFamily) throws {
        var laptop = SimulatedLaptop(Drawings.chain(routers: 8))
        let target = family == .v4 ? "203.0.113.80" : "2001:db8:0:2::80"
        for ttl in 1...8 {
            let answer = try #require(try laptop.echo(to: target, timeToLive: UInt8(ttl)))
            #expect(answer.kind == .timeExceeded)
            #expect(answer.source == Drawings.hop(ttl, family))
            #expect(answer.elapsed == Int64(2 * ttl) * Drawings.millisecond)
        }
        #expect(try laptop.echo(to: target, timeToLive: 9)?.kind == .echoReply)
    }

    @Test(
        "a report quotes the packet as the router saw it, up to the lengths of RFC 1812 and RFC 4443",
        arguments: [
            ("203.0.113.80", 576), ("2001:db8:0:2::80", 1280),
        ])
    func quote(destination: String, limit: Int) throws {
        var laptop = SimulatedLaptop(Drawings.chain(routers: 3))
        let answer = try #require(try laptop.echo(to: destination, timeToLive: 2, size: 1400))
        #expect(answer.packet.count == limit)
        try answer.packet.withUnsafeBytes { bytes in
            let header = try IPHeader(parsing: bytes)
            let quoted = try QuotedPacket(
                parsing: UnsafeRawBufferPointer(rebasing: bytes[(header.payload.lowerBound + 8)...]))
            #expect(quoted.timeToLive == 1)
            #expect(quoted.destination == Drawings.address(destination))
            #expect(quoted.transport == .echo(identifier: 0x1234, sequence: 1))
        }
        let short = try #require(try laptop.echo(to: destination, timeToLive: 1, size: 10))
        #expect(short.packet.count < 150)
    }

    @Test("a delay may differ by direction")
    func asymmetry() throws {
        var topology = Drawings.chain(routers: 1)
        topology.links[0].delayBack = 5 * Drawings.millisecond
        var laptop = SimulatedLaptop(topology)
        #expect(try laptop.echo(to: "192.0.2.1")?.elapsed == 6 * Drawings.millisecond)
    }

    @Test("a router answers on every one of its addresses", arguments: ["198.18.3.1", "198.18.2.2", "2001:db8:1:3::1"])
    func routerEcho(address: String) throws {
        var laptop = SimulatedLaptop(Drawings.chain(routers: 4))
        let answer = try #require(try laptop.echo(to: address))
        #expect(answer.kind == .echoReply)
        #expect(answer.source == Drawings.address(address))
    }

    @Test("a router with an address of its own speaks from it")
    func ownAddress() throws {
        var topology = Drawings.chain(routers: 3)
        topology.routers[1].addresses = [Drawings.address("198.51.100.2")]
        var laptop = SimulatedLaptop(topology)
        #expect(try laptop.echo(to: "203.0.113.80", timeToLive: 2)?.source == Drawings.address("198.51.100.2"))
        #expect(try laptop.echo(to: "198.51.100.2")?.kind == .echoReply)
    }

    @Test("a silent router forwards and says nothing")
    func silentRouter() throws {
        var topology = Drawings.chain(routers: 3)
        topology.routers[1].silent = true
        var laptop = SimulatedLaptop(topology)
        #expect(try laptop.echo(to: "203.0.113.80", timeToLive: 2) == nil)
        #expect(try laptop.echo(to: "203.0.113.80", timeToLive: 3)?.kind == .timeExceeded)
        #expect(try laptop.echo(to: "203.0.113.80")?.kind == .echoReply)
    }

    @Test("a dead host is silent, or its router says so, as the drawing has it")
    func deadHost() throws {
        var topology = Drawings.chain(routers: 2)
        var laptop = SimulatedLaptop(topology)
        #expect(try laptop.echo(to: "203.0.113.66") == nil)
        #expect(try laptop.echo(to: "203.0.113.53")?.kind == .echoReply)
        topology.hosts[3].condition = .unreachable
        laptop = SimulatedLaptop(topology)
        let answer = try #require(try laptop.echo(to: "203.0.113.66"))
        #expect(answer.kind == .destinationUnreachable)
        #expect(answer.code == 1)
        #expect(answer.source == Drawings.hop(2, .v4))
    }

    @Test("an address nobody has is reported by the router of its subnet")
    func nobody() throws {
        var laptop = SimulatedLaptop(Drawings.chain(routers: 2))
        let answer = try #require(try laptop.echo(to: "2001:db8:0:2::99"))
        #expect(answer.kind == .destinationUnreachable)
        #expect(answer.code == 3)
        #expect(answer.source == Drawings.hop(2, .v6))
    }

    @Test("without a router in the chain, the one before it knows no route")
    func removedRouter() throws {
        var topology = Drawings.chain(routers: 8)
        topology.routers.removeAll { $0.name == "r4" }
        var laptop = SimulatedLaptop(topology)
        let answer = try #require(try laptop.echo(to: "203.0.113.80"))
        #expect(answer.kind == .destinationUnreachable)
        #expect(answer.code == 0)
        #expect(answer.source == Drawings.hop(1, .v4))
        #expect(try laptop.echo(to: "203.0.113.80", timeToLive: 1)?.kind == .timeExceeded)
    }

    @Test("the shortest path wins, by cost and then by delay")
    func shortestPath() throws {
        var topology = Drawings.chain(routers: 4)
        let shortcut = Link.End("r1", addresses: [Drawings.interface("198.19.0.1/30")])
        let end = Link.End("r4", addresses: [Drawings.interface("198.19.0.2/30")])
        topology.links.append(Link(shortcut, end, delay: 50 * Drawings.millisecond))
        var laptop = SimulatedLaptop(topology)
        #expect(try laptop.echo(to: "203.0.113.80", timeToLive: 2)?.source == Drawings.address("198.19.0.2"))
        topology.links[topology.links.count - 1].cost = 10
        laptop = SimulatedLaptop(topology)
        #expect(try laptop.echo(to: "203.0.113.80", timeToLive: 2)?.source == Drawings.hop(2, .v4))
    }

    @Test("a packet above the MTU is reported with it, or cut up and put together again")
    func mtu() throws {
        var topology = Drawings.chain(routers: 3)
        topology.links[2].mtu = 1300
        var laptop = SimulatedLaptop(topology)
        let report = try #require(try laptop.echo(to: "203.0.113.80", size: 1400, dontFragment: true))
        #expect(report.kind == .packetTooBig)
        #expect(report.source == Drawings.hop(2, .v4))
        #expect(Array(report.packet[24..<28]) == [0, 0, 0x05, 0x14])
        let version6 = try #require(try laptop.echo(to: "2001:db8:0:2::80", size: 1400))
        #expect(version6.kind == .packetTooBig)
        // Two pieces each way: the reply is cut by the router on its way back, so the first piece arrives alone.
        #expect(try laptop.echo(to: "203.0.113.80", size: 1400)?.kind == .echoReply)
    }

    @Test("closed ports are refused: UDP by a report, TCP by a reset", arguments: IPFamily.allCases)
    func closedPorts(family: IPFamily) throws {
        var laptop = SimulatedLaptop(Drawings.chain(routers: 2))
        let source = SimulatedLaptop.source(family)
        let target = Drawings.address(family == .v4 ? "203.0.113.80" : "2001:db8:0:2::80")
        let datagram = UDPHeader.datagram(from: source, port: 40000, to: target, port: 33434, payload: [1, 2, 3])
        let packet = try #require(IPPacket.build(from: source, to: target, proto: .udp, payload: datagram))
        let arrival = laptop.exchange(packet)
        let report = try SimulatedLaptop.answer(try #require(arrival), since: 0)
        #expect(report.kind == .destinationUnreachable)
        #expect(report.code == (family == .v4 ? 3 : 4))
        #expect(report.source == target)

        let segment = TCPHeader.segment(
            from: source, port: 40000, to: target, port: 80, sequence: 1000, acknowledgment: 0, flags: .syn)
        let open = try #require(IPPacket.build(from: source, to: target, proto: .tcp, payload: segment))
        let refusal = laptop.exchange(open)
        let reset = try #require(refusal)
        try reset.packet.withUnsafeBytes { bytes in
            let header = try IPHeader(parsing: bytes)
            let tcp = try TCPHeader(parsing: UnsafeRawBufferPointer(rebasing: bytes[header.payload]))
            #expect(tcp.flags == [.rst, .ack])
            #expect(tcp.acknowledgment == 1001)
            #expect(tcp.sourcePort == 80)
        }
    }

    @Test("the same seed and packets give the same bytes at the same times")
    func repeatable() throws {
        func run() throws -> [SimulatedLaptop.Answer?] {
            var laptop = SimulatedLaptop(Drawings.chain(routers: 8), seed: 42)
            return try (1...20).map { try laptop.echo(to: "203.0.113.80", timeToLive: UInt8($0)) }
        }
        #expect(try run() == run())
    }

    @Test("what happened to each packet can be kept")
    func verdicts() throws {
        var simulation = Simulation(Drawings.chain(routers: 2), seed: 1)
        simulation.keepVerdicts(10)
        var laptop = SimulatedLaptop(Drawings.chain(routers: 2))
        laptop.simulation = simulation
        _ = try laptop.echo(to: "203.0.113.80", timeToLive: 2)
        let outcomes = laptop.simulation.model.verdicts.map { ($0.node, $0.outcome) }
        #expect(outcomes.map(\.0) == ["r2", "laptop"])
        #expect(outcomes.map(\.1) == [.expired, .delivered])
    }
}
