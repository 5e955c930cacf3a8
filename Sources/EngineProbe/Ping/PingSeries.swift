import Wire

/// The requests to one target, and what each has met with so far.
struct PingSeries: Sendable {
    enum State: UInt8, Sendable {
        case unsent, waiting, replied, late, timedOut, reported, failed
    }

    struct Slot: Sendable {
        var sentAt: Int64
        var state: State
    }

    static let strayLimit = 1000

    let target: IPAddress
    let keepsRows: Bool
    private let startedAt: Int64
    /// The request with sequence number n is at n - 1.
    private(set) var slots: [Slot] = []
    private var rows: [PingRow?] = []
    private(set) var strays: [PingStray] = []
    /// In the order of arrival.
    private var roundTrips: [Int64] = []
    private(set) var received = 0
    private var latest = 0
    private var reordered = 0
    private var strayCounts: [PingStray.Kind: Int] = [:]
    /// When the next request is due, where replies set the pace.
    var dueAt: Int64

    init(target: IPAddress, keepsRows: Bool, startedAt: Int64) {
        self.target = target
        self.keepsRows = keepsRows
        self.startedAt = startedAt
        dueAt = startedAt
    }

    var begun: Int { slots.count }

    /// Begins the next request and gives its sequence number.
    mutating func begin() -> Int {
        slots.append(Slot(sentAt: 0, state: .unsent))
        if keepsRows { rows.append(nil) }
        return slots.count
    }

    /// The latest request with this number on the wire, where sequence numbers have 16 bits; nil when there was none.
    func sequence(_ number: UInt16) -> Int? {
        let last = slots.count
        let back = Int(UInt16(truncatingIfNeeded: last) &- number)
        return last - back >= 1 ? last - back : nil
    }

    func state(_ sequence: Int) -> State { slots[sequence - 1].state }
    func sentAt(_ sequence: Int) -> Int64 { slots[sequence - 1].sentAt }

    mutating func sent(_ sequence: Int, at time: Int64) {
        slots[sequence - 1] = Slot(sentAt: time, state: .waiting)
    }

    /// An empty row of a request.
    func row(_ sequence: Int, _ outcome: ProbeOutcome) -> PingRow {
        PingRow(sequence: sequence, outcome: outcome, sent: slots[sequence - 1].sentAt - startedAt)
    }

    mutating func settle(_ row: PingRow, _ state: State) {
        slots[row.sequence - 1].state = state
        if keepsRows { rows[row.sequence - 1] = row }
        guard state == .replied else { return }
        received += 1
        if let roundTrip = row.roundTrip { roundTrips.append(roundTrip) }
        if row.sequence < latest { reordered += 1 }
        latest = max(latest, row.sequence)
    }

    mutating func sendFailed(_ sequence: Int, at time: Int64) { slots[sequence - 1].sentAt = time }

    mutating func noted(_ stray: PingStray) {
        strayCounts[stray.kind, default: 0] += 1
        if stray.kind == .late { slots[stray.sequence - 1].state = .late }
        if strays.count < PingSeries.strayLimit { strays.append(stray) }
    }

    /// Requests that are still waiting count as sent, and as lost.
    func result(name: String, source: IPAddress?, mode: ProbeMode, size: Int) -> PingResult {
        let sent = slots.count { $0.state != .unsent && $0.state != .failed }
        var runs = 0
        var longest = 0
        var run = 0
        for slot in slots where slot.state != .unsent && slot.state != .failed {
            run = slot.state == .replied ? 0 : run + 1
            if run == 1 { runs += 1 }
            longest = max(longest, run)
        }
        let summary = PingResult.Summary(
            sent: sent, received: received,
            errors: slots.count { $0.state == .reported || $0.state == .failed },
            duplicates: strayCounts[.duplicate] ?? 0, late: strayCounts[.late] ?? 0,
            corrupted: strayCounts[.corrupted] ?? 0, foreign: strayCounts[.foreign] ?? 0, reordered: reordered,
            lossRuns: runs, longestLoss: longest,
            loss: sent == 0 ? 100 : 100 * Double(sent - received) / Double(sent),
            roundTrip: RoundTripStatistics(roundTrips))
        return PingResult(
            target: name, address: target, source: source, mode: mode, size: size, rows: rows.compactMap { $0 },
            strays: strays, summary: summary)
    }
}
