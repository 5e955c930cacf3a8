internal import LabModel

/// The last line of the screen while a step goes on: what runs, what it is just doing, and for how long.
struct LiveLine: Sendable, Hashable {
    var title: String
    var text = ""
    var position: Int
    var steps: Int
    /// Nanoseconds since the step began.
    var elapsed: Int64 = 0
    var frame = 0

    private static let frames = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"]

    /// In at most `columns - 1` columns, so that no terminal wraps it.
    func line(columns: Int) -> Line {
        let count = steps > 0 && columns >= 32 ? "\(position)/\(steps)" : ""
        let time = elapsed >= 1_000_000_000 && columns >= 32 ? "  \(elapsed / 1_000_000_000) s" : ""
        let room = max(0, columns - 5 - count.count - 1 - time.count)
        var line = Line("  ").appending(
            Self.frames[frame.magnitude.quotientAndRemainder(dividingBy: 10).remainder.asIndex], .section)
        line.append(" ")
        if !count.isEmpty { line.append(count + " ", .dim) }
        let shown = TextFlow.clip(title, columns: room)
        line.append(shown)
        let left = columns - 1 - line.columns - time.count - 2
        if left > 8, !text.isEmpty { line.append("  " + TextFlow.clip(text, columns: left), .dim) }
        line.append(time, .dim)
        return line
    }
}

extension UInt {
    fileprivate var asIndex: Int { Int(truncatingIfNeeded: self) }
}
