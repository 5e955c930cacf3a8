import EngineNetwork
import Testing
import Wire

@Suite("A router forwards ports of its own to hosts behind it")
struct PortForwardTests {
    private static let outside = "198.51.100.1"
    private static let server = "192.0.2.80"
    private static let laptop = "192.0.2.10"
    private static let client = "203.0.113.80"

    /// laptop and server in one network behind r1, which forwards 8080 and 8081 to the server's 80; www is far away.
    private func home(_ change: (inout Topology) throws -> Void = { _ in }) throws -> Topology {
        var topology = Drawings.chain(routers: 3, www: .namespace)
        topology.switches.append(Switch(name: "home"))
        topology.links[0] = Link(Link.End("home"), topology.links[0].b, delay: Drawings.millisecond)
        topology.hosts.append(Host(name: "server", addresses: [Drawings.interface("192.0.2.80/24")]))
        for host in ["laptop", "server"] { topology.links.append(Link(Link.End(host), Link.End("home"))) }
        let own = try #require(IPv4Address(Self.outside))
        let target = try #require(IPv4Address(Self.server))
        topology.routers[0].addresses = [.v4(own)]
        topology.routers[0].translation = AddressTranslation(
            inside: [try #require(IPPrefix("192.0.2.0/24"))], outside: own,
            forwards: [
                PortForward(.tcp, port: 8080, to: TransportAddress(target, 80)),
                PortForward(.tcp, port: 8081, to: TransportAddress(target, 80)),
                PortForward(.udp, port: 53, to: TransportAddress(target, 5353)),
            ])
        try change(&topology)
        #expect(topology.problems().isEmpty)
        return topology
    }

    private func check(
        _ seen: [Ends.Seen], at host: String, from source: String, to destination: String, ports: [UInt16],
        _ location: SourceLocation = #_sourceLocation
    ) {
        #expect(seen.map(\.host) == [host], sourceLocation: location)
        #expect(seen.first?.source == Drawings.address(source), sourceLocation: location)
        #expect(seen.first?.destination == Drawings.address(destination), sourceLocation: location)
        #expect(seen.first?.ports == ports, sourceLocation: location)
        #expect(seen.first?.isSound == true, sourceLocation: location)
    }

    @Test("what comes for the port goes to the host, and its answers come from the port", arguments: [true, false])
    func thereAndBack(hides: Bool) throws {
        var ends = Ends(try home { if !hides { $0.routers[0].translation?.inside = [] } })
        check(
            try ends.send(Ends.tcp(Self.client, 4000, Self.outside, 8080, .syn), from: "www"), at: "server",
            from: Self.client, to: Self.server, ports: [4000, 80])
        check(
            try ends.send(Ends.tcp(Self.server, 80, Self.client, 4000, [.syn, .ack]), from: "server"), at: "www",
            from: Self.outside, to: Self.client, ports: [8080, 4000])
        // Ports that nobody forwards are the router's own: closed.
        let refused = try ends.send(Ends.tcp(Self.client, 4000, Self.outside, 9, .syn), from: "www")
        #expect(refused.map(\.ports) == [[9, 4000]])
        let other = try ends.send(Ends.udp(Self.client, 4000, Self.outside, 8080), from: "www")
        #expect(other.map(\.kind) == [.destinationUnreachable])
        check(
            try ends.send(Ends.udp(Self.client, 4000, Self.outside, 53), from: "www"), at: "server",
            from: Self.client, to: Self.server, ports: [4000, 5353])
        check(
            try ends.send(Ends.udp(Self.server, 5353, Self.client, 4000), from: "server"), at: "www",
            from: Self.outside, to: Self.client, ports: [53, 4000])
    }

    @Test("two ports that stand for one of the host are told apart, even for one client with one port")
    func collision() throws {
        var ends = Ends(try home())
        var answers: [[UInt16]] = []
        for entrance in [8080, 8081] as [UInt16] {
            let seen = try ends.send(Ends.tcp(Self.client, 4000, Self.outside, entrance, .syn), from: "www")
            let ports = try #require(seen.first?.ports)
            #expect(ports == [entrance == 8080 ? 4000 : 4001, 80])
            answers += try ends.send(Ends.tcp(Self.server, 80, Self.client, ports[0], [.syn, .ack]), from: "server")
                .map(\.ports)
        }
        #expect(answers == [[8080, 4000], [8081, 4000]])
    }

    @Test("a host of the same network reaches the port, too: to the server it is the router")
    func hairpin() throws {
        var ends = Ends(try home())
        check(
            try ends.send(Ends.tcp(Self.laptop, 4000, Self.outside, 8080, .syn), from: "laptop"), at: "server",
            from: Self.outside, to: Self.server, ports: [4000, 80])
        let answer = Ends.tcp(Self.server, 80, Self.outside, 4000, [.syn, .ack])
        check(
            try ends.send(answer, from: "server"), at: "laptop", from: Self.outside, to: Self.laptop,
            ports: [8080, 4000])
        // The server's report about it comes from the port, too, and quotes what the laptop sent.
        let datagram = try #require(
            try ends.send(Ends.udp(Self.laptop, 4001, Self.outside, 53), from: "laptop").first?.bytes)
        let reports = try ends.send(Ends.report(.portUnreachable, about: datagram, from: Self.server), from: "server")
        let report = try #require(reports.first)
        #expect(report.host == "laptop" && report.source == Drawings.address(Self.outside) && report.isSound)
        #expect(report.quoted?.source == Drawings.address(Self.laptop))
        #expect(report.quoted?.destination == Drawings.address(Self.outside))
        #expect(report.quoted?.transport == .ports(source: 4001, destination: 53))
    }

