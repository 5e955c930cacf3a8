import EngineNetwork
import Testing
import Wire

@Suite("Hostile frames do not stop the network")
struct HostileFrameTests {
    private let hardware = MACAddress(rawValue: 0x026C_6162_0001)
    private let topology = Drawings.chain(routers: 2)

    private func frames() throws -> [[UInt8]] {
        let neighbors = try #require(topology.attachment(ofHost: "laptop")).neighbors
        let router = try #require(neighbors.first).hardwareAddress
        var frames: [[UInt8]] = []
        for (family, text) in [(IPFamily.v4, "203.0.113.53"), (.v6, "2001:db8:0:2::53")] {
            let (from, to) = (SimulatedLaptop.source(family), Drawings.address(text))
            let query = DNSMessage.query(try #require(DNSName("www.example.test")), type: .a, identifier: 1).bytes
            let bodies: [(IPProtocol, [UInt8])] = [
                (
                    .icmp(family),
                    ICMPHeader.message(
                        type: family == .v4 ? 8 : 128, rest: 1, payload: [1, 2, 3], from: from, to: to)
                ),
                (.udp, UDPHeader.datagram(from: from, port: 4000, to: to, port: 53, payload: query)),
                (
                    .tcp,
                    TCPHeader.segment(
                        from: from, port: 1, to: to, port: 80, sequence: 1, acknowledgment: 0, flags: .syn)
                ),
            ]
            for (proto, body) in bodies {
                let packet = try #require(IPPacket.build(from: from, to: to, proto: proto, payload: body))
                let header = EthernetHeader(
                    destination: router, source: hardware, type: family == .v4 ? .ipv4 : .ipv6)
                frames.append(header.frame(carrying: packet))
            }
        }
        let (source, target) = (
            try #require(IPv6Address("2001:db8:0:1::10")), try #require(IPv6Address("2001:db8:0:1::1"))
        )
        let solicitation = NeighborDiscovery.neighborSolicitation(target: target, sourceLinkLayer: hardware)
        let packet = IPv6Header.packet(
            from: source, to: target.solicitedNode, proto: .icmpv6, hopLimit: 255,
            payload: solicitation.message(from: source, to: target.solicitedNode))
        frames.append(
            EthernetHeader(destination: MACAddress(group: target.solicitedNode), source: hardware, type: .ipv6)
                .frame(carrying: packet))
        let arp = ARPPacket(
            operation: .request, senderHardware: hardware, sender: IPv4Address(192, 0, 2, 10), targetHardware: .zero,
            target: IPv4Address(192, 0, 2, 1))
        frames.append(EthernetHeader(destination: .broadcast, source: hardware, type: .arp).frame(carrying: arp.bytes))
        return frames
    }

    @Test("whole frames are answered; cut at any length they are dropped")
    func truncated() throws {
        for frame in try frames() {
            var model = NetworkModel(topology, seed: 1)
            #expect(frame.withUnsafeBytes { model.frameReceived(fromHost: 0, $0, at: 0) }.count == 1)
            for length in 0..<frame.count {
                let part = Array(frame.prefix(length))
                #expect(part.withUnsafeBytes { model.frameReceived(fromHost: 0, $0, at: 0) }.isEmpty)
            }
        }
    }

    @Test("with any bytes changed they are answered or dropped, and the network goes on")
    func mutated() throws {
        let frames = try frames()
        var model = NetworkModel(topology, seed: 1)
        var generator = Seeded(state: 7)
        for round in 0..<20000 {
            var frame = frames[round % frames.count]
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                frame[Int.random(in: 0..<frame.count, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            }
            let answers = frame.withUnsafeBytes { model.frameReceived(fromHost: 0, $0, at: Int64(round)) }
            #expect(answers.count <= 2)
        }
        let last = try #require(frames.first)
        #expect(last.withUnsafeBytes { model.frameReceived(fromHost: 0, $0, at: 30000) }.count == 1)
        #expect(model.frameReceived(fromHost: 99, UnsafeRawBufferPointer(start: nil, count: 0), at: 0).isEmpty)
    }

    @Test("pieces that never become whole cost bounded memory and do not spoil those that do")
    func fragments() throws {
        let router = try #require(topology.attachment(ofHost: "laptop")?.neighbors.first?.hardwareAddress)
        var model = NetworkModel(topology, seed: 1)
        let (from, to) = (IPv4Address(192, 0, 2, 10), IPv4Address(203, 0, 113, 53))
        func send(_ packet: [UInt8], at time: Int64) -> Int {
            let frame = EthernetHeader(destination: router, source: hardware, type: .ipv4).frame(carrying: packet)
            return frame.withUnsafeBytes { model.frameReceived(fromHost: 0, $0, at: time) }.count
        }
        for identification in 0..<5000 {
            let piece = IPv4Header.packet(
                from: from, to: to, proto: .icmp, identification: UInt16(identification), moreFragments: true,
                fragmentOffset: 8 * (identification % 8000), payload: [UInt8](repeating: 1, count: 8))
            #expect(send(piece, at: Int64(identification)) == 0)
        }
        let echo = ICMPHeader.message(
            type: 8, rest: 1, payload: [UInt8](repeating: 7, count: 16), from: .v4(from), to: .v4(to))
        let pieces = [(16, 24), (0, 8), (8, 16)].map { start, end in
            IPv4Header.packet(
                from: from, to: to, proto: .icmp, identification: 9999, moreFragments: end < 24, fragmentOffset: start,
                payload: echo[start..<end])
        }
        #expect(send(pieces[0], at: 10000) == 0)
        #expect(send(pieces[1], at: 10000) == 0)
        #expect(send(pieces[2], at: 10000) == 1)
    }
}
