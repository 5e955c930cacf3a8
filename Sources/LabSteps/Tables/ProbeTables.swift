import SupportQuestions

/// Tables of the probing kinds.
package enum ProbeTables {
    private static let outcomes = ["reply", "timeout", "unreachable", "time-exceeded", "packet-too-big", "not-sent"]

    package static let ping = Table(
        "ping", "a ping as a whole",
        fields: [
            Field("lab.ping.name", .string, "the target as it was asked for"),
            Field("lab.ping.address", .string, "the address that was pinged"),
            Field("lab.ping.sent", .unsigned, "echo requests sent"),
            Field("lab.ping.received", .unsigned, "echo replies received"),
            Field("lab.ping.loss", .float, "the lost share, from 0 to 1"),
            Field("lab.ping.min", .duration, "the shortest round-trip time"),
            Field("lab.ping.avg", .duration, "the mean round-trip time"),
            Field("lab.ping.max", .duration, "the longest round-trip time"),
            Field("lab.ping.mdev", .duration, "the standard deviation of the round-trip times"),
            Field("lab.ping.p50", .duration, "the round-trip time that half of the replies do not exceed"),
            Field("lab.ping.p90", .duration, "the round-trip time that 90% of the replies do not exceed"),
            Field("lab.ping.p99", .duration, "the round-trip time that 99% of the replies do not exceed"),
            Field("lab.ping.jitter", .duration, "how much one round-trip time differs from the next (RFC 3550)"),
            Field(
                "lab.ping.errors", .unsigned,
                "requests that somebody reported instead of answering, or that were not sent"),
            Field("lab.ping.duplicates", .unsigned, "replies to what was answered before"),
            Field("lab.ping.late", .unsigned, "replies after the timeout; they count as lost"),
            Field("lab.ping.corrupted", .unsigned, "replies with other bytes than were sent; they count as lost"),
            Field("lab.ping.foreign", .unsigned, "replies that nobody asked for; they are not believed"),
            Field("lab.ping.reordered", .unsigned, "replies that came after one to a later request"),
            Field("lab.ping.loss_runs", .unsigned, "how often requests were lost in a row, one alone being a run too"),
            Field("lab.ping.longest_loss", .unsigned, "the most requests lost in a row"),
            Field("lab.ping.mode", .string, "`datagram-icmp`, `raw-icmp` or `udp`: what this machine permitted"),
            Field("lab.ping.error", .string, "why nothing could be sent; absent when something was"),
        ])

    package static let probe = Table(
        "probe", "one echo request and what became of it",
        fields: [
            Field("lab.probe.seq", .unsigned, "its number, from 1"),
            Field("lab.probe.answered", .boolean, "whether the target itself answered"),
            Field("lab.probe.addr", .string, "who answered, or reported why there is no answer"),
            Field("lab.probe.name", .string, "the name in the world of who did"),
            Field("lab.probe.ttl", .unsigned, "the TTL or hop limit of the answer", bits: 8),
            Field("lab.probe.rtt", .duration, "the round-trip time"),
            Field(
                "lab.probe.outcome", .string,
                "`reply`, `timeout`, `unreachable`, `time-exceeded`, `packet-too-big` or `not-sent`",
                choices: outcomes),
            Field("lab.probe.sent", .duration, "when it was sent, from the start of the run"),
            Field("lab.probe.bytes", .unsigned, "ICMP bytes of the answer, header included"),
            Field("lab.probe.icmp.type", .unsigned, "the ICMP type of a report that it was undeliverable", bits: 8),
            Field("lab.probe.icmp.code", .unsigned, "the ICMP code of that report", bits: 8),
            Field("lab.probe.mtu", .unsigned, "the MTU that it was too large for"),
        ])

    package static let trace = Table(
        "trace", "a traceroute as a whole",
        fields: [
            Field("lab.trace.name", .string, "the target as it was asked for"),
            Field("lab.trace.address", .string, "the address that was traced"),
            Field("lab.trace.reached", .boolean, "whether the target answered"),
            Field("lab.trace.hops", .unsigned, "the distance of the last hop that answered"),
            Field(
                "lab.trace.path", .list,
                "the nodes on the way, by their names in the world, or addresses; `*` for silence"),
            Field("lab.trace.mtu", .unsigned, "the largest packet that got through, where it was looked for"),
            Field(
                "lab.trace.mode", .string, "`datagram-icmp`, `raw-icmp`, `udp` or `tcp`: what this machine permitted"),
            Field("lab.trace.error", .string, "why nothing could be sent; absent when something was"),
        ])

    package static let hop = Table(
        "hop", "one probe of a traceroute and what became of it",
        fields: [
            Field("lab.hop.ttl", .unsigned, "the TTL or hop limit it was sent with", bits: 8),
            Field("lab.hop.probe", .unsigned, "its number at this TTL, from 1"),
            Field("lab.hop.addr", .string, "who answered"),
            Field("lab.hop.name", .string, "the name in the world of who answered"),
            Field("lab.hop.rtt", .duration, "the round-trip time"),
            Field(
                "lab.hop.outcome", .string,
                "`reply`, `timeout`, `unreachable`, `time-exceeded`, `packet-too-big` or `not-sent`",
                choices: outcomes),
            Field(
                "lab.hop.star", .string,
                "why there was no answer: `rate-limited`, `lost`, `silent` or `filtered`; absent when there was one, "
                    + "so never beside `lab.hop.name`: ask for `lab.hop.ttl`",
                choices: ["rate-limited", "lost", "silent", "filtered"]),
            Field("lab.hop.icmp.type", .unsigned, "the ICMP type of a report that the target is unreachable"),
            Field("lab.hop.icmp.code", .unsigned, "the ICMP code of that report"),
            Field("lab.hop.mtu", .unsigned, "the MTU that the probe was too large for"),
            Field("lab.hop.return_hops", .unsigned, "how many hops the answer made, by the customary first TTLs"),
            Field(
                "lab.hop.rewritten", .list,
                "what the report quotes otherwise than it was sent, in raw mode: `source`, `destination`, `identifier`, `checksum`; "
                    + "somebody on the way translates addresses"),
            Field(
                "lab.hop.hints", .list,
                "what the answers of this distance give away: `address-translation`, `return-path`, `tunnel`; on the first row of it"
            ),
            Field("lab.hop.labels", .list, "the MPLS labels that the probe arrived with"),
            Field("lab.hop.interface", .string, "the interface that the probe came in by, as the router tells it"),
            Field("lab.hop.flow", .unsigned, "which flow the probe belonged to, where all ways were looked for"),
        ])

    package static let name = Table(
        "name", "an answer of the resolver",
        fields: [
            Field("lab.dns.name", .string, "the name that was asked for"),
            Field("lab.dns.address", .string, "an address of it"),
            Field("lab.dns.family", .string, "`ipv4` or `ipv6`", choices: ["ipv4", "ipv6"]),
            Field("lab.dns.type", .string, "the record's type: `A`, `AAAA`, `CNAME`, `PTR`"),
            Field("lab.dns.value", .string, "what the record says: an address or a name"),
            Field("lab.dns.owner", .string, "the name that the record belongs to: the end of a chain of aliases"),
            Field("lab.dns.ttl", .duration, "how long the record may be kept"),
            Field("lab.dns.status", .string, "the outcome in the server's words: `NOERROR`, `NXDOMAIN`"),
            Field("lab.dns.server", .string, "the address of the server that answered"),
            Field("lab.dns.error", .string, "why there is no address; absent when there is one"),
        ])
}
