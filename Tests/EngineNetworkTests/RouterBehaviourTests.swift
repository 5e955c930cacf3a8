import EngineNetwork
import Testing
import Wire

@Suite("Routers behave as they are drawn")
struct RouterBehaviourTests {
    private let ms = Drawings.millisecond
    private let target = "203.0.113.80"

    private func chain(_ routers: Int = 4, _ change: (inout Router) -> Void) -> Topology {
        var topology = Drawings.chain(routers: routers)
        change(&topology.routers[1])
        return topology
    }

    private func answer(_ topology: Topology, ttl: UInt8 = 64, size: Int = 56, dontFragment: Bool = false) throws
        -> SimulatedLaptop.Answer?
    {
        var laptop = SimulatedLaptop(topology)
        return try laptop.echo(to: target, timeToLive: ttl, size: size, dontFragment: dontFragment)
    }

    private func extensions(_ answer: SimulatedLaptop.Answer) throws -> [ICMPExtension] {
        try answer.packet.withUnsafeBytes { bytes in
            let header = try IPHeader(parsing: bytes)
            return ICMPExtension.objects(in: UnsafeRawBufferPointer(rebasing: bytes[header.payload]), header.family)
        }
    }

    @Test("a router may keep one kind of answer to itself")
    func withholds() throws {
        let noEcho = chain { $0.withholds = [.echo] }
        var laptop = SimulatedLaptop(noEcho)
        #expect(try laptop.echo(to: "198.18.1.2") == nil)
        #expect(try answer(noEcho, ttl: 2)?.kind == .timeExceeded)
        #expect(try answer(chain { $0.withholds = [.timeExceeded] }, ttl: 2) == nil)
        #expect(try answer(chain { $0.withholds = [.timeExceeded] }) != nil)
    }

    @Test("a router without \"packet too big\" is a black hole for large packets")
    func blackHole() throws {
        var topology = chain { $0.withholds = [.packetTooBig] }
        topology.links[2].mtu = 1300
        #expect(try answer(topology, size: 1400, dontFragment: true) == nil)
        #expect(try answer(topology, size: 1200, dontFragment: true)?.kind == .echoReply)
        topology.routers[1].withholds = []
        #expect(try answer(topology, size: 1400, dontFragment: true)?.kind == .packetTooBig)
    }

    @Test("a router speaks from its own address, its interface's, or one that is a lie")
    func voices() throws {
        var topology = chain { $0.addresses = [Drawings.address("198.51.100.2")] }
        #expect(try answer(topology, ttl: 2)?.source == Drawings.address("198.51.100.2"))
        topology.routers[1].voice = .interface
        #expect(try answer(topology, ttl: 2)?.source == Drawings.hop(2, .v4))
        topology.routers[1].voice = .other([Drawings.address("203.0.113.250")])
        #expect(try answer(topology, ttl: 2)?.source == Drawings.address("203.0.113.250"))
        #expect(try answer(topology, ttl: 3)?.source == Drawings.hop(3, .v4))
    }

    @Test("reports are limited as a Linux router limits them: six at once, then one a second; echo replies are not")
    func limits() throws {
        var laptop = SimulatedLaptop(chain { $0.limit = .linux })
        var answered: [Bool] = []
        for _ in 0..<10 { answered.append(try laptop.echo(to: target, timeToLive: 2) != nil) }
        #expect(answered.prefix(6).allSatisfy { $0 })
        // Each unanswered one costs the laptop ten seconds of waiting, in which the credit is full again.
        #expect(!answered[6])
        #expect(answered[7])
        #expect(try laptop.echo(to: target, timeToLive: 3) != nil)
        for _ in 0..<20 { #expect(try laptop.echo(to: "198.18.1.2") != nil) }

        var burst = Simulation(chain { $0.limit = ReportLimit(interval: 0, perSecond: 1000, totalBurst: 5) }, seed: 1)
        burst.keepVerdicts(100)
        let packet = try #require(Self.request(ttl: 2))
        for _ in 0..<20 { burst.send(packet, fromHost: 0) }
        #expect(burst.model.verdicts.filter { $0.outcome == .rateLimited }.count == 15)
    }

    private static func request(ttl: UInt8) -> [UInt8]? {
        let (source, target) = (SimulatedLaptop.source(.v4), Drawings.address("203.0.113.80"))
        return IPPacket.build(
            from: source, to: target, proto: .icmp, timeToLive: ttl,
            payload: ICMPHeader.message(type: 8, rest: 1, payload: [], from: source, to: target))
    }

    @Test("a report tells the interface that a packet came by", arguments: IPFamily.allCases)
    func interfaces(family: IPFamily) throws {
        var laptop = SimulatedLaptop(chain { $0.tellsInterfaces = true })
        let destination = family == .v4 ? target : "2001:db8:0:2::80"
        let answer = try #require(try laptop.echo(to: destination, timeToLive: 2))
        #expect(
            try extensions(answer) == [
                .interface(
                    InterfaceInformation(
                        role: .incoming, index: 1, address: Drawings.hop(2, family), name: "eth0", mtu: 1500))
            ])
    }