    @Test("reports from behind the router come from it, and quote what was sent")
    func reportsOutwards() throws {
        var ends = Ends(try home())
        let datagram = try #require(
            try ends.send(Ends.udp(Self.client, 4000, Self.outside, 53), from: "www").first?.bytes)
        let reports = try ends.send(Ends.report(.portUnreachable, about: datagram, from: Self.server), from: "server")
        let report = try #require(reports.first)
        #expect(report.host == "www" && report.source == Drawings.address(Self.outside) && report.isSound)
        #expect(report.quoted?.destination == Drawings.address(Self.outside))
        #expect(report.quoted?.transport == .ports(source: 4000, destination: 53))
        // The same of a hidden host's report about an answer to it.
        try ends.send(Ends.udp(Self.laptop, 4000, Self.client, 9), from: "laptop")
        let answer = try #require(
            try ends.send(Ends.udp(Self.client, 9, Self.outside, 4000), from: "www").first { $0.host == "laptop" }?
                .bytes)
        let hidden = try ends.send(Ends.report(.portUnreachable, about: answer, from: Self.laptop), from: "laptop")
        #expect(hidden.map(\.host) == ["www"])
        #expect(hidden.first?.source == Drawings.address(Self.outside))
        #expect(hidden.first?.quoted?.transport == .ports(source: 9, destination: 4000))
        #expect(hidden.first?.quoted?.destination == Drawings.address(Self.outside))
    }

    @Test("a narrow link outside is reported to the server behind the router, in its own words")
    func reportsInwards() throws {
        var ends = Ends(
            try home {
                $0.links[2].mtu = 1300
                $0.links[2].mtuBack = 1300
            })
        try ends.send(Ends.tcp(Self.client, 4000, Self.outside, 8080, .syn), from: "www")
        try ends.send(Ends.tcp(Self.server, 80, Self.client, 4000, [.syn, .ack]), from: "server")
        let big = Ends.tcp(Self.server, 80, Self.client, 4000, .ack, size: 1400, dontFragment: true)
        let reports = try ends.send(big, from: "server")
        let report = try #require(reports.first)
        #expect(reports.count == 1 && report.host == "server" && report.kind == .packetTooBig && report.isSound)
        #expect(report.quoted?.source == Drawings.address(Self.server))
        #expect(report.quoted?.destination == Drawings.address(Self.client))
        #expect(report.quoted?.transport == .ports(source: 80, destination: 4000))
    }

    @Test("what the router's firewall says of a forwarded packet is about the packet that was sent")
    func firewall() throws {
        func answer(_ action: FilterRule.Action) throws -> [Ends.Seen] {
            var ends = Ends(
                try home {
                    // Rules see the host behind the port, as those of a forward chain do.
                    $0.routers[0].filters = [FilterRule(action, .tcp, to: IPPrefix("192.0.2.80/32"), ports: 80...80)]
                })
            return try ends.send(Ends.tcp(Self.client, 4000, Self.outside, 8080, .syn), from: "www")
        }
        let prohibited = try #require(try answer(.prohibited).first)
        #expect(prohibited.host == "www" && prohibited.isSound)
        #expect(prohibited.quoted?.destination == Drawings.address(Self.outside))
        #expect(prohibited.quoted?.transport == .ports(source: 4000, destination: 8080))
        check(try answer(.reset), at: "www", from: Self.outside, to: Self.client, ports: [8080, 4000])
        #expect(try answer(.drop).isEmpty)
        #expect(try answer(.accept).map(\.host) == ["server"])
    }

    @Test("a forward and a firewall that tracks connections work together")
    func tracked() throws {
        var ends = Ends(
            try home {
                $0.routers[0].filters = [
                    FilterRule(.accept, states: [.established, .related]),
                    FilterRule(.accept, .tcp, to: IPPrefix("192.0.2.80/32"), ports: 80...80, states: [.new]),
                    FilterRule(.accept, from: IPPrefix("192.0.2.0/24"), states: [.new]),
                    FilterRule(.drop),
                ]
            })
        #expect(try ends.send(Ends.tcp(Self.client, 4000, Self.outside, 8080, .syn), from: "www").count == 1)
        let answer = Ends.tcp(Self.server, 80, Self.client, 4000, [.syn, .ack])
        #expect(try ends.send(answer, from: "server").map(\.ports) == [[8080, 4000]])
        #expect(try ends.send(Ends.udp(Self.client, 4000, Self.outside, 53), from: "www").isEmpty)
        // Hidden hosts may go out, and what comes back is theirs.
        let seen = try ends.send(Ends.udp(Self.laptop, 4000, Self.client, 9), from: "laptop")
        #expect(seen.map(\.host) == ["www"])
        #expect(try ends.send(Ends.udp(Self.client, 9, Self.outside, 4000), from: "www").map(\.host) == ["laptop"])
        let unasked = Ends.udp(Self.client, 10, Self.outside, 4000)
        #expect(try ends.send(unasked, from: "www").isEmpty)
        // And from inside through the port.
        let inside = try ends.send(Ends.tcp(Self.laptop, 4001, Self.outside, 8080, .syn), from: "laptop")
        #expect(inside.map(\.host) == ["server"])
        let back = try ends.send(Ends.tcp(Self.server, 80, Self.outside, 4001, [.syn, .ack]), from: "server")
        #expect(back.map(\.host) == ["laptop"])
    }

    @Test("a hidden host is never given a port that is forwarded")
    func reserved() throws {
        var ends = Ends(try home())
        let seen = try ends.send(Ends.tcp(Self.laptop, 8080, Self.client, 80, .syn), from: "laptop")
        #expect(seen.first?.ports == [8082, 80])
        #expect(
            try ends.send(Ends.tcp(Self.client, 80, Self.outside, 8082, [.syn, .ack]), from: "www").map(\.host)
                == ["laptop"])
    }

    @Test("the story tells the forward")
    func story() throws {
        let ends = Ends(try home())
        let packet = try #require(Ends.tcp(Self.client, 4000, Self.outside, 8080, .syn))
        let acts = ends.simulation.story(of: packet, fromHost: 1).map { "\($0.act)" }
        #expect(acts.contains("is for 192.0.2.80:80 instead of 198.51.100.1:8080, by a port forward"), "\(acts)")
    }

    @Test("a forward to a host whose answers go another way is told")
    func around() throws {
        var topology = try home()
        let far = try #require(IPv4Address("203.0.113.80"))
        topology.routers[0].translation?.forwards = [PortForward(.tcp, port: 80, to: TransportAddress(far, 80))]
        #expect(topology.problems().isEmpty)
        topology.routers[1].addresses = [Drawings.address("198.51.100.2")]
        topology.routers[2].translation = AddressTranslation(
            inside: [], outside: try #require(IPv4Address("198.18.2.2")),
            forwards: [PortForward(.tcp, port: 80, to: TransportAddress(try #require(IPv4Address(Self.server)), 80))])
        // Between the server and everybody else there is r3, too.
        #expect(topology.problems().isEmpty)
        topology.hosts.removeAll { ["www", "dns", "dead"].contains($0.name) }
        topology.links.removeAll { ["www", "dns", "dead"].contains($0.b.node) }
        #expect(topology.problems().isEmpty)
        topology.hosts.append(Host(name: "near", addresses: [Drawings.interface("198.51.102.2/24")]))
        topology.links.append(
            Link(Link.End("r2", addresses: [Drawings.interface("198.51.102.1/24")]), Link.End("near")))
        #expect(
            topology.problems()
                == [.forwardAround(router: "r3", to: .v4(try #require(IPv4Address(Self.server))))])
    }
}
