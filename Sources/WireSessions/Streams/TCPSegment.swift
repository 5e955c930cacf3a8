import Wire

/// One end of a TCP connection.
struct TCPEndpoint: Hashable, Comparable {
    var address: NetworkPacket.Address
    var port: UInt16
    var isIPv6: Bool

    static func < (left: TCPEndpoint, right: TCPEndpoint) -> Bool {
        if left.port != right.port { return left.port < right.port }
        if left.address.low != right.address.low { return left.address.low < right.address.low }
        return left.address.high < right.address.high
    }

    var addressText: String { address.text(isIPv6: isIPv6) }
}

/// A TCP segment in place (RFC 9293, section 3.1).
struct TCPSegment {
    enum Flag: UInt8 {
        case fin = 1
        case syn = 2
        case rst = 4
        case psh = 8
        case ack = 16
    }

    let source: TCPEndpoint
    let destination: TCPEndpoint
    let sequence: UInt32
    let acknowledgment: UInt32
    let flags: UInt16
    let window: UInt16
    let headerLength: Int
    private let header: UnsafeRawBufferPointer
    /// What the capture kept of it.
    let payload: UnsafeRawBufferPointer
    /// Bytes of payload on the wire.
    let length: Int

    init?(_ packet: NetworkPacket) {
        let bytes = packet.payload
        guard bytes.count >= 20, let from = bytes.u16(0), let to = bytes.u16(2), let sequence = bytes.u32(4),
            let acknowledgment = bytes.u32(8), let flags = bytes.u16(12), let window = bytes.u16(14)
        else { return nil }
        headerLength = Int(flags >> 12) * 4
        guard headerLength >= 20 else { return nil }
        source = TCPEndpoint(address: packet.source, port: from, isIPv6: packet.isIPv6)
        destination = TCPEndpoint(address: packet.destination, port: to, isIPv6: packet.isIPv6)
        self.sequence = sequence
        self.acknowledgment = acknowledgment
        self.flags = flags & 0x0FFF
        self.window = window
        header = bytes.upTo(headerLength)
        payload = bytes.from(headerLength)
        length = max(0, packet.length - headerLength)
    }

    var bytes: [UInt8] { Array(header) + Array(payload) }

    @inline(__always)
    func has(_ flag: Flag) -> Bool { flags.has(flag) }

    /// The shift of the window scale option, which only a SYN carries (RFC 7323).
    var windowScale: UInt8? {
        var offset = 20
        while offset < header.count {
            switch header[offset] {
            case 0: return nil
            case 1: offset += 1
            case 3 where offset + 2 < header.count: return min(header[offset + 2], 14)
            default:
                guard offset + 1 < header.count, header[offset + 1] >= 2 else { return nil }
                offset += Int(header[offset + 1])
            }
        }
        return nil
    }
}

extension UInt16 {
    /// Of the flags of a TCP header.
    @inline(__always)
    func has(_ flag: TCPSegment.Flag) -> Bool { self & UInt16(flag.rawValue) != 0 }
}
