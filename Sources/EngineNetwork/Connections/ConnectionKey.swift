import Wire

/// A connection as its first packet names it.
struct ConnectionKey: Hashable, Sendable {
    let proto: IPProtocol
    let source: IPAddress
    let destination: IPAddress
    /// A port, or an identifier; a query of ICMP has its type at the end that answers, so that two hosts may ask each other
    /// with one identifier.
    let sourcePort: UInt32
    let destinationPort: UInt32

    /// The same as the answers name it.
    var reversed: ConnectionKey {
        ConnectionKey(
            proto: proto, source: destination, destination: source, sourcePort: destinationPort,
            destinationPort: sourcePort)
    }

    private init(
        proto: IPProtocol, source: IPAddress, destination: IPAddress, sourcePort: UInt32, destinationPort: UInt32
    ) {
        self.proto = proto
        self.source = source
        self.destination = destination
        self.sourcePort = sourcePort
        self.destinationPort = destinationPort
    }

    /// The connection that a packet, or what is quoted of one, belongs to; nil for reports of ICMP, for messages that are
    /// neither query nor answer, and for what is too short to tell.
    init?(_ header: IPHeader, _ bytes: UnsafeRawBufferPointer) {
        let payload = part(bytes, from: header.payload.lowerBound)
        var (from, to): (UInt32, UInt32) = (0, 0)
        switch header.proto {
        case .tcp, .udp:
            guard header.hasTransportHeader, payload.count >= 4 else { return nil }
            from = UInt32(payload[0]) << 8 | UInt32(payload[1])
            to = UInt32(payload[2]) << 8 | UInt32(payload[3])
        case .icmp(header.family):
            guard header.hasTransportHeader, let message = try? ICMPHeader(parsing: payload),
                let query = ICMPQuery(family: header.family, type: message.type)
            else { return nil }
            let (identifier, answering) = (UInt32(message.identifier), 0x10000 | UInt32(query.request))
            (from, to) = query.isRequest ? (identifier, answering) : (answering, identifier)
        default: break
        }
        self.init(
            proto: header.proto, source: header.source, destination: header.destination, sourcePort: from,
            destinationPort: to)
    }
}

/// Messages of ICMP that ask something, and those that answer.
struct ICMPQuery {
    /// The type that asks.
    let request: UInt8
    let isRequest: Bool

    /// Echo, and for IPv4 timestamp, information and address mask (RFC 792, RFC 950).
    init?(family: IPFamily, type: UInt8) {
        switch (family, type) {
        case (.v4, 8), (.v4, 13), (.v4, 15), (.v4, 17), (.v6, 128): (request, isRequest) = (type, true)
        case (.v4, 0): (request, isRequest) = (8, false)
        case (.v4, 14), (.v4, 16), (.v4, 18), (.v6, 129): (request, isRequest) = (type - 1, false)
        default: return nil
        }
    }
}
