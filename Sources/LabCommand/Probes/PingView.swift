import EngineProbe
import Glibc
import SupportLinux
import Synchronization
import Wire

/// What a person sees of a running ping: lines for few targets, a table that moves for many on a terminal.
final class PingView: Sendable {
    private struct State {
        var targets: [ResolvedTarget] = []
        var dashboard: PingDashboard?
        var drawnLines = 0
        var drawnAt: Int64 = 0
    }

    private static let frame: Int64 = 100_000_000

    private let isMany: Bool
    private let isQuiet: Bool
    private let isFlood: Bool
    private let isNumeric: Bool
    private let hasStamps: Bool
    private let isPrinting: Bool
    private let size: Int
    private let isLive: Bool
    private let state = Mutex(State())

    init(
        isMany: Bool, isQuiet: Bool, isFlood: Bool, isNumeric: Bool, hasStamps: Bool, isPrinting: Bool, size: Int
    ) {
        self.isMany = isMany
        self.isQuiet = isQuiet
        self.isFlood = isFlood
        self.isNumeric = isNumeric
        self.hasStamps = hasStamps
        self.isPrinting = isPrinting
        self.size = size
        isLive = isMany && isPrinting && !isQuiet && Terminal.isTerminal(STDOUT_FILENO)
    }

    func start(_ targets: [ResolvedTarget], _ mode: ProbeMode) {
        guard isPrinting else { return }
        state.withLock { state in
            state.targets = targets
            if isLive { state.dashboard = PingDashboard(targets) }
        }
        if isMany {
            if !isQuiet { Standard.output("PING \(targets.count) targets, \(size) data bytes, by \(mode.rawValue)\n") }
        } else if let target = targets.first {
            Standard.output(
                PingText.header(target: target.name, address: target.address, size: size, mode: mode) + "\n")
        }
    }

    func take(_ event: PingEvent) {
        guard isPrinting, !isQuiet else { return }
        let text = state.withLock { state -> String in
            if isLive {
                state.dashboard?.take(event)
                return PingView.now() - state.drawnAt >= PingView.frame ? draw(&state) : ""
            }
            if isFlood { return PingView.dot(event) }
            return line(event, state.targets).map { stamp() + $0 + "\n" } ?? ""
        }
        if !text.isEmpty { Standard.output(text) }
    }

    func finish(_ report: PingReport) {
        let last = state.withLock { isLive ? draw(&$0) : isFlood && !isMany && !isQuiet ? "\n" : "" }
        Standard.output(last)
        if isMany {
            guard !isLive else { return }
            Standard.output(PingText.table(report.results).map { $0 + "\n" }.joined())
        } else {
            for result in report.results {
                Standard.output("\n" + PingText.summary(result).joined(separator: "\n") + "\n")
            }
        }
    }

    /// A dot for what is under way: replies take dots away again.
    private static func dot(_ event: PingEvent) -> String {
        switch event {
        case .sent: "."
        case .row(let row, _): row.outcome == .reply ? "\u{8} \u{8}" : row.outcome == .timeout ? "" : "\u{8}E"
        case .stray: ""
        }
    }

    private func line(_ event: PingEvent, _ targets: [ResolvedTarget]) -> String? {
        func name(_ target: Int) -> String? { isNumeric ? nil : targets[target].name }
        switch event {
        case .sent: return nil
        case .row(let row, let target):
            return PingText.line(row, target: targets[target].address, name: name(target))
        case .stray(let stray, let target):
            return PingText.line(stray, target: target.map { targets[$0].address }, name: target.flatMap(name))
        }
    }

    private func stamp() -> String {
        guard hasStamps else { return "" }
        let microseconds = PingView.realNow() / 1000
        let fraction = String(microseconds % 1_000_000)
        return "[\(microseconds / 1_000_000)." + String(repeating: "0", count: 6 - fraction.count) + "\(fraction)] "
    }

    /// Over what was drawn last.
    private func draw(_ state: inout State) -> String {
        let terminal = Terminal.size(of: STDOUT_FILENO) ?? .standard
        guard let lines = state.dashboard?.lines(columns: terminal.columns, rows: terminal.rows - 1) else { return "" }
        var text = state.drawnLines > 0 ? "\u{1B}[\(state.drawnLines)A" : ""
        for line in lines { text += line + "\u{1B}[K\n" }
        state.drawnLines = lines.count
        state.drawnAt = PingView.now()
        return text
    }

    private static func now() -> Int64 { clock(CLOCK_MONOTONIC) }
    private static func realNow() -> Int64 { clock(CLOCK_REALTIME) }

    private static func clock(_ id: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(id, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
