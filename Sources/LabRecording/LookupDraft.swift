import SupportQuestions

/// A look-up as a step: what was asked, and what the answers on the wire said.
struct LookupDraft {
    let title: String
    var fields: [(String, DraftStep.Field)]
    var checks: [(String, String)] = []

    init?(_ lookup: Act.Lookup, during command: RecordedCommand, _ walk: Walk, _ surroundings: Surroundings) {
        // Only addresses: what else there is to ask stays the program's that asked.
        guard lookup.server == nil, ["A", "AAAA", nil].contains(lookup.type), !lookup.name.isEmpty,
            lookup.name.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x22 && $0 != 0x5C })
        else { return nil }
        let name = surroundings.named(lookup.name)
        title = lookup.type == "AAAA" ? "Look up the IPv6 address of \(name)" : "Look \(name) up"
        fields = [("name", .text(name))]
        let family = lookup.type == "A" ? "ipv4" : lookup.type == "AAAA" ? "ipv6" : lookup.family
        if family != "any" { fields.append(("family", .text(family))) }
        let subject = name.hasPrefix("$") ? name : "\"\(name)\""
        for (field, wanted) in [("dns.a", "ipv4"), ("dns.aaaa", "ipv6")] where family == "any" || family == wanted {
            for address in walk.values(of: field, during: command, where: []).map(\.text) {
                let question = "lab.dns.name == \(subject) and lab.dns.address == \(surroundings.address(address))"
                let label = wanted == "ipv4" ? "address" : "address6"
                if !checks.contains(where: { $0.1 == question }) {
                    let number = checks.count { $0.0.hasPrefix(label) }
                    checks.append((number == 0 ? label : "\(label)-\(number + 1)", question))
                }
            }
        }
        if checks.isEmpty { checks.append(("unknown", "lab.dns.error")) }
    }
}
