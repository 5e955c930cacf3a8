import Testing
import Wire

@Suite("Segments that were left to the network card are cut")
struct TCPSegmentationTests {
    private func frame(_ family: IPFamily, size: Int) throws -> [UInt8] {
        let from = try #require(IPAddress(family == .v4 ? "192.0.2.1" : "2001:db8::1"))
        let to = try #require(IPAddress(family == .v4 ? "192.0.2.2" : "2001:db8::2"))
        let data = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        let segment = TCPHeader.segment(
            from: from, port: 1, to: to, port: 2, sequence: 0xFFFF_FF00, acknowledgment: 2, flags: [.ack, .psh, .fin],
            payload: data)
        let packet = try #require(
            IPPacket.build(from: from, to: to, proto: .tcp, identification: 0xFFFF, payload: segment))
        let header = EthernetHeader(destination: .broadcast, source: .zero, type: family == .v4 ? .ipv4 : .ipv6)
        return header.frame(carrying: packet)
    }

    @Test("the pieces fit, follow each other and carry every byte", arguments: IPFamily.allCases)
    func pieces(family: IPFamily) throws {
        let whole = try frame(family, size: 5000)
        let parts = try #require(whole.withUnsafeBytes { TCPSegmentation.segments(of: $0, mtu: 1500) })
        #expect(parts.count == 4)
        var data: [UInt8] = []
        for (index, part) in parts.enumerated() {
            #expect(part.count <= 1514)
            var finished = part
            finished.withUnsafeMutableBytes { TransportChecksum.finish(in: $0) }
            #expect(finished == part)
            try part.withUnsafeBytes { bytes in
                let packet = UnsafeRawBufferPointer(rebasing: bytes[14...])
                let header = try IPHeader(parsing: packet)
                if family == .v4 { #expect(IPv4Header.checksumHolds(in: packet)) }
                #expect(header.totalLength == packet.count)
                let segment = UnsafeRawBufferPointer(rebasing: packet[header.payload])
                let tcp = try TCPHeader(parsing: segment)
                #expect(tcp.sequence == 0xFFFF_FF00 &+ UInt32(data.count))
                #expect(tcp.flags == (index == 3 ? [.ack, .psh, .fin] : .ack))
                data += segment[tcp.payload]
            }
        }
        #expect(data == (0..<5000).map { UInt8(truncatingIfNeeded: $0 &* 7) })
    }

    @Test("what fits stays whole, and what is no TCP is left alone")
    func others() throws {
        let small = try frame(.v4, size: 1460)
        #expect(small.withUnsafeBytes { TCPSegmentation.segments(of: $0, mtu: 1500) } == nil)
        var other = try frame(.v4, size: 5000)
        other[23] = 17
        #expect(other.withUnsafeBytes { TCPSegmentation.segments(of: $0, mtu: 1500) } == nil)
        let whole = try frame(.v6, size: 3000)
        for length in 0..<whole.count {
            let cut = Array(whole.prefix(length))
            #expect(cut.withUnsafeBytes { TCPSegmentation.segments(of: $0, mtu: 1500) } == nil)
        }
    }
}
