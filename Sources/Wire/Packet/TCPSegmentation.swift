/// Cutting the large TCP frames that a sender left to its network card to cut (segmentation offload) into ones that fit a link.
package enum TCPSegmentation {
    /// The frames that carry the same bytes in packets of at most `mtu` bytes, each with right checksums; nil when the frame fits,
    /// or is no whole TCP segment in an untagged Ethernet frame.
    package static func segments(of frame: UnsafeRawBufferPointer, mtu: Int) -> [[UInt8]]? {
        guard let ethernet = try? EthernetHeader(parsing: frame), frame.count - ethernet.length > mtu,
            let header = try? IPHeader(parsing: frame.part(ethernet.length..<frame.count)), header.proto == .tcp,
            header.totalLength > mtu, !header.isFragment,
            let tcp = try? TCPHeader(parsing: frame.part(ethernet.length..<frame.count).part(header.payload))
        else { return nil }
        let segment = ethernet.length + header.payload.lowerBound
        let body = (segment + tcp.headerLength)..<(ethernet.length + header.payload.upperBound)
        let room = mtu - (body.lowerBound - ethernet.length)
        guard room > 0 else { return nil }
        return stride(from: body.lowerBound, to: body.upperBound, by: room).enumerated().map { index, start in
            let end = min(start + room, body.upperBound)
            var part = Array(frame[..<body.lowerBound]) + Array(frame[start..<end])
            let sequence = tcp.sequence &+ UInt32(truncatingIfNeeded: start - body.lowerBound)
            part.put16(UInt16(truncatingIfNeeded: sequence >> 16), at: segment + 4)
            part.put16(UInt16(truncatingIfNeeded: sequence), at: segment + 6)
            // The end of the data is in the last piece; word of a smaller congestion window is given once.
            var flags = tcp.flags
            if end < body.upperBound { flags.subtract([.fin, .psh]) }
            if index > 0 { flags.remove(.cwr) }
            part[segment + 13] = UInt8(truncatingIfNeeded: flags.rawValue)
            setLength(in: &part, header, ethernet.length, piece: index)
            part.withUnsafeMutableBytes { TransportChecksum.finish(in: $0) }
            return part
        }
    }

    private static func setLength(in frame: inout [UInt8], _ header: IPHeader, _ start: Int, piece: Int) {
        switch header {
        case .v4(let ipv4):
            frame.put16(UInt16(truncatingIfNeeded: frame.count - start), at: start + 2)
            frame.put16(ipv4.identification &+ UInt16(truncatingIfNeeded: piece), at: start + 4)
            frame.put16(0, at: start + 10)
            frame.put16(InternetChecksum.of(Array(frame[start..<(start + ipv4.headerLength)])), at: start + 10)
        case .v6:
            frame.put16(UInt16(truncatingIfNeeded: frame.count - start - 40), at: start + 4)
        }
    }
}
