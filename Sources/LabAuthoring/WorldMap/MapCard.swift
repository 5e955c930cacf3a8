import LabReport
import SupportDiagnostics

/// One part of a map as it is drawn: its box and the lines in it.
struct MapCard {
    static let normal = 13.0
    static let small = 11.0

    private struct Line {
        var text: String
        var style: String
        /// A dot before it, or a picture.
        var sign = ""
        var indent = 0.0
        var size = MapCard.small
    }

    private let node: WorldMap.Node
    private let lines: [Line]
    let size: MapLayout.Size

    init(_ node: WorldMap.Node, isBrief: Bool) {
        self.node = node
        var lines = [Line(text: Self.clipped(node.name, 24), style: "name", indent: 22, size: Self.normal)]
        if node.kind == .host, let host = node.hosts.first {
            lines += host.addresses.map { Line(text: Self.clipped($0, 40), style: "address", indent: 22) }
            lines += Self.state(host).map { Line(text: $0, style: "soft", indent: 22) }
        } else {
            lines += node.lines.prefix(isBrief ? 1 : 4).map {
                Line(text: Self.clipped($0, 40), style: "address", indent: 22)
            }
            for host in node.hosts.prefix(8) {
                lines.append(
                    Line(
                        text: Self.clipped(host.name, 24), style: host.isVirtual || host.isDown ? "host soft" : "host",
                        sign: host.isDown ? "gone" : host.isVirtual ? "ghost" : "machine", indent: 22, size: 12))
                let about = [host.addresses.first] + Self.state(host).map(Optional.some)
                lines.append(
                    Line(text: about.compactMap { $0 }.joined(separator: " · "), style: "address", indent: 22))
            }
            let more = node.hosts.count - 8
            if more > 0 { lines.append(Line(text: "and \(more) more hosts", style: "soft", indent: 22)) }
        }
        lines += node.marks.map {
            Line(text: Self.clipped($0.label.text, 34), style: "mark", sign: $0.tone.rawValue, indent: 22)
        }
        self.lines = lines
        let width = lines.map { Self.width($0.text, $0.size) + $0.indent }.max() ?? 0
        let height = lines.reduce(0) { $0 + Self.step($1) } + 14
        size = MapLayout.Size(width: max(64, (width + 20).rounded(.up)), height: height)
    }

    private static func step(_ line: Line) -> Double { line.sign.isEmpty || line.style == "mark" ? 15 : 18 }

    private static func state(_ host: WorldMap.Host) -> [String] {
        host.isDown ? ["down"] : host.isVirtual ? ["virtual"] : []
    }

    func svg(at frame: MapLayout.Frame) -> String {
        let number = MapDrawing.number
        var parts = [
            "<g class=\"\(node.kind.rawValue)\" transform=\"translate(\(number(frame.x)) \(number(frame.y)))\">",
            "<title>\(PageText.escaped(about))</title>",
            "<rect class=\"card\" width=\"\(number(size.width))\" height=\"\(number(size.height))\" "
                + "rx=\"\(node.kind == .router ? 12 : 5)\"/>",
            MapStyle.sign(node.kind),
        ]
        var y = 6.0
        for (index, line) in lines.enumerated() {
            y += Self.step(line)
            let place = "x=\"\(number(line.indent + 8))\" y=\"\(number(y))\""
            if !line.sign.isEmpty { parts.append(MapStyle.dot(line.sign, x: 18, y: y - 4)) }
            // A name stands a little higher, beside its picture.
            let style = index == 0 ? "name" : line.style
            parts.append("<text class=\"\(style)\" \(place)>\(PageText.escaped(line.text))</text>")
        }
        return (parts + ["</g>"]).joined()
    }

    /// All of it, for whoever points at the card.
    private var about: String {
        let hosts = node.hosts.map { "\($0.name) \($0.addresses.joined(separator: " "))" }
        let marks = node.marks.map { ([$0.label.text] + $0.details).joined(separator: ": ") }
        return ([node.name] + node.lines + hosts + marks).joined(separator: "; ")
    }

    /// About as wide as the usual fonts of systems draw it.
    static func width(_ text: String, _ size: Double) -> Double { Double(Visible.columns(text)) * size * 0.6 }

    static func clipped(_ text: String, _ columns: Int) -> String {
        let visible = Visible.text(text)
        guard Visible.columns(visible) > columns else { return visible }
        var result = ""
        for character in visible {
            guard Visible.columns(result + String(character)) < columns else { break }
            result.append(character)
        }
        return result + "…"
    }
}
