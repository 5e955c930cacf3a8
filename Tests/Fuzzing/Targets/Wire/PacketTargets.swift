import Wire

/// A frame or a packet, by every reader of headers there is, and what is made out of it: reports, pieces, other addresses.
struct PacketTarget: FuzzTarget {
    let name = "packet"
    let longestInput = 200
    let dictionary = [
        "\u{8}\0E\0", "\u{86}\u{dd}`\0", "\u{8}\u{6}\0\u{1}\u{8}\0\u{6}\u{4}\0", "\u{81}\0", ":\u{ff}", ",",
    ]

    func run(_ input: [UInt8]) {
        input.withUnsafeBytes { frame in
            if let ethernet = try? EthernetHeader(parsing: frame) {
                read(UnsafeRawBufferPointer(rebasing: frame[ethernet.length...]))
                _ = TCPSegmentation.segments(of: frame, mtu: 100)
            }
            read(frame)
        }
    }

    private func read(_ bytes: UnsafeRawBufferPointer) {
        _ = try? ARPPacket(parsing: bytes)
        _ = try? NeighborDiscovery(parsing: bytes)
        if let quoted = try? QuotedPacket(parsing: bytes) {
            precondition(quoted.source.family == quoted.destination.family, "one packet, one family")
        }
        for isTruncated in [false, true] {
            guard let header = try? IPHeader(parsing: bytes, truncationAllowed: isTruncated) else { continue }
            precondition(header.payload.upperBound <= bytes.count, "the payload lies in the packet")
            let payload = UnsafeRawBufferPointer(rebasing: bytes[header.payload])
            if let tcp = try? TCPHeader(parsing: payload) {
                precondition(tcp.payload.upperBound <= payload.count, "the payload lies in the segment")
            }
            if let udp = try? UDPHeader(parsing: payload, truncationAllowed: isTruncated) {
                precondition(udp.payload.upperBound <= payload.count, "the payload lies in the datagram")
            }
            _ = UDPHeader.checksumHolds(in: payload, from: header.source, to: header.destination)
            _ = ICMPHeader.checksumHolds(in: payload, from: header.source, to: header.destination)
            if !isTruncated { reports(about: bytes, header) }
        }
        rewrite(Array(bytes))
    }

    private func reports(about packet: UnsafeRawBufferPointer, _ header: IPHeader) {
        let router: IPAddress =
            header.family == .v4 ? .v4(IPv4Address(rawValue: 0xC612_0101)) : .v6(IPv6Address(high: 1 << 61, low: 1))
        for error in [ICMPError.timeExceeded, .portUnreachable, .packetTooBig(mtu: 1280)] {
            let labels = [MPLSLabel(label: 7, isBottom: true, timeToLive: 1)]
            guard let report = error.packet(about: packet, from: router, extensions: [.labels(labels)]) else {
                continue
            }
            report.withUnsafeBytes { bytes in
                guard let read = try? IPHeader(parsing: bytes) else { preconditionFailure("a report can be read") }
                let message = UnsafeRawBufferPointer(rebasing: bytes[read.payload])
                precondition(
                    ICMPHeader.checksumHolds(in: message, from: read.source, to: read.destination),
                    "a report has its checksum")
                if error == .timeExceeded {
                    let objects = ICMPExtension.objects(in: message, read.family)
                    precondition(objects == [.labels(labels)], "what was added to a report is found again")
                }
                precondition(error.packet(about: bytes, from: router) == nil, "no report about a report")
            }
        }
    }

    private func rewrite(_ bytes: [UInt8]) {
        guard let header = try? bytes.withUnsafeBytes({ bytes throws(PacketError) in try IPHeader(parsing: bytes) }),
            let port = PortField(bytes, header)
        else { return }
        var packet = bytes
        _ = port.source(packet) &+ port.destination(packet)
        let own: IPAddress =
            header.family == .v4 ? .v4(IPv4Address(rawValue: 0xC000_0201)) : .v6(IPv6Address(high: 1 << 61, low: 1))
        PacketRewriting.setSource(own, 4711, port, in: &packet)
        PacketRewriting.setDestination(own, 80, port, in: &packet)
        precondition(packet.count == bytes.count, "a packet keeps its length")
        if header.family == .v4 { IPv4Header.setTimeToLive(9, in: &packet) }
    }
}

/// An ICMP message, in both versions: as it is, and with the checksums mended that no mutation hits.
struct ICMPTarget: FuzzTarget {
    let name = "icmp"
    let longestInput = 260
    let dictionary = [
        "\u{b}\0\0\0\0 \0\0", "\u{3}\u{3}\0\0\0 \0\0", "\u{3}\0\0\0\u{10}\0\0\0", " \0\0\0", "\0\u{8}\u{1}\u{1}",
        "\0\u{10}\u{2}\u{f}", "\0\u{1}\0\0", "\0\u{2}\0\0", "E\0\0\u{54}",
    ]

    func run(_ input: [UInt8]) {
        for family in [IPFamily.v4, .v6] {
            read(input, family)
            if let mended = Self.mended(input, family) { read(mended, family) }
        }
    }

    private func read(_ message: [UInt8], _ family: IPFamily) {
        message.withUnsafeBytes { bytes in
            guard let header = try? ICMPHeader(parsing: bytes) else { return }
            _ = ICMPKind(family: family, type: header.type, code: header.code)
            _ = try? QuotedPacket(parsing: UnsafeRawBufferPointer(rebasing: bytes[ICMPHeader.length...]))
            let objects = ICMPExtension.objects(in: bytes, family)
            guard !objects.isEmpty else { return }
            let quote = [header.type, 0, 0, 0, family == .v4 ? 0 : 16, family == .v4 ? 32 : 0, 0, 0]
            let again = quote + [UInt8](repeating: 0, count: 128) + ICMPExtension.structure(objects)
            let found = again.withUnsafeBytes { ICMPExtension.objects(in: $0, family) }
            precondition(found.count == objects.count, "objects that are written are found again")
        }
    }

    /// With the checksum of the extension structure that the length field, or its absence, points to.
    static func mended(_ input: [UInt8], _ family: IPFamily) -> [UInt8]? {
        guard input.count >= 8 else { return nil }
        let length = family == .v4 ? Int(input[5]) * 4 : Int(input[4]) * 8
        let start = 8 + (length == 0 ? 128 : length)
        guard input.count >= start + 4 else { return nil }
        var bytes = input
        bytes[start] = 0x20 | bytes[start] & 0x0F
        (bytes[start + 2], bytes[start + 3]) = (0, 0)
        let sum = InternetChecksum.of(Array(bytes[start...]))
        (bytes[start + 2], bytes[start + 3]) = (UInt8(sum >> 8), UInt8(sum & 0xFF))
        return bytes
    }
}
