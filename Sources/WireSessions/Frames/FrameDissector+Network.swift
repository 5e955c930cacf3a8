import SupportQuestions
import Wire

extension FrameDissector {
    // MARK: Network layer

    /// An IPv4 or IPv6 packet, by the version in its first half byte.
    func internet(_ bytes: UnsafeRawBufferPointer) {
        guard let first = bytes.first else { return }
        switch first >> 4 {
        case 4: ipv4(bytes, isQuoted: false)
        case 6: ipv6(bytes, isQuoted: false)
        default: break
        }
    }

    private func ipv4(_ bytes: UnsafeRawBufferPointer, isQuoted: Bool) {
        guard bytes.count >= 20, let length = bytes.u16(2), let source = bytes.u32(12), let destination = bytes.u32(16)
        else { return }
        let headerLength = Int(bytes[0] & 0x0F) * 4
        guard headerLength >= 20, bytes.count >= headerLength else { return }
        if wantsNetworkFields { addIPv4Fields(bytes, length, source, destination) }
        if frame.wantsSummary, !isQuoted {
            frame.source = IPv4Address(rawValue: source).description
            frame.destination = IPv4Address(rawValue: destination).description
            frame.protocolName = "IPv4"
        }
        // The length is 0 where the network card was to cut the segment later.
        let total = length == 0 ? bytes.count : max(headerLength, Int(length))
        let fragment = bytes.u16(6) ?? 0
        guard fragment & 0x1FFF == 0 else { return }
        let packet = NetworkPacket(
            source: .init(high: 0, low: UInt64(source)), destination: .init(high: 0, low: UInt64(destination)),
            isIPv6: false, hopLimit: bytes[8], payload: bytes.upTo(total).from(headerLength),
            length: total - headerLength, isFragment: fragment & 0x2000 != 0, isQuoted: isQuoted)
        transport(bytes[9], packet)
    }

    private func addIPv4Fields(
        _ bytes: UnsafeRawBufferPointer, _ length: UInt16, _ source: UInt32, _ destination: UInt32
    ) {
        frame.enter(.ip, "ip")
        frame.add(.ipBytes, .bytes(Array(bytes.upTo(length == 0 ? bytes.count : Int(length)))))
        frame.add(.ipVersion, .unsigned(4))
        frame.add(.ipLen, .unsigned(UInt64(length)))
        frame.add(.ipId, .unsigned(UInt64(bytes.u16(4) ?? 0)))
        frame.add(.ipTtl, .unsigned(UInt64(bytes[8])))
        frame.add(.ipProto, .unsigned(UInt64(bytes[9])))
        frame.add(.ipSrc, .ipv4(source))
        frame.add(.ipDst, .ipv4(destination))
        frame.add(.ipAddr, .ipv4(source))
        frame.add(.ipAddr, .ipv4(destination))
    }

    private func ipv6(_ bytes: UnsafeRawBufferPointer, isQuoted: Bool) {
        guard bytes.count >= 40, let length = bytes.u16(4), let sourceHigh = bytes.u64(8),
            let sourceLow = bytes.u64(16),
            let targetHigh = bytes.u64(24), let targetLow = bytes.u64(32)
        else { return }
        if wantsNetworkFields {
            frame.enter(.ipv6, "ipv6")
            frame.add(.ipv6Bytes, .bytes(Array(bytes.upTo(length == 0 ? bytes.count : 40 + Int(length)))))
            frame.add(.ipv6Plen, .unsigned(UInt64(length)))
            frame.add(.ipv6Nxt, .unsigned(UInt64(bytes[6])))
            frame.add(.ipv6Hlim, .unsigned(UInt64(bytes[7])))
            frame.add(.ipv6Src, .ipv6(sourceHigh, sourceLow))
            frame.add(.ipv6Dst, .ipv6(targetHigh, targetLow))
            frame.add(.ipv6Addr, .ipv6(sourceHigh, sourceLow))
            frame.add(.ipv6Addr, .ipv6(targetHigh, targetLow))
        }
        if frame.wantsSummary, !isQuoted {
            frame.source = IPv6Address(high: sourceHigh, low: sourceLow).description
            frame.destination = IPv6Address(high: targetHigh, low: targetLow).description
            frame.protocolName = "IPv6"
        }
        var total = length == 0 ? bytes.count - 40 : Int(length)
        var payload = bytes.from(40).upTo(total)
        var next = bytes[6]
        var isFragment = false
        // Extension headers (RFC 8200, section 4): each begins with the next one's number and, mostly, its own length.
        while [0, 43, 44, 60].contains(next), payload.count >= 8 {
            if next == 44 {
                let place = payload.u16(2) ?? 0
                guard place & 0xFFF8 == 0 else { return }
                isFragment = isFragment || place & 1 != 0
            }
            let size = next == 44 ? 8 : (Int(payload[1]) + 1) * 8
            next = payload[0]
            payload = payload.from(size)
            total -= size
        }
        let packet = NetworkPacket(
            source: .init(high: sourceHigh, low: sourceLow), destination: .init(high: targetHigh, low: targetLow),
            isIPv6: true, hopLimit: bytes[7], payload: payload, length: max(total, payload.count),
            isFragment: isFragment, isQuoted: isQuoted)
        transport(next, packet)
    }

