import Wire

/// Who is behind which port of a router that translates addresses.
struct TranslationTable: Sendable {
    struct Inside: Hashable, Sendable {
        let proto: IPProtocol
        let address: IPv4Address
        let port: UInt16
    }

    private struct Outside: Hashable {
        let proto: IPProtocol
        let port: UInt16
    }

    /// Beyond it the table begins anew, as a small router's does under a scan.
    private static let limit = 16384
    private var outsideOf: [Inside: UInt16] = [:]
    private var insideOf: [Outside: Inside] = [:]

    /// The port under which a host is seen outside: its own where that is free, else the next that is.
    mutating func port(for inside: Inside) -> UInt16 {
        if let port = outsideOf[inside] { return port }
        if outsideOf.count >= TranslationTable.limit { self = TranslationTable() }
        var port = inside.port
        while insideOf[Outside(proto: inside.proto, port: port)] != nil { port = port == .max ? 1024 : port + 1 }
        outsideOf[inside] = port
        insideOf[Outside(proto: inside.proto, port: port)] = inside
        return port
    }

    func inside(_ proto: IPProtocol, port: UInt16) -> Inside? { insideOf[Outside(proto: proto, port: port)] }
}

extension NetworkModel {
    /// A translating router puts packets together before it looks at their ports; nil while pieces are missing.
    mutating func whole(_ arrival: Walk.Arrival) -> Walk.Arrival? {
        guard case .v4(let header) = arrival.header, header.isFragment else { return arrival }
        guard let packet = reassembly.received(arrival.packet, arrival.header, at: arrival.time) else { return nil }
        var whole = arrival
        whole.packet = packet
        IPv4Header.setTimeToLive(arrival.timeToLive, in: &whole.packet)
        whole.reparse()
        return whole
    }

    /// A packet leaves a translating router: hosts behind it become the router.
    mutating func translateOutwards(_ arrival: inout Walk.Arrival) {
        guard let translation = map.nodes[arrival.node].router?.translation,
            case .v4(let header) = arrival.header, !header.isFragment,
            translation.inside.contains(where: { $0.contains(.v4(header.source)) }),
            !translation.inside.contains(where: { $0.contains(.v4(header.destination)) }),
            let port = PortField(arrival.packet, header)
        else { return }
        let outside = translations[arrival.node, default: TranslationTable()].port(
            for: .init(proto: header.proto, address: header.source, port: port.source(arrival.packet)))
        tell(.translated(from: .v4(header.source), to: .v4(translation.outside)), arrival)
        PacketRewriting.setSource(translation.outside, outside, port, in: &arrival.packet, header)
        arrival.reparse()
    }

    /// A packet comes for a translating router: what belongs to a host behind it goes on to that.
    mutating func translateInwards(_ arrival: inout Walk.Arrival) {
        guard let translation = map.nodes[arrival.node].router?.translation, let table = translations[arrival.node],
            case .v4(let header) = arrival.header, header.destination == translation.outside, !header.isFragment,
            !translation.inside.contains(where: { $0.contains(.v4(header.source)) })
        else { return }
        if let port = PortField(arrival.packet, header) {
            // A request is for the router itself, whatever its identifier.
            guard !port.isEcho || arrival.packet[port.start] == 0 else { return }
            let number = port.isEcho ? port.source(arrival.packet) : port.destination(arrival.packet)
            guard let inside = table.inside(header.proto, port: number) else { return }
            PacketRewriting.setDestination(inside.address, inside.port, port, in: &arrival.packet, header)
        } else if header.proto == .icmp {
            translateReport(&arrival, header, table)
        }
        arrival.reparse()
        if arrival.header.destination != .v4(header.destination) {
            tell(.translated(from: .v4(header.destination), to: arrival.header.destination), arrival)
        }
    }

    /// A report about a packet that was translated: whom it is for stands in what it quotes.
    private func translateReport(_ arrival: inout Walk.Arrival, _ header: IPv4Header, _ table: TranslationTable) {
        let start = header.payload.lowerBound + ICMPHeader.length
        guard header.payload.count > ICMPHeader.length + 20 else { return }
        var quote = Array(arrival.packet[start..<header.payload.upperBound])
        guard let quoted = quote.withUnsafeBytes({ try? IPv4Header(parsing: $0, truncationAllowed: true) }),
            let port = PortField(quote, quoted),
            let inside = table.inside(quoted.proto, port: port.source(quote))
        else { return }
        PacketRewriting.setSource(inside.address, inside.port, port, in: &quote, quoted)
        arrival.packet.replaceSubrange(start..<header.payload.upperBound, with: quote)
        PacketRewriting.setAddress(inside.address, at: 16, in: &arrival.packet, checksum: nil)
        PacketRewriting.finishICMP(in: &arrival.packet, from: header.payload.lowerBound)
    }
}
