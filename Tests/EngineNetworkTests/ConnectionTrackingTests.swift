import EngineNetwork
import Testing
import Wire

@Suite("A firewall that tracks connections lets answers through and nothing else")
struct ConnectionTrackingTests {
    private let www = [IPFamily.v4: "203.0.113.80", .v6: "2001:db8:0:2::80"]
    private let laptop = [IPFamily.v4: "192.0.2.10", .v6: "2001:db8:0:1::10"]
    private let router = [IPFamily.v4: "198.18.1.2", .v6: "2001:db8:1:1::2"]

    /// The second router of a chain lets the laptop begin, and others only answer; rule 1 stops what is invalid, rule 3 the rest.
    private func stateful(_ change: (inout Topology) -> Void = { _ in }) throws -> Ends {
        var topology = Drawings.chain(routers: 3, www: .namespace)
        let inside = try ["192.0.2.0/24", "2001:db8:0:1::/64"].map { try #require(IPPrefix($0)) }
        topology.routers[1].filters =
            [
                FilterRule(.accept, states: [.established, .related]), FilterRule(.drop, states: [.invalid]),
            ] + inside.map { FilterRule(.accept, from: $0, states: [.new], number: 2) } + [FilterRule(.drop, number: 3)]
        change(&topology)
        #expect(topology.problems().isEmpty)
        return Ends(topology)
    }

    private func lastRule(_ ends: Ends) -> Int? {
        if case .filtered(let rule)? = ends.simulation.model.verdicts.last?.outcome { rule } else { nil }
    }

    @Test(
        "a datagram from inside opens the way for its answers, and for as long as Linux keeps it",
        arguments: IPFamily.allCases)
    func datagrams(family: IPFamily) throws {
        var ends = try stateful()
        let (inside, outside) = (try #require(laptop[family]), try #require(www[family]))
        let answer = Ends.udp(outside, 53, inside, 4000)
        #expect(try ends.send(answer, from: "www").isEmpty)
        #expect(lastRule(ends) == 3)
        #expect(try ends.send(Ends.udp(inside, 4000, outside, 53), from: "laptop").map(\.host) == ["www"])
        // Other ports and other hosts are not meant.
        #expect(try ends.send(Ends.udp(outside, 54, inside, 4000), from: "www").isEmpty)
        #expect(try ends.send(Ends.udp(outside, 53, inside, 4001), from: "www").isEmpty)
        #expect(try ends.send(answer, from: "www").map(\.host) == ["laptop"])
        try ends.wait(119_000 - 1000)
        #expect(try ends.send(answer, from: "www").map(\.host) == ["laptop"])
        try ends.wait(121_000)
        #expect(try ends.send(answer, from: "www").isEmpty)
        // What nobody answered is forgotten after half a minute.
        try ends.send(Ends.udp(inside, 4002, outside, 53), from: "laptop")
        try ends.wait(31_000)
        #expect(try ends.send(Ends.udp(outside, 53, inside, 4002), from: "www").isEmpty)
    }

    @Test("a TCP connection is followed from its SYN to its end", arguments: IPFamily.allCases)
    func segments(family: IPFamily) throws {
        var ends = try stateful()
        let (inside, outside) = (try #require(laptop[family]), try #require(www[family]))
        func there(_ flags: TCPHeader.Flags) throws -> Bool {
            try !ends.send(Ends.tcp(inside, 4000, outside, 80, flags), from: "laptop").isEmpty
        }
        func back(_ flags: TCPHeader.Flags) throws -> Bool {
            try !ends.send(Ends.tcp(outside, 80, inside, 4000, flags), from: "www").isEmpty
        }
        #expect(try !back(.syn) && lastRule(ends) == 3)
        #expect(try !back([.syn, .ack]) && lastRule(ends) == 1)
        // An acknowledgement begins nothing, not even from inside.
        #expect(try !there(.ack) && lastRule(ends) == 1)
        #expect(try there(.syn))
        #expect(try there(.syn))
        // Before the answer there is nothing to acknowledge.
        #expect(try !there(.ack) && lastRule(ends) == 1)
        #expect(try back([.syn, .ack]))
        #expect(try there(.ack))
        #expect(try back([.ack, .psh]))
        for strange in [[], [.fin], [.syn, .fin], [.fin, .psh, .urg], [.syn, .rst]] as [TCPHeader.Flags] {
            #expect(try !back(strange) && lastRule(ends) == 1)
        }
        // Established, it lives through four days of silence.
        try ends.wait(4 * 86_400_000)
        #expect(try back([.ack]))
        #expect(try there([.fin, .ack]))
        #expect(try back([.fin, .ack]))
        #expect(try there([.ack]))
        // A new connection from the same port may follow at once; one from the other end is no part of it.
        #expect(try !back([.syn]))
        #expect(try there(.syn))
        #expect(try back([.rst, .ack]))
        // Refused, it is over.
        #expect(try !back([.ack]) && lastRule(ends) == 1)
    }

    @Test("a connection in its last two minutes is forgotten then")
    func timeWait() throws {
        var ends = try stateful()
        let steps: [(String, TCPHeader.Flags)] = [
            ("laptop", .syn), ("www", [.syn, .ack]), ("laptop", .ack), ("www", [.fin, .ack]), ("laptop", [.fin, .ack]),
            ("www", .ack),
        ]
        for (host, flags) in steps {
            let packet =
                host == "www"
                ? Ends.tcp("203.0.113.80", 80, "192.0.2.10", 4000, flags)
                : Ends.tcp("192.0.2.10", 4000, "203.0.113.80", 80, flags)
            #expect(try ends.send(packet, from: host).count == 1, "\(host) \(flags)")
        }
        let late = Ends.tcp("203.0.113.80", 80, "192.0.2.10", 4000, [.ack])
        try ends.wait(100_000)
        #expect(try ends.send(late, from: "www").count == 1)
        try ends.wait(121_000)
        #expect(try ends.send(late, from: "www").isEmpty)
    }

    @Test("echo replies answer echo requests, by their identifier", arguments: IPFamily.allCases)
    func echoes(family: IPFamily) throws {
        var ends = try stateful()
        let (inside, outside) = (try #require(laptop[family]), try #require(www[family]))
        let reply = Ends.echo(outside, inside, isReply: true)
        #expect(try ends.send(reply, from: "www").isEmpty)
        #expect(lastRule(ends) == 1)
        #expect(try ends.send(Ends.echo(inside, outside), from: "laptop").count == 1)
        #expect(try ends.send(Ends.echo(outside, inside, isReply: true, identifier: 8), from: "www").isEmpty)
        #expect(try ends.send(reply, from: "www").count == 1)
        // The other end asks with the same identifier: that is a question of its own.
        #expect(try ends.send(Ends.echo(outside, inside), from: "www").isEmpty)
        #expect(lastRule(ends) == 3)
    }

    @Test("reports about tracked connections are related, others invalid", arguments: IPFamily.allCases)
    func reports(family: IPFamily) throws {
        var ends = try stateful()
        let (inside, outside) = (try #require(laptop[family]), try #require(www[family]))
        let datagram = Ends.udp(inside, 4000, outside, 33434)
        let report = Ends.report(.portUnreachable, about: datagram, from: outside)
        #expect(try ends.send(report, from: "www").isEmpty)
        #expect(lastRule(ends) == 1)
        try ends.send(datagram, from: "laptop")
        #expect(try ends.send(report, from: "www").map(\.host) == ["laptop"])
        // A report opens nothing: the next datagram from outside is as new as ever.
        #expect(try ends.send(Ends.udp(outside, 9, inside, 9), from: "www").isEmpty)
        var truncated = try #require(report)
        truncated.removeLast(truncated.count - (family == .v4 ? 30 : 60))
        #expect(try ends.send(truncated, from: "www").isEmpty)
        // Of routers on the way, too: a traceroute through the firewall works.
        var far = try #require(Ends.udp(inside, 4001, outside, 33435))
        if family == .v4 { IPv4Header.setTimeToLive(3, in: &far) } else { far[7] = 3 }
        let expired = try ends.send(far, from: "laptop")
        #expect(expired.map(\.kind) == [.timeExceeded])
        #expect(expired.first?.source == Drawings.hop(3, family))
    }

    @Test("damaged packets are invalid")
    func damage() throws {
        var ends = try stateful()
        var packet = try #require(Ends.udp("192.0.2.10", 4000, "203.0.113.80", 53))
        packet[30] ^= 1
        #expect(try ends.send(packet, from: "laptop").isEmpty)
        #expect(lastRule(ends) == 1)
    }

    @Test("packets in pieces are put together to be looked at", arguments: IPFamily.allCases)
    func pieces(family: IPFamily) throws {
        // IPv4 is cut up again for what lies behind, IPv6 goes on as it came.
        var ends = try stateful {
            $0.links[1].mtu = 1300
            $0.links[1].mtuBack = 1300
        }
        let (inside, outside) = (try #require(laptop[family]), try #require(www[family]))
        let whole = try #require(Ends.udp(inside, 4000, outside, 53, size: 3000))
        let pieces = family == .v4 ? [whole] : Self.pieces(of: whole)
        var seen: [Ends.Seen] = []
        for piece in pieces { seen += try ends.send(piece, from: "laptop") }
        #expect(
            seen.count > 1 && seen.allSatisfy { $0.host == "www" && $0.bytes.count <= (family == .v4 ? 1500 : 1280) })
        // The receiver has all of it.
        #expect(Self.total(seen) == 3008)
        // From outside they open nothing: neither the first piece nor the others come through.
        seen = []
        for piece in Self.pieces(of: try #require(Ends.udp(outside, 9, inside, 9, size: 3000))) where family == .v6 {
            seen += try ends.send(piece, from: "www")
        }
        if family == .v4 {
            seen = try ends.send(Ends.udp(outside, 9, inside, 9, size: 3000), from: "www")
        }
        #expect(seen.isEmpty)
    }

    private static func total(_ seen: [Ends.Seen]) -> Int {
        seen.map { seen in
            seen.bytes.withUnsafeBytes { (try? IPHeader(parsing: $0))?.payload.count ?? 0 }
        }.reduce(0, +)
    }

    /// An IPv6 packet in pieces of 1280 bytes at most, as its sender makes them.
    private static func pieces(of packet: [UInt8]) -> [[UInt8]] {
        guard let header = packet.withUnsafeBytes({ try? IPv6Header(parsing: $0) }) else { return [] }
        let payload = Array(packet[header.payload])
        return stride(from: 0, to: payload.count, by: 1232).map { offset in
            let end = min(payload.count, offset + 1232)
            let word = UInt16(offset) | (end < payload.count ? 1 : 0)
            let fragment: [UInt8] = [header.proto.rawValue, 0, UInt8(word >> 8), UInt8(word & 0xFF), 0, 0, 0, 9]
            return IPv6Header.packet(
                from: header.source, to: header.destination, proto: .fragment, hopLimit: 64,
                payload: fragment + payload[offset..<end])
        }
    }

    @Test("what comes first to the firewall comes first, however far away it was sent")
    func order() throws {
        var ends = try stateful { $0.links[0].delay = 500 * Drawings.millisecond }
        try ends.send(Ends.udp("192.0.2.10", 4000, "203.0.113.80", 53), from: "laptop", within: 0)
        // Sent later, it is at the firewall long before the laptop's.
        try ends.wait(10)
        #expect(try ends.send(Ends.udp("203.0.113.80", 53, "192.0.2.10", 4000), from: "www", within: 100).isEmpty)
        #expect(lastRule(ends) == 3)
        #expect(try ends.wait(1000).map(\.host) == ["www"])
        #expect(try ends.send(Ends.udp("203.0.113.80", 53, "192.0.2.10", 4000), from: "www").map(\.host) == ["laptop"])
    }

    @Test("the firewall itself is asked and answers", arguments: IPFamily.allCases)
    func own(family: IPFamily) throws {
        var ends = try stateful { topology in
            topology.routers[1].filters[2].states = nil
            topology.routers[1].filters[3].states = nil
        }
        let (inside, own) = (try #require(laptop[family]), try #require(router[family]))
        for _ in 0..<2 {
            let answers = try ends.send(Ends.echo(inside, own), from: "laptop")
            #expect(answers.map(\.kind) == [.echoReply])
        }
        // Its answer counts: what follows is established.
        let story = ends.simulation.story(of: try #require(Ends.echo(inside, own)), fromHost: 0)
        #expect(story.contains { $0.act == .tracked(.established) })
        let outside = try #require(www[family])
        #expect(try ends.send(Ends.echo(outside, own), from: "www").isEmpty)
    }

    @Test("the story tells what the firewall knew, and which of the author's rules stopped a packet")
    func story() throws {
        let ends = try stateful()
        let packet = try #require(Ends.tcp("203.0.113.80", 80, "192.0.2.10", 4000, .syn))
        let acts = ends.simulation.story(of: packet, fromHost: 1).map(\.act)
        #expect(acts.contains(.tracked(.new)))
        #expect(acts.last == .ended(.filtered(rule: 3)))
        // A story opens no connection.
        let opening = try #require(Ends.udp("192.0.2.10", 4000, "203.0.113.80", 53))
        #expect(ends.simulation.story(of: opening, fromHost: 0).last?.act == .ended(.delivered))
        var after = ends
        #expect(try after.send(Ends.udp("203.0.113.80", 53, "192.0.2.10", 4000), from: "www").isEmpty)
    }

    @Test("a scan fills no memory, and forgets the unanswered first")
    func scan() throws {
        var ends = try stateful()
        let (inside, outside) = ("192.0.2.10", "203.0.113.80")
        try ends.send(Ends.udp(inside, 4000, outside, 53), from: "laptop", within: 10)
        #expect(try ends.send(Ends.udp(outside, 53, inside, 4000), from: "www", within: 10).count == 1)
        try ends.send(Ends.udp(inside, 4001, outside, 53), from: "laptop", within: 0)
        for port in 0..<17_000 {
            try ends.send(Ends.udp(inside, 5000, outside, UInt16(1000 + port)), from: "laptop", within: 0)
        }
        try ends.wait(100)
        #expect(try ends.send(Ends.udp(outside, 53, inside, 4000), from: "www", within: 10).count == 1)
        #expect(try ends.send(Ends.udp(outside, 53, inside, 4001), from: "www", within: 10).isEmpty)
        #expect(try ends.send(Ends.udp(outside, 17_999, inside, 5000), from: "www", within: 10).count == 1)
    }
}
