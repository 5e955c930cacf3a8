import Wire

/// A traceroute in the lines that people know from the classic tool.
package enum TracerouteText {
    package static func header(
        target: String, address: IPAddress, maximumHops: Int, size: Int, mode: ProbeMode
    ) -> String {
        "traceroute to \(printable(target)) (\(address)), \(maximumHops) hops max, \(size) data bytes, by \(mode.rawValue)"
    }

    /// One line for each hop; addresses are told when they change, as the classic tool does.
    package static func lines(_ result: TracerouteResult, showsExtensions: Bool = false) -> [String] {
        var lines: [String] = []
        var rows = result.rows[...]
        while let hop = rows.first?.timeToLive {
            let part = rows.prefix { $0.timeToLive == hop }
            rows = rows.dropFirst(part.count)
            lines.append(line(hop, part, result, showsExtensions))
        }
        return lines
    }

    /// Header, hops, why there are stars, and where the path ended.
    package static func text(_ result: TracerouteResult, showsExtensions: Bool = false) -> [String] {
        let header = header(
            target: result.target, address: result.address, maximumHops: result.maximumHops, size: result.size,
            mode: result.mode)
        var end =
            result.reached
            ? "reached \(result.address) after \(last(result)) hops" : "\(result.address) was not reached"
        if let mtu = result.pathMTU { end += ", path MTU \(mtu)" }
        if let unsettled = result.unsettledMTU {
            let who = unsettled.address.map { "\($0)" } ?? "this host"
            end += ", path MTU not found: after \(unsettled.reports) times \(who) still named a smaller one"
        }
        return [header] + lines(result, showsExtensions: showsExtensions) + stars(result) + hints(result)
            + strays(result.strays) + [end]
    }

    /// A line for each hint.
    package static func hints(_ result: TracerouteResult) -> [String] {
        (result.hints ?? []).map { "hint at \($0.timeToLive): \($0.kind.rawValue): \($0.evidence)" }
    }

    /// A line for messages that answered no probe.
    package static func strays(_ strays: TraceStrays?) -> [String] {
        guard let strays else { return [] }
        let counts = [
            (strays.duplicates, "duplicate"), (strays.corrupted, "corrupted"), (strays.foreign, "foreign"),
        ]
        let words = counts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }
        return ["not believed: " + words.joined(separator: ", ")]
    }

    private static func last(_ result: TracerouteResult) -> Int { result.rows.last?.timeToLive ?? 0 }

    /// A line for each reason, with the hops it explains.
    package static func stars(_ result: TracerouteResult) -> [String] {
        var lines: [String] = []
        for star in result.stars {
            // All that comes behind the first silent hop has the same reason.
            if star.reason == .filtered, lines.last?.contains("filtered") == true { continue }
            let place = star.reason == .filtered ? "from \(star.timeToLive) on" : "at \(star.timeToLive)"
            lines.append("* \(place): \(star.reason.rawValue): \(star.evidence)")
        }
        return lines
    }

    private static func line(
        _ hop: Int, _ rows: ArraySlice<HopRow>, _ result: TracerouteResult, _ showsExtensions: Bool
    ) -> String {
        var text = hop < 10 ? " \(hop)" : "\(hop)"
        var last: IPAddress?
        for row in rows {
            if row.outcome == .packetTooBig {
                text += row.address.map { "  \($0)" } ?? ""
                text += "  F=\(row.mtu ?? 0)"
                last = row.address
                continue
            }
            guard let address = row.address, let roundTrip = row.roundTrip else {
                // Without an address it is this machine that could not send, or found nobody on its own link.
                text += row.outcome == .notSent ? "  !S" : row.outcome == .unreachable ? "  !H" : "  *"
                continue
            }
            if address != last {
                text += row.name.map { "  \(printable($0)) (\(address))" } ?? "  \(address)"
                if showsExtensions { text += extensions(row) }
                last = address
            }
            text += "  \(milliseconds(roundTrip)) ms\(annotation(row, result))"
        }
        return text
    }

    private static func extensions(_ row: HopRow) -> String {
        var parts = (row.labels ?? []).map { "MPLS:L=\($0)" }
        if let interface = row.interface { parts.append("IN:\(printable(interface))") }
        return parts.isEmpty ? "" : " <\(parts.joined(separator: ","))>"
    }

    /// Why the path ended here when the target did not answer itself: the letters of the classic tool. Unlike that it marks
    /// "port unreachable", too, which is no answer of the target when another sent it.
    private static func annotation(_ row: HopRow, _ result: TracerouteResult) -> String {
        letter(row.outcome, result.address.family, row.icmpType, row.icmpCode)
    }

    static func letter(_ outcome: ProbeOutcome?, _ family: IPFamily, _ type: UInt8?, _ code: UInt8?) -> String {
        guard outcome == .unreachable else { return "" }
        return switch (family, type ?? 0, code ?? 0) {
        case (.v4, 3, 0), (.v4, 3, 6), (.v4, 3, 8), (.v4, 3, 11), (.v6, 1, 0): " !N"
        case (.v4, 3, 1), (.v4, 3, 7), (.v4, 3, 12), (.v6, 1, 2), (.v6, 1, 3): " !H"
        case (.v4, 3, 2), (.v6, 4, _): " !P"
        case (.v4, 3, 5): " !S"
        case (.v4, 3, 9), (.v4, 3, 10), (.v4, 3, 13), (.v6, 1, 1): " !X"
        case (.v4, 3, 14): " !V"
        case (.v4, 3, 15): " !C"
        case (_, _, let code): " !<\(code)>"
        }
    }
}
