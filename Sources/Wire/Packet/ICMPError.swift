/// What a node reports about a packet that it did not deliver.
package enum ICMPError: Sendable, Hashable {
    case timeExceeded
    case networkUnreachable
    case hostUnreachable
    case portUnreachable
    case protocolUnreachable
    /// A filter forbids it: for the network, for the host, or by an administrator's word (RFC 1812 §5.2.7.1).
    case networkProhibited
    case hostProhibited
    case administrativelyProhibited
    case packetTooBig(mtu: Int)

    /// Type, code and second word of the message (RFC 792, RFC 1191 §4, RFC 4443 §3).
    package func header(_ family: IPFamily) -> (type: UInt8, code: UInt8, rest: UInt32) {
        switch (self, family) {
        case (.timeExceeded, .v4): (11, 0, 0)
        case (.timeExceeded, .v6): (3, 0, 0)
        case (.networkUnreachable, .v4): (3, 0, 0)
        case (.networkUnreachable, .v6): (1, 0, 0)
        case (.hostUnreachable, .v4): (3, 1, 0)
        case (.hostUnreachable, .v6): (1, 3, 0)
        case (.portUnreachable, .v4): (3, 3, 0)
        case (.portUnreachable, .v6): (1, 4, 0)
        case (.protocolUnreachable, .v4): (3, 2, 0)
        // ICMPv6 points to the field that names what it does not know.
        case (.protocolUnreachable, .v6): (4, 1, 6)
        case (.networkProhibited, .v4): (3, 9, 0)
        case (.hostProhibited, .v4): (3, 10, 0)
        case (.administrativelyProhibited, .v4): (3, 13, 0)
        case (.networkProhibited, .v6), (.hostProhibited, .v6), (.administrativelyProhibited, .v6): (1, 1, 0)
        case (.packetTooBig(let mtu), .v4): (3, 4, UInt32(clamping: min(mtu, 0xFFFF)))
        case (.packetTooBig(let mtu), .v6): (2, 0, UInt32(clamping: mtu))
        }
    }

    /// The packet that reports this about `offender`, or nil where no report may be made: about other reports, about pieces
    /// that are not the first, about packets to or from groups (RFC 1122 §3.2.2, RFC 4443 §2.4 e).
    ///
    /// It quotes as much of the offender as fits into 576 bytes (RFC 1812 §4.3.2.3) or 1280 (RFC 4443 §2.4 c).
    ///
    /// With extensions the quote has exactly 128 bytes, filled up with zeros (RFC 4884 §4.1), which even readers understand
    /// that know no length field. A packet too big for IPv6 has none.
    package func packet(
        about offender: UnsafeRawBufferPointer, from source: IPAddress, extensions: [ICMPExtension] = []
    ) -> [UInt8]? {
        guard let header = try? IPHeader(parsing: offender), header.family == source.family,
            ICMPError.mayBeReported(header, in: offender)
        else { return nil }
        var (type, code, rest) = self.header(header.family)
        let room = header.family == .v4 ? 576 - 20 - 8 : 1280 - 40 - 8
        var quote = Array(offender[0..<min(room, header.totalLength, offender.count)])
        if !extensions.isEmpty, ICMPExtension.hasExtensions(type: type, header.family) {
            quote = Array(quote.prefix(128)) + [UInt8](repeating: 0, count: max(0, 128 - quote.count))
            quote += ICMPExtension.structure(extensions)
            rest |= header.family == .v4 ? 32 << 16 : 16 << 24
        }
        let message = ICMPHeader.message(
            type: type, code: code, rest: rest, payload: quote, from: source, to: header.source)
        // The identification repeats the offender's, so that equal inputs give equal packets.
        let identification: UInt16 = if case .v4(let header) = header { header.identification } else { 0 }
        return IPPacket.build(
            from: source, to: header.source, proto: .icmp(header.family), identification: identification,
            payload: message)
    }

    private static func mayBeReported(_ header: IPHeader, in packet: UnsafeRawBufferPointer) -> Bool {
        guard header.source.isUnicast, !header.source.isLoopback, !header.destination.isMulticast,
            header.destination != .v4(.broadcast), header.fragmentOffset == 0
        else { return false }
        guard header.proto == .icmp(header.family) else { return true }
        guard let message = try? ICMPHeader(parsing: packet.part(header.payload)) else { return false }
        return !ICMPKind(family: header.family, type: message.type, code: message.code).isError
    }
}
