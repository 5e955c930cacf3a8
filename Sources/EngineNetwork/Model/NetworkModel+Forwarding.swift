import Wire

/// What routers do with packets: take what is theirs, lower the TTL, pass on, report.
extension NetworkModel {
    /// Carries one packet from a node onwards until it reaches a host, comes to grief, or must wait for its time.
    mutating func advance(_ start: Walk.Arrival, _ walk: inout Walk) {
        var arrival = start
        var heading = routes.heading(for: arrival.header.destination, in: map)
        while true {
            guard !isBehindChange(arrival) else { return park(arrival) }
            if let hop = arrival.crossing {
                guard cross(hop, &arrival, &walk) else { return }
                (arrival.crossing, arrival.lanesCrossed) = (nil, 0)
                arrival.node = map.interfaces[hop.next].node
                arrival.entry = hop.next
                guard isModelled(arrival.node) else { return deliver(arrival, by: hop, &walk) }
            }
            if arrival.entry == nil {
                trackOwn(arrival)
            } else {
                if map.nodes[arrival.node].readsPorts {
                    // What a connection is to a packet depends on those that came before it.
                    guard !map.nodes[arrival.node].tracksConnections || !isAhead(arrival) else { return park(arrival) }
                    guard let whole = whole(arrival) else { return }
                    arrival = whole
                    translateInwards(&arrival)
                    heading = routes.heading(for: arrival.header.destination, in: map)
                }
                guard enter(&arrival, heading, &walk) else { return }
            }
            var hop: Routes.Hop
            switch routes.step(from: arrival.node, heading, in: map) {
            case .forward(let step): hop = step
            case .choose(let hops, let balancing):
                hop = hops[Int(flowHash(arrival, balancing) % UInt64(hops.count))]
            case .discard: return note(.discarded, arrival)
            case .noSuchHost: return fail(arrival, .hostUnreachable, .hostUnreachable, &walk)
            case .noRoute: return fail(arrival, .noRoute, .networkUnreachable, &walk)
            }
            if !map.tunnels.isEmpty { hop = tunnelled(&arrival, hop, heading) }
            guard let way = map.way(from: hop.out, to: hop.next) else {
                return fail(arrival, .hostUnreachable, .hostUnreachable, &walk)
            }
            guard arrival.packet.count <= min(way.mtu, arrival.longestPiece ?? way.mtu) else {
                return tooBig(arrival, mtu: way.mtu, &walk)
            }
            let next = map.interfaces[hop.next].node
            if let host = map.host(ofNode: next) {
                switch host.condition {
                case .up: break
                case .silent: return note(.hostSilent, arrival, at: next)
                case .unreachable: return fail(arrival, .hostUnreachable, .hostUnreachable, &walk)
                }
            }
            if arrival.entry != nil, map.nodes[arrival.node].router?.translation != nil { translateOutwards(&arrival) }
            (arrival.cameFor, arrival.leavesFrom, arrival.longestPiece) = (nil, nil, nil)
            if story != nil {
                let act = HopEvent.Act.forwarded(to: map.nodes[next].name, reason(arrival, heading))
                tell(act, arrival)
            }
            arrival.crossing = hop
        }
    }

    /// Why a packet takes its hop.
    private func reason(_ arrival: Walk.Arrival, _ heading: Int) -> HopEvent.Reason {
        if let label = arrival.label { return .label(label) }
        guard map.nodes[arrival.node].isRouter else { return .host }
        if let prefix = routes.staticPrefix(from: arrival.node, heading, in: map) { return .route(prefix) }
        if case .choose(let hops, let balancing) = routes.step(from: arrival.node, heading, in: map) {
            return .balanced(ways: hops.count, by: balancing)
        }
        return .shortestPath
    }

    /// A packet comes into a node; false where it ends there.
    private mutating func enter(_ arrival: inout Walk.Arrival, _ heading: Int, _ walk: inout Walk) -> Bool {
        let destination = arrival.header.destination
        if routes.owner(heading) == arrival.node {
            packetReachedDestination(arrival, &walk)
            return false
        }
        guard map.nodes[arrival.node].isRouter, destination.isUnicast, !destination.isLoopback else { return false }
        if isHidden(arrival) { return true }
        guard arrival.timeToLive > 1 else {
            fail(arrival, .expired, .timeExceeded, &walk)
            return false
        }
        arrival.lowerTimeToLive()
        return filter(arrival, &walk)
    }

