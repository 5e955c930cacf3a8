import EngineNetwork
import Testing
import Wire

@Suite("A router translates IPv6 where it is told to")
struct IPv6TranslationTests {
    private static let outside = "2001:db8:ffff::1"
    private static let server = "2001:db8:0:1::80"
    private static let laptop = "2001:db8:0:1::10"
    private static let client = "2001:db8:0:2::80"

    /// laptop and server in one network behind r1, which hides it and forwards 8080 and 53; www is far away.
    private func home(_ change: (inout Topology) throws -> Void = { _ in }) throws -> Topology {
        var topology = Drawings.chain(routers: 3, www: .namespace)
        topology.switches.append(Switch(name: "home"))
        topology.links[0] = Link(Link.End("home"), topology.links[0].b, delay: Drawings.millisecond)
        topology.hosts.append(Host(name: "server", addresses: [Drawings.interface(Self.server + "/64")]))
        for host in ["laptop", "server"] { topology.links.append(Link(Link.End(host), Link.End("home"))) }
        let own = try #require(IPv4Address("198.51.100.1"))
        guard case .v6(let own6) = Drawings.address(Self.outside) else { return topology }
        let target = Drawings.address(Self.server)
        topology.routers[0].addresses = [.v4(own), .v6(own6)]
        topology.routers[0].translation = AddressTranslation(
            inside: [try #require(IPPrefix("2001:db8:0:1::/64"))], outside: own, outside6: own6,
            forwards: [
                PortForward(.tcp, port: 8080, to: TransportAddress(target, 80)),
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

    @Test("a hidden host is seen under the router's address, and what is for it comes back")
    func hides() throws {
        var ends = Ends(try home())
        check(
            try ends.send(Ends.udp(Self.laptop, 5000, Self.client, 9), from: "laptop"), at: "www", from: Self.outside,
            to: Self.client, ports: [5000, 9])
        check(
            try ends.send(Ends.udp(Self.client, 9, Self.outside, 5000), from: "www"), at: "laptop", from: Self.client,
            to: Self.laptop, ports: [9, 5000])
        // The same port in IPv4 is another one: nobody is behind it.
        let other = try ends.send(Ends.udp("203.0.113.80", 9, "198.51.100.1", 5000), from: "www")
        #expect(other.map(\.kind) == [.destinationUnreachable])
        // A second host with the port is told apart; a port that is forwarded is given to nobody.
        check(
            try ends.send(Ends.udp(Self.server, 5000, Self.client, 9), from: "server"), at: "www", from: Self.outside,
            to: Self.client, ports: [5001, 9])
        check(
            try ends.send(Ends.udp(Self.laptop, 53, Self.client, 9), from: "laptop"), at: "www", from: Self.outside,
            to: Self.client, ports: [54, 9])
    }

    @Test("echoes are told apart by their identifiers, with checksums that hold")
    func echoes() throws {
        var ends = Ends(try home())
        for (host, address, seen) in [("laptop", Self.laptop, UInt32(7)), ("server", Self.server, 8)] {
            let request = try #require(try ends.send(Ends.echo(address, Self.client), from: host).first)
            #expect(request.host == "www" && request.source == Drawings.address(Self.outside) && request.isSound)
            let reply = try ends.send(
                Ends.echo(Self.client, Self.outside, isReply: true, identifier: seen), from: "www")
            #expect(reply.map(\.host) == [host])
            #expect(reply.first?.kind == .echoReply && reply.first?.isSound == true)
        }
        // A request is for the router itself.
        let own = try ends.send(Ends.echo(Self.client, Self.outside), from: "www")
        #expect(own.map(\.host) == ["www"] && own.first?.kind == .echoReply)
    }

    @Test("a report about a hidden host's packet quotes what that sent")
    func reports() throws {
        var ends = Ends(try home())
        let datagram = try #require(
            try ends.send(Ends.udp(Self.laptop, 5000, Self.client, 9), from: "laptop").first?.bytes)
        let reports = try ends.send(Ends.report(.portUnreachable, about: datagram, from: Self.client), from: "www")
        let report = try #require(reports.first)
        #expect(report.host == "laptop" && report.destination == Drawings.address(Self.laptop) && report.isSound)
        #expect(report.quoted?.source == Drawings.address(Self.laptop))
        #expect(report.quoted?.transport == .ports(source: 5000, destination: 9))
        // And one of its own about an answer comes from the router.
        let answer = try #require(
            try ends.send(Ends.udp(Self.client, 9, Self.outside, 5000), from: "www").first?.bytes)
        let own = try #require(
            try ends.send(Ends.report(.portUnreachable, about: answer, from: Self.laptop), from: "laptop").first)
        #expect(own.host == "www" && own.source == Drawings.address(Self.outside) && own.isSound)
        #expect(own.quoted?.destination == Drawings.address(Self.outside))
    }

    @Test(
        "what comes for a forwarded port goes to the host, and its answers come from the port",
        arguments: [true, false])
    func forwards(hides: Bool) throws {
        var ends = Ends(try home { if !hides { $0.routers[0].translation?.inside = [] } })
        check(
            try ends.send(Ends.tcp(Self.client, 4000, Self.outside, 8080, .syn), from: "www"), at: "server",
            from: Self.client, to: Self.server, ports: [4000, 80])
        check(
            try ends.send(Ends.tcp(Self.server, 80, Self.client, 4000, [.syn, .ack]), from: "server"), at: "www",
            from: Self.outside, to: Self.client, ports: [8080, 4000])
        // The port of the IPv4 address is forwarded nowhere here.
        let refused = try ends.send(Ends.tcp("203.0.113.80", 4000, "198.51.100.1", 8080, .syn), from: "www")
        #expect(refused.map(\.ports) == [[8080, 4000]])
        let datagram = try #require(
            try ends.send(Ends.udp(Self.client, 4000, Self.outside, 53), from: "www").first?.bytes)
        let report = try #require(
            try ends.send(Ends.report(.portUnreachable, about: datagram, from: Self.server), from: "server").first)
        #expect(report.host == "www" && report.source == Drawings.address(Self.outside) && report.isSound)
        #expect(report.quoted?.transport == .ports(source: 4000, destination: 53))
    }

    @Test("a host of the same network reaches the port, too: to the server it is the router")
    func hairpin() throws {
        var ends = Ends(try home())
        check(
            try ends.send(Ends.tcp(Self.laptop, 4000, Self.outside, 8080, .syn), from: "laptop"), at: "server",
            from: Self.outside, to: Self.server, ports: [4000, 80])
        check(
            try ends.send(Ends.tcp(Self.server, 80, Self.outside, 4000, [.syn, .ack]), from: "server"), at: "laptop",
            from: Self.outside, to: Self.laptop, ports: [8080, 4000])
    }

    @Test("without an address to hide behind, nothing of IPv6 is changed")
    func untouched() throws {
        var ends = Ends(
            try home {
                $0.routers[0].translation?.outside6 = nil
                $0.routers[0].translation?.forwards = []
            })
        check(
            try ends.send(Ends.udp(Self.laptop, 5000, Self.client, 9), from: "laptop"), at: "www", from: Self.laptop,
            to: Self.client, ports: [5000, 9])
    }

    @Test("it must be an address of the router's own")
    func foreign() throws {
        var topology = try home()
        topology.routers[0].addresses.removeLast()
        #expect(
            topology.problems() == [.foreignTranslation(router: "r1", address: Drawings.address(Self.outside))])
    }
}
