import EngineNetwork
import Testing
import Wire

@Suite("Hosts find their neighbours")
struct NeighborTests {
    private let laptop = MACAddress(rawValue: 0x026C_6162_0001)

    private func deliveries(_ frame: [UInt8], from host: Int, in topology: Topology) -> [NetworkModel.Delivery] {
        var model = NetworkModel(topology, seed: 1)
        return frame.withUnsafeBytes { model.frameReceived(fromHost: host, $0, at: 0) }
    }

    private func request(for target: IPv4Address, sender: IPv4Address) -> [UInt8] {
        let arp = ARPPacket(
            operation: .request, senderHardware: laptop, sender: sender, targetHardware: .zero, target: target)
        return EthernetHeader(destination: .broadcast, source: laptop, type: .arp).frame(carrying: arp.bytes)
    }

    @Test("ARP for the gateway is answered after the way there and back")
    func gateway() throws {
        let frame = request(for: IPv4Address(192, 0, 2, 1), sender: IPv4Address(192, 0, 2, 10))
        let answers = deliveries(frame, from: 0, in: Drawings.chain(routers: 2))
        let answer = try #require(answers.first)
        #expect(answers.count == 1)
        #expect(answer.deadline == 2 * Drawings.millisecond)
        try answer.frame.withUnsafeBytes { bytes in
            let reply = try ARPPacket(parsing: UnsafeRawBufferPointer(rebasing: bytes[14...]))
            #expect(reply.operation == .reply)
            #expect(reply.sender == IPv4Address(192, 0, 2, 1))
            #expect(reply.targetHardware == laptop)
        }
    }

    @Test("ARP for an address nobody has, or a dead host, stays without answer")
    func nobody() {
        let frame = request(for: IPv4Address(192, 0, 2, 99), sender: IPv4Address(192, 0, 2, 10))
        #expect(deliveries(frame, from: 0, in: Drawings.chain(routers: 2)).isEmpty)
        var topology = Drawings.chain(routers: 1, www: .namespace)
        topology.hosts[2].condition = .silent
        let dead = request(for: IPv4Address(203, 0, 113, 53), sender: IPv4Address(203, 0, 113, 80))
        #expect(deliveries(dead, from: 1, in: topology).isEmpty)
    }

    @Test("a solicitation is answered, whether sent to the group or to the router", arguments: [true, false])
    func solicitation(toGroup: Bool) throws {
        let target = try #require(IPv6Address("2001:db8:0:1::1"))
        let source = try #require(IPv6Address("2001:db8:0:1::10"))
        let topology = Drawings.chain(routers: 2)
        let router = try #require(topology.attachment(ofHost: "laptop")?.neighbors.first?.hardwareAddress)
        let destination = toGroup ? target.solicitedNode : target
        let message = NeighborDiscovery.neighborSolicitation(target: target, sourceLinkLayer: laptop)
            .message(from: source, to: destination)
        let packet = IPv6Header.packet(
            from: source, to: destination, proto: .icmpv6, hopLimit: 255, payload: message)
        let ethernet = EthernetHeader(
            destination: toGroup ? MACAddress(group: destination) : router, source: laptop, type: .ipv6)
        let answers = deliveries(ethernet.frame(carrying: packet), from: 0, in: topology)
        let answer = try #require(answers.first)
        try answer.frame.withUnsafeBytes { bytes in
            let packet = UnsafeRawBufferPointer(rebasing: bytes[14...])
            let header = try IPv6Header(parsing: packet)
            let payload = UnsafeRawBufferPointer(rebasing: packet[header.payload])
            #expect(ICMPHeader.checksumHolds(in: payload, from: .v6(header.source), to: .v6(header.destination)))
            #expect(
                try NeighborDiscovery(parsing: payload)
                    == .neighborAdvertisement(
                        target: target, router: true, solicited: true, override: true, targetLinkLayer: router))
        }
    }

    @Test("real hosts of one subnet talk over its switch")
    func switching() throws {
        var topology = Drawings.chain(routers: 1, www: .namespace)
        topology.hosts.append(Host(name: "peer", addresses: [Drawings.interface("203.0.113.90/24")]))
        topology.links.append(Link(Link.End("lan"), Link.End("peer"), delay: 3 * Drawings.millisecond))
        let peer = try #require(topology.hardwareAddress(ofHost: "peer"))
        let frame = EthernetHeader(destination: peer, source: laptop, type: .ipv4).frame(carrying: [1, 2, 3])
        let delivered = deliveries(frame, from: 1, in: topology)
        #expect(delivered.map(\.host) == [4])
        #expect(delivered.map(\.deadline) == [4 * Drawings.millisecond])
        #expect(delivered.map(\.frame) == [frame])
        let broadcast = request(for: IPv4Address(203, 0, 113, 90), sender: IPv4Address(203, 0, 113, 80))
        #expect(deliveries(broadcast, from: 1, in: topology).map(\.host) == [4])
    }
}

/// SplitMix64, so that a failing mutation can be run again.
struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
