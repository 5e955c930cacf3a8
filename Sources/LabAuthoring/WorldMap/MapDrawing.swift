import LabReport
import SupportDiagnostics

/// A map as SVG: a picture of its own, without scripts, fonts or anything fetched, in the colours of whoever looks.
struct MapDrawing {
    private let map: WorldMap
    private let layout: MapLayout
    private let cards: [MapCard]
    private static let margin = 32.0
    private static let head = 58.0

    init(_ map: WorldMap) {
        self.map = map
        // What is large is read from afar: one address tells as much as two.
        cards = map.nodes.map { MapCard($0, isBrief: map.nodes.count > 40) }
        var between: [Set<Int>: Double] = [:]
        for edge in map.edges {
            let key: Set<Int> = [edge.from, edge.to]
            let width = Self.lines(of: edge, "→", "←").map { MapCard.width($0.text, MapCard.small) }.max() ?? 0
            between[key] = max(between[key] ?? 0, width)
        }
        layout = MapLayout(map, sizes: cards.map(\.size)) { left, right in
            var widest = 0.0
            for one in left { for other in right { widest = max(widest, between[[one, other]] ?? 0) } }
            return max(56, widest + 30)
        }
    }

    var svg: String {
        let notes = map.notes.map { MapCard.clipped($0.text, 110) }
        let foot = notes.isEmpty ? 0 : Double(notes.count) * 18 + 18
        let title = map.title
        let titleWidth = MapCard.width(MapCard.clipped(title, 60), 18) + 20
        let notesWidth = notes.map { MapCard.width($0, MapCard.normal) }.max() ?? 0
        let width = max(layout.width, titleWidth, notesWidth) + 2 * Self.margin
        let height = layout.height + Self.head + foot + 2 * Self.margin
        let size = "\(Self.number(width.rounded(.up))) \(Self.number(height.rounded(.up)))"
        let parts = size.split(separator: " ")
        var placed: [MapLayout.Frame] = []
        var lines: [String] = []
        var labels: [String] = []
        // Tunnels lie below everything else.
        for edge in map.edges where edge.isInTunnel { lines.append(path(of: edge, "tunnel")) }
        for edge in map.edges {
            lines.append(path(of: edge, edge.isDown ? "link down" : edge.isPlain ? "link plain" : "link"))
            labels += label(of: edge, &placed)
        }
        let origin = "translate(\(Self.number(Self.margin)) \(Self.number(Self.margin + Self.head)))"
        let summary =
            "\(map.nodes.count { $0.kind == .router }) routers, \(map.nodes.count { $0.kind == .network }) networks, "
            + "\(map.nodes.map(\.hosts.count).reduce(0, +)) hosts"
        return """
            <svg xmlns="http://www.w3.org/2000/svg" width="\(parts[0])" height="\(parts[1])" viewBox="0 0 \(size)" \
            role="img" aria-labelledby="map-title map-summary">
            <title id="map-title">\(PageText.escaped(title))</title>
            <desc id="map-summary">\(PageText.escaped(summary))</desc>
            <style>\(MapStyle.css)</style>
            <rect class="paper" width="100%" height="100%"/>
            <text class="title" x="\(Self.number(Self.margin))" y="\(Self.number(Self.margin + 12))">\
            \(PageText.escaped(MapCard.clipped(title, 60)))</text>
            <text class="soft" x="\(Self.number(Self.margin))" y="\(Self.number(Self.margin + 31))">\
            \(PageText.escaped(summary))</text>
            <g transform="\(origin)">
            \((lines + zip(cards, layout.frames).map { $0.svg(at: $1) } + labels).joined(separator: "\n"))
            </g>
            \(notes.enumerated().map { index, note in
                let y = Self.margin + Self.head + layout.height + 28 + Double(index) * 18
                return "<text class=\"soft\" x=\"\(Self.number(Self.margin))\" y=\"\(Self.number(y))\">"
                    + "\(PageText.escaped(note))</text>\n"
            }.joined())</svg>

            """
    }

    // MARK: Links

    /// A curve between two parts: it leaves them where they face each other.
    private struct Curve {
        var start: (x: Double, y: Double)
        var first: (x: Double, y: Double)
        var second: (x: Double, y: Double)
        var end: (x: Double, y: Double)

        func point(_ t: Double) -> (x: Double, y: Double) {
            let s = 1 - t
            let (a, b, c, d) = (s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t)
            return (
                a * start.x + b * first.x + c * second.x + d * end.x,
                a * start.y + b * first.y + c * second.y + d * end.y
            )
        }
    }

