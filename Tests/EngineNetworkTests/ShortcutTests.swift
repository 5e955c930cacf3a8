import EngineNetwork
import Testing
import Wire

@Suite("Shortcuts lead where the walk leads")
struct ShortcutTests {
    private func frame(_ topology: Topology, to destination: String, timeToLive: UInt8, size: Int) throws -> [UInt8] {
        let target = Drawings.address(destination)
        let source = SimulatedLaptop.source(target.family)
        let datagram = UDPHeader.datagram(
            from: source, port: 40000, to: target, port: 7, payload: [UInt8](repeating: 0xA5, count: size))
        let packet = try #require(
            IPPacket.build(
                from: source, to: target, proto: .udp, timeToLive: timeToLive, identification: 7, payload: datagram))
        let attachment = try #require(topology.attachment(ofHost: "laptop"))
        let gateway = try #require(attachment.neighbors.first { $0.address.family == target.family })
        // Ethernet pads what is short.
        return EthernetHeader(
            destination: gateway.hardwareAddress, source: attachment.hardwareAddress,
            type: target.family == .v4 ? .ipv4 : .ipv6
        ).frame(carrying: packet) + [0, 0, 0]
    }

    private func shortcut(_ model: inout NetworkModel, _ frame: [UInt8], at time: Int64 = 5) -> (
        NetworkModel.Shortcut, [UInt8]
    )? {
        var bytes = frame
        let taken = bytes.withUnsafeMutableBytes { model.shortcut(fromHost: 0, $0, at: time) }
        if taken == nil { #expect(bytes == frame, "a frame that is not taken stays as it was") }
        return taken.map { ($0, Array(bytes.prefix($0.length))) }
    }

    @Test("to the same host, at the same time, with the same bytes", arguments: ["203.0.113.80", "2001:db8:0:2::80"])
    func equal(destination: String) throws {
        let topology = Drawings.chain(routers: 8, www: .namespace)
        for ttl in [9, 10, 64, 255] as [UInt8] {
            for size in [0, 1, 7, 1000, 1400] {
                let frame = try frame(topology, to: destination, timeToLive: ttl, size: size)
                var fast = NetworkModel(topology, seed: 1)
                var walked = NetworkModel(topology, seed: 1)
                let (taken, bytes) = try #require(shortcut(&fast, frame))
                let deliveries = frame.withUnsafeBytes { walked.frameReceived(fromHost: 0, $0, at: 5) }
                #expect(deliveries.map(\.host) == [taken.host])
                #expect(deliveries.map(\.deadline) == [taken.deadline])
                #expect(deliveries.map(\.frame) == [bytes])
            }
        }
    }

    @Test("none where a router has something to say or to do")
    func none() throws {
        func isTaken(
            _ change: (inout Topology) -> Void = { _ in }, ttl: UInt8 = 64, size: Int = 10, to: String = "203.0.113.80"
        )
            throws -> Bool
        {
            var topology = Drawings.chain(routers: 3, www: .namespace)
            change(&topology)
            var model = NetworkModel(topology, seed: 1)
            return shortcut(&model, try frame(topology, to: to, timeToLive: ttl, size: size)) != nil
        }
        #expect(try isTaken())
        #expect(try !isTaken(ttl: 3))
        #expect(try !isTaken({ $0.links[2].mtu = 1000 }, size: 1200))
        #expect(try !isTaken({ $0.links[2].conditions = LinkConditions(loss: .random(0.1)) }))
        #expect(try !isTaken({ $0.links[2].conditions = LinkConditions(rate: .init(bitsPerSecond: 1_000_000)) }))
        #expect(try !isTaken({ $0.routers[1].filters = [FilterRule(.drop, .udp)] }))
        #expect(try !isTaken({ $0.tunnels = [Tunnel(path: ["r1", "r2", "r3"], labels: [16])] }))
        #expect(try !isTaken({ $0.changes = [TimedChange(at: 3 * Drawings.millisecond, .link("r2-r3", isUp: false))] }))
        #expect(try !isTaken({ $0.hosts[1].condition = .silent }))
        #expect(try !isTaken(to: "203.0.113.53"))
        #expect(try !isTaken(to: "198.18.1.2"))
        #expect(try !isTaken(to: "203.0.113.99"))
    }

    @Test("after a change the old way is forgotten")
    func changes() throws {
        let topology = Drawings.chain(routers: 3, www: .namespace)
        var model = NetworkModel(topology, seed: 1)
        let frame = try frame(topology, to: "203.0.113.80", timeToLive: 64, size: 10)
        #expect(shortcut(&model, frame) != nil)
        model.apply(.link("r2-r3", isUp: false))
        #expect(shortcut(&model, frame) == nil)
        model.apply(.link("r2-r3", isUp: true))
        #expect(shortcut(&model, frame) != nil)
    }

    @Test("no prefix of a frame, and no flipped byte, leads to a trap")
    func hostile() throws {
        let topology = Drawings.chain(routers: 3, www: .namespace)
        var model = NetworkModel(topology, seed: 1)
        for destination in ["203.0.113.80", "2001:db8:0:2::80"] {
            let frame = try frame(topology, to: destination, timeToLive: 64, size: 10)
            for count in 0..<frame.count { _ = shortcut(&model, Array(frame.prefix(count))) }
            for offset in frame.indices {
                for bit in 0..<8 {
                    var wrong = frame
                    wrong[offset] ^= 1 << UInt8(bit)
                    _ = shortcut(&model, wrong)
                }
            }
        }
    }
}
