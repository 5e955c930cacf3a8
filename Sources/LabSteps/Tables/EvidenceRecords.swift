import EngineNetwork
import EngineProbe
import LabModel
import Wire

/// Rows of probes and fates as evidence, written as their `encode(to:)` writes them, without its detours.

extension PingRow: JSONRecord {
    package func write(to object: inout JSONObjectText) {
        object.member("bytes", bytes)
        object.member("errno", errno)
        object.member("from", from.map { $0.description })
        object.member("icmp_code", icmpCode)
        object.member("icmp_type", icmpType)
        object.member("mtu", mtu)
        object.member("outcome", outcome.rawValue)
        object.member("rtt_ns", roundTrip)
        object.member("sent_ns", sent)
        object.member("sequence", sequence)
        object.member("ttl", timeToLive)
    }
}

extension HopRow: JSONRecord {
    package func write(to object: inout JSONObjectText) {
        object.member("address", address.map { $0.description })
        object.member("flow", flow)
        object.member("icmp_code", icmpCode)
        object.member("icmp_type", icmpType)
        object.member("interface", interface)
        object.member("labels", numbers: labels)
        object.member("mtu", mtu)
        object.member("name", name)
        object.member("outcome", outcome.rawValue)
        object.member("probe", probe)
        object.member("quoted_ttl", quotedTimeToLive)
        object.member("reply_ttl", replyTimeToLive)
        object.member("rewritten", texts: rewritten?.map(\.rawValue))
        object.member("rtt_ns", roundTrip)
        object.member("star", star?.rawValue)
        object.member("ttl", timeToLive)
    }
}

extension PacketFate: JSONRecord {
    package func write(to object: inout JSONObjectText) {
        object.member("destination", destination.description)
        object.member("host", host)
        object.member("isAnswer", flag: isAnswer)
        object.member("link", link)
        object.member("mtu", mtu)
        object.member("node", node)
        object.member("reason", reason.rawValue)
        object.member("report", report.rawValue)
        object.member("rule", rule)
        object.member("source", source.description)
        object.member("timeToLive", timeToLive)
    }
}

extension FateRows.Record: JSONRecord {
    package func write(to object: inout JSONObjectText) {
        object.member("fate", fate)
        object.member("place", place)
    }
}
