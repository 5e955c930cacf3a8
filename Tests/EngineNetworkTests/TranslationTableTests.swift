@testable import EngineNetwork
import Testing
import Wire

@Suite("A router that hides hosts forgets them")
struct TranslationTableTests {
    private let second: Int64 = 1_000_000_000

    private func inside(_ last: UInt8, _ port: UInt16 = 5000, _ proto: IPProtocol = .udp) -> TranslationTable.Inside {
        TranslationTable.Inside(
            proto: proto, address: IPv4Address(rawValue: 0xC000_0200 | UInt32(last)), port: port)
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
        #expect(!table.isTaken(proto, 5000, at: late * second))
        #expect(port(other, at: late) == 5000)
        #expect(port(first, at: late) == 5001)
        #expect(table.inside(proto, port: 5000, at: late * second) == other)
        #expect(table.count == 2)
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
