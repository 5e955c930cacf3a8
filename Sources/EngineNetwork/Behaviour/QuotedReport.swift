import Wire

/// A report of ICMP whose quoted packet a translating router reads and rewrites (RFC 5508 §4).
struct QuotedReport {
    let proto: IPProtocol
    /// Of the quoted packet.
    let source: TransportAddress
    let destination: TransportAddress
    private let header: IPv4Header
    private let quoted: IPv4Header
    private let port: PortField
    private let start: Int

    /// Nil for what is no report, or quotes too little.
    init?(_ packet: [UInt8], _ header: IPv4Header) {
        start = header.payload.lowerBound + ICMPHeader.length
        guard header.proto == .icmp, header.payload.count > ICMPHeader.length + 20,
            ICMPKind(family: .v4, type: packet[header.payload.lowerBound], code: packet[header.payload.lowerBound + 1])
                .isError
        else { return nil }
        let quote = Array(packet[start..<header.payload.upperBound])
        guard let quoted = quote.withUnsafeBytes({ try? IPv4Header(parsing: $0, truncationAllowed: true) }),
            let port = PortField(quote, quoted)
        else { return nil }
        (self.header, self.quoted, self.port) = (header, quoted, port)
        proto = quoted.proto
        source = TransportAddress(quoted.source, port.source(quote))
        destination = TransportAddress(quoted.destination, port.destination(quote))
    }

    func setSource(_ address: TransportAddress, in packet: inout [UInt8]) {
        change(&packet) { PacketRewriting.setSource(address.address, address.port, port, in: &$0, quoted) }
    }

    func setDestination(_ address: TransportAddress, in packet: inout [UInt8]) {
        change(&packet) { PacketRewriting.setDestination(address.address, address.port, port, in: &$0, quoted) }
    }

    private func change(_ packet: inout [UInt8], _ body: (inout [UInt8]) -> Void) {
        var quote = Array(packet[start..<header.payload.upperBound])
        body(&quote)
        packet.replaceSubrange(start..<header.payload.upperBound, with: quote)
        PacketRewriting.finishICMP(in: &packet, from: header.payload.lowerBound)
    }
}
