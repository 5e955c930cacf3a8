import Wire

/// A path as SVG: a row for each hop, a circle for each router there, names and times beside it.
package enum TracerouteDrawing {
    private static let rowHeight = 44

    package static func svg(_ result: TracerouteResult) -> String {
        let hops = Set(result.rows.map(\.timeToLive)).sorted()
        let height = rowHeight * (hops.count + 1) + 20
        var parts: [String] = []
        for (place, hop) in hops.enumerated() {
            let y = rowHeight * (place + 1)
            if place > 0 || hop > 0 {
                parts.append(
                    "<line x1=\"40\" y1=\"\(y - rowHeight + 10)\" x2=\"40\" y2=\"\(y - 10)\" stroke=\"#888\"/>")
            }
            parts += row(hop, result.rows.filter { $0.timeToLive == hop }, result, y)
        }
        let title = "the way to \(printable(result.target)) (\(result.address))"
        return """
            <svg xmlns="http://www.w3.org/2000/svg" width="640" height="\(height)" viewBox="0 0 640 \(height)" \
            font-family="sans-serif" font-size="13" role="img">
            <title>\(escaped(title))</title>
            <circle cx="40" cy="10" r="6" fill="#444"/><text x="60" y="14">this host</text>
            \(parts.joined(separator: "\n"))
            </svg>

            """
    }

    private static func row(_ hop: Int, _ rows: [HopRow], _ result: TracerouteResult, _ y: Int) -> [String] {
        var seen: [IPAddress] = []
        for row in rows { if let address = row.address, !seen.contains(address) { seen.append(address) } }
        let number = "<text x=\"24\" y=\"\(y + 4)\" text-anchor=\"end\" fill=\"#888\">\(hop)</text>"
        guard !seen.isEmpty else {
            let reason = result.stars.first { $0.timeToLive == hop }?.reason.rawValue ?? "no answer"
            return [
                number, "<circle cx=\"40\" cy=\"\(y)\" r=\"6\" fill=\"none\" stroke=\"#888\" stroke-dasharray=\"2\"/>",
                "<text x=\"60\" y=\"\(y + 4)\" fill=\"#888\">\(reason)</text>",
            ]
        }
        let color = seen.contains(result.address) ? "#2a7" : "#27c"
        let texts = seen.map { address -> String in
            let times = rows.filter { $0.address == address }.compactMap(\.roundTrip)
            let name = rows.first { $0.address == address && $0.name != nil }?.name.map { "\(printable($0)) " } ?? ""
            return name + "\(address)" + (times.min().map { "  \(milliseconds($0)) ms" } ?? "")
        }
        return [
            number, "<circle cx=\"40\" cy=\"\(y)\" r=\"6\" fill=\"\(color)\"/>",
            "<text x=\"60\" y=\"\(y + 4)\">\(escaped(texts.joined(separator: " · ")))</text>",
        ]
    }

    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for character in text {
            switch character {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            default: escaped.append(character)
            }
        }
        return escaped
    }
}
