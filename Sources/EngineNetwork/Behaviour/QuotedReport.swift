import Wire

/// A report of ICMP whose quoted packet a translating router reads and rewrites (RFC 5508 §4).
struct QuotedReport {
    let proto: IPProtocol
    /// Of the quoted packet.
    let source: TransportAddress
    let destination: TransportAddress
    private let header: IPHeader
    private let port: PortField
    private let start: Int

    /// Nil for what is no report, or quotes too little.
    init?(_ packet: [UInt8], _ header: IPHeader) {
        start = header.payload.lowerBound + ICMPHeader.length
        guard header.proto == .icmp(header.family), header.hasTransportHeader,
            header.payload.count > ICMPHeader.length + 20,
            ICMPKind(
                family: header.family, type: packet[header.payload.lowerBound],
                code: packet[header.payload.lowerBound + 1]
            )
            .isError
        else { return nil }
        let quote = Array(packet[start..<header.payload.upperBound])
        guard let quoted = quote.withUnsafeBytes({ try? IPHeader(parsing: $0, truncationAllowed: true) }),
            quoted.family == header.family,
            let port = PortField(quote, quoted)
        else { return nil }
        (self.header, self.port) = (header, port)
        proto = quoted.proto
        source = TransportAddress(quoted.source, port.source(quote))
        destination = TransportAddress(quoted.destination, port.destination(quote))
    }

    func setSource(_ address: TransportAddress, in packet: inout [UInt8]) {
        change(&packet) { PacketRewriting.setSource(address.address, address.port, port, in: &$0) }
    }

    func setDestination(_ address: TransportAddress, in packet: inout [UInt8]) {
        change(&packet) { PacketRewriting.setDestination(address.address, address.port, port, in: &$0) }
    }

    /// Sets the addresses of the report itself, after those of its quote.
    func setReporter(_ address: IPAddress, in packet: inout [UInt8]) {
        PacketRewriting.setSource(address, in: &packet, checksum: ownChecksum)
    }

    func setReceiver(_ address: IPAddress, in packet: inout [UInt8]) {
        PacketRewriting.setDestination(address, in: &packet, checksum: ownChecksum)
    }

    /// ICMPv6 has the addresses in its checksum.
    private var ownChecksum: Int? { header.family == .v6 ? header.payload.lowerBound + 2 : nil }

    private func change(_ packet: inout [UInt8], _ body: (inout [UInt8]) -> Void) {
        var quote = Array(packet[start..<header.payload.upperBound])
        body(&quote)
        packet.replaceSubrange(start..<header.payload.upperBound, with: quote)
        PacketRewriting.finishICMP(in: &packet, header)
    }
}
