import Wire

/// Round trips as a row of blocks, the newest at the right: height is time, a gap of `·` a loss.
package enum Sparkline {
    private static let blocks: [Character] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

    /// - Parameter values: nanoseconds, or nil for a loss; the last `width` are drawn, against the largest among them.
    package static func text(_ values: [Int64?], width: Int) -> String {
        let shown = values.suffix(max(0, width))
        let top = shown.compactMap { $0 }.max() ?? 0
        return String(
            shown.map { value in
                guard let value else { return "·" }
                guard top > 0 else { return blocks[0] }
                let step = Int((Double(max(0, value)) / Double(top) * 7).rounded())
                return blocks[min(7, max(0, step))]
            })
    }
}

/// Many targets at a glance while they are being pinged: a line for each.
package struct PingDashboard: Sendable {
    private struct Target: Sendable {
        var name: String
        var sent = 0
        var settled = 0
        var received = 0
        var last: Int64?
        var least: Int64?
        var most: Int64?
        var sum = 0.0
        var history: [Int64?] = []
    }

    private static let historyLimit = 200

    private var targets: [Target]

    package init(_ targets: [ResolvedTarget]) {
        self.targets = targets.map { target in
            let name = printable(target.name)
            return Target(name: name == "\(target.address)" ? name : "\(name) (\(target.address))")
        }
    }

    package mutating func take(_ event: PingEvent) {
        switch event {
        case .sent(let target, _): targets[target].sent += 1
        case .row(let row, let target):
            let roundTrip = row.outcome == .reply ? row.roundTrip : nil
            targets[target].settled += 1
            targets[target].last = roundTrip
            if let roundTrip {
                targets[target].received += 1
                targets[target].sum += Double(roundTrip)
                targets[target].least = min(targets[target].least ?? roundTrip, roundTrip)
                targets[target].most = max(targets[target].most ?? roundTrip, roundTrip)
            }
            targets[target].history.append(roundTrip)
            if targets[target].history.count > 2 * PingDashboard.historyLimit {
                targets[target].history.removeFirst(PingDashboard.historyLimit)
            }
        case .stray: break
        }
    }

    /// A heading and a line for each target, none wider than `columns`; where `rows` are too few the last line counts the rest.
    package func lines(columns: Int, rows: Int = .max) -> [String] {
        let name = min(max(12, columns / 3), max(4, targets.map(\.name.count).max() ?? 4))
        let figures = ["sent", "loss", "last", "min", "avg", "max"]
        let widths = [6, 7, 10, 10, 10, 10]
        let spark = max(0, columns - name - widths.reduce(0, +) - 2)
        func row(_ first: String, _ values: [String], _ last: String) -> String {
            let cells = zip(values, widths).map { value, width in
                String(repeating: " ", count: max(0, width - value.count)) + value
            }
            let padded = first.prefix(name) + String(repeating: " ", count: max(0, name - first.count))
            return String((padded + cells.joined() + "  " + last).prefix(columns))
        }
        var lines = [row("target", figures, "ms")]
        let shown = targets.count + 1 > rows ? max(0, rows - 2) : targets.count
        for target in targets.prefix(shown) {
            let lost = 100 * Double(target.settled - target.received) / Double(max(1, target.settled))
            let loss = target.settled == 0 ? "-" : PingText.percent(lost)
            let average = target.received == 0 ? nil : Int64(target.sum / Double(target.received))
            let times = [target.last, target.least, average, target.most].map { $0.map(milliseconds) ?? "-" }
            lines.append(
                row(target.name, ["\(target.sent)", loss] + times, Sparkline.text(target.history, width: spark)))
        }
        if shown < targets.count { lines.append("… and \(targets.count - shown) more") }
        return lines
    }
}
