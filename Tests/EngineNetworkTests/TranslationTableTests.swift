@testable import EngineNetwork
import Testing
import Wire

@Suite("A router that hides hosts forgets them")
struct TranslationTableTests {
    private let second: Int64 = 1_000_000_000

    private func inside(_ last: UInt8, _ port: UInt16 = 5000, _ proto: IPProtocol = .udp) -> TranslationTable.Inside {
        TranslationTable.Inside(
            proto: proto, address: .v4(IPv4Address(rawValue: 0xC000_0200 | UInt32(last))), port: port)
    }

    @Test(
        "a port is kept from the last packet of either direction on, and is another's then",
        arguments: [(IPProtocol.udp, 120), (.icmp, 60), (.tcp, 7440)] as [(IPProtocol, Int64)])
    func ageing(proto: IPProtocol, seconds: Int64) {
        var table = TranslationTable()
        let (first, other) = (inside(10, 5000, proto), inside(11, 5000, proto))
        func port(_ inside: TranslationTable.Inside, at time: Int64) -> UInt16 {
            table.port(for: inside, at: time * second) { _ in false }
        }
        #expect(port(first, at: 0) == 5000)
        #expect(port(other, at: 1) == 5001)
        // An answer keeps it, as a packet from inside does.
        #expect(table.inside(proto, port: 5000, at: (seconds - 1) * second) == first)
        #expect(table.inside(proto, port: 5001, at: (seconds + 1) * second) == nil)
        #expect(port(first, at: 2 * seconds - 2) == 5000)
        let late = 3 * seconds
        #expect(table.outside(of: first, at: late * second) == nil)
        #expect(!table.isTaken(proto, .v4, 5000, at: late * second))
        #expect(port(other, at: late) == 5000)
        #expect(port(first, at: late) == 5001)
        #expect(table.inside(proto, port: 5000, at: late * second) == other)
        #expect(table.count == 2)
    }

    struct Step: Sendable {
        var at: Int64
        var flags: TCPHeader.Flags
        var isAnswer = false
        /// The last number of the other end's address.
        var remote: UInt8 = 80
    }

    private static let opening = [
        Step(at: 0, flags: .syn), Step(at: 0, flags: [.syn, .ack], isAnswer: true), Step(at: 0, flags: .ack),
    ]

    @Test(
        "a port of TCP is kept for as long as its longest connection needs it",
        arguments: [
            ("a SYN that nobody answers", [Step(at: 0, flags: .syn)], 240),
            ("one that was answered, but not acknowledged", Array(opening.prefix(2)), 240),
            ("an open connection", opening, 7440),
            ("one that began before its port was forgotten", [Step(at: 0, flags: .ack)], 7440),
            ("one that one end has closed", opening + [Step(at: 5, flags: [.fin, .ack])], 7445),
            (
                "one that one end has closed twice",
                opening + [Step(at: 5, flags: [.fin, .ack]), Step(at: 6, flags: [.fin, .ack])], 7446
            ),
            (
                "one that both have closed",
                opening + [Step(at: 5, flags: [.fin, .ack]), Step(at: 6, flags: [.fin, .ack], isAnswer: true)], 246
            ),
            (
                "its last acknowledgment",
                opening + [
                    Step(at: 5, flags: [.fin, .ack]), Step(at: 6, flags: [.fin, .ack], isAnswer: true),
                    Step(at: 7, flags: .ack),
                ], 247
            ),
            ("a reset from inside", opening + [Step(at: 5, flags: .rst)], 15),
            ("a reset from outside", opening + [Step(at: 5, flags: [.rst, .ack], isAnswer: true)], 15),
            ("a refusal", [Step(at: 0, flags: .syn), Step(at: 1, flags: [.rst, .ack], isAnswer: true)], 11),
            ("a stranger's reset", opening + [Step(at: 5, flags: .rst, isAnswer: true, remote: 99)], 7440),
            ("a stranger's segment", opening + [Step(at: 5, flags: .ack, isAnswer: true, remote: 99)], 7440),
            (
                "another connection of the same port",
                opening + [
                    Step(at: 3, flags: .syn, remote: 81), Step(at: 5, flags: .rst),
                ], 243
            ),
            (
                "the same connection once more",
                opening + [Step(at: 5, flags: .rst), Step(at: 6, flags: .syn)], 246
            ),
        ] as [(String, [Step], Int64)])
    func connections(story: String, steps: [Step], end: Int64) {
        var table = TranslationTable()
        let own = inside(10, 5000, .tcp)
        for step in steps {
            let segment = HiddenConnections.Segment(
                remote: TransportAddress(IPv4Address(rawValue: 0xCB00_7100 | UInt32(step.remote)), 80),
                flags: step.flags)
            if step.isAnswer {
                #expect(table.inside(.tcp, port: 5000, at: step.at * second, segment: segment) == own)
            } else {
                #expect(table.port(for: own, at: step.at * second, segment: segment) { _ in false } == 5000)
            }
        }
        #expect(table.owner(.tcp, port: 5000, at: end * second - 1) == own, "\(story)")
        #expect(table.owner(.tcp, port: 5000, at: end * second) == nil, "\(story)")
    }

