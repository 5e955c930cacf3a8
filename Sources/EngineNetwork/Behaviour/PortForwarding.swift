import Wire

/// The flows that came through port forwards of one router.
struct ForwardTable: Sendable {
    struct Flow: Hashable, Sendable {
        let proto: IPProtocol
        /// Who sent the first packet, and to which port of the router.
        let client: TransportAddress
        let entrance: TransportAddress
        /// Whom the server takes the client for: the client, or the router where answers would else not come back to it.
        let source: TransportAddress
        let server: TransportAddress
    }

    private struct Way: Hashable, Sendable {
        let proto: IPProtocol
        let from: TransportAddress
        let to: TransportAddress
    }

    static let limit = 16384
    private var incoming = ExpiringTable<Way, Flow>(limit: limit)
    private var answers = ExpiringTable<Way, Flow>(limit: limit)

    var count: Int { incoming.count }

    /// The flow of a packet that came for a port of the router.
    func flow(_ proto: IPProtocol, from client: TransportAddress, to entrance: TransportAddress, at time: Int64)
        -> Flow?
    {
        incoming.value(of: Way(proto: proto, from: client, to: entrance), at: time)
    }

    /// The flow of a packet that comes from a server.
    func answeringFlow(_ proto: IPProtocol, from server: TransportAddress, to source: TransportAddress, at time: Int64)
        -> Flow?
    {
        answers.value(of: Way(proto: proto, from: server, to: source), at: time)
    }

    /// Remembers a flow, as long as Linux remembers an established one from its last packet on.
    mutating func keep(_ flow: Flow, at time: Int64) {
        let lifetime: Int64 = (flow.proto == .tcp ? 432_000 : 120) * 1_000_000_000
        incoming.set(
            flow, of: Way(proto: flow.proto, from: flow.client, to: flow.entrance), at: time, for: lifetime,
            isFirm: false)
        answers.set(
            flow, of: Way(proto: flow.proto, from: flow.server, to: flow.source), at: time, for: lifetime,
            isFirm: false)
    }
}

extension NetworkModel {
    /// What a port forward has to do with a packet that comes in: gives it the destination it has behind the router, and
    /// notes what it will leave as. False where no forward is concerned.
    mutating func forwardPort(
        _ arrival: inout Walk.Arrival, _ header: IPHeader, _ translation: AddressTranslation
    ) -> Bool {
        if let report = QuotedReport(arrival.packet, header) { return forward(report, &arrival) }
        guard header.proto == .tcp || header.proto == .udp, let port = PortField(arrival.packet, header) else {
            return false
        }
        let from = TransportAddress(header.source, port.source(arrival.packet))
        let to = TransportAddress(header.destination, port.destination(arrival.packet))
        if let flow = forwards[arrival.node]?.answeringFlow(header.proto, from: from, to: to, at: arrival.time) {
            arrival.leavesFrom = flow.entrance
            give(flow.client, insteadOf: to, port, &arrival)
            forwards[arrival.node]?.keep(flow, at: arrival.time)
            return true
        }
        guard to.address == translation.ownAddress(of: header.family),
            let forward = translation.forwards.first(where: {
                $0.subject.proto == header.proto && $0.port == to.port && $0.to.address.family == header.family
            })
        else { return false }
        let flow =
            forwards[arrival.node]?.flow(header.proto, from: from, to: to, at: arrival.time)
            ?? ForwardTable.Flow(
                proto: header.proto, client: from, entrance: to,
                source: source(for: from, forward, arrival, to.address), server: forward.to)
        forwards[arrival.node, default: ForwardTable()].keep(flow, at: arrival.time)
        if flow.source != from { arrival.leavesFrom = flow.source }
        tell(.redirected(from: to, to: flow.server), arrival)
        give(flow.server, insteadOf: to, port, &arrival)
        return true
    }

    private func give(
        _ new: TransportAddress, insteadOf old: TransportAddress, _ port: PortField, _ arrival: inout Walk.Arrival
    ) {
        guard new != old else { return }
        arrival.cameFor = old
        PacketRewriting.setDestination(new.address, new.port, port, in: &arrival.packet)
        arrival.reparse()
    }

    /// A report about a packet of a forwarded flow: from outside about an answer, or from the server's side.
    private func forward(_ report: QuotedReport, _ arrival: inout Walk.Arrival) -> Bool {
        guard let table = forwards[arrival.node] else { return false }
        let time = arrival.time
        if let flow = table.flow(report.proto, from: report.destination, to: report.source, at: time) {
            if flow.source != flow.client { arrival.leavesFrom = flow.source }
            report.setSource(flow.server, in: &arrival.packet)
            report.setReceiver(flow.server.address, in: &arrival.packet)
        } else if let flow = table.answeringFlow(
            report.proto, from: report.destination, to: report.source, at: time)
        {
            arrival.leavesFrom = flow.entrance
            report.setSource(flow.client, in: &arrival.packet)
            report.setReceiver(flow.client.address, in: &arrival.packet)
        } else {
            return false
        }
        arrival.reparse()
        return true
    }

    /// A packet or a report of a forwarded flow leaves under another address.
    mutating func leave(from source: TransportAddress, _ arrival: inout Walk.Arrival, _ header: IPHeader) {
        if let port = PortField(arrival.packet, header) {
            PacketRewriting.setSource(source.address, source.port, port, in: &arrival.packet)
        } else if let report = QuotedReport(arrival.packet, header) {
            report.setDestination(source, in: &arrival.packet)
            report.setReporter(source.address, in: &arrival.packet)
        }
        tell(.translated(from: header.source, to: source.address), arrival)
        arrival.reparse()
    }

    /// Whom a server takes a client for. A client on the server's side of the router becomes the router, since answers would
    /// else go to it directly (hairpin); where two flows could not be told apart, one gets another port.
    private mutating func source(
        for client: TransportAddress, _ forward: PortForward, _ arrival: Walk.Arrival, _ own: IPAddress
    ) -> TransportAddress {
        let isHairpin = goesBack(arrival, to: forward.to.address)
        var source = isHairpin ? TransportAddress(own, client.port) : client
        let (table, hidden) = (forwards[arrival.node] ?? ForwardTable(), translations[arrival.node])
        let subject = forward.subject.proto
        for _ in 0...UInt16.max {
            let isTaken =
                table.answeringFlow(subject, from: forward.to, to: source, at: arrival.time) != nil
                || isHairpin && (hidden?.isTaken(subject, own.family, source.port, at: arrival.time) ?? false)
            guard isTaken else { break }
            source.port = source.port == .max ? 1024 : source.port + 1
        }
        return source
    }

    /// Whether the way to an address leaves the router by the interface that the packet came in by.
    private mutating func goesBack(_ arrival: Walk.Arrival, to address: IPAddress) -> Bool {
        let heading = routes.heading(for: address, in: map)
        return switch routes.step(from: arrival.node, heading, in: map) {
        case .forward(let hop): hop.out == arrival.entry
        case .choose(let hops, _): hops.contains { $0.out == arrival.entry }
        case .noSuchHost, .noRoute, .discard: false
        }
    }
}