    @Test("routers of a tunnel show their labels, or hide")
    func tunnels() throws {
        var topology = Drawings.chain(routers: 6)
        topology.tunnels = [Tunnel(path: ["r2", "r3", "r4", "r5"], labels: [16004, 16005])]
        #expect(topology.problems().isEmpty)
        for (ttl, label) in [(2, nil), (3, 16004), (4, 16005), (5, nil), (6, nil)] as [(UInt8, UInt32?)] {
            let answer = try #require(try answer(topology, ttl: ttl))
            #expect(answer.source == Drawings.hop(Int(ttl), .v4))
            #expect(
                try extensions(answer)
                    == (label.map { [.labels([MPLSLabel(label: $0, isBottom: true, timeToLive: 1)])] } ?? []))
        }
        topology.tunnels[0].showsHops = false
        let sources = try (1...5).map { try answer(topology, ttl: $0)?.source }
        #expect(sources == [1, 2, 5, 6].map { Drawings.hop($0, .v4) } + [Drawings.address(target)])
        // A destination that the path does not lead to is reached without it.
        topology.tunnels[0].showsHops = true
        var laptop = SimulatedLaptop(topology)
        let inside = try #require(try laptop.echo(to: "198.18.3.2", timeToLive: 3))
        #expect(try extensions(inside).isEmpty)
    }

    @Test("routes set by hand win over shorter paths of the same length, not over longer prefixes")
    func staticRoutes() throws {
        let all = try #require(IPPrefix("0.0.0.0/0"))
        let subnet = try #require(IPPrefix("203.0.113.0/24"))
        let single = try #require(IPPrefix("203.0.113.80/32"))
        #expect(try answer(chain { $0.routes = [StaticRoute(all, .discard)] })?.kind == .echoReply)
        #expect(try answer(chain { $0.routes = [StaticRoute(subnet, .discard)] }) == nil)
        let refused = try #require(try answer(chain { $0.routes = [StaticRoute(single, .refuse)] }))
        #expect(refused.kind == .destinationUnreachable && refused.code == 0)
        #expect(refused.source == Drawings.hop(2, .v4))
        // A detour by hand.
        var topology = chain { _ in }
        topology.links.append(
            Link(
                Link.End("r1", addresses: [Drawings.interface("198.19.0.1/30")]),
                Link.End("r4", addresses: [Drawings.interface("198.19.0.2/30")]), delay: 50 * ms, cost: 100))
        topology.routers[0].routes = [StaticRoute(subnet, .via("r4"))]
        #expect(topology.problems().isEmpty)
        #expect(try answer(topology, ttl: 2)?.source == Drawings.address("198.19.0.2"))
        #expect(try answer(topology)?.elapsed == (1 + 50 + 1 + 5) * ms)
    }

    @Test("a loop uses the TTL up, and is told beforehand unless it is meant")
    func loops() throws {
        let single = try #require(IPPrefix("203.0.113.80/32"))
        var topology = chain { $0.routes = [StaticRoute(single, .via("r1"))] }
        let answer = try #require(try answer(topology, ttl: 20))
        #expect(answer.kind == .timeExceeded)
        #expect(answer.elapsed == 2 * 2 * ms || answer.elapsed == 20 * ms + 2 * ms)
        #expect(topology.problems() == [.loop(to: "www", through: ["r1", "r2", "r1"])])
        topology.routers[1].routes[0].mayLoop = true
        #expect(!topology.problems().contains(.loop(to: "www", through: ["r1", "r2", "r1"])))
    }

    @Test(
        "a firewall drops, or says what it has to say",
        arguments: [
            (FilterRule.Action.drop, nil), (.port, 3), (.host, 1), (.network, 0), (.hostProhibited, 10),
            (.networkProhibited, 9), (.prohibited, 13), (.reset, nil),
        ] as [(FilterRule.Action, UInt8?)])
    func firewall(action: FilterRule.Action, code: UInt8?) throws {
        let topology = chain { $0.filters = [FilterRule(action, .icmp)] }
        let report = try answer(topology)
        #expect(report?.code == code)
        #expect(report?.source == code.map { _ in Drawings.hop(2, .v4) })
        // What expires at the firewall is reported before its rules are asked.
        #expect(try answer(topology, ttl: 2)?.kind == .timeExceeded)
        #expect(try answer(topology, ttl: 3)?.kind != .timeExceeded)
    }

    @Test("rules are asked in order, by protocol, addresses, ports and types")
    func rules() throws {
        func passes(_ rules: [FilterRule], proto: IPProtocol, port: UInt16 = 53) throws -> Bool {
            var simulation = Simulation(chain { $0.filters = rules }, seed: 1)
            simulation.keepVerdicts(10)
            let (source, target) = (SimulatedLaptop.source(.v4), Drawings.address(target))
            let payload =
                proto == .udp
                ? UDPHeader.datagram(from: source, port: 40000, to: target, port: port, payload: [])
                : TCPHeader.segment(
                    from: source, port: 40000, to: target, port: port, sequence: 1, acknowledgment: 0, flags: .syn)
            let packet = try #require(IPPacket.build(from: source, to: target, proto: proto, payload: payload))
            simulation.send(packet, fromHost: 0)
            return simulation.model.verdicts.contains { $0.outcome == .received }
        }
        let www = try #require(IPPrefix("203.0.113.80/32"))
        let other = try #require(IPPrefix("203.0.113.0/28"))
        #expect(try !passes([FilterRule(.drop, .udp)], proto: .udp))
        #expect(try passes([FilterRule(.drop, .udp)], proto: .tcp))
        #expect(try passes([FilterRule(.accept, .udp), FilterRule(.drop)], proto: .udp))
        #expect(try !passes([FilterRule(.drop, to: www)], proto: .udp))
        #expect(try passes([FilterRule(.drop, to: other)], proto: .udp))
        #expect(try passes([FilterRule(.drop, from: www)], proto: .udp))
        #expect(try !passes([FilterRule(.drop, ports: 50...60)], proto: .udp))
        #expect(try passes([FilterRule(.drop, ports: 50...60)], proto: .udp, port: 61))
        #expect(try passes([FilterRule(.drop, type: 8)], proto: .udp))
        #expect(try answer(chain { $0.filters = [FilterRule(.drop, type: 8)] }) == nil)
        #expect(try answer(chain { $0.filters = [FilterRule(.drop, type: 0)] }) == nil)
        // A refused connection looks like a closed port.
        var laptop = SimulatedLaptop(chain { $0.filters = [FilterRule(.reset, .tcp, ports: 80...80)] })
        let source = SimulatedLaptop.source(.v4)
        let segment = TCPHeader.segment(
            from: source, port: 40000, to: Drawings.address(target), port: 80, sequence: 7, acknowledgment: 0,
            flags: .syn)
        let open = try #require(
            IPPacket.build(from: source, to: Drawings.address(target), proto: .tcp, payload: segment))
        let exchanged = laptop.exchange(open)
        let reset = try #require(exchanged)
        #expect(reset.at == 4 * ms)
        #expect(reset.packet[33] == TCPHeader.Flags([.rst, .ack]).rawValue)
    }

    /// r1 with two ways of equal cost to r4: by r2 or by r3.
    private func diamond(_ balancing: Router.Balancing?) -> Topology {
        var topology = Drawings.chain(routers: 4)
        topology.routers[0].balancing = balancing
        topology.links.remove(at: 2)
        func end(_ name: String, _ address: String) -> Link.End {
            Link.End(name, addresses: [Drawings.interface(address)])
        }
        topology.links.append(Link(end("r1", "198.19.0.1/30"), end("r3", "198.19.0.2/30"), delay: ms))
        topology.links.append(Link(end("r2", "198.19.1.1/30"), end("r4", "198.19.1.2/30"), delay: ms))
        return topology
    }

    @Test("equal ways are shared by flow, by destination or by packet")
    func balancing() throws {
        func second(_ balancing: Router.Balancing?, port: UInt16) throws -> IPAddress {
            var laptop = SimulatedLaptop(diamond(balancing))
            let source = SimulatedLaptop.source(.v4)
            let datagram = UDPHeader.datagram(
                from: source, port: port, to: Drawings.address(target), port: 33434, payload: [])
            let packet = try #require(
                IPPacket.build(
                    from: source, to: Drawings.address(target), proto: .udp, timeToLive: 2, payload: datagram))
            var sources: Set<IPAddress> = []
            for _ in 0..<16 {
                let exchanged = laptop.exchange(packet)
                let arrival = try #require(exchanged)
                sources.insert(try SimulatedLaptop.answer(arrival, since: 0).source)
            }
            if balancing == .packet { #expect(sources.count == 2) } else { #expect(sources.count == 1) }
            return try #require(sources.first)
        }
        #expect(try Set((40000..<40032).map { try second(nil, port: $0) }).count == 1)
        #expect(try Set((40000..<40032).map { try second(.flow, port: $0) }).count == 2)
        #expect(try Set((40000..<40032).map { try second(.destination, port: $0) }).count == 1)
        _ = try second(.packet, port: 40000)
        #expect(diamond(.flow).problems().isEmpty)
    }

    @Test("a router hides hosts behind its address, and reports find their way back")
    func translation() throws {
        let inside = try #require(IPPrefix("192.0.2.0/24"))
        let outside = try #require(IPv4Address("198.51.100.2"))
        let topology = chain {
            $0.addresses = [.v4(outside)]
            $0.translation = AddressTranslation(inside: [inside], outside: outside)
        }
        #expect(topology.problems().isEmpty)
        var laptop = SimulatedLaptop(topology)
        laptop.simulation.keepVerdicts(100)
        let reply = try #require(try laptop.echo(to: target))
        #expect(reply.kind == .echoReply)
        let seen = laptop.simulation.model.verdicts.filter { $0.outcome == .received }.map(\.source)
        #expect(seen == [.v4(outside)])
        // What is quoted is what the laptop sent, its checksums mended.
        let report = try #require(try laptop.echo(to: target, timeToLive: 4))
        #expect(report.source == Drawings.hop(4, .v4))
        try report.packet.withUnsafeBytes { bytes in
            let quoted = try QuotedPacket(parsing: UnsafeRawBufferPointer(rebasing: bytes[28...]))
            #expect(quoted.source == SimulatedLaptop.source(.v4))
            #expect(quoted.transport == .echo(identifier: 0x1234, sequence: 1))
            #expect(IPv4Header.checksumHolds(in: UnsafeRawBufferPointer(rebasing: bytes[28...])))
        }
        // Pieces are put together before they are translated; the others of the answer wait unread.
        var large = SimulatedLaptop(topology)
        #expect(try large.echo(to: target, size: 4000)?.kind == .echoReply)
        // The router itself still answers; packets from outside find nobody.
        #expect(try laptop.echo(to: "198.51.100.2")?.kind == .echoReply)
        for proto in [IPProtocol.udp, .tcp] {
            let source = SimulatedLaptop.source(.v4)
            let payload =
                proto == .udp
                ? UDPHeader.datagram(
                    from: source, port: 40000, to: Drawings.address("203.0.113.53"), port: 53,
                    payload: [0, 1, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 97, 0, 0, 1, 0, 1])
                : TCPHeader.segment(
                    from: source, port: 40000, to: Drawings.address("203.0.113.53"), port: 53, sequence: 1,
                    acknowledgment: 0, flags: .syn)
            let packet = try #require(
                IPPacket.build(from: source, to: Drawings.address("203.0.113.53"), proto: proto, payload: payload))
            let exchanged = laptop.exchange(packet)
            let answer = try #require(exchanged)
            try answer.packet.withUnsafeBytes { bytes in
                let header = try IPHeader(parsing: bytes)
                #expect(header.destination == source)
                #expect(header.proto == proto)
                if proto == .udp {
                    #expect(
                        UDPHeader.checksumHolds(
                            in: UnsafeRawBufferPointer(rebasing: bytes[header.payload]), from: header.source, to: source
                        ))
                }
            }
        }
        var foreign = topology
        foreign.routers[1].addresses = []
        #expect(foreign.problems() == [.foreignTranslation(router: "r2", address: .v4(outside))])
    }

    @Test("two hosts with the same port get two ports outside")
    func translationCollision() throws {
        let inside = try #require(IPPrefix("192.0.2.0/24"))
        let outside = try #require(IPv4Address("198.51.100.2"))
        var topology = Drawings.chain(routers: 2)
        topology.switches.append(Switch(name: "home"))
        topology.links[0] = Link(
            Link.End("home"), Link.End("r1", addresses: [Drawings.interface("192.0.2.1/24")]), delay: ms)
        for (index, name) in ["laptop", "phone"].enumerated() {
            topology.hosts[0].addresses = [Drawings.interface("192.0.2.10/24")]
            if index == 1 { topology.hosts.append(Host(name: name, addresses: [Drawings.interface("192.0.2.11/24")])) }
            topology.links.append(Link(Link.End(name), Link.End("home")))
        }
        topology.routers[0].addresses = [.v4(outside)]
        topology.routers[0].translation = AddressTranslation(inside: [inside], outside: outside)
        var simulation = Simulation(topology, seed: 1)
        for (host, text) in [(0, "192.0.2.10"), (4, "192.0.2.11")] {
            let source = Drawings.address(text)
            let message = ICMPHeader.message(
                type: 8, rest: 0x7_0001, payload: [1], from: source, to: Drawings.address(target))
            simulation.send(
                try #require(
                    IPPacket.build(from: source, to: Drawings.address(target), proto: .icmp, payload: message)),
                fromHost: host)
        }
        var seen: [Int: UInt32] = [:]
        while let arrival = simulation.next(until: 1000 * ms) {
            seen[arrival.host] = arrival.packet.withUnsafeBytes {
                (try? ICMPHeader(parsing: UnsafeRawBufferPointer(rebasing: $0[20...])))?.rest
            }
        }
        #expect(seen == [0: 0x7_0001, 4: 0x7_0001])
    }

    @Test("what cannot work is told before anything runs")
    func problems() throws {
        let all = try #require(IPPrefix("0.0.0.0/0"))
        #expect(
            chain { $0.routes = [StaticRoute(all, .via("r4"))] }.problems()
                == [.routeByStranger(router: "r2", prefix: all, neighbor: "r4")])
        var topology = Drawings.chain(routers: 4)
        topology.tunnels = [Tunnel(path: ["r1", "r3"], labels: [1, 2])]
        #expect(topology.problems() == [.brokenTunnel("r1", "r3"), .impossibleLabels(tunnel: "r1-r3")])
        topology = Drawings.chain(routers: 3)
        topology.links[1].a.addresses = [Drawings.interface("192.0.2.129/25")]
        let (first, second) = (IPPrefix("192.0.2.0/24"), IPPrefix("192.0.2.128/25"))
        #expect(topology.problems().contains(.overlappingSubnets(try #require(first), try #require(second))))
    }
}
