import Glibc
import Wire

/// A ping run in the lines that people know from the classic tool.
package enum PingText {
    package static func header(target: String, address: IPAddress, size: Int, mode: ProbeMode) -> String {
        "PING \(printable(target)) (\(address)) \(size) data bytes, by \(mode.rawValue)"
    }

    /// `name` goes before the target's own address where it answers; `target` tells the family where nobody did.
    package static func line(_ row: PingRow, target: IPAddress, name: String? = nil) -> String {
        let sequence = "icmp_seq=\(row.sequence)"
        let from = row.from.map { sender($0, target, name) } ?? "this host"
        switch row.outcome {
        case .reply:
            return reply(from, row.bytes ?? 0, sequence, row.timeToLive, row.roundTrip)
        case .timeout: return "no answer yet for \(sequence)"
        case .timeExceeded:
            let text = (row.from ?? target).family == .v4 ? "Time to live exceeded" : "Time exceeded: Hop limit"
            return "From \(from) \(sequence) \(text)"
        case .unreachable:
            let family = row.from?.family ?? target.family
            let text = unreachableText(family, type: row.icmpType ?? 0, code: row.icmpCode ?? 0)
            return "From \(from) \(sequence) \(text)"
        case .packetTooBig:
            let mtu = row.mtu ?? 0
            return target.family == .v4
                ? "From \(from) \(sequence) Frag needed and DF set (mtu = \(mtu))"
                : "From \(from) \(sequence) Packet too big: mtu=\(mtu)"
        case .notSent:
            if row.errno == EMSGSIZE { return "\(sequence): local error: message too long, mtu=\(row.mtu ?? 0)" }
            return "\(sequence) was not sent: \(String(cString: strerror(row.errno ?? 0)))"
        }
    }

    /// What came and settled nothing.
    package static func line(_ stray: PingStray, target: IPAddress?, name: String? = nil) -> String {
        let from = stray.from.map { sender($0, target, name) } ?? "this host"
        let note =
            switch stray.kind {
            case .duplicate: "(DUP!)"
            case .late: "(late)"
            case .corrupted: "(corrupted)"
            case .foreign: "(not asked for)"
            }
        return reply(from, stray.bytes, "icmp_seq=\(stray.sequence)", stray.timeToLive, stray.roundTrip) + " " + note
    }

    private static func sender(_ from: IPAddress, _ target: IPAddress?, _ name: String?) -> String {
        guard from == target, let name, name != "\(from)" else { return "\(from)" }
        return "\(printable(name)) (\(from))"
    }

    private static func reply(
        _ from: String, _ bytes: Int, _ sequence: String, _ timeToLive: UInt8?, _ roundTrip: Int64?
    ) -> String {
        "\(bytes) bytes from \(from): \(sequence)" + (timeToLive.map { " ttl=\($0)" } ?? "")
            + (roundTrip.map { " time=\(milliseconds($0)) ms" } ?? "")
    }

    /// The lines behind the last row.
    package static func summary(_ result: PingResult) -> [String] {
        let summary = result.summary
        var counts = "\(summary.sent) packets transmitted, \(summary.received) received"
        let extras = [
            (summary.duplicates, "duplicates"), (summary.late, "late"), (summary.corrupted, "corrupted"),
            (summary.foreign, "not asked for"), (summary.reordered, "reordered"), (summary.errors, "errors"),
        ]
        for (count, word) in extras where count > 0 { counts += ", +\(count) \(word)" }
        counts += ", \(percent(summary.loss)) packet loss"
        var lines = ["--- \(printable(result.target)) ping statistics ---", counts]
        if let times = summary.roundTrip {
            let values = [times.minimum, times.average, times.maximum, times.deviation].map(milliseconds)
            lines.append("rtt min/avg/max/mdev = \(values.joined(separator: "/")) ms")
            let more = [times.median, times.percentile90, times.percentile99, times.jitter].map(milliseconds)
            lines.append("rtt p50/p90/p99/jitter = \(more.joined(separator: "/")) ms")
        }
        if summary.received > 0, summary.longestLoss > 1 || summary.lossRuns > 1 {
            lines.append(
                "lost in \(summary.lossRuns) run\(summary.lossRuns == 1 ? "" : "s"), the longest of \(summary.longestLoss)"
            )
        }
        return lines
    }

    /// A line for each of many targets, as fping prints them.
    package static func table(_ results: [PingResult]) -> [String] {
        let width = min(40, results.map { printable($0.target).count }.max() ?? 0)
        return results.map { result in
            let name = printable(result.target)
            let padding = String(repeating: " ", count: max(0, width - name.count))
            let summary = result.summary
            var text =
                "\(name)\(padding) : xmt/rcv/%loss = \(summary.sent)/\(summary.received)/\(percent(summary.loss))"
            if let times = summary.roundTrip {
                let values = [times.minimum, times.average, times.maximum].map(milliseconds)
                text += ", min/avg/max = \(values.joined(separator: "/")) ms"
            }
            return text
        }
    }

    static func percent(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        return tenths % 10 == 0 ? "\(tenths / 10)%" : "\(tenths / 10).\(tenths % 10)%"
    }
}
