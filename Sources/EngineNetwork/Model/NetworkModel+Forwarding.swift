import Wire

/// What routers do with packets: take what is theirs, lower the TTL, pass on, report.
extension NetworkModel {
    /// Carries one packet from a node onwards until it reaches a host or comes to grief.
    mutating func advance(_ arrival: Walk.Arrival, _ walk: inout Walk) {
        var packet = arrival.packet
        var node = arrival.node
        var entry = arrival.entry
        var time = arrival.time
        while true {
            guard let header = packet.withUnsafeBytes({ try? IPHeader(parsing: $0) }) else { return }
            if entry != nil {
                if map.owners[header.destination] == node {
                    return packetReachedDestination(packet, header, at: node, time, &walk)
                }
                guard map.nodes[node].isRouter, header.destination.isUnicast, !header.destination.isLoopback else {
                    return
                }
                guard header.timeToLive > 1 else {
                    return fail(packet, header, .expired, .timeExceeded, at: node, entry, time, &walk)
                }
                NetworkModel.setTimeToLive(header.timeToLive - 1, in: &packet, header.family)
            }
            let hop: Routes.Hop
            switch routes.step(from: node, to: header.destination, in: map) {
            case .forward(let step): hop = step
            case .noSuchHost:
                return fail(packet, header, .hostUnreachable, .hostUnreachable, at: node, entry, time, &walk)
            case .noRoute:
                return fail(packet, header, .noRoute, .networkUnreachable, at: node, entry, time, &walk)
            }
            guard let way = map.way(from: hop.out, to: hop.next) else { return }
            if packet.count > way.mtu {
                return tooBig(packet, header, mtu: way.mtu, at: node, entry, time, &walk)
            }
            let next = map.interfaces[hop.next].node
            if let host = map.host(ofNode: next) {
                switch host.condition {
                case .up: break
                case .silent: return note(.hostSilent, at: next, time, header)
                case .unreachable:
                    return fail(packet, header, .hostUnreachable, .hostUnreachable, at: node, entry, time, &walk)
                }
            }
            time = time.advanced(by: way.delay)
            if !isModelled(next) { return deliver(packet, header, by: hop, at: time, &walk) }
            node = next
            entry = hop.next
        }
    }

    private mutating func deliver(
        _ packet: [UInt8], _ header: IPHeader, by hop: Routes.Hop, at time: Int64, _ walk: inout Walk
    ) {
        let (out, next) = (map.interfaces[hop.out], map.interfaces[hop.next])
        guard case .host(let host) = map.nodes[next.node].role else { return }
        let ethernet = EthernetHeader(
            destination: next.hardwareAddress, source: out.hardwareAddress,
            type: header.family == .v4 ? .ipv4 : .ipv6)
        note(.delivered, at: next.node, time, header)
        walk.deliveries.append(Delivery(host: host, frame: ethernet.frame(carrying: packet), deadline: time))
    }

    /// The packet ends at `node`, which says so to its sender unless it is silent, sent the packet itself, or has no address.
    mutating func fail(
        _ packet: [UInt8], _ header: IPHeader, _ outcome: Verdict.Outcome, _ error: ICMPError, at node: Int,
        _ entry: Int?, _ time: Int64, _ walk: inout Walk
    ) {
        note(outcome, at: node, time, header)
        guard let entry, !map.nodes[node].isSilent, let source = speaker(at: node, entry, header.family),
            let report = packet.withUnsafeBytes({ error.packet(about: $0, from: source) })
        else { return }
        walk.arrivals.append(Walk.Arrival(packet: report, node: node, entry: nil, time: time))
    }

    /// The address a node speaks from about a packet that came in by `entry`.
    private func speaker(at node: Int, _ entry: Int, _ family: IPFamily) -> IPAddress? {
        let all = map.nodes[node].interfaces.flatMap { map.interfaces[$0].addresses }
        return map.nodes[node].ownAddresses.first { $0.family == family }
            ?? map.interfaces[entry].addresses.first { $0.address.family == family }?.address
            ?? all.first { $0.address.family == family }?.address
    }

    private mutating func tooBig(
        _ packet: [UInt8], _ header: IPHeader, mtu: Int, at node: Int, _ entry: Int?, _ time: Int64,
        _ walk: inout Walk
    ) {
        let fragments: [[UInt8]]
        switch header {
        case .v4(let ipv4) where !ipv4.dontFragment && mtu >= 68:
            fragments = NetworkModel.fragments(of: packet, ipv4, mtu: mtu)
        // Routers leave IPv6 packets whole; only who sends one cuts it up.
        case .v6(let ipv6) where entry == nil && !ipv6.isFragment && mtu >= 1280:
            fragments = NetworkModel.fragments(of: packet, ipv6, mtu: mtu)
        default:
            return fail(packet, header, .tooBig(mtu: mtu), .packetTooBig(mtu: mtu), at: node, entry, time, &walk)
        }
        for fragment in fragments.reversed() {
            // Sent on by the node as it is: the TTL was lowered when the whole arrived.
            walk.arrivals.append(Walk.Arrival(packet: fragment, node: node, entry: nil, time: time))
        }
    }

    /// Cuts a packet of the node's own up (RFC 8200 §4.5). The identification follows from the bytes, so that equal packets have
    /// equal pieces; of two that differ and are under way together it is the same once in 65536.
    private static func fragments(of packet: [UInt8], _ header: IPv6Header, mtu: Int) -> [[UInt8]] {
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
                from: header.source, to: header.destination, proto: .fragment, hopLimit: header.hopLimit,
                payload: extensionHeader + payload[offset..<end])
        }
    }

    /// Cuts a packet up (RFC 791 §3.2). Options stay with the first piece, as none here must be copied.
    static func fragments(of packet: [UInt8], _ header: IPv4Header, mtu: Int) -> [[UInt8]] {
        let room = (mtu - 20) / 8 * 8
        guard room > 0 else { return [] }
        let payload = packet[header.payload]
        return stride(from: 0, to: payload.count, by: room).map { offset in
            let end = min(offset + room, payload.count)
            return IPv4Header.packet(
                from: header.source, to: header.destination, proto: header.proto, timeToLive: header.timeToLive,
                trafficClass: header.trafficClass, identification: header.identification,
                moreFragments: end < payload.count || header.moreFragments,
                fragmentOffset: header.fragmentOffset + offset,
                payload: payload[(payload.startIndex + offset)..<(payload.startIndex + end)])
        }
    }

    private static func setTimeToLive(_ value: UInt8, in packet: inout [UInt8], _ family: IPFamily) {
        switch family {
        case .v4: IPv4Header.setTimeToLive(value, in: &packet)
        case .v6: packet[7] = value
        }
    }
}
