import Wire

/// When to send, how long to wait, and what each reply means, without a socket or a clock.
///
/// Legal order: ``timeAdvanced(to:)`` until it says `finish`; before that any number of ``sent(_:at:)``, ``sendFailed(_:errno:at:)``
/// and ``observed(_:)``. Rows are reported in the order in which they are settled.
package struct PingStateMachine: Sendable {
    package enum Action: Sendable, Hashable {
        case send(Probe)
        case report(PingRow)
        case finish
    }

    private enum Slot: Sendable {
        case unsent
        case waiting(sentAt: Int64)
        case settled(PingRow, sentAt: Int64)
    }

    package let configuration: PingConfiguration
    private let target: IPAddress
    private let startedAt: Int64
    private var slots: [Slot] = []
    private var duplicates = 0
    private var late = 0
    private var pending: [Action] = []

    package init(_ configuration: PingConfiguration, target: IPAddress, startedAt: Int64) {
        self.configuration = configuration
        self.target = target
        self.startedAt = startedAt
    }

    /// Probe numbers are sequence numbers: 1 for the first.
    private func dueTime(_ index: Int) -> Int64 {
        startedAt &+ configuration.interval.multipliedReportingOverflow(by: Int64(index)).partialValue
    }

    /// What is to be done now. Requests that fell due while the caller was away go out one at a time.
    package mutating func timeAdvanced(to now: Int64) -> [Action] {
        var actions = pending
        pending = []
        for index in slots.indices {
            guard case .waiting(let sentAt) = slots[index], now - sentAt >= configuration.timeout else { continue }
            let row = row(index, .timeout, sentAt: sentAt)
            slots[index] = .settled(row, sentAt: sentAt)
            actions.append(.report(row))
        }
        if slots.count < configuration.count, now >= dueTime(slots.count) {
            slots.append(.unsent)
            actions.append(
                .send(
                    Probe(
                        number: UInt16(truncatingIfNeeded: slots.count), timeToLive: configuration.timeToLive,
                        size: configuration.size)))
        } else if isComplete {
            actions.append(.finish)
        }
        return actions
    }

    /// When ``timeAdvanced(to:)`` has something to do next.
    package var nextDeadline: Int64 {
        if !pending.isEmpty || isComplete { return Int64.min }
        var next = slots.count < configuration.count ? dueTime(slots.count) : Int64.max
        for case .waiting(let sentAt) in slots { next = min(next, sentAt &+ configuration.timeout) }
        return next
    }

    private var isComplete: Bool {
        slots.count >= configuration.count
            && slots.allSatisfy { if case .settled = $0 { true } else { false } }
    }

    package mutating func sent(_ probe: Probe, at time: Int64) {
        guard let index = index(probe.number), case .unsent = slots[index] else { return }
        slots[index] = .waiting(sentAt: time)
    }

    package mutating func sendFailed(_ probe: Probe, errno: Int32, at time: Int64) {
        guard let index = index(probe.number), case .unsent = slots[index] else { return }
        var row = row(index, .notSent, sentAt: time)
        row.errno = errno
        settle(index, row, sentAt: time)
    }

    package mutating func observed(_ observation: ProbeObservation) {
        guard let index = index(observation.number) else { return }
        switch slots[index] {
        case .unsent: return
        case .waiting(let sentAt):
            // Only the target's own reply counts as one (a group's members answer from their own addresses).
            let fromTarget = observation.from == target || target.isMulticast || target.isLoopback
            if observation.outcome == .reply, !fromTarget { return }
            settle(index, row(index, observation, sentAt: sentAt), sentAt: sentAt)
        case .settled(let row, _):
            guard observation.outcome == .reply else { return }
            if row.outcome == .timeout { late += 1 } else if row.outcome == .reply { duplicates += 1 }
        }
    }

    private mutating func settle(_ index: Int, _ row: PingRow, sentAt: Int64) {
        slots[index] = .settled(row, sentAt: sentAt)
        pending.append(.report(row))
    }

    private func index(_ number: UInt16) -> Int? {
        let index = Int(number) - 1
        return slots.indices.contains(index) ? index : nil
    }

    private func row(_ index: Int, _ outcome: ProbeOutcome, sentAt: Int64) -> PingRow {
        PingRow(sequence: index + 1, outcome: outcome, sent: sentAt - startedAt)
    }

    private func row(_ index: Int, _ observation: ProbeObservation, sentAt: Int64) -> PingRow {
        var row = row(index, .reply, sentAt: sentAt)
        row.from = observation.from
        row.timeToLive = observation.timeToLive
        row.bytes = observation.bytes
        row.roundTrip = max(0, observation.at - sentAt)
        switch observation.outcome {
        case .reply: break
        case .timeExceeded: row.outcome = .timeExceeded
        case .unreachable(let type, let code):
            row.outcome = .unreachable
            row.icmpType = type
            row.icmpCode = code
        case .packetTooBig(let mtu):
            row.outcome = .packetTooBig
            row.mtu = mtu
        }
        return row
    }

    /// The run as it stands: requests that are still waiting count as sent, and as lost.
    package func result(target name: String, mode: ProbeMode) -> PingResult {
        let rows = slots.compactMap { if case .settled(let row, _) = $0 { row } else { nil } }
        let sent = slots.count { if case .unsent = $0 { false } else { true } } - rows.count { $0.outcome == .notSent }
        let replies = rows.filter { $0.outcome == .reply }
        let reports = rows.count { [.unreachable, .timeExceeded, .packetTooBig, .notSent].contains($0.outcome) }
        return PingResult(
            target: name, address: target, mode: mode, size: configuration.size, rows: rows,
            summary: PingResult.Summary(
                sent: sent, received: replies.count, errors: reports, duplicates: duplicates, late: late,
                loss: sent == 0 ? 100 : 100 * Double(sent - replies.count) / Double(sent),
                roundTrip: RoundTripStatistics(replies.compactMap(\.roundTrip))))
    }
}
