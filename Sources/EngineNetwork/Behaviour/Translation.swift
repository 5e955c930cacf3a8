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

    private struct Entry: Sendable {
        let port: UInt16
        var expiry: Int64
        /// Counts what was used; the lowest was left alone longest.
        var turn: UInt64
    }

    static let limit = 16384
    private let limit: Int
    private var entries: [Inside: Entry] = [:]
    private var insideOf: [Outside: Inside] = [:]
    private var turn: UInt64 = 0

    init(limit: Int = TranslationTable.limit) { self.limit = max(8, limit) }

    var count: Int { entries.count }

    /// How long a port is kept from its last packet on, in nanoseconds: the shortest that a translator may (RFC 5382 §5 for
    /// TCP, RFC 4787 §4.3 for UDP, RFC 5508 §3.2 for ICMP).
    private static func lifetime(_ proto: IPProtocol) -> Int64 {
        let seconds: Int64 = proto == .tcp ? 7440 : proto == .udp ? 120 : 60
        return seconds * 1_000_000_000
    }

    /// The port under which a host is seen outside: its own where that is free, else the next that is.
    mutating func port(for inside: Inside, at time: Int64, isReserved: (UInt16) -> Bool) -> UInt16 {
        if let known = entries[inside] {
            if known.expiry > time {
                use(inside, at: time)
                return known.port
            }
            forget(inside)
        }
        if entries.count >= limit { makeRoom(at: time) }
        var port = inside.port
        for _ in 0...UInt16.max {
            guard isTaken(inside.proto, port, at: time) || isReserved(port) else { break }
            port = port == .max ? 1024 : port + 1
        }
        let outside = Outside(proto: inside.proto, port: port)
        if let former = insideOf[outside] { forget(former) }
        insideOf[outside] = inside
        entries[inside] = Entry(port: port, expiry: time, turn: turn)
        use(inside, at: time)
        return port
    }

    /// Who is behind a port, which a packet has come for.
    mutating func inside(_ proto: IPProtocol, port: UInt16, at time: Int64) -> Inside? {
        guard let inside = insideOf[Outside(proto: proto, port: port)], let entry = entries[inside], entry.expiry > time
        else { return nil }
        use(inside, at: time)
        return inside
    }

    /// The port that a host is seen under already.
    func outside(of inside: Inside, at time: Int64) -> UInt16? {
        entries[inside].flatMap { $0.expiry > time ? $0.port : nil }
    }

    /// Whether somebody is seen under a port.
    func isTaken(_ proto: IPProtocol, _ port: UInt16, at time: Int64) -> Bool {
        insideOf[Outside(proto: proto, port: port)].flatMap { entries[$0] }.map { $0.expiry > time } ?? false
    }

    private mutating func use(_ inside: Inside, at time: Int64) {
        turn &+= 1
        guard let entry = entries[inside] else { return }
        // Packets are walked ahead of their time: one that is late takes nothing back.
        let expiry = max(entry.expiry, time.advanced(by: TranslationTable.lifetime(inside.proto)))
        entries[inside] = Entry(port: entry.port, expiry: expiry, turn: turn)
    }

    private mutating func forget(_ inside: Inside) {
        guard let entry = entries.removeValue(forKey: inside) else { return }
        insideOf[Outside(proto: inside.proto, port: entry.port)] = nil
    }

    /// Those go that are forgotten already, then those of the last eighth that were left alone longest.
    private mutating func makeRoom(at time: Int64) {
        for (inside, entry) in entries where entry.expiry <= time { forget(inside) }
        let kept = limit - limit / 8
        guard entries.count > kept else { return }
        for (inside, _) in entries.sorted(by: { $0.value.turn < $1.value.turn }).prefix(entries.count - kept) {
            forget(inside)
        }
    }
}

