/// What the proxy's terminal view shows and how it answers keys. Pure: events and keys in, lines out.
package struct ProxyScreen: Sendable {
    package enum Key: Sendable, Hashable {
        case character(Character)
        case up
        case down
        case pageUp
        case pageDown
        case home
        case end
        case enter
        case escape
        case interrupt
    }

    /// Legal exits: list → details, quitPrompt; details → list, quitPrompt; quitPrompt → the view it came from, or the end.
    package enum View: Sendable, Hashable {
        case list
        case details
    }

    /// One line and how it is painted.
    package struct Line: Sendable, Hashable {
        package enum Paint: Sendable, Hashable {
            case plain
            case title
            case bar
            case tone(ProxyRow.Tone)
            case selected(ProxyRow.Tone)
            case prompt
            case hint
        }

        package var text: String
        package var paint: Paint
    }

    package private(set) var rows: [ProxyRow] = []
    package private(set) var isOver = false
    package private(set) var isAskingToQuit = false
    package private(set) var view = View.list
    private(set) var notice: String?
    private var selection = 0
    private var follows = true
    private var scroll = 0
    private var width: Int
    private var height: Int
    private let address: ProxyAddress
    private let zone: Int
    /// Older rows are forgotten: the view is no archive.
    private static let rowLimit = 2_000

    /// - Parameter zone: seconds east of UTC, for the times of the rows.
    package init(address: ProxyAddress, columns: Int, lines: Int, zone: Int) {
        self.address = address
        self.zone = zone
        width = max(20, columns)
        height = max(4, lines)
    }

    package mutating func resized(columns: Int, lines: Int) {
        width = max(20, columns)
        height = max(4, lines)
    }

    package mutating func received(_ event: ProxyEvent) {
        if case .handshakeFailure(let failure) = event { notice = "Warn: " + DisplayText.safe(failure.text) }
        if case .exhausted(let exhausted) = event { notice = "Warn: " + exhausted.text }
        if case .lost(let lost) = event { notice = "Warn: \(lost.events) events were lost." }
        guard let row = ProxyRow(event, zone: zone) else { return }
        rows.append(row)
        if rows.count > Self.rowLimit {
            rows.removeFirst(rows.count - Self.rowLimit)
            selection = max(0, selection - 1)
        }
        if follows { selection = rows.count - 1 }
    }

    package mutating func pressed(_ key: Key) {
        if isAskingToQuit {
            switch key {
            case .character("y"), .character("Y"): isOver = true
            case .character("n"), .character("N"), .escape: isAskingToQuit = false
            case .interrupt: isOver = true
            default: break
            }
            return
        }
        notice = nil
        switch key {
        case .character("q") where view == .list: isAskingToQuit = true
        case .character("q"), .escape: view = .list
        case .character("Q"), .interrupt: isOver = true
        case .enter: if !rows.isEmpty { view = view == .list ? .details : .list; scroll = 0 }
        default: moved(key)
        }
    }

    private mutating func moved(_ key: Key) {
        let page = max(1, body - 1)
        let step: Int? =
            switch key {
            case .up, .character("k"): -1
            case .down, .character("j"): 1
            case .pageUp: -page
            case .pageDown, .character(" "): page
            case .home, .character("g"): -rows.count
            case .end, .character("G"): rows.count
            default: nil
            }
        guard let step else { return }
        if view == .details {
            scroll = max(0, scroll + step)
        } else {
            selection = min(max(0, selection + step), max(0, rows.count - 1))
            follows = selection == rows.count - 1
        }
    }

    /// Lines between the title and the two at the bottom.
    private var body: Int { height - 3 }

    /// Exactly as many lines as the terminal has, each at most as wide.
    package var lines: [Line] {
        var lines = [Line(text: DisplayText.fitted("Flows", width), paint: .title)]
        var content = view == .list ? list : details
        content = Array(content.prefix(body))
        content += Array(repeating: Line(text: "", paint: .plain), count: max(0, body - content.count))
        lines += content
        lines.append(Line(text: bar, paint: .bar))
        lines.append(bottom)
        return lines
    }

    private var list: [Line] {
        guard !rows.isEmpty else {
            let shown = address.address == "0.0.0.0" || address.address == "::" ? "this machine" : "\(address)"
            return [
                "", "  No requests yet.", "",
                "  Tell a browser to use the proxy \(shown), then open http://mitm.it in it.",
            ].map { Line(text: DisplayText.fitted($0, width), paint: .hint) }
        }
        let first = min(max(0, selection - body / 2), max(0, rows.count - body))
        return rows.indices[first..<min(rows.count, first + body)].map { index in
            let isSelected = index == selection
            let text = (isSelected ? ">>" : "  ") + rows[index].text
            return Line(
                text: DisplayText.fitted(text, width),
                paint: isSelected ? .selected(rows[index].tone) : .tone(rows[index].tone))
        }
    }

    private var details: [Line] {
        guard rows.indices.contains(selection) else { return [] }
        let all = ProxyDetails.lines(rows[selection].event).map {
            Line(text: DisplayText.fitted($0, width), paint: .plain)
        }
        return Array(all.dropFirst(min(scroll, max(0, all.count - 1))))
    }

    private var bar: String {
        let left = "[\(rows.isEmpty ? 0 : selection + 1)/\(rows.count)]"
        let isEverywhere = address.address == "0.0.0.0" || address.address == "::"
        let right = isEverywhere ? "[*:\(address.port)]" : "[\(address)]"
        let gap = max(1, width - left.count - right.count)
        return DisplayText.fitted(left + String(repeating: " ", count: gap) + right, width)
    }

    private var bottom: Line {
        if isAskingToQuit { return Line(text: DisplayText.fitted("Quit (yes,no)?", width), paint: .prompt) }
        if let notice { return Line(text: DisplayText.fitted(notice, width), paint: .tone(.warning)) }
        let hints =
            view == .list ? "↑↓ choose   ⏎ details   q quit   Q quit at once" : "↑↓ scroll   q back   Q quit at once"
        return Line(text: DisplayText.fitted(hints, width), paint: .hint)
    }
}
