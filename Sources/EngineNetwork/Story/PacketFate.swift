import Wire

/// A packet that came to grief, and what its sender was told: the end of its hop story, kept without being asked for.
package struct PacketFate: Codable, Sendable, Hashable {
    package enum Reason: String, Codable, Sendable, CaseIterable {
        case lost
        case queueFull = "queue-full"
        case filtered
        case discarded
        case noRoute = "no-route"
        case hostUnreachable = "host-unreachable"
        case hostDown = "host-down"
        case tooBig = "too-big"
        /// Its TTL was used up, and nobody said so.
        case expired
        /// It arrived, and the node that it was for says nothing.
        case ignored
    }

    /// Whether its sender was told.
    package enum Report: String, Codable, Sendable, CaseIterable {
        case made
        case silent
        case withheld
        case rateLimited = "rate-limited"
        /// Nobody reports such an end, or reports about such a packet.
        case none
    }

    /// The host that sent it, or the packet that it answers.
    package let host: String
    /// As the host sent it.
    package let source: IPAddress
    package let destination: IPAddress
    /// The TTL or hop limit that the host sent it with.
    package let timeToLive: UInt8
    /// Whether it is an answer or a report that a node of the model made to what the host sent.
    package let isAnswer: Bool
    /// Where it ended; on a link, the node that sent it there.
    package let node: String
    package let reason: Reason
    package let report: Report
    package var link: String?
    /// The author's rule of the node's firewall, from 0.
    package var rule: Int?
    package var mtu: Int?
}

/// Which packet of which host a packet on the way goes back to.
struct PacketOrigin: Sendable {
    let host: Int
    let source: IPAddress
    let destination: IPAddress
    let timeToLive: UInt8
    var isAnswer = false

    /// That of what a node of the model says to it.
    var answered: PacketOrigin {
        var answered = self
        answered.isAnswer = true
        return answered
    }
}

/// The newest fates, oldest first, in bounded memory.
struct FateLog: Sendable {
    /// 0 keeps none.
    var limit = 0
    private var fates: [PacketFate] = []

    mutating func append(_ fate: PacketFate) {
        if fates.count >= 2 * limit { fates.removeFirst(fates.count - limit + 1) }
        fates.append(fate)
    }

    /// The newest fates that fit, which are forgotten thereby.
    mutating func take(where isWanted: (PacketFate) -> Bool) -> [PacketFate] {
        let taken = fates.filter(isWanted)
        fates.removeAll(where: isWanted)
        return Array(taken.suffix(limit))
    }
}

extension NetworkModel {
    /// Takes the fates of what a host sent, and of what others sent to it: the newest, as many as are kept.
    package mutating func takeFates(ofHost name: String) -> [PacketFate] {
        guard let host = map.hosts.first(where: { $0.name == name }) else { return [] }
        let own = Set(host.addresses.map(\.address))
        return fates.take { $0.host == name || own.contains($0.destination) }
    }

    /// Remembers the end of a packet that did not arrive, or that nobody answers.
    mutating func rememberFate(
        _ reason: PacketFate.Reason, _ arrival: Walk.Arrival, _ report: PacketFate.Report = .none, at node: Int? = nil,
        link: String? = nil, rule: Int? = nil, mtu: Int? = nil
    ) {
        guard fates.limit > 0, let origin = arrival.origin else { return }
        fates.append(
            PacketFate(
                host: map.hosts[origin.host].name, source: origin.source, destination: origin.destination,
                timeToLive: origin.timeToLive, isAnswer: origin.isAnswer, node: map.nodes[node ?? arrival.node].name,
                reason: reason, report: report, link: link, rule: rule, mtu: mtu))
    }

    /// The same, by the outcome that was noted.
    mutating func remember(
        _ outcome: Verdict.Outcome, _ arrival: Walk.Arrival, _ report: PacketFate.Report = .none, at node: Int? = nil
    ) {
        switch outcome {
        case .delivered, .received, .malformed, .rateLimited: break
        case .expired: if report != .made { rememberFate(.expired, arrival, report, at: node) }
        case .noRoute: rememberFate(.noRoute, arrival, report, at: node)
        case .hostUnreachable: rememberFate(.hostUnreachable, arrival, report, at: node)
        case .hostSilent: rememberFate(.hostDown, arrival, report, at: node)
        case .tooBig(let mtu): rememberFate(.tooBig, arrival, report, at: node, mtu: mtu)
        case .lost(let link): rememberFate(.lost, arrival, report, at: node, link: link)
        case .queueFull(let link): rememberFate(.queueFull, arrival, report, at: node, link: link)
        case .filtered(let rule): rememberFate(.filtered, arrival, report, at: node, rule: rule)
        case .discarded: rememberFate(.discarded, arrival, report, at: node)
        }
    }
}
