import Wire

extension NetworkModel {
    /// A router that looks at ports puts packets together first; nil while pieces are missing.
    mutating func whole(_ arrival: Walk.Arrival) -> Walk.Arrival? {
        let node = map.nodes[arrival.node]
        let isRead = node.tracksConnections || node.router?.translation?.ownAddress(of: arrival.header.family) != nil
        guard arrival.header.isFragment, isRead else { return arrival }
        guard
            let packet = reassembly.received(
                arrival.packet, arrival.header, byNode: arrival.node, at: arrival.time)
        else { return nil }
        var whole = arrival
        whole.packet = packet.packet
        switch arrival.header {
        case .v4: IPv4Header.setTimeToLive(arrival.timeToLive, in: &whole.packet)
        case .v6:
            whole.packet[7] = arrival.timeToLive
            // Every link carries packets of 1280 bytes (RFC 8200 §5).
            whole.longestPiece = max(1280, packet.longestPiece)
        }
        whole.reparse()
        return whole
    }

    /// A packet leaves a translating router: hosts behind it become the router.
    mutating func translateOutwards(_ arrival: inout Walk.Arrival) {
        let header = arrival.header
        guard let translation = map.nodes[arrival.node].router?.translation,
            let own = translation.ownAddress(of: header.family), !header.isFragment
        else { return }
        if let source = arrival.leavesFrom {
            arrival.leavesFrom = nil
            return leave(from: source, &arrival, header)
        }
        guard translation.inside.contains(where: { $0.contains(header.source) }),
            !translation.inside.contains(where: { $0.contains(header.destination) })
        else { return }
        guard let port = PortField(arrival.packet, header) else { return hideReporter(&arrival, header, own) }
        let outside = translations[arrival.node, default: TranslationTable()].port(
            for: .init(proto: header.proto, address: header.source, port: port.source(arrival.packet)),
            at: arrival.time, segment: segment(arrival.packet, header, isAnswer: false),
            isReserved: { number in
                translation.forwards.contains {
                    $0.subject.proto == header.proto && $0.port == number && $0.to.address.family == header.family
                }
            })
        tell(.translated(from: header.source, to: own), arrival)
        PacketRewriting.setSource(own, outside, port, in: &arrival.packet)
        arrival.reparse()
    }

    /// A segment of TCP as the table of ports knows it; nil for other packets.
    private func segment(_ packet: [UInt8], _ header: IPHeader, isAnswer: Bool) -> HiddenConnections.Segment? {
        guard header.proto == .tcp else { return nil }
        return packet.withUnsafeBytes { bytes in
            guard let tcp = try? TCPHeader(parsing: part(bytes, from: header.payload.lowerBound)) else { return nil }
            return HiddenConnections.Segment(
                remote: isAnswer
                    ? TransportAddress(header.source, tcp.sourcePort)
                    : TransportAddress(header.destination, tcp.destinationPort),
                flags: tcp.flags)
        }
    }

    /// A report from behind the router about a packet that came from outside, or what has no ports.
    private mutating func hideReporter(_ arrival: inout Walk.Arrival, _ header: IPHeader, _ own: IPAddress) {
        guard let report = QuotedReport(arrival.packet, header), let table = translations[arrival.node],
            let outside = table.outside(
                of: .init(proto: report.proto, address: report.destination.address, port: report.destination.port),
                at: arrival.time)
        else { return }
        tell(.translated(from: header.source, to: own), arrival)
        report.setDestination(TransportAddress(own, outside), in: &arrival.packet)
        report.setReporter(own, in: &arrival.packet)
        arrival.reparse()
    }

    /// A packet comes for a translating router: what belongs to a host behind it goes on to that.
    mutating func translateInwards(_ arrival: inout Walk.Arrival) {
        let header = arrival.header
        guard let translation = map.nodes[arrival.node].router?.translation,
            let own = translation.ownAddress(of: header.family), !header.isFragment
        else { return }
        if !translation.forwards.isEmpty, forwardPort(&arrival, header, translation) { return }
        guard translations[arrival.node] != nil, header.destination == own,
            !translation.inside.contains(where: { $0.contains(header.source) })
        else { return }
        if let port = PortField(arrival.packet, header) {
            // A request is for the router itself, whatever its identifier.
            guard !port.isEcho || ICMPQuery(family: header.family, type: arrival.packet[port.start])?.isRequest != true
            else { return }
            let number = port.isEcho ? port.source(arrival.packet) : port.destination(arrival.packet)
            let segment = segment(arrival.packet, header, isAnswer: true)
            guard
                let inside = translations[arrival.node]?.inside(
                    header.proto, header.family, port: number, at: arrival.time, segment: segment)
            else { return }
            arrival.cameFor = TransportAddress(header.destination, number)
            PacketRewriting.setDestination(inside.address, inside.port, port, in: &arrival.packet)
        } else if let report = QuotedReport(arrival.packet, header),
            // Whom it is for stands in what it quotes.
            let inside = translations[arrival.node]?.owner(
                report.proto, header.family, port: report.source.port, at: arrival.time)
        {
            report.setSource(TransportAddress(inside.address, inside.port), in: &arrival.packet)
            report.setReceiver(inside.address, in: &arrival.packet)
        }
        arrival.reparse()
        if arrival.header.destination != header.destination {
            tell(.translated(from: header.destination, to: arrival.header.destination), arrival)
        }
    }

    /// The packet as it was before the router gave it another destination, for reports about it and answers to it.
    func asItCame(_ arrival: Walk.Arrival) -> Walk.Arrival {
        guard let cameFor = arrival.cameFor, let port = PortField(arrival.packet, arrival.header) else {
            return arrival
        }
        var original = arrival
        PacketRewriting.setDestination(cameFor.address, cameFor.port, port, in: &original.packet)
        original.reparse()
        return original
    }
}