    // MARK: Transport layer

    private func transport(_ number: UInt8, _ packet: NetworkPacket) {
        switch number {
        case 1 where !packet.isIPv6: icmp(packet)
        case 58 where packet.isIPv6: icmpv6(packet)
        case 6:
            if packet.isQuoted { quotedPorts(packet) } else if !packet.isFragment { tcp.segment(packet) }
        case 17: udp(packet)
        default: break
        }
    }

    private func icmp(_ packet: NetworkPacket) {
        let bytes = packet.payload
        guard bytes.count >= 8 else { return }
        frame.enter(.icmp, "icmp")
        frame.add(.icmpBytes, .bytes(Array(bytes)))
        frame.add(.icmpType, .unsigned(UInt64(bytes[0])))
        frame.add(.icmpCode, .unsigned(UInt64(bytes[1])))
        switch bytes[0] {
        case 0, 8:
            frame.add(.icmpIdent, .unsigned(UInt64(bytes.u16(4) ?? 0)))
            frame.add(.icmpSeq, .unsigned(UInt64(bytes.u16(6) ?? 0)))
            if bytes.count > 8 { frame.name("data") }
        case 3, 4, 5, 11, 12:
            if bytes.count > 8, !packet.isQuoted { ipv4(bytes.from(8), isQuoted: true) }
        default: break
        }
        if !packet.isQuoted { describeICMP("ICMP", ICMPText.v4(type: bytes[0], code: bytes[1]), bytes, packet, 0, 8) }
    }

    private func icmpv6(_ packet: NetworkPacket) {
        let bytes = packet.payload
        guard bytes.count >= 8 else { return }
        frame.enter(.icmpv6, "icmpv6")
        frame.add(.icmpv6Bytes, .bytes(Array(bytes)))
        frame.add(.icmpv6Type, .unsigned(UInt64(bytes[0])))
        frame.add(.icmpv6Code, .unsigned(UInt64(bytes[1])))
        switch bytes[0] {
        case 128, 129:
            frame.add(.icmpv6EchoIdentifier, .unsigned(UInt64(bytes.u16(4) ?? 0)))
            frame.add(.icmpv6EchoSequenceNumber, .unsigned(UInt64(bytes.u16(6) ?? 0)))
            if bytes.count > 8 { frame.name("data") }
        case 1...4:
            if bytes.count > 8, !packet.isQuoted { ipv6(bytes.from(8), isQuoted: true) }
        default: break
        }
        if !packet.isQuoted {
            describeICMP("ICMPv6", ICMPText.v6(type: bytes[0], code: bytes[1]), bytes, packet, 129, 128)
        }
    }

    private func describeICMP(
        _ name: String, _ text: String, _ bytes: UnsafeRawBufferPointer, _ packet: NetworkPacket, _ reply: UInt8,
        _ request: UInt8
    ) {
        let isEcho = bytes[0] == reply || bytes[0] == request
        frame.describe(
            name,
            isEcho
                ? "\(text) id=0x\(String(bytes.u16(4) ?? 0, radix: 16)), seq=\(bytes.u16(6) ?? 0), "
                    + (packet.isIPv6 ? "hop limit" : "ttl") + "=\(packet.hopLimit)"
                : text)
    }

