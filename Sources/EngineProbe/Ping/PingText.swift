import Wire

/// A ping run in the lines that people know from the classic tool.
package enum PingText {
    package static func header(target: String, address: IPAddress, size: Int, mode: ProbeMode) -> String {
        "PING \(printable(target)) (\(address)) \(size) data bytes, by \(mode.rawValue)"
    }

    /// `target` tells the family where nobody answered.
    package static func line(_ row: PingRow, target: IPAddress) -> String {
        let sequence = "icmp_seq=\(row.sequence)"
        let from = row.from.map { "\($0)" } ?? "this host"
        switch row.outcome {
        case .reply:
            let ttl = row.timeToLive.map { " ttl=\($0)" } ?? ""
            return "\(row.bytes ?? 0) bytes from \(from): \(sequence)\(ttl) time=\(milliseconds(row.roundTrip ?? 0)) ms"
        case .timeout: return "no answer yet for \(sequence)"
        case .timeExceeded: return "From \(from) \(sequence) Time to live exceeded"
        case .unreachable:
            let family = row.from?.family ?? target.family
            let text = unreachableText(family, type: row.icmpType ?? 0, code: row.icmpCode ?? 0)
            return "From \(from) \(sequence) \(text)"
        case .packetTooBig: return "From \(from) \(sequence) Packet too big (mtu = \(row.mtu ?? 0))"
        case .notSent: return "\(sequence) was not sent (errno \(row.errno ?? 0))"
        }
    }

    /// The lines behind the last row.
    package static func summary(_ result: PingResult) -> [String] {
        let summary = result.summary
        var counts = "\(summary.sent) packets transmitted, \(summary.received) received"
        if summary.duplicates > 0 { counts += ", +\(summary.duplicates) duplicates" }
        if summary.late > 0 { counts += ", +\(summary.late) late" }
        if summary.errors > 0 { counts += ", +\(summary.errors) errors" }
        counts += ", \(percent(summary.loss)) packet loss"
        var lines = ["--- \(printable(result.target)) ping statistics ---", counts]
        if let times = summary.roundTrip {
            let values = [times.minimum, times.average, times.maximum, times.deviation].map(milliseconds)
            lines.append("rtt min/avg/max/mdev = \(values.joined(separator: "/")) ms")
            lines.append("rtt p50/p90 = \(milliseconds(times.median))/\(milliseconds(times.percentile90)) ms")
        }
        return lines
    }

    private static func percent(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return tenths % 10 == 0 ? "\(tenths / 10)%" : "\(tenths / 10).\(tenths % 10)%"
    }
}

/// Nanoseconds as milliseconds with microseconds behind the point, always: digits do not get lost as times grow.
package func milliseconds(_ nanoseconds: Int64) -> String {
    let microseconds = (max(0, nanoseconds) &+ 500) / 1000
    let fraction = String(microseconds % 1000)
    return "\(microseconds / 1000)." + String(repeating: "0", count: 3 - fraction.count) + fraction
}

/// What a "destination unreachable" says, in the words of iputils.
func unreachableText(_ family: IPFamily, type: UInt8, code: UInt8) -> String {
    switch (family, type, code) {
    case (.v4, 3, 0): "Destination Net Unreachable"
    case (.v4, 3, 1): "Destination Host Unreachable"
    case (.v4, 3, 2): "Destination Protocol Unreachable"
    case (.v4, 3, 3), (.v6, 1, 4): "Destination Port Unreachable"
    case (.v4, 3, 13), (.v6, 1, 1): "Communication Administratively Prohibited"
    case (.v6, 1, 0): "No Route to Destination"
    case (.v6, 1, 3): "Address Unreachable"
    default: "Destination Unreachable (type \(type), code \(code))"
    }
}