    private func curve(of edge: WorldMap.Edge) -> Curve {
        let (one, other) = (layout.frames[edge.from], layout.frames[edge.to])
        if one.band != other.band {
            let isDown = one.band < other.band
            let start = (x: one.middle.x, y: isDown ? one.bottom : one.y)
            let end = (x: other.middle.x, y: isDown ? other.y : other.bottom)
            let middle = (start.y + end.y) / 2
            return Curve(start: start, first: (start.x, middle), second: (end.x, middle), end: end)
        }
        if one.column == other.column {
            let x = max(one.right, other.right) + 34
            let (start, end) = ((x: one.right, y: one.middle.y), (x: other.right, y: other.middle.y))
            return Curve(start: start, first: (x, start.y), second: (x, end.y), end: end)
        }
        let isRight = one.middle.x < other.middle.x
        let start = (x: isRight ? one.right : one.x, y: one.middle.y)
        let end = (x: isRight ? other.x : other.right, y: other.middle.y)
        let middle = (start.x + end.x) / 2
        return Curve(start: start, first: (middle, start.y), second: (middle, end.y), end: end)
    }

    private func path(of edge: WorldMap.Edge, _ style: String) -> String {
        let curve = curve(of: edge)
        let points = [curve.first, curve.second, curve.end].map { "\(Self.number($0.x)) \(Self.number($0.y))" }
        let name = "\(map.nodes[edge.from].name) – \(map.nodes[edge.to].name)"
        let about = Self.lines(of: edge, "→", "←").map(\.text).joined(separator: "; ")
        return "<path class=\"\(style)\" d=\"M\(Self.number(curve.start.x)) \(Self.number(curve.start.y))"
            + " C\(points.joined(separator: ", "))\"><title>"
            + PageText.escaped(about.isEmpty ? name : "\(name): \(about)") + "</title></path>"
    }

    /// The lines of a link's label, those of one direction behind its arrow.
    private static func lines(of edge: WorldMap.Edge, _ there: String, _ back: String) -> [(
        text: String, style: String
    )] {
        var lines: [(text: String, style: String)] = edge.isDown ? [("down", "label bad")] : []
        for (label, arrow) in edge.both.map({ ($0, "") }) + edge.there.map({ ($0, there + " ") })
            + edge.back.map({ ($0, back + " ") })
        {
            lines.append((arrow + label.text, label.key == "loss" ? "label bad" : "label"))
        }
        return lines
    }

    private func arrows(_ edge: WorldMap.Edge) -> (String, String) {
        let (one, other) = (layout.frames[edge.from], layout.frames[edge.to])
        if one.band != other.band || one.column == other.column {
            return one.middle.y < other.middle.y ? ("↓", "↑") : ("↑", "↓")
        }
        return one.middle.x < other.middle.x ? ("→", "←") : ("←", "→")
    }

    /// Somewhere along the link where nothing else is, in the middle if that is free.
    private func label(of edge: WorldMap.Edge, _ placed: inout [MapLayout.Frame]) -> [String] {
        let (there, back) = arrows(edge)
        let lines = Self.lines(of: edge, there, back)
        guard !lines.isEmpty else { return [] }
        let width = (lines.map { MapCard.width($0.text, MapCard.small) }.max() ?? 0) + 6
        let height = Double(lines.count) * 14 + 2
        let curve = curve(of: edge)
        let places = [0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74].map { t -> MapLayout.Frame in
            let point = curve.point(t)
            return MapLayout.Frame(x: point.x - width / 2, y: point.y - height / 2, width: width, height: height)
        }
        let free = places.first { place in !(placed + layout.frames).contains { $0.meets(place) } }
        let frame = free ?? places[0]
        placed.append(frame)
        let box =
            "<rect class=\"under\" x=\"\(Self.number(frame.x))\" y=\"\(Self.number(frame.y))\" "
            + "width=\"\(Self.number(width))\" height=\"\(Self.number(height))\" rx=\"4\"/>"
        return [box]
            + lines.enumerated().map { index, line in
                "<text class=\"\(line.style)\" x=\"\(Self.number(frame.middle.x))\" "
                    + "y=\"\(Self.number(frame.y + 12 + Double(index) * 14))\">\(PageText.escaped(line.text))</text>"
            }
    }

    /// With one decimal at most: the same bytes on every machine.
    static func number(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        let sign = tenths < 0 ? "-" : ""
        let magnitude = tenths.magnitude
        return magnitude % 10 == 0 ? "\(sign)\(magnitude / 10)" : "\(sign)\(magnitude / 10).\(magnitude % 10)"
    }
}

extension MapLayout.Frame {
    func meets(_ other: Self) -> Bool {
        x < other.right && other.x < right && y < other.bottom && other.y < bottom
    }
}

extension WorldMap {
    /// The world as a picture.
    package var svg: String { MapDrawing(self).svg }
}