    private mutating func deliver(_ arrival: Walk.Arrival, by hop: Routes.Hop, _ walk: inout Walk) {
        let (out, next) = (map.interfaces[hop.out], map.interfaces[hop.next])
        guard case .host(let host) = map.nodes[next.node].role else { return }
        let ethernet = EthernetHeader(
            destination: next.hardwareAddress, source: out.hardwareAddress,
            type: arrival.header.family == .v4 ? .ipv4 : .ipv6)
        note(.delivered, arrival)
        if map.draws { ledger.delivered(arrival.packet, arrival.header, arrival.identity) }
        walk.deliveries.append(
            Delivery(host: host, frame: ethernet.frame(carrying: arrival.packet), deadline: arrival.time))
    }

    private mutating func tooBig(_ packet: Walk.Arrival, mtu: Int, _ walk: inout Walk) {
        var arrival = packet
        let fragments: [[UInt8]]
        switch arrival.header {
        case .v4(let ipv4) where !ipv4.dontFragment && mtu >= 68:
            if arrival.entry != nil { translateOutwards(&arrival) }
            fragments = NetworkModel.fragments(of: arrival.packet, ipv4, timeToLive: arrival.timeToLive, mtu: mtu)
        // Routers leave IPv6 packets whole; only who sends one cuts it up.
        case .v6(let ipv6) where arrival.entry == nil && !ipv6.isFragment && mtu >= 1280:
            fragments = NetworkModel.fragments(of: arrival.packet, ipv6, mtu: mtu)
        // What came in pieces, and was put together to be looked at, goes on in pieces of the same size.
        case .v6(let ipv6) where arrival.longestPiece.map({ $0 <= mtu }) ?? false:
            fragments = NetworkModel.fragments(
                of: arrival.packet, ipv6, hopLimit: arrival.timeToLive, mtu: arrival.longestPiece ?? mtu)
        default: return fail(arrival, .tooBig(mtu: mtu), .packetTooBig(mtu: mtu), &walk)
        }
        tell(.fragmented(pieces: fragments.count, mtu: mtu), arrival)
        for (index, fragment) in fragments.enumerated().reversed() {
            // Sent on by the node as it is: the TTL was lowered when the whole arrived.
            let identity = index == 0 ? arrival.identity : arrival.identity.derived(.fragment, by: UInt64(index))
            walk.send(
                fragment, from: arrival.node, at: arrival.time, identity, of: arrival.origin, number: newNumber())
        }
    }

    /// Cuts a packet of the node's own up (RFC 8200 §4.5). The identification follows from the bytes, so that equal packets have
    /// equal pieces; of two that differ and are under way together it is the same once in 65536.
    private static func fragments(
        of packet: [UInt8], _ header: IPv6Header, hopLimit: UInt8? = nil, mtu: Int
    ) -> [[UInt8]] {
        let room = (mtu - 48) / 8 * 8
        let payload = Array(packet[header.payload])
        let identification = InternetChecksum.of(payload)
        return stride(from: 0, to: payload.count, by: room).map { offset in
            let end = min(offset + room, payload.count)
            let word = UInt16(truncatingIfNeeded: offset) | (end < payload.count ? 1 : 0)
            let extensionHeader: [UInt8] = [
                header.proto.rawValue, 0, UInt8(word >> 8), UInt8(word & 0xFF), 0, 0, UInt8(identification >> 8),
                UInt8(identification & 0xFF),
            ]
            return IPv6Header.packet(
                from: header.source, to: header.destination, proto: .fragment,
                hopLimit: hopLimit ?? header.hopLimit,
                payload: extensionHeader + payload[offset..<end])
        }
    }

    /// Cuts a packet up (RFC 791 §3.2). Options stay with the first piece, as none here must be copied.
    static func fragments(of packet: [UInt8], _ header: IPv4Header, timeToLive: UInt8, mtu: Int) -> [[UInt8]] {
        let room = (mtu - 20) / 8 * 8
        guard room > 0 else { return [] }
        let payload = packet[header.payload]
        return stride(from: 0, to: payload.count, by: room).map { offset in
            let end = min(offset + room, payload.count)
            return IPv4Header.packet(
                from: header.source, to: header.destination, proto: header.proto, timeToLive: timeToLive,
                trafficClass: header.trafficClass, identification: header.identification,
                moreFragments: end < payload.count || header.moreFragments,
                fragmentOffset: header.fragmentOffset + offset,
                payload: payload[(payload.startIndex + offset)..<(payload.startIndex + end)])
        }
    }
}
