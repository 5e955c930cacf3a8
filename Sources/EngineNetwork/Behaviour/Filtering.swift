import Wire

/// What a rule of a firewall asks about a packet.
extension FilterRule {
    func matches(_ arrival: Walk.Arrival, _ state: ConnectionState?) -> Bool {
        let header = arrival.header
        if let states, let state, !states.contains(state) { return false }
        if let from, !from.contains(header.source) { return false }
        if let to, !to.contains(header.destination) { return false }
        switch subject {
        case nil: break
        case .icmp: guard header.proto == .icmp(header.family) else { return false }
        case .tcp: guard header.proto == .tcp else { return false }
        case .udp: guard header.proto == .udp else { return false }
        }
        guard ports != nil || type != nil else { return true }
        // Pieces that are not the first have neither ports nor type.
        guard header.hasTransportHeader, header.payload.count >= 4 else { return false }
        let start = header.payload.lowerBound
        if let ports {
            guard header.proto == .tcp || header.proto == .udp else { return false }
            let port = UInt16(arrival.packet[start + 2]) << 8 | UInt16(arrival.packet[start + 3])
            guard ports.contains(port) else { return false }
        }
        if let type {
            guard header.proto == .icmp(header.family), arrival.packet[start] == type else { return false }
        }
        return true
    }
}

extension FilterRule.Action {
    /// What is reported; nil for actions without a report.
    var report: ICMPError? {
        switch self {
        case .accept, .drop, .reset: nil
        case .port: .portUnreachable
        case .host: .hostUnreachable
        case .network: .networkUnreachable
        case .hostProhibited: .hostProhibited
        case .networkProhibited: .networkProhibited
        case .prohibited: .administrativelyProhibited
        }
    }
}

extension NetworkModel {
    /// Whether the router's rules let a packet pass; if not, what they have to say is said.
    mutating func filter(_ arrival: Walk.Arrival, _ walk: inout Walk) -> Bool {
        guard let filters = map.nodes[arrival.node].router?.filters, !filters.isEmpty else { return true }
        let known = track(arrival)
        guard let index = filters.firstIndex(where: { $0.matches(arrival, known?.state) }),
            filters[index].action != .accept
        else {
            confirm(known?.beginning, arrival)
            return true
        }
        let outcome = Verdict.Outcome.filtered(rule: filters[index].number ?? index)
        switch filters[index].action {
        case .reset:
            note(outcome, arrival, isReportDue: true)
            remember(outcome, arrival, arrival.header.proto == .tcp ? .made : .none)
            let arrival = asItCame(arrival)
            guard arrival.header.proto == .tcp,
                let reset = arrival.packet.withUnsafeBytes({ bytes in
                    NetworkModel.reset(UnsafeRawBufferPointer(rebasing: bytes[arrival.header.payload]), arrival.header)
                }),
                let answer = IPPacket.build(
                    from: arrival.header.destination, to: arrival.header.source, proto: .tcp, payload: reset)
            else { return false }
            let number = newNumber()
            if let number { tell(.answered(packet: number), arrival) }
            walk.send(
                answer, from: arrival.node, at: arrival.time,
                arrival.identity.derived(.report, by: map.keyOfNode[arrival.node]), of: arrival.origin?.answered,
                number: number)
        case let action:
            if let report = action.report { fail(arrival, outcome, report, &walk) } else { note(outcome, arrival) }
        }
        return false
    }
}