extension NetworkModel {
    /// A router that looks at ports puts packets together first; nil while pieces are missing.
    mutating func whole(_ arrival: Walk.Arrival) -> Walk.Arrival? {
        let isTracked = map.nodes[arrival.node].tracksConnections
        guard arrival.header.isFragment, arrival.header.family == .v4 || isTracked else { return arrival }
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
        guard let translation = map.nodes[arrival.node].router?.translation,
            case .v4(let header) = arrival.header, !header.isFragment
        else { return }
        if let source = arrival.leavesFrom {
            arrival.leavesFrom = nil
            return leave(from: source, &arrival, header)
        }
        guard translation.inside.contains(where: { $0.contains(.v4(header.source)) }),
            !translation.inside.contains(where: { $0.contains(.v4(header.destination)) })
        else { return }
        guard let port = PortField(arrival.packet, header) else { return hideReporter(&arrival, header, translation) }
        let outside = translations[arrival.node, default: TranslationTable()].port(
            for: .init(proto: header.proto, address: header.source, port: port.source(arrival.packet)),
            at: arrival.time,
            isReserved: { number in
                translation.forwards.contains { $0.subject.proto == header.proto && $0.port == number }
            })
        tell(.translated(from: .v4(header.source), to: .v4(translation.outside)), arrival)
        PacketRewriting.setSource(translation.outside, outside, port, in: &arrival.packet, header)
        arrival.reparse()
    }

    /// A report from behind the router about a packet that came from outside, or what has no ports.
    private mutating func hideReporter(
        _ arrival: inout Walk.Arrival, _ header: IPv4Header, _ translation: AddressTranslation
    ) {
        guard let report = QuotedReport(arrival.packet, header), let table = translations[arrival.node],
            let outside = table.outside(
                of: .init(proto: report.proto, address: report.destination.address, port: report.destination.port),
                at: arrival.time)
        else { return }
        tell(.translated(from: .v4(header.source), to: .v4(translation.outside)), arrival)
        report.setDestination(TransportAddress(translation.outside, outside), in: &arrival.packet)
        PacketRewriting.setAddress(translation.outside, at: 12, in: &arrival.packet, checksum: nil)
        arrival.reparse()
    }

    /// A packet comes for a translating router: what belongs to a host behind it goes on to that.
    mutating func translateInwards(_ arrival: inout Walk.Arrival) {
        guard let translation = map.nodes[arrival.node].router?.translation, case .v4(let header) = arrival.header,
            !header.isFragment
        else { return }
        if !translation.forwards.isEmpty, forwardPort(&arrival, header, translation) { return }
        guard translations[arrival.node] != nil, header.destination == translation.outside,
            !translation.inside.contains(where: { $0.contains(.v4(header.source)) })
        else { return }
        if let port = PortField(arrival.packet, header) {
            // A request is for the router itself, whatever its identifier.
            guard !port.isEcho || arrival.packet[port.start] == 0 else { return }
            let number = port.isEcho ? port.source(arrival.packet) : port.destination(arrival.packet)
            guard let inside = translations[arrival.node]?.inside(header.proto, port: number, at: arrival.time) else {
                return
            }
            arrival.cameFor = TransportAddress(header.destination, number)
            PacketRewriting.setDestination(inside.address, inside.port, port, in: &arrival.packet, header)
        } else if let report = QuotedReport(arrival.packet, header),
            // Whom it is for stands in what it quotes.
            let inside = translations[arrival.node]?.inside(
                report.proto, port: report.source.port, at: arrival.time)
        {
            report.setSource(TransportAddress(inside.address, inside.port), in: &arrival.packet)
            PacketRewriting.setAddress(inside.address, at: 16, in: &arrival.packet, checksum: nil)
        }
        arrival.reparse()
        if arrival.header.destination != .v4(header.destination) {
            tell(.translated(from: .v4(header.destination), to: arrival.header.destination), arrival)
        }
    }

    /// The packet as it was before the router gave it another destination, for reports about it and answers to it.
    func asItCame(_ arrival: Walk.Arrival) -> Walk.Arrival {
        guard let cameFor = arrival.cameFor, case .v4(let header) = arrival.header,
            let port = PortField(arrival.packet, header)
        else { return arrival }
        var original = arrival
        PacketRewriting.setDestination(cameFor.address, cameFor.port, port, in: &original.packet, header)
        original.reparse()
        return original
    }
}
