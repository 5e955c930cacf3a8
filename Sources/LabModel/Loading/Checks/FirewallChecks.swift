import SupportDiagnostics

/// Rules of one firewall that decide about nothing, and port forwards that it never lets anything through.
struct FirewallChecks {
    let router: WorldDefinition.Router
    let problems: Problems

    func verify() {
        let rules = router.behaviour.firewall
        for (index, rule) in rules.enumerated() where rule.isRead {
            if let reason = rule.contradiction {
                problems.report(Diagnostic("world.rule", "this rule matches nothing: \(reason)", at: rule.span))
            } else if let earlier = rules[..<index].first(where: {
                $0.isRead && $0.contradiction == nil && $0.covers(rule)
            }) {
                problems.report(
                    Diagnostic(
                        "world.shadowed-rule", "rule \(index + 1) of `\(router.name)` is never asked",
                        severity: .warning,
                        at: rule.span, secondary: [.init(earlier.span, "matches all that it would")],
                        help: ["the first rule that matches decides: put the narrower one first"]))
            }
        }
        for forward in router.behaviour.translation?.forwards ?? [] { verify(forward, rules) }
    }

    /// What comes through a forward is judged as it goes on to the host. An answer begins nothing, so what matters is who may
    /// open a connection.
    private func verify(_ forward: WorldDefinition.Forward, _ rules: [WorldDefinition.Rule]) {
        var stoppers = [
            (family: "IPv4", rule: stopper(of: forward, to: forward.address + "/32", from: "0.0.0.0/0", rules))
        ]
        if let address6 = forward.address6 {
            stoppers.append((family: "IPv6", rule: stopper(of: forward, to: address6 + "/128", from: "::/0", rules)))
        }
        let isStopped = stoppers.allSatisfy { $0.rule != nil }
        guard let (family, rule) = stoppers.first(where: { $0.rule != nil }), let rule else { return }
        problems.report(
            Diagnostic(
                "world.blocked-forward",
                "nothing comes through this forward\(isStopped ? "" : " over \(family)"): the firewall of "
                    + "`\(router.name)` stops all that it lets in",
                severity: .warning, at: forward.span, secondary: [.init(rule.span, "stops it")],
                help: [
                    "accept it before, where the host's own address and port stand: "
                        + "{ action: accept, to: \(forward.host), protocol: \(forward.subject.rawValue), "
                        + "port: \(forward.hostPort) }"
                ]))
    }

    /// The rule that stops whatever would begin through the forward to one of the host's addresses; nil where something may.
    private func stopper(
        of forward: WorldDefinition.Forward, to address: String, from any: String, _ rules: [WorldDefinition.Rule]
    ) -> WorldDefinition.Rule? {
        guard AddressPrefix(address) != nil else { return nil }
        let opening = WorldDefinition.Rule(
            action: .accept, subject: forward.subject == .tcp ? .tcp : .udp, states: [.new], from: [any],
            to: [address], ports: forward.hostPort...forward.hostPort, span: forward.span)
        for rule in rules where rule.contradiction == nil {
            // A rule that was not understood may let anything through.
            guard rule.isRead else { return nil }
            if rule.action == .accept, rule.mayMatch(opening) { return nil }
            if rule.action != .accept, rule.covers(opening) { return rule }
        }
        return nil
    }
}

extension WorldDefinition.Rule {
    /// Whether all its words were understood.
    fileprivate var isRead: Bool { from?.isEmpty != true && to?.isEmpty != true && states?.isEmpty != true }

    /// The protocols that it can match; nil: any.
    private var subjects: Set<Subject>? {
        var subjects = subject.map { Set([$0]) }
        if ports != nil { subjects = (subjects ?? [.tcp, .udp]).intersection([.tcp, .udp]) }
        if type != nil { subjects = (subjects ?? [.icmp]).intersection([.icmp]) }
        return subjects
    }

    /// Why no packet can match; nil where one can.
    fileprivate var contradiction: String? {
        if subjects?.isEmpty == true {
            return type != nil && ports != nil
                ? "what has a port has no ICMP type"
                : type != nil ? "only ICMP has a `type`" : "ICMP has no ports"
        }
        if ![false, true].contains(where: hasFamily) { return "`from` and `to` share no family of addresses" }
        if let states, possibleStates.isDisjoint(with: states) {
            return "such packets are never " + states.map { "`\($0.rawValue)`" }.joined(separator: " or ")
        }
        return nil
    }

    /// Reports alone are related; answers begin nothing, and what neither asks nor answers nor reports belongs to nothing.
    private var possibleStates: Set<State> {
        guard let subjects else { return Set(State.allCases) }
        guard subjects == [.icmp] else { return [.new, .established, .invalid] }
        switch type {
        case nil: return Set(State.allCases)
        case 8, 13, 15, 17, 128: return [.new, .established, .invalid]
        case 0, 14, 16, 18, 129: return [.established, .invalid]
        case 1, 2, 3, 4, 5, 11, 12: return [.related, .invalid]
        default: return [.invalid]
        }
    }

    private func hasFamily(_ isIPv6: Bool) -> Bool {
        [from, to].allSatisfy { places in places.map { !Self.blocks($0, isIPv6).isEmpty } ?? true }
    }

    private static func blocks(_ places: [String], _ isIPv6: Bool) -> [AddressPrefix] {
        places.compactMap { AddressPrefix($0) }.filter { $0.isIPv6 == isIPv6 }
    }

    /// Whether every packet that the other rule matches matches this one, too.
    fileprivate func covers(_ other: Self) -> Bool {
        if let subjects {
            guard let others = other.subjects, subjects.isSuperset(of: others) else { return false }
        }
        if let ports {
            guard let others = other.ports, ports.contains(others.lowerBound), ports.contains(others.upperBound) else {
                return false
            }
        }
        if let type, other.type != type { return false }
        if let states, !Set(states).isSuperset(of: other.states ?? State.allCases) { return false }
        return [false, true].filter(other.hasFamily).allSatisfy { isIPv6 in
            Self.contains(from, other.from, isIPv6) && Self.contains(to, other.to, isIPv6)
        }
    }

    /// Whether a packet can match this rule that the other matches, too; true where that is not known.
    fileprivate func mayMatch(_ other: Self) -> Bool {
        if let subjects, let others = other.subjects, subjects.isDisjoint(with: others) { return false }
        if let ports, let others = other.ports, !ports.overlaps(others) { return false }
        if let states, let others = other.states, Set(states).isDisjoint(with: others) { return false }
        return [false, true].filter { hasFamily($0) && other.hasFamily($0) }.contains { isIPv6 in
            Self.overlaps(from, other.from, isIPv6) && Self.overlaps(to, other.to, isIPv6)
        }
    }

    private static func overlaps(_ places: [String]?, _ others: [String]?, _ isIPv6: Bool) -> Bool {
        guard let places, let others else { return true }
        let blocks = blocks(places, isIPv6)
        return Self.blocks(others, isIPv6).contains { other in
            blocks.contains { $0.contains(other) || other.contains($0) }
        }
    }

    private static func contains(_ places: [String]?, _ others: [String]?, _ isIPv6: Bool) -> Bool {
        guard let places else { return true }
        let blocks = blocks(places, isIPv6)
        let all = isIPv6 ? ["::/0"] : ["0.0.0.0/0"]
        return Self.blocks(others ?? all, isIPv6).allSatisfy { other in blocks.contains { $0.contains(other) } }
    }
}
