import Wire

/// A watch at a glance: a line for each hop, in as many columns and rows as there are.
package struct WatchScreen: Sendable {
    /// What stands behind the hosts.
    package enum Display: Sendable, Hashable, CaseIterable {
        /// Figures, and the history where there is room for both.
        case figures
        case history
    }

    private struct Column: Sendable {
        let title: String
        let width: Int
        let value: @Sendable (WatchHop) -> String
    }

    package var display = Display.figures
    package var showsLabels = false
    private let title: String

    /// - Parameter target: as it was asked for.
    package init(target: String, address: IPAddress, method: TracerouteConfiguration.Method) {
        let name = printable(target)
        title = (name == "\(address)" ? name : "\(name) (\(address))") + ", \(method.rawValue)"
    }

    private static let loss = Column(title: "loss", width: 7) { $0.loss.map(PingText.percent) ?? "-" }
    private static let last = time("last") { $0.last }
    /// From the left to the right; what has no room is left out from the right.
    private static let figures = [
        loss, Column(title: "sent", width: 6) { "\($0.sent)" }, last, time("avg") { $0.average },
        time("min") { $0.best },
        time("max") { $0.worst }, time("stdev") { $0.deviation },
    ]

    private static func time(_ title: String, _ value: @escaping @Sendable (WatchHop) -> Int64?) -> Column {
        Column(title: title, width: 9) { value($0).map(milliseconds) ?? "-" }
    }

    private static let leastHost = 15
    private static let leastHistory = 10

    /// Title, heading, hops and keys: never more lines than `rows`, none wider than `columns`.
    package func lines(
        _ machine: WatchStateMachine, names: [IPAddress: String] = [:], columns: Int, rows: Int
    ) -> [String] {
        let state = machine.isPaused ? "paused" : "round \(machine.round)"
        var lines = [spread("lab traceroute --watch  \(title)", state, columns)]
        lines += table(machine.hops, names, columns: columns, rows: max(0, rows - 3))
        lines.append("q quit  p \(machine.isPaused ? "go on" : "pause")  r reset  d figures or history")
        return lines.prefix(max(0, rows)).map { String($0.prefix(max(0, columns))) }
    }

    /// What is printed where nobody looks on: how it was done, the table as wide as it is, and strays.
    package func report(
        _ machine: WatchStateMachine, mode: ProbeMode, names: [IPAddress: String] = [:]
    ) -> [String] {
        let hosts = machine.hops.map { host($0, names).count }.max() ?? 0
        let figures = WatchScreen.figures.reduce(0) { $0 + $1.width }
        let lines =
            ["watch of \(title), by \(mode.rawValue), \(machine.round) round\(machine.round == 1 ? "" : "s")"]
            + table(
                machine.hops, names, columns: 4 + max(WatchScreen.leastHost, hosts) + figures, rows: Int.max)
        return lines + TracerouteText.strays(machine.strays == TraceStrays() ? nil : machine.strays)
    }

    private func table(_ hops: [WatchHop], _ names: [IPAddress: String], columns: Int, rows: Int) -> [String] {
        let wanted = max(4, hops.map { host($0, names).count }.max() ?? 0)
        var shown = display == .figures ? WatchScreen.figures : [WatchScreen.loss, WatchScreen.last]
        var used: Int { 4 + shown.reduce(0) { $0 + $1.width } }
        while shown.count > 1, used + min(wanted, WatchScreen.leastHost) > columns { shown.removeLast() }
        let room = max(0, columns - used)
        // Hosts first, as far as they need it, but for a history that was asked for.
        let width =
            display == .history
            ? min(wanted, max(WatchScreen.leastHost, room - 30)) : min(room, wanted)
        let history = room - width - 2
        let hasHistory = history >= WatchScreen.leastHistory
        func row(_ hop: String, _ host: String, _ values: [String], _ last: String) -> String {
            let cells = zip(values, shown).map { value, column in pad(value, to: column.width, isRight: true) }
            let text = pad(hop, to: 3, isRight: true) + " " + pad(host, to: width) + cells.joined()
            return hasHistory ? text + "  " + last : text
        }
        var lines = [row("", "host", shown.map(\.title), "ms")]
        let visible = hops.count + 1 > rows ? max(0, rows - 2) : hops.count
        for hop in hops.prefix(visible) {
            lines.append(
                row(
                    "\(hop.timeToLive)", fitting(hop, names, width), shown.map { $0.value(hop) },
                    hasHistory ? Sparkline.text(hop.history, width: history) : ""))
        }
        if visible < hops.count { lines.append("    … and \(hops.count - visible) more") }
        return lines
    }

    /// The name alone where there is no room for the address, too.
    private func fitting(_ hop: WatchHop, _ names: [IPAddress: String], _ width: Int) -> String {
        let whole = host(hop, names)
        return whole.count <= width ? whole : host(hop, names, isShort: true)
    }

    private func host(_ hop: WatchHop, _ names: [IPAddress: String], isShort: Bool = false) -> String {
        guard let address = hop.addresses.first else { return hop.sent == 0 || hop.lost == 0 ? "" : "*" }
        var text = names[address].map { printable($0) + (isShort ? "" : " (\(address))") } ?? "\(address)"
        if hop.addresses.count > 1 { text += " +\(hop.addresses.count - 1)" }
        text += TracerouteText.letter(hop.outcome, address.family, hop.icmpType, hop.icmpCode)
        if showsLabels, let labels = hop.labels { text += " <" + labels.map { "L=\($0)" }.joined(separator: ",") + ">" }
        return text
    }

    private func pad(_ text: String, to width: Int, isRight: Bool = false) -> String {
        // What is cut says so.
        let cut = text.count > width ? text.prefix(max(0, width - 1)) + (width > 0 ? "…" : "") : text[...]
        let space = String(repeating: " ", count: max(0, width - cut.count))
        return isRight ? space + cut : cut + space
    }

    private func spread(_ left: String, _ right: String, _ columns: Int) -> String {
        let room = columns - right.count - 2
        // How it stands matters more than the end of a long name.
        return room < 8 ? right : pad(left, to: room) + "  " + right
    }
}
