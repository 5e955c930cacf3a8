import Wire

/// Which probe goes next, how long stars are waited for, and where the path ends, without a socket or a clock.
///
/// Probes of many hops are under way together, in the order of their TTLs. A hop that left some unanswered, while hops behind it
/// answered, is tried once more: what comes of that tells a loss from a limit. The path ends at the first hop where the target
/// answered, or where somebody reported it unreachable; what is known about hops behind that is dropped.
package struct TracerouteStateMachine: Sendable {
    package enum Action: Sendable, Hashable {
        case send(Probe)
        case finish
    }

    private struct Slot: Sendable {
        let hop: Int
        /// From 1 within the hop.
        let probe: Int
        let flow: UInt16?
        var sentAt: Int64
        /// Whether it is waited for; a row is large, and is not looked at for that.
        var isOpen = true
        /// Nil while it is waited for.
        var row: HopRow?
    }

    private struct Hop: Sendable {
        var asked = 0
        var wanted: Int
        var open = 0
        var isRetried = false
        /// Few, so that looking through them takes less than hashing.
        var found: [IPAddress] = []
    }

    package let configuration: TracerouteConfiguration
    private let target: IPAddress
    /// Probes in the order of sending; the number of a probe is its place here plus 1.
    private var slots: [Slot] = []
    private var hops: [Hop]
    /// Slots before this are settled.
    private var head = 0
    private var outstanding = 0
    private var slowest: Int64?
    /// The hop the path ends at, as far as is known.
    private var end: Int
    private var reached = false
    /// The farthest hop that answered, or nothing did.
    private var farthest = 0
    private var size: Int
    private var pathMTU: Int?
    private var shrinks = 0
    private var unsettledMTU: UnsettledMTU?
    private var strays = TraceStrays()

    package init(_ configuration: TracerouteConfiguration, target: IPAddress) {
        self.configuration = configuration
        self.target = target
        end = configuration.maximumHops
        size = configuration.findsMTU ? 65_000 : configuration.size
        let wanted =
            configuration.flows == .all ? TracerouteStateMachine.flowsToRuleOut(1) : configuration.probesPerHop
        hops = Array(repeating: Hop(wanted: wanted), count: configuration.maximumHops + 1)
    }

    /// How many flows must have met `count` routers at a hop before another one is unlikely: n with
    /// (count / (count + 1))^n below 5%, shared among the routers (Veitch et al., "Failure control in multipath route
    /// tracing", 2009, table for 95%).
    package static func flowsToRuleOut(_ count: Int) -> Int {
        let table = [6, 11, 16, 21, 27, 33, 38, 44, 51, 57, 63, 70, 76, 83, 90, 96]
        return table[min(max(1, count), table.count) - 1]
    }

    /// How often probes are made smaller: thrice the plateaus that MTUs are found at (RFC 1191 §7.1), more than the links
    /// of a path differ. Whoever names one byte less each time would otherwise be asked thousands of times.
    private static let shrinkLimit = 33

    // MARK: Time

    /// How long a probe is waited for: the slowest round trip, a quarter of it, and a margin for a busy machine.
    private var wait: Int64 {
        guard let slowest else { return configuration.timeout }
        return min(configuration.timeout, slowest &+ max(slowest / 4, configuration.minimumWait))
    }

    package mutating func timeAdvanced(to now: Int64) -> [Action] {
        let wait = wait
        for index in head..<max(head, slots.count) where slots[index].isOpen && now - slots[index].sentAt >= wait {
            settle(index, row(index, .timeout))
        }
        while head < slots.count, !slots[head].isOpen { head += 1 }
        retryStars()
        if let hop = nextHop {
            guard outstanding < window else { return [] }
            return [.send(begin(hop, at: now))]
        }
        return outstanding == 0 ? [.finish] : []
    }

    private var window: Int { configuration.findsMTU ? 1 : configuration.window }

    private var nextHop: Int? {
        (configuration.firstHop...max(configuration.firstHop, end)).first { hops[$0].asked < hops[$0].wanted }
    }

    private mutating func begin(_ hop: Int, at now: Int64) -> Probe {
        hops[hop].asked += 1
        hops[hop].open += 1
        outstanding += 1
        let number = hops[hop].asked
        let flow: UInt16? =
            switch configuration.usedFlows {
            case .one: 0
            case .each: nil
            case .all: UInt16(truncatingIfNeeded: number - 1)
            }
        slots.append(Slot(hop: hop, probe: number, flow: flow, sentAt: now))
        return Probe(
            to: target, number: UInt16(truncatingIfNeeded: slots.count), timeToLive: UInt8(clamping: hop), size: size,
            flow: flow)
    }

    /// One more probe for each hop that has answers missing though hops behind it have none to miss.
    private mutating func retryStars() {
        guard configuration.flows != .all, !configuration.findsMTU else { return }
        let last = reached ? end : farthest
        guard last >= configuration.firstHop else { return }
        for hop in configuration.firstHop...last
        where !hops[hop].isRetried && hops[hop].asked == hops[hop].wanted && hops[hop].open == 0 {
            hops[hop].isRetried = true
            let hasStar = slots.indices.contains { slots[$0].hop == hop && slots[$0].row?.outcome == .timeout }
            if hasStar { hops[hop].wanted += 1 }
        }
    }

    /// When ``timeAdvanced(to:)`` has something to do next.
    package var nextDeadline: Int64 {
        if nextHop != nil ? outstanding < window : outstanding == 0 { return Int64.min }
        let wait = wait
        var next = Int64.max
        for index in head..<max(head, slots.count) where slots[index].isOpen {
            next = min(next, slots[index].sentAt &+ wait)
        }
        return next
    }

    // MARK: Inputs

    package mutating func sent(_ probe: Probe, at time: Int64) {
        guard let index = index(probe.number), slots[index].isOpen else { return }
        slots[index].sentAt = time
    }

    /// `mtu` is what this machine found in the way, or 0.
    package mutating func sendFailed(_ probe: Probe, mtu: Int = 0) {
        guard let index = index(probe.number), slots[index].isOpen else { return }
        if configuration.findsMTU, shrink(to: mtu, saidBy: nil) {
            // Nothing was sent: the hop is asked again with what fits.
            hops[slots[index].hop].wanted += 1
            var row = row(index, .packetTooBig)
            row.mtu = mtu
            return settle(index, row)
        }
        settle(index, row(index, .notSent))
    }

    /// Makes probes fit; false when they do already, or cannot. Nobody may ask for less than every link has to take
    /// (RFC 791: 68 bytes; RFC 8201 §4: 1280), nor ever so often for a little less: then the probes are as small as that.
    private mutating func shrink(to mtu: Int, saidBy reporter: IPAddress?) -> Bool {
        let least = target.family == .v4 ? 68 : 1280
        let headers = target.family == .v4 ? 28 : 48
        guard mtu >= least, mtu - headers >= 16, mtu - headers < size else { return false }
        shrinks += 1
        guard shrinks <= TracerouteStateMachine.shrinkLimit else {
            unsettledMTU = UnsettledMTU(address: reporter, reports: shrinks)
            size = least - headers
            pathMTU = nil
            return true
        }
        size = mtu - headers
        pathMTU = mtu
        return true
    }

    /// Gives whoever answered or reported, when that is believed.
    @discardableResult
    package mutating func observed(_ observation: ProbeObservation) -> IPAddress? {
        guard observation.integrity != .damaged else {
            strays.corrupted += 1
            return nil
        }
        guard observation.integrity == .intact, let index = index(observation.number), isOurs(observation),
            slots[index].row?.outcome != .notSent
        else {
            strays.foreign += 1
            return nil
        }
        guard slots[index].isOpen || slots[index].row?.outcome == .timeout else {
            strays.duplicates += 1
            return nil
        }
        let hop = slots[index].hop
        let roundTrip = observation.measured ?? max(0, observation.at - slots[index].sentAt)
        slowest = max(slowest ?? 0, roundTrip)
        var row = row(index, .reply)
        row.address = observation.from
        row.roundTrip = roundTrip
        row.replyTimeToLive = observation.timeToLive
        row.quotedTimeToLive = observation.quotedTimeToLive
        if !observation.rewritten.isEmpty { row.rewritten = observation.rewritten }
        row.take(observation.extensions)
        switch observation.outcome {
        case .reply:
            // The earliest hop at which the target answers is the end: it answers the later probes, too.
            if hop <= end { (end, reached) = (hop, true) }
        case .timeExceeded:
            row.outcome = .timeExceeded
            farthest = max(farthest, hop)
        case .packetTooBig(let mtu):
            row.outcome = .packetTooBig
            row.mtu = mtu
            farthest = max(farthest, hop - 1)
            if configuration.findsMTU, shrink(to: mtu, saidBy: observation.from) { hops[hop].wanted += 1 }
        case .unreachable(let type, let code):
            row.outcome = .unreachable
            row.icmpType = type
            row.icmpCode = code
            if hop < end { (end, reached) = (hop, false) }
        }
        if let from = observation.from, row.outcome != .packetTooBig { found(from, at: hop) }
        settle(index, row)
        return observation.from
    }

    /// An echo reply from elsewhere is none of ours, and neither is a report about a packet to somebody else.
    private func isOurs(_ observation: ProbeObservation) -> Bool {
        if observation.outcome == .reply, observation.from != target, !target.isLoopback { return false }
        return observation.target == nil || observation.target == target
    }

    private mutating func found(_ address: IPAddress, at hop: Int) {
        guard configuration.flows == .all, !hops[hop].found.contains(address) else { return }
        hops[hop].found.append(address)
        hops[hop].wanted = max(
            hops[hop].wanted, TracerouteStateMachine.flowsToRuleOut(hops[hop].found.count))
    }

    /// Late answers take the place of their star.
    private mutating func settle(_ index: Int, _ row: HopRow) {
        if slots[index].isOpen {
            slots[index].isOpen = false
            outstanding -= 1
            hops[slots[index].hop].open -= 1
        }
        slots[index].row = row
    }

    private func index(_ number: UInt16) -> Int? {
        let index = Int(number) - 1
        return slots.indices.contains(index) ? index : nil
    }

    private func row(_ index: Int, _ outcome: ProbeOutcome) -> HopRow {
        var row = HopRow(timeToLive: slots[index].hop, probe: slots[index].probe, outcome: outcome)
        if configuration.flows == .all { row.flow = slots[index].flow.map { Int($0) } }
        return row
    }

    // MARK: Result

    /// The trace as it stands: probes that are still waiting are left out.
    package func result(target name: String, mode: ProbeMode) -> TracerouteResult {
        let settled = slots.filter { $0.hop <= end }.compactMap(\.row)
        let sorted = settled.sorted { ($0.timeToLive, $0.probe) < ($1.timeToLive, $1.probe) }
        let (rows, stars) = StarExplanation.explain(sorted, reached: reached)
        let hints = PathHint.find(rows)
        let last = rows.map(\.timeToLive).max() ?? configuration.firstHop - 1
        let path = (configuration.firstHop..<max(configuration.firstHop, last + 1)).map { hop in
            rows.first { $0.timeToLive == hop && $0.address != nil && $0.outcome != .packetTooBig }?.address
        }
        return TracerouteResult(
            target: name, address: target, method: configuration.method, mode: mode, flows: configuration.usedFlows,
            maximumHops: configuration.maximumHops,
            size: configuration.method == .tcp ? 0 : configuration.findsMTU ? size : configuration.size,
            reached: reached, rows: rows, path: path, stars: stars, hints: hints.isEmpty ? nil : hints,
            pathMTU: reached ? pathMTU : nil,
            unsettledMTU: unsettledMTU, strays: strays == TraceStrays() ? nil : strays)
    }

    /// Drives a trace over a transport to its end, or to its interruption; blocks where the transport does.
    ///
    /// - Parameter onHeard: is told whoever answered, each time, between two probes: it must return at once.
    package static func run(
        _ configuration: TracerouteConfiguration, target: String, address: IPAddress,
        over transport: inout some ProbeTransport, onHeard: (IPAddress) -> Void = { _ in }
    ) throws(ProbeError) -> TracerouteResult {
        if let problem = configuration.problem { throw .invalidConfiguration(problem) }
        var machine = TracerouteStateMachine(configuration, target: address)
        while !transport.isInterrupted {
            for action in machine.timeAdvanced(to: transport.now()) {
                guard case .send(let probe) = action else {
                    return machine.result(target: target, mode: transport.mode)
                }
                do {
                    machine.sent(probe, at: try transport.send(probe))
                } catch {
                    switch error {
                    case .messageTooBig(_, let mtu): machine.sendFailed(probe, mtu: mtu)
                    case .sendFailed: machine.sendFailed(probe)
                    default: throw error
                    }
                }
            }
            if let observation = try transport.receive(until: machine.nextDeadline),
                let heard = machine.observed(observation)
            {
                onHeard(heard)
            }
        }
        return machine.result(target: target, mode: transport.mode)
    }
}

extension HopRow {
    fileprivate mutating func take(_ extensions: [ICMPExtension]) {
        for object in extensions {
            switch object {
            case .labels(let stack): labels = (labels ?? []) + stack.map(\.label)
            case .interface(let information):
                guard interface == nil, information.role == .incoming else { continue }
                interface =
                    information.name.map(printable) ?? information.address.map { "\($0)" }
                    ?? information.index.map { "#\($0)" }
            case .other: continue
            }
        }
    }
}
