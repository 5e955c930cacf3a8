import Wire

/// What of a probe a report quotes otherwise than it was sent: somebody on the way rewrote it, and did not put all of it back.
package enum RewrittenField: String, Sendable, Hashable, Codable, CaseIterable {
    case source
    case destination
    /// Of an echo request.
    case identifier
    /// The ICMP checksum does not fit bytes that are ours: what it was made for was rewritten, and then put back.
    case checksum
}

/// Something about the path that no probe asked for, but the answers give away. A hint is no proof.
package struct PathHint: Sendable, Hashable, Codable {
    package enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
        /// Somebody before this hop rewrites addresses.
        case translation = "address-translation"
        /// Answers come back over more or fewer hops than the probes went.
        case returnPath = "return-path"
        /// Routers before this hop did not count the probe.
        case tunnel
    }

    package var kind: Kind
    package var timeToLive: Int
    /// A sentence for people.
    package var evidence: String

    private enum CodingKeys: String, CodingKey {
        case kind, evidence
        case timeToLive = "ttl"
    }

    package init(_ kind: Kind, at timeToLive: Int, _ evidence: String) {
        self.kind = kind
        self.timeToLive = timeToLive
        self.evidence = evidence
    }
}

extension PathHint {
    /// What rows, by hop and then by probe, give away; by hop.
    static func find(_ rows: [HopRow]) -> [PathHint] {
        var hints: [PathHint] = []
        var rewritten: [RewrittenField] = []
        var detour = 0
        var before: HopRow?
        var rest = rows[...]
        while let hop = rest.first?.timeToLive {
            let part = rest.prefix { $0.timeToLive == hop }
            rest = rest.dropFirst(part.count)
            let answers = part.filter { $0.address != nil && $0.outcome != .packetTooBig }
            let fields = answers.contains { $0.rewritten != nil } ? PathHint.rewritten(answers) : []
            if !fields.allSatisfy(rewritten.contains) {
                let names = fields.map(\.rawValue).joined(separator: " and ")
                hints.append(
                    PathHint(
                        .translation, at: hop,
                        "the report quotes our probe with another \(names): somebody on the way rewrites addresses"))
                rewritten += fields
            }
            if let seen = answers.compactMap(\.quotedTimeToLive).max(), seen > 1,
                answers.contains(where: { $0.outcome == .timeExceeded })
            {
                hints.append(
                    PathHint(
                        .tunnel, at: hop,
                        "the probe came here with a TTL of \(seen): a tunnel carried it past routers that did not count it"
                    ))
            }
            guard let answer = agreed(answers) else {
                before = nil
                continue
            }
            if let hint = shared(answer, before) { hints.append(hint) }
            if let hint = returning(answer, &detour) { hints.append(hint) }
            before = answer
        }
        return hints
    }

    /// What answers quote otherwise than it was sent, each once.
    private static func rewritten(_ answers: [HopRow]) -> [RewrittenField] {
        RewrittenField.allCases.filter { field in answers.contains { $0.rewritten?.contains(field) ?? false } }
    }

    /// The first answer of a hop whose answers are all alike; nil when they are of several, or came back by several ways.
    private static func agreed(_ answers: [HopRow]) -> HopRow? {
        guard let first = answers.first else { return nil }
        let isAlike = answers.allSatisfy {
            $0.address == first.address && $0.replyTimeToLive == first.replyTimeToLive
        }
        return isAlike ? first : nil
    }

    /// Two routers in a row with one address: by the TTLs of their answers they are two (Augustin et al., "Avoiding traceroute
    /// anomalies with Paris traceroute", 2006, §4.1.1).
    private static func shared(_ answer: HopRow, _ before: HopRow?) -> PathHint? {
        guard let before, before.timeToLive == answer.timeToLive - 1, before.address == answer.address,
            before.outcome == .timeExceeded, answer.outcome == .timeExceeded,
            let near = before.replyTimeToLive, let far = answer.replyTimeToLive, far < near
        else { return nil }
        return PathHint(
            .translation, at: answer.timeToLive,
            "the address of the hop before, but an answer from farther away: a translator speaks for routers behind it")
    }

    /// Longer ways than this do not exist: then the first TTL was none of the customary ones.
    private static let plausible = 40

    /// Told where the difference changes, and not again at each hop behind.
    private static func returning(_ answer: HopRow, _ detour: inout Int) -> PathHint? {
        guard let back = answer.returnHops, back <= plausible else { return nil }
        let difference = back - answer.timeToLive
        defer { detour = difference }
        guard difference != detour, difference != 0 else { return nil }
        let words = difference > 0 ? "\(difference) more" : "\(-difference) fewer"
        return PathHint(
            .returnPath, at: answer.timeToLive,
            "by its TTL of \(answer.replyTimeToLive ?? 0) the answer made \(back) hops, \(words) than the probe: it took another way "
                + "back, or a tunnel hides hops")
    }
}
