import Wire

/// What routers say about packets that they do not deliver.
extension NetworkModel {
    /// The packet ends at its node, which says so to its sender unless it is told not to, sent the packet itself, or has no
    /// address.
    mutating func fail(
        _ arrival: Walk.Arrival, _ outcome: Verdict.Outcome, _ error: ICMPError, _ walk: inout Walk
    ) {
        note(outcome, arrival, isReportDue: true)
        let node = arrival.node
        if map.nodes[node].isSilent {
            remember(outcome, arrival, .silent)
            return tell(.kept(.silent), arrival)
        }
        if withholds(node, error.answer) {
            remember(outcome, arrival, .withheld)
            return tell(.kept(.withheld(error.answer)), arrival)
        }
        guard let entry = arrival.entry,
            let source = speaker(at: node, entry, arrival.header.family),
            let report = asItCame(arrival).packet.withUnsafeBytes({
                error.packet(about: $0, from: source, extensions: extensions(arrival, entry))
            })
        else {
            remember(outcome, arrival)
            return tell(.kept(.notAllowed), arrival)
        }
        if let limit = map.nodes[node].router?.limit {
            guard credits[node, default: ReportCredit()].takes(limit, to: arrival.header.source, at: arrival.time)
            else {
                remember(outcome, arrival, .rateLimited)
                tell(.kept(.rateLimited), arrival)
                return note(.rateLimited, arrival)
            }
        }
        remember(outcome, arrival, .made)
        let number = newNumber()
        if let number { tell(.answered(packet: number), arrival) }
        walk.send(
            report, from: node, at: arrival.time, arrival.identity.derived(.report, by: map.keyOfNode[node]),
            of: arrival.origin?.answered, number: number)
    }

    func withholds(_ node: Int, _ answer: Router.Answer) -> Bool {
        map.nodes[node].isSilent || map.nodes[node].router?.withholds.contains(answer) ?? false
    }

    /// The address a node speaks from about a packet that came in by `entry`.
    private func speaker(at node: Int, _ entry: Int, _ family: IPFamily) -> IPAddress? {
        let all = map.nodes[node].interfaces.flatMap { map.interfaces[$0].addresses }
        let own = map.nodes[node].ownAddresses.first { $0.family == family }
        let atInterface = map.interfaces[entry].addresses.first { $0.address.family == family }?.address
        let any = all.first { $0.address.family == family }?.address
        switch map.nodes[node].router?.voice {
        case nil, .own: return own ?? atInterface ?? any
        case .interface: return atInterface ?? own ?? any
        case .other(let addresses): return addresses.first { $0.family == family } ?? own ?? atInterface ?? any
        }
    }

    /// What stands behind the quoted packet: the labels it came with, the interface it came by.
    private func extensions(_ arrival: Walk.Arrival, _ entry: Int) -> [ICMPExtension] {
        var extensions: [ICMPExtension] = []
        if let label = arrival.label {
            extensions.append(
                .labels([MPLSLabel(label: label, isBottom: true, timeToLive: arrival.timeToLive)]))
        }
        if map.nodes[arrival.node].router?.tellsInterfaces == true {
            let interface = map.interfaces[entry]
            let own = map.nodes[arrival.node].ownAddresses
            let addresses = interface.addresses.map(\.address) + own
            let number = map.nodes[arrival.node].interfaces.firstIndex(of: entry).map { UInt32($0 + 1) }
            let mtu = map.subnets[interface.subnet].ways[interface.member].compactMap { $0?.mtu }.filter { $0 < .max }
            extensions.append(
                .interface(
                    InterfaceInformation(
                        role: .incoming, index: number,
                        address: addresses.first { $0.family == arrival.header.family },
                        name: number.map { "eth\($0 - 1)" }, mtu: mtu.max().map { UInt32(clamping: $0) })))
        }
        return extensions
    }
}

extension ICMPError {
    /// What a router leaves unsaid when it withholds this.
    fileprivate var answer: Router.Answer {
        switch self {
        case .timeExceeded: .timeExceeded
        case .packetTooBig: .packetTooBig
        default: .unreachable
        }
    }
}
