import Wire

/// When to send to whom, how long to wait, and what each reply means, without a socket or a clock.
///
/// Legal order: ``timeAdvanced(to:)`` until it says `finish`; before that any number of ``sent(_:at:)``,
/// ``sendFailed(_:errno:mtu:at:)`` and ``observed(_:)``. Rows are reported in the order in which they are settled.
package struct PingStateMachine: Sendable {
    package enum Action: Sendable, Hashable {
        case send(Probe)
        /// A request is settled; `target` is the place in the list of targets.
        case report(PingRow, target: Int)
        /// Something came that settles nothing; of no target when its sender is none.
        case stray(PingStray, target: Int?)
        case finish
    }

    /// A request under way, in the order of sending; the timeouts have the same order.
    private struct Waiting: Sendable {
        var target: Int
        var sequence: Int
        var deadline: Int64
    }

    /// As many requests go out before replies are looked at again, lest they overflow the socket.
    private static let burst = 64
    private static let floodInterval: Int64 = 10_000_000
    private static let adaptiveInterval: Int64 = 2_000_000

    package let configuration: PingConfiguration
    private let startedAt: Int64
    private var series: [PingSeries]
    private let places: AddressPlaces
    private var underWay: [Waiting] = []
    private var head = 0
    /// Requests that were begun and are not settled.
    private var outstanding = 0
    /// The next request of steady pacing: the round, and the place in the list of targets.
    private var round = 0
    private var turn = 0
    private var pending: [Action] = []
    /// Replies from nobody who was asked.
    package private(set) var strangers = 0

    /// `targets` are different from one another.
    package init(_ configuration: PingConfiguration, targets: [IPAddress], startedAt: Int64) {
        self.configuration = configuration
        self.startedAt = startedAt
        series = targets.map { PingSeries(target: $0, keepsRows: configuration.keepsRows, startedAt: startedAt) }
        var places = AddressPlaces(capacity: targets.count)
        for target in targets { _ = places.insert(target) }
        self.places = places
    }

    // MARK: Time

    /// What is to be done now. Requests that fell due while the caller was away go out one after the other.
    package mutating func timeAdvanced(to now: Int64) -> [Action] {
        var actions = pending
        pending = []
        if let deadline = configuration.deadline, now - startedAt >= deadline {
            while let waiting = firstWaiting { expire(waiting, into: &actions) }
            return actions + [.finish]
        }
        while let waiting = firstWaiting, waiting.deadline <= now { expire(waiting, into: &actions) }
        let sends = configuration.pacing == .steady ? steadySends(now) : pacedSends(now)
        actions += sends
        if sends.isEmpty, isComplete { actions.append(.finish) }
        return actions
    }

    private mutating func expire(_ waiting: Waiting, into actions: inout [Action]) {
        let row = series[waiting.target].row(waiting.sequence, .timeout)
        series[waiting.target].settle(row, .timedOut)
        outstanding -= 1
        passSettled()
        series[waiting.target].dueAt = min(series[waiting.target].dueAt, waiting.deadline)
        actions.append(.report(row, target: waiting.target))
    }

    private mutating func steadySends(_ now: Int64) -> [Action] {
        var sends: [Action] = []
        while sends.count < PingStateMachine.burst, !isAllSent, now >= roundDue {
            if !isSent(turn) { sends.append(request(turn)) }
            turn += 1
            if turn == series.count { (round, turn) = (round + 1, 0) }
        }
        return sends
    }

    private mutating func pacedSends(_ now: Int64) -> [Action] {
        var sends: [Action] = []
        for target in series.indices where !isSent(target) && series[target].dueAt <= now {
            let wait = configuration.pacing == .flood ? PingStateMachine.floodInterval : configuration.timeout
            series[target].dueAt = now &+ wait
            sends.append(request(target))
        }
        return sends
    }

    private mutating func request(_ target: Int) -> Action {
        let sequence = series[target].begin()
        outstanding += 1
        return .send(
            Probe(
                to: series[target].target, number: UInt16(truncatingIfNeeded: sequence),
                timeToLive: configuration.timeToLive, size: configuration.size))
    }

    private var roundDue: Int64 {
        startedAt &+ configuration.interval.multipliedReportingOverflow(by: Int64(round)).partialValue
    }

    /// When ``timeAdvanced(to:)`` has something to do next.
    package var nextDeadline: Int64 {
        if !pending.isEmpty || isComplete { return Int64.min }
        var next = firstWaiting?.deadline ?? Int64.max
        if let deadline = configuration.deadline { next = min(next, startedAt &+ deadline) }
        if configuration.pacing == .steady {
            if !isAllSent { next = min(next, roundDue) }
        } else {
            for target in series.indices where !isSent(target) { next = min(next, series[target].dueAt) }
        }
        return next
    }

    /// Whether a target gets no more requests.
    private func isSent(_ target: Int) -> Bool {
        guard let count = configuration.count else { return false }
        return configuration.deadline == nil ? series[target].begun >= count : series[target].received >= count
    }

    private var isAllSent: Bool {
        guard let count = configuration.count else { return series.isEmpty }
        if configuration.deadline == nil, configuration.pacing == .steady { return round >= count }
        return series.indices.allSatisfy(isSent)
    }

    /// Without the rows that ``pending`` still holds.
    private var isComplete: Bool { isAllSent && outstanding == 0 }

    /// The oldest request under way; those that were settled meanwhile are passed over.
    private var firstWaiting: Waiting? { head < underWay.count ? underWay[head] : nil }

    private mutating func passSettled() {
        while head < underWay.count, series[underWay[head].target].state(underWay[head].sequence) != .waiting {
            head += 1
        }
        if head > 4096, head > underWay.count / 2 {
            underWay.removeFirst(head)
            head = 0
        }
    }

    // MARK: Inputs

    package mutating func sent(_ probe: Probe, at time: Int64) {
        guard let (target, sequence) = unsent(probe) else { return }
        series[target].sent(sequence, at: time)
        underWay.append(Waiting(target: target, sequence: sequence, deadline: time &+ configuration.timeout))
    }

    package mutating func sendFailed(_ probe: Probe, errno: Int32, mtu: Int = 0, at time: Int64) {
        guard let (target, sequence) = unsent(probe) else { return }
        series[target].sendFailed(sequence, at: time)
        var row = series[target].row(sequence, .notSent)
        row.errno = errno
        if mtu > 0 { row.mtu = mtu }
        series[target].settle(row, .failed)
        outstanding -= 1
        pending.append(.report(row, target: target))
    }

    private func unsent(_ probe: Probe) -> (target: Int, sequence: Int)? {
        guard let target = places[probe.target], let sequence = series[target].sequence(probe.number),
            series[target].state(sequence) == .unsent
        else { return nil }
        return (target, sequence)
    }

    package mutating func observed(_ observation: ProbeObservation) {
        guard let target = place(observation) else { return stranger(observation) }
        guard observation.integrity != .forged, let sequence = series[target].sequence(observation.number),
            series[target].state(sequence) != .unsent
        else { return noteStray(.foreign, observation, target) }
        let isReply = observation.outcome == .reply
        switch series[target].state(sequence) {
        case .unsent: break
        case .failed: if isReply { noteStray(.foreign, observation, target) }
        case .waiting:
            if observation.integrity == .damaged { return noteStray(.corrupted, observation, target) }
            settle(observation, target, sequence)
        // A reply to a request that a router has reported about is its second answer too: one of them is a lie.
        case .replied, .late, .reported: if isReply { noteStray(.duplicate, observation, target) }
        case .timedOut:
            guard isReply else { return }
            noteStray(observation.integrity == .damaged ? .corrupted : .late, observation, target)
        }
    }

    /// Only the target's own reply counts as one, except that a group's members answer from their own addresses.
    private func place(_ observation: ProbeObservation) -> Int? {
        if let target = observation.target { return places[target] }
        if let from = observation.from, let place = places[from] { return place }
        let isGroup = series.count == 1 && (series[0].target.isMulticast || series[0].target == .v4(.broadcast))
        return isGroup ? 0 : nil
    }

    private mutating func settle(_ observation: ProbeObservation, _ target: Int, _ sequence: Int) {
        let sentAt = series[target].sentAt(sequence)
        var row = series[target].row(sequence, .reply)
        row.from = observation.from
        row.timeToLive = observation.timeToLive
        row.bytes = observation.bytes
        row.roundTrip = observation.measured ?? max(0, observation.at - sentAt)
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
        series[target].settle(row, row.outcome == .reply ? .replied : .reported)
        outstanding -= 1
        passSettled()
        switch configuration.pacing {
        case .steady: break
        case .flood: series[target].dueAt = min(series[target].dueAt, observation.at)
        case .adaptive:
            let earliest = max(observation.at, sentAt &+ PingStateMachine.adaptiveInterval)
            series[target].dueAt = min(series[target].dueAt, earliest)
        }
        pending.append(.report(row, target: target))
    }

    private mutating func noteStray(_ kind: PingStray.Kind, _ observation: ProbeObservation, _ target: Int) {
        let sequence = series[target].sequence(observation.number)
        let sentAt = sequence.flatMap { series[target].state($0) == .unsent ? nil : series[target].sentAt($0) }
        let stray = PingStray(
            kind: kind, sequence: sequence ?? Int(observation.number), from: observation.from,
            timeToLive: observation.timeToLive, bytes: observation.bytes,
            roundTrip: kind == .foreign ? nil : sentAt.map { observation.measured ?? max(0, observation.at - $0) })
        series[target].noted(stray)
        pending.append(.stray(stray, target: target))
    }

    private mutating func stranger(_ observation: ProbeObservation) {
        if series.count == 1 { return noteStray(.foreign, observation, 0) }
        strangers += 1
        let stray = PingStray(
            kind: .foreign, sequence: Int(observation.number), from: observation.from,
            timeToLive: observation.timeToLive, bytes: observation.bytes)
        pending.append(.stray(stray, target: nil))
    }

    // MARK: Result

    package var targetCount: Int { series.count }

    /// Which request of which target a probe is.
    package func place(of probe: Probe) -> (target: Int, sequence: Int)? {
        guard let target = places[probe.target], let sequence = series[target].sequence(probe.number) else {
            return nil
        }
        return (target, sequence)
    }

    /// The run as it stands, a result for each target: requests that are still waiting count as sent, and as lost.
    ///
    /// - Parameter names: as the targets were asked for, in their order.
    package func results(names: [String], source: (IPAddress) -> IPAddress? = { _ in nil }, mode: ProbeMode)
        -> [PingResult]
    {
        zip(series, names).map { series, name in
            series.result(name: name, source: source(series.target), mode: mode, size: configuration.size)
        }
    }
}
