import Wire

/// Rounds of probes to every hop of a path, and what they met with, without a socket or a clock.
///
/// A round sends one probe to each hop, in their order. The path ends at the first hop where the target answers; where nobody
/// does, a few hops behind the last that answered are tried.
package struct WatchStateMachine: Sendable {
    package enum Action: Sendable, Hashable {
        case send(Probe)
        case finish
    }

    /// What a person asks for.
    package enum Request: Sendable, Hashable {
        case quit
        /// No more rounds, or rounds again.
        case pause
        /// All figures begin anew.
        case reset
    }

    private struct Slot: Sendable {
        enum State: Sendable { case waiting, answered, timedOut }

        let hop: Int
        let round: Int
        /// Among the probes to its hop.
        let place: Int
        var sentAt: Int64
        var state = State.waiting
    }

    /// So many hops behind the last that answered are tried: more silent ones in a row hide what is behind them.
    private static let darkness = 8

    package let configuration: WatchConfiguration
    package let target: IPAddress
    private var all: [WatchHop]
    package private(set) var round = 0
    package private(set) var isPaused = false
    package private(set) var strays = TraceStrays()
    private var isQuitting = false
    /// The hop that this round goes on with.
    private var next: Int
    private var nextRoundAt: Int64 = 0
    /// Where the target, or a report that it is unreachable, was met, and in which round.
    private var end: (hop: Int, round: Int, isTarget: Bool)?
    private var farthest = 0
    private var slots: [UInt16: Slot] = [:]
    private var order: [UInt16] = []
    private var head = 0
    private var number: UInt16 = 0

    package init(_ configuration: WatchConfiguration, target: IPAddress) {
        self.configuration = configuration
        self.target = target
        let trace = configuration.trace
        all = (0...trace.maximumHops).map { WatchHop($0) }
        next = trace.firstHop
    }

    // MARK: Time

    private var first: Int { configuration.trace.firstHop }

    private var horizon: Int {
        min(configuration.trace.maximumHops, end?.hop ?? max(farthest, first - 1) + WatchStateMachine.darkness)
    }

    private var hasMoreRounds: Bool { configuration.rounds.map { round < $0 } ?? true }

    package mutating func timeAdvanced(to now: Int64) -> [Action] {
        while head < order.count, let slot = slots[order[head]] {
            if slot.state == .waiting {
                guard now - slot.sentAt >= configuration.trace.timeout else { break }
                slots[order[head]]?.state = .timedOut
                all[slot.hop].lost(slot.place)
            }
            head += 1
        }
        if head > 4096 {
            order.removeFirst(head)
            head = 0
        }
        if isQuitting { return [.finish] }
        guard !isPaused else { return [] }
        if round == 0 || hasMoreRounds && now >= nextRoundAt {
            round += 1
            next = first
            // Rounds that fell due while nobody looked are not made up for.
            let due = nextRoundAt &+ configuration.interval
            nextRoundAt = round > 1 && due > now ? due : now &+ configuration.interval
        }
        if next <= horizon {
            defer { next += 1 }
            return [.send(begin(next, at: now))]
        }
        return !hasMoreRounds && head == order.count ? [.finish] : []
    }

    private mutating func begin(_ hop: Int, at now: Int64) -> Probe {
        // From 1 on: transports that count ports take 0 for none.
        number = number == .max ? 1 : number + 1
        slots[number] = Slot(hop: hop, round: round, place: all[hop].sentOne(), sentAt: now)
        order.append(number)
        return Probe(
            to: target, number: number, timeToLive: UInt8(clamping: hop), size: configuration.trace.size,
            flow: configuration.trace.usedFlows == .one ? 0 : nil)
    }

    /// When ``timeAdvanced(to:)`` has something to do next.
    package var nextDeadline: Int64 {
        if isQuitting { return Int64.min }
        var deadline = Int64.max
        if head < order.count, let slot = slots[order[head]] { deadline = slot.sentAt &+ configuration.trace.timeout }
        if isPaused { return deadline }
        if round == 0 || next <= horizon { return Int64.min }
        if hasMoreRounds { return min(deadline, nextRoundAt) }
        return head == order.count ? Int64.min : deadline
    }

    // MARK: Inputs

    package mutating func asked(_ request: Request) {
        switch request {
        case .quit: isQuitting = true
        case .pause: isPaused.toggle()
        case .reset:
            for hop in all.indices { all[hop] = WatchHop(hop) }
            // What is under way belongs to the figures that are gone.
            slots = [:]
            order = []
            head = 0
            strays = TraceStrays()
        }
    }

    package mutating func sent(_ probe: Probe, at time: Int64) { slots[probe.number]?.sentAt = time }

    /// This host could not send: nobody answered, as far as figures go.
    package mutating func sendFailed(_ probe: Probe) {
        guard let slot = slots[probe.number], slot.state == .waiting else { return }
        slots[probe.number]?.state = .timedOut
        all[slot.hop].lost(slot.place)
    }

    /// Gives whoever answered, when that is believed.
    @discardableResult
    package mutating func observed(_ observation: ProbeObservation) -> IPAddress? {
        guard observation.integrity != .damaged else {
            strays.corrupted += 1
            return nil
        }
        guard observation.integrity == .intact, let slot = slots[observation.number], isOurs(observation) else {
            strays.foreign += 1
            return nil
        }
        switch slot.state {
        case .answered:
            strays.duplicates += 1
            return nil
        case .timedOut:
            slots[observation.number]?.state = .answered
            all[slot.hop].lateOne()
            return nil
        case .waiting: break
        }
        slots[observation.number]?.state = .answered
        all[slot.hop].heard(
            slot.place, observation, roundTrip: observation.measured ?? max(0, observation.at - slot.sentAt))
        switch observation.outcome {
        case .reply: ended(slot, isTarget: true)
        case .unreachable: ended(slot, isTarget: false)
        case .timeExceeded, .packetTooBig:
            farthest = max(farthest, slot.hop)
            // A later probe was carried farther than the path had been: it is longer now.
            if let known = end, slot.hop >= known.hop, slot.round > known.round { end = nil }
        }
        return observation.from
    }

    private mutating func ended(_ slot: Slot, isTarget: Bool) {
        guard slot.hop <= end?.hop ?? Int.max else { return }
        end = (slot.hop, slot.round, isTarget)
        farthest = max(farthest, slot.hop - 1)
    }

    private func isOurs(_ observation: ProbeObservation) -> Bool {
        if observation.outcome == .reply, observation.from != target, !target.isLoopback { return false }
        return observation.target == nil || observation.target == target
    }

    // MARK: Result

    package var isReached: Bool { end?.isTarget ?? false }

    /// Up to where the path ends; while nobody knows, up to the last hop that answered and one more.
    package var hops: [WatchHop] {
        let last = min(configuration.trace.maximumHops, end?.hop ?? max(farthest, first - 1) + 1)
        return last < first ? [] : Array(all[first...last])
    }
}