    @Test("a port that is used for more connections than are told apart is kept for the longest of them")
    func manyConnections() {
        var table = TranslationTable()
        let own = inside(10, 5000, .tcp)
        func send(_ number: Int, _ flags: TCPHeader.Flags, at time: Int64) {
            let remote = TransportAddress(IPv4Address(rawValue: 0xCB00_7100), UInt16(1024 + number))
            let segment = HiddenConnections.Segment(remote: remote, flags: flags)
            _ = table.port(for: own, at: time * second, segment: segment) { _ in false }
        }
        send(0, .ack, at: 0)
        for number in 1...(3 * HiddenConnections.limit) { send(number, .syn, at: 100) }
        #expect(table.owner(.tcp, port: 5000, at: 7439 * second) == own)
        #expect(table.owner(.tcp, port: 5000, at: 7440 * second) == nil)
    }

    @Test("a connection that both ends have closed leaves its port to others after four minutes")
    func closed() throws {
        let prefix = try #require(IPPrefix("192.0.2.0/24"))
        let outside = try #require(IPv4Address("198.51.100.2"))
        var topology = Drawings.chain(routers: 3, www: .namespace)
        topology.routers[1].addresses = [.v4(outside)]
        topology.routers[1].translation = AddressTranslation(inside: [prefix], outside: outside)
        var ends = Ends(topology)
        func send(_ flags: TCPHeader.Flags) throws -> [String] {
            try ends.send(Ends.tcp("192.0.2.10", 5000, "203.0.113.80", 80, flags), from: "laptop").map(\.host)
        }
        func answer(_ flags: TCPHeader.Flags) throws -> [String] {
            try ends.send(Ends.tcp("203.0.113.80", 80, "198.51.100.2", 5000, flags), from: "www").map(\.host)
        }
        #expect(try send(.syn) == ["www"])
        #expect(try answer([.syn, .ack]) == ["laptop"])
        #expect(try send(.ack) == ["www"])
        try ends.wait(3_600_000)
        #expect(try answer(.ack) == ["laptop"])
        #expect(try answer([.fin, .ack]) == ["laptop"])
        #expect(try send([.fin, .ack]) == ["www"])
        try ends.wait(230_000)
        #expect(try answer(.ack) == ["laptop"])
        try ends.wait(241_000)
        // For the router itself, which has no such connection.
        #expect(try answer(.ack) == ["www"])
    }

    @Test("without room those go that are forgotten, then the eighth that was silent longest")
    func room() {
        var table = TranslationTable(limit: 16)
        for host in 0..<UInt8(16) { _ = table.port(for: inside(host), at: 0) { _ in false } }
        _ = table.port(for: inside(0), at: second) { _ in false }
        _ = table.port(for: inside(100), at: second) { _ in false }
        #expect(table.count == 15)
        #expect(table.outside(of: inside(0), at: second) == 5000)
        #expect(table.outside(of: inside(1), at: second) == nil)
        #expect(table.outside(of: inside(2), at: second) == nil)
        #expect(table.outside(of: inside(3), at: second) == 5003)
        // What went is nobody's, and nobody is seen under two ports.
        #expect(table.inside(.udp, port: 5002, at: second) == nil)
    }

    @Test("without room those go first that are forgotten")
    func expired() {
        var table = TranslationTable(limit: 16)
        for host in 0..<UInt8(16) {
            let time: Int64 = host < 8 ? 0 : 100
            _ = table.port(for: inside(host, 5000 + UInt16(host)), at: time * second) { _ in false }
        }
        _ = table.port(for: inside(100, 7000), at: 130 * second) { _ in false }
        #expect(table.count == 9)
        for host in 8..<UInt8(16) {
            let port = 5000 + UInt16(host)
            #expect(table.outside(of: inside(host, port), at: 130 * second) == port)
        }
    }

    @Test("a hidden host that was silent is no longer found, until it speaks again")
    func silence() throws {
        let prefix = try #require(IPPrefix("192.0.2.0/24"))
        let outside = try #require(IPv4Address("198.51.100.2"))
        var topology = Drawings.chain(routers: 3, www: .namespace)
        topology.routers[1].addresses = [.v4(outside)]
        topology.routers[1].translation = AddressTranslation(inside: [prefix], outside: outside)
        var ends = Ends(topology)
        let answer = Ends.udp("203.0.113.80", 9000, "198.51.100.2", 5000)
        let request = Ends.udp("192.0.2.10", 5000, "203.0.113.80", 9000)
        #expect(try ends.send(request, from: "laptop").map(\.ports) == [[5000, 9000]])
        try ends.wait(100_000)
        #expect(try ends.send(answer, from: "www").map(\.host) == ["laptop"])
        try ends.wait(100_000)
        #expect(try ends.send(answer, from: "www").map(\.host) == ["laptop"])
        try ends.wait(121_000)
        #expect(try ends.send(answer, from: "www").allSatisfy { $0.host != "laptop" })
        #expect(try ends.send(request, from: "laptop").map(\.host) == ["www"])
        #expect(try ends.send(answer, from: "www").map(\.host) == ["laptop"])
    }
}
