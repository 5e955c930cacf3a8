import LabTestSupport
import Testing
import Wire

@Suite("tshark reads our packets without complaint", .enabled(if: RealTool.exists("tshark"), "tshark is not installed"))
struct TsharkPacketTests {
    private let hardware = MACAddress(rawValue: 0x0200_0000_0001)

    private func frames() throws -> [[UInt8]] {
        let a = try #require(IPv6Address("2001:db8::1"))
        let b = try #require(IPv6Address("2001:db8::2"))
        var result: [[UInt8]] = []
        func add(_ type: EtherType, _ packet: [UInt8]?) throws {
            let header = EthernetHeader(destination: .broadcast, source: hardware, type: type)
            result.append(header.frame(carrying: try #require(packet)))
        }
        for (from, to) in [(IPAddress("192.0.2.1"), IPAddress("192.0.2.2")), (.v6(a), .v6(b))] {
            let (from, to) = (try #require(from), try #require(to))
            let type: EtherType = from.family == .v4 ? .ipv4 : .ipv6
            let query = DNSMessage.query(try #require(DNSName("www.example.test")), type: .aaaa, identifier: 99)
            let udp = UDPHeader.datagram(from: from, port: 4000, to: to, port: 53, payload: query.bytes)
            let packet = try #require(IPPacket.build(from: from, to: to, proto: .udp, payload: udp))
            try add(type, packet)
            let tcp = TCPHeader.segment(
                from: from, port: 1, to: to, port: 2, sequence: 1, acknowledgment: 2, flags: [.rst, .ack])
            try add(type, IPPacket.build(from: from, to: to, proto: .tcp, payload: tcp))
            let echo = ICMPHeader.message(
                type: from.family == .v4 ? 8 : 128, rest: 1, payload: [1, 2, 3], from: from, to: to)
            try add(type, IPPacket.build(from: from, to: to, proto: .icmp(from.family), payload: echo))
            for error in [ICMPError.timeExceeded, .hostUnreachable, .portUnreachable, .packetTooBig(mtu: 1400)] {
                try add(type, packet.withUnsafeBytes { error.packet(about: $0, from: to) })
            }
        }
        let arp = ARPPacket(
            operation: .reply, senderHardware: hardware, sender: .loopback, targetHardware: .zero, target: .any)
        try add(.arp, arp.bytes)
        for message in [
            NeighborDiscovery.neighborSolicitation(target: b, sourceLinkLayer: hardware),
            .neighborAdvertisement(target: b, router: true, solicited: true, override: true, targetLinkLayer: hardware),
            .routerSolicitation(sourceLinkLayer: hardware),
            .routerAdvertisement(lifetime: 1800, sourceLinkLayer: hardware),
        ] {
            let body = message.message(from: a, to: b)
            try add(.ipv6, IPv6Header.packet(from: a, to: b, proto: .icmpv6, hopLimit: 255, payload: body))
        }
        return result
    }

    @Test("every checksum is good and nothing is malformed")
    func agreement() async throws {
        let frames = try frames()
        var writer = PcapWriter(linkType: 1)
        for (index, frame) in frames.enumerated() { writer.frame(frame, timestamp: Int64(index)) }
        let folder = TemporaryFolder()
        let file = folder.write(writer.drain(), to: "packets.pcap")
        let tool = try #require(RealTool("tshark"))
        let checks = ["ip", "udp", "tcp"].flatMap { ["-o", "\($0).check_checksum:TRUE"] }
        let bad =
            "_ws.malformed || ip.checksum.status == 0 || udp.checksum.status == 0 || tcp.checksum.status == 0"
            + " || icmp.checksum.status == 0 || icmpv6.checksum.status == 0"
        let complaints = try await tool.run(["-r", file] + checks + ["-Y", bad, "-T", "fields", "-e", "frame.number"])
        #expect(complaints.status == 0, "\(complaints.errors)")
        #expect(complaints.output == "")
        let good =
            "arp || ip.checksum.status == 1 || udp.checksum.status == 1 || tcp.checksum.status == 1"
            + " || icmpv6.checksum.status == 1"
        let accepted = try await tool.run(["-r", file] + checks + ["-Y", good, "-T", "fields", "-e", "frame.number"])
        #expect(accepted.output.split(separator: "\n").count == frames.count)
    }
}
