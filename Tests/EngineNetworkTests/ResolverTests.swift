import EngineNetwork
import Testing
import Wire

@Suite("A resolver in the model answers from the names")
struct ResolverTests {
    private func ask(_ name: String, _ type: DNSRecordType) throws -> DNSMessage {
        try ask(DNSMessage.query(try #require(DNSName(name)), type: type, identifier: 4711).bytes)
    }

    private func ask(_ question: [UInt8]) throws -> DNSMessage {
        var laptop = SimulatedLaptop(Drawings.chain(routers: 2))
        let (source, target) = (SimulatedLaptop.source(.v4), Drawings.address("203.0.113.53"))
        let datagram = UDPHeader.datagram(from: source, port: 50000, to: target, port: 53, payload: question)
        let packet = try #require(IPPacket.build(from: source, to: target, proto: .udp, payload: datagram))
        let arrival = laptop.exchange(packet)
        return try (try #require(arrival)).packet.withUnsafeBytes { bytes in
            let header = try IPHeader(parsing: bytes)
            let payload = UnsafeRawBufferPointer(rebasing: bytes[header.payload])
            #expect(UDPHeader.checksumHolds(in: payload, from: header.source, to: header.destination))
            let udp = try UDPHeader(parsing: payload)
            #expect(udp.destinationPort == 50000)
            return try DNSMessage(parsing: Array(payload[udp.payload]))
        }
    }

    @Test("addresses of either family, without regard to case")
    func addresses() throws {
        let answer = try ask("WWW.Example.test", .a)
        #expect(answer.identifier == 4711)
        #expect(answer.isResponse)
        #expect(answer.code == .noError)
        #expect(answer.answers.map(\.content) == [.a(IPv4Address(203, 0, 113, 80))])
        let six = try ask("www.example.test", .aaaa)
        #expect(six.answers.map(\.content) == [.aaaa(try #require(IPv6Address("2001:db8:0:2::80")))])
    }

    @Test("a name that is missing is an NXDOMAIN; one without such data, or above others, is not")
    func negative() throws {
        let missing = try ask("nobody.example.test", .a)
        #expect(missing.code == .nameError)
        #expect(missing.authorities.map(\.content.type) == [.soa])
        let other = try ask("www.example.test", .https)
        #expect(other.code == .noError)
        #expect(other.answers.isEmpty)
        #expect(try ask("example.test", .a).code == .noError)
    }

    @Test("an alias is followed to its addresses")
    func alias() throws {
        let answer = try ask("alias.example.test", .a)
        let name = try #require(DNSName("www.example.test"))
        #expect(answer.answers.map(\.content) == [.cname(name), .a(IPv4Address(203, 0, 113, 80))])
    }

    @Test("an alias that leads in a circle ends")
    func aliasCircle() throws {
        var topology = Drawings.chain(routers: 1)
        topology.names = [NameRecord("a.test", alias: "b.test"), NameRecord("b.test", alias: "a.test")]
        var laptop = SimulatedLaptop(topology)
        let (source, target) = (SimulatedLaptop.source(.v4), Drawings.address("203.0.113.53"))
        let question = DNSMessage.query(try #require(DNSName("a.test")), type: .a, identifier: 1).bytes
        let datagram = UDPHeader.datagram(from: source, port: 50000, to: target, port: 53, payload: question)
        let packet = try #require(IPPacket.build(from: source, to: target, proto: .udp, payload: datagram))
        let arrival = laptop.exchange(packet)
        #expect(arrival != nil)
    }

    /// What a question about `name` is answered, and when; nil where nothing is said.
    private func ask(
        _ name: String, of names: [NameRecord]
    ) throws -> (code: DNSMessage.ResponseCode, answers: [DNSRecord.Content], at: Int64)? {
        var topology = Drawings.chain(routers: 2)
        topology.names = names
        var laptop = SimulatedLaptop(topology)
        let (source, target) = (SimulatedLaptop.source(.v4), Drawings.address("203.0.113.53"))
        let question = DNSMessage.query(try #require(DNSName(name)), type: .a, identifier: 1).bytes
        let datagram = UDPHeader.datagram(from: source, port: 50000, to: target, port: 53, payload: question)
        let packet = try #require(IPPacket.build(from: source, to: target, proto: .udp, payload: datagram))
        guard let arrival = laptop.exchange(packet) else { return nil }
        let answer = try arrival.packet.withUnsafeBytes { bytes in
            let payload = UnsafeRawBufferPointer(rebasing: bytes[try IPHeader(parsing: bytes).payload])
            return try DNSMessage(parsing: Array(payload[try UDPHeader(parsing: payload).payload]))
        }
        return (answer.code, answer.answers.map(\.content), arrival.at)
    }

    private static let address = Drawings.address("203.0.113.80")

    @Test("names fail as they are told to, and so does what stands for them")
    func failures() throws {
        let names = [
            NameRecord("broken.test", failure: .servfail), NameRecord("closed.test", failure: .refused),
            NameRecord("silent.test", failure: .noAnswer), NameRecord("alias.test", alias: "broken.test"),
        ]
        for (name, code) in [
            ("broken.test", DNSMessage.ResponseCode.serverFailure), ("closed.test", .refused),
            ("alias.test", .serverFailure),
        ] {
            let answer = try #require(try ask(name, of: names))
            #expect(answer.code == code && answer.answers.isEmpty)
        }
        #expect(try ask("silent.test", of: names) == nil)
        #expect(try ask("below.broken.test", of: names)?.code == .nameError)
    }

    @Test("an answer takes as long as the names on its way are told to")
    func delays() throws {
        let names = [
            NameRecord("quick.test", addresses: [Self.address]),
            NameRecord("slow.test", addresses: [Self.address], delay: 200_000_000),
            NameRecord("alias.test", alias: "slow.test", delay: 50_000_000),
            NameRecord("broken.test", failure: .servfail, delay: 7_000_000),
        ]
        let quick = try #require(try ask("quick.test", of: names)).at
        for (name, delay) in [("slow.test", Int64(200)), ("alias.test", 250), ("broken.test", 7)] {
            #expect(try ask(name, of: names)?.at == quick + delay * Drawings.millisecond)
        }
        let endless = [NameRecord("never.test", addresses: [Self.address], delay: .max)]
        #expect(try ask("never.test", of: endless) == nil)
    }

    @Test("addresses have names", arguments: ["80.113.0.203.in-addr.arpa", "1.2.0.192.in-addr.arpa"])
    func pointers(name: String) throws {
        let target = name.hasPrefix("80") ? "www.example.test" : "r1.example.test"
        #expect(try ask(name, .ptr).answers.map(\.content) == [.ptr(try #require(DNSName(target)))])
    }

    @Test("EDNS is answered with EDNS")
    func edns() throws {
        var query = DNSMessage.query(try #require(DNSName("www.example.test")), type: .a, identifier: 1)
        query.additionals = [DNSRecord(.root, timeToLive: 0, content: .other(.opt, []), recordClass: 4096)]
        #expect(try ask(query.bytes).edns != nil)
    }

    @Test("nonsense gets a format error, another operation is not implemented")
    func errors() throws {
        var query = DNSMessage.query(try #require(DNSName("www.example.test")), type: .a, identifier: 9)
        #expect(try ask(Array(query.bytes.dropLast(3))).code == .formatError)
        query.operation = 5
        #expect(try ask(query.bytes).code == .notImplemented)
    }
}
