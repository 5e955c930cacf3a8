/// The packet that an ICMP error quotes, as far as it was quoted: what a prober needs to know its own again.
package struct QuotedPacket: Sendable, Hashable {
    package let source: IPAddress
    package let destination: IPAddress
    package let proto: IPProtocol
    /// As the reporting router saw it; above 1 in a "time exceeded" it betrays a tunnel.
    package let timeToLive: UInt8
    package let transport: Transport

    package enum Transport: Sendable, Hashable {
        case echo(identifier: UInt16, sequence: UInt16)
        /// Of UDP or TCP.
        case ports(source: UInt16, destination: UInt16)
        /// Too little was quoted, or nothing with ports.
        case unknown
    }

    /// Reads what follows the first eight bytes of an ICMP error.
    package init(parsing bytes: UnsafeRawBufferPointer) throws(PacketError) {
        let header = try IPHeader(parsing: bytes, truncationAllowed: true)
        source = header.source
        destination = header.destination
        proto = header.proto
        timeToLive = header.timeToLive
        transport = QuotedPacket.transport(header, bytes.part(header.payload))
    }

    private static func transport(_ header: IPHeader, _ payload: UnsafeRawBufferPointer) -> Transport {
        guard header.hasTransportHeader, payload.count >= 4 else { return .unknown }
        switch header.proto {
        case .udp, .tcp: return .ports(source: payload.be16(0), destination: payload.be16(2))
        case .icmp(header.family):
            guard let echo = try? ICMPHeader(parsing: payload),
                ICMPKind(family: header.family, type: echo.type, code: echo.code) == .echoRequest
            else { return .unknown }
            return .echo(identifier: echo.identifier, sequence: echo.sequence)
        default: return .unknown
        }
    }
}
