/// Finishing the checksums that a sender left to its network card.
package enum TransportChecksum {
    /// Writes the right checksum into the TCP segment or UDP datagram of an Ethernet frame; leaves every other frame alone.
    package static func finish(in frame: UnsafeMutableRawBufferPointer) {
        let bytes = UnsafeRawBufferPointer(frame)
        guard let ethernet = try? EthernetHeader(parsing: bytes), ethernet.type == .ipv4 || ethernet.type == .ipv6,
            let header = try? IPHeader(parsing: bytes.part(ethernet.length..<bytes.count)), !header.isFragment
        else { return }
        let field: Int
        switch header.proto {
        case .tcp: field = 16
        case .udp: field = 6
        default: return
        }
        let start = ethernet.length + header.payload.lowerBound
        let end = ethernet.length + header.payload.upperBound
        guard end - start >= field + 2 else { return }
        frame.storeBytes(of: 0, toByteOffset: start + field, as: UInt16.self)
        var checksum = InternetChecksum()
        checksum.addPseudoHeader(
            source: header.source, destination: header.destination, protocol: header.proto, length: end - start)
        checksum.add(bytes.part(start..<end))
        let value = header.proto == .udp && checksum.value == 0 ? 0xFFFF : checksum.value
        frame.storeBytes(of: value.bigEndian, toByteOffset: start + field, as: UInt16.self)
    }
}