    /// Of a segment that an ICMP error quotes, only the ports are sure to be there.
    private func quotedPorts(_ packet: NetworkPacket) {
        guard let from = packet.payload.u16(0), let to = packet.payload.u16(2) else { return }
        frame.enter(.tcp, "tcp")
        frame.add(.tcpBytes, .bytes(Array(packet.payload)))
        frame.add(.tcpSrcport, .unsigned(UInt64(from)))
        frame.add(.tcpDstport, .unsigned(UInt64(to)))
        frame.add(.tcpPort, .unsigned(UInt64(from)))
        frame.add(.tcpPort, .unsigned(UInt64(to)))
    }

    private func udp(_ packet: NetworkPacket) {
        let bytes = packet.payload
        guard bytes.count >= 8, let from = bytes.u16(0), let to = bytes.u16(2), let length = bytes.u16(4) else {
            return
        }
        frame.enter(.udp, "udp")
        frame.add(.udpBytes, .bytes(Array(bytes)))
        frame.add(.udpSrcport, .unsigned(UInt64(from)))
        frame.add(.udpDstport, .unsigned(UInt64(to)))
        frame.add(.udpPort, .unsigned(UInt64(from)))
        frame.add(.udpPort, .unsigned(UInt64(to)))
        frame.add(.udpLength, .unsigned(UInt64(length)))
        if !packet.isQuoted { frame.describe("UDP", "\(from) → \(to) Len=\(max(0, Int(length) - 8))") }
        if !packet.isFragment, from == 53 || to == 53 || from == 5353 || to == 5353 {
            dns(bytes.from(8), isQuoted: packet.isQuoted)
        } else if bytes.count > 8, packet.isFragment || packet.isQuoted || !isQUIC(packet, from, to) {
            frame.name("data")
        }
    }

    private func isQUIC(_ packet: NetworkPacket, _ from: UInt16, _ to: UInt16) -> Bool {
        quic.datagram(
            packet.payload.from(8),
            from: TCPEndpoint(address: packet.source, port: from, isIPv6: packet.isIPv6),
            to: TCPEndpoint(address: packet.destination, port: to, isIPv6: packet.isIPv6))
    }
}

/// An IP packet as the transport layer needs it; the payload is lent.
struct NetworkPacket {
    struct Address: Hashable {
        var high: UInt64
        var low: UInt64

        func text(isIPv6: Bool) -> String {
            isIPv6
                ? IPv6Address(high: high, low: low).description
                : IPv4Address(rawValue: UInt32(truncatingIfNeeded: low)).description
        }
    }

    var source: Address
    var destination: Address
    var isIPv6: Bool
    var hopLimit: UInt8
    /// What the capture kept.
    var payload: UnsafeRawBufferPointer
    /// Bytes of payload on the wire.
    var length: Int
    var isFragment: Bool
    /// Inside an ICMP error.
    var isQuoted: Bool
}

/// Names of ICMP messages for people.
enum ICMPText {
    static func v4(type: UInt8, code: UInt8) -> String {
        switch type {
        case 0: "Echo (ping) reply"
        case 8: "Echo (ping) request"
        case 11: code == 0 ? "Time-to-live exceeded (Time to live exceeded in transit)" : "Time-to-live exceeded"
        case 3:
            switch code {
            case 0: "Destination unreachable (Network unreachable)"
            case 1: "Destination unreachable (Host unreachable)"
            case 2: "Destination unreachable (Protocol unreachable)"
            case 3: "Destination unreachable (Port unreachable)"
            case 4: "Destination unreachable (Fragmentation needed)"
            case 13: "Destination unreachable (Communication administratively filtered)"
            default: "Destination unreachable"
            }
        case 5: "Redirect"
        case 12: "Parameter problem"
        default: "type \(type) code \(code)"
        }
    }

    static func v6(type: UInt8, code: UInt8) -> String {
        switch type {
        case 1:
            switch code {
            case 0: "Destination Unreachable (no route to destination)"
            case 1: "Destination Unreachable (Administratively prohibited)"
            case 3: "Destination Unreachable (Address unreachable)"
            case 4: "Destination Unreachable (Port unreachable)"
            default: "Destination Unreachable"
            }
        case 2: "Packet Too Big"
        case 3: "Time Exceeded (hop limit exceeded in transit)"
        case 4: "Parameter Problem"
        case 128: "Echo (ping) request"
        case 129: "Echo (ping) reply"
        case 133: "Router Solicitation"
        case 134: "Router Advertisement"
        case 135: "Neighbor Solicitation"
        case 136: "Neighbor Advertisement"
        default: "type \(type) code \(code)"
        }
    }
}
