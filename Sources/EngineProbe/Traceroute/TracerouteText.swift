import Wire

/// A traceroute in the lines that people know from the classic tool.
package enum TracerouteText {
    package static func header(
        target: String, address: IPAddress, maximumHops: Int, size: Int, mode: ProbeMode
    ) -> String {
        "traceroute to \(printable(target)) (\(address)), \(maximumHops) hops max, \(size) data bytes, by \(mode.rawValue)"
    }

    /// One line for each hop; addresses are told when they change, as the classic tool does.
    package static func lines(_ result: TracerouteResult) -> [String] {
        var lines: [String] = []
        var rows = result.rows[...]
        while let hop = rows.first?.timeToLive {
            let part = rows.prefix { $0.timeToLive == hop }
            rows = rows.dropFirst(part.count)
            lines.append(line(hop, part, result))
        }
        return lines
    }

    /// Header, hops, and where the path ended.
    package static func text(_ result: TracerouteResult) -> [String] {
        let header = header(
            target: result.target, address: result.address, maximumHops: result.maximumHops, size: result.size,
            mode: result.mode)
        let end =
            result.reached
            ? "reached \(result.address) after \(result.path.count) hops" : "\(result.address) was not reached"
        return [header] + lines(result) + [end]
    }

    private static func line(_ hop: Int, _ rows: ArraySlice<HopRow>, _ result: TracerouteResult) -> String {
        var text = hop < 10 ? " \(hop)" : "\(hop)"
        var last: IPAddress?
        for row in rows {
            guard let address = row.address, let roundTrip = row.roundTrip else {
                // Without an address it is this machine that could not send, or found nobody on its own link.
                text += row.outcome == .notSent ? "  !S" : row.outcome == .unreachable ? "  !H" : "  *"
                continue
            }
            if address != last {
                text += row.name.map { "  \(printable($0)) (\(address))" } ?? "  \(address)"
                last = address
            }
            text += "  \(milliseconds(roundTrip)) ms\(annotation(row, result))"
        }
        return text
    }

    /// Why the path ended here when the target did not answer itself: the letters of the classic tool.
    private static func annotation(_ row: HopRow, _ result: TracerouteResult) -> String {
        switch (row.outcome, result.address.family, row.icmpType ?? 0, row.icmpCode ?? 0) {
        case (.unreachable, .v4, 3, 0), (.unreachable, .v6, 1, 0): " !N"
        case (.unreachable, .v4, 3, 1), (.unreachable, .v6, 1, 3): " !H"
        case (.unreachable, .v4, 3, 2), (.unreachable, .v6, 4, 1): " !P"
        case (.unreachable, .v4, 3, 13), (.unreachable, .v6, 1, 1): " !X"
        case (.unreachable, _, _, let code): " !<\(code)>"
        case (.packetTooBig, _, _, _): " !F-\(row.mtu ?? 0)"
        default: ""
        }
    }
}
