import Wire

/// Which probe goes next, how long stars are waited for, and where the path ends, without a socket or a clock.
///
/// Probes of many hops are under way together, in the order of their TTLs. The path ends at the first hop where the target
/// answered, or where somebody reported it unreachable; what is known about hops behind that is dropped.
package struct TracerouteStateMachine: Sendable {
    package enum Action: Sendable, Hashable {
        case send(Probe)
        case finish
    }

    private enum Slot: Sendable {
        case waiting(sentAt: Int64)
        case settled(HopRow)
    }

    package let configuration: TracerouteConfiguration
    private let target: IPAddress
    /// Probes in the order of sending; the number of a probe is its place here plus 1.
    private var slots: [Slot] = []
    private var slowest: Int64?
    /// The hop the path ends at, as far as is known.
    private var end: Int
    private var reached = false

    package init(_ configuration: TracerouteConfiguration, target: IPAddress) {
        self.configuration = configuration
        self.target = target
        end = configuration.maximumHops
    }

    private func hop(_ index: Int) -> Int { configuration.firstHop + index / configuration.probesPerHop }

    private var probeCount: Int { (end - configuration.firstHop + 1) * configuration.probesPerHop }

    private var outstanding: Int {
        slots.indices.count { index in
            if case .waiting = slots[index] { hop(index) <= end } else { false }
        }
    }

    /// How long a probe is waited for: three times the slowest round trip and a margin for a busy machine, within the limits.
    private var wait: Int64 {
        guard let slowest else { return configuration.timeout }
        let (triple, overflow) = slowest.multipliedReportingOverflow(by: 3)
        let wanted = overflow ? configuration.timeout : max(triple, slowest &+ configuration.minimumWait)
        return min(configuration.timeout, wanted)
    }

    package mutating func timeAdvanced(to now: Int64) -> [Action] {
        for index in slots.indices {
            guard case .waiting(let sentAt) = slots[index], now - sentAt >= wait else { continue }
            slots[index] = .settled(row(index, .timeout))
        }
        if slots.count < probeCount {
            guard outstanding < configuration.window else { return [] }
            let index = slots.count
            slots.append(.waiting(sentAt: now))
            return [
                .send(
                    Probe(
                        to: target, number: UInt16(truncatingIfNeeded: index + 1),
                        timeToLive: UInt8(clamping: hop(index)), size: configuration.size))
            ]
        }
        return outstanding == 0 ? [.finish] : []
    }

    /// When ``timeAdvanced(to:)`` has something to do next.
    package var nextDeadline: Int64 {
        let outstanding = outstanding
        if slots.count < probeCount ? outstanding < configuration.window : outstanding == 0 { return Int64.min }
        var next = Int64.max
        for (index, slot) in slots.enumerated() where hop(index) <= end {
            if case .waiting(let sentAt) = slot { next = min(next, sentAt &+ wait) }
        }
        return next
    }

    package mutating func sent(_ probe: Probe, at time: Int64) {
        guard let index = index(probe.number), case .waiting = slots[index] else { return }
        slots[index] = .waiting(sentAt: time)
    }

    package mutating func sendFailed(_ probe: Probe) {
        guard let index = index(probe.number) else { return }
        slots[index] = .settled(row(index, .notSent))
    }

    package mutating func observed(_ observation: ProbeObservation) {
        guard let index = index(observation.number), case .waiting(let sentAt) = slots[index] else { return }
        // An echo reply from elsewhere is none of ours.
        if observation.outcome == .reply, observation.from != target, !target.isLoopback { return }
        let roundTrip = max(0, observation.at - sentAt)
        slowest = max(slowest ?? 0, roundTrip)
        var row = row(index, .reply)
        row.address = observation.from
        row.roundTrip = roundTrip
        row.replyTimeToLive = observation.timeToLive
        switch observation.outcome {
        case .reply:
            // The earliest hop at which the target answers is the end: it answers the later probes, too.
            if hop(index) <= end { (end, reached) = (hop(index), true) }
        case .timeExceeded: row.outcome = .timeExceeded
        case .packetTooBig(let mtu):
            row.outcome = .packetTooBig
            row.mtu = mtu
        case .unreachable(let type, let code):
            row.outcome = .unreachable
            row.icmpType = type
            row.icmpCode = code
            if hop(index) < end { (end, reached) = (hop(index), false) }
        }
        slots[index] = .settled(row)
    }

    private func index(_ number: UInt16) -> Int? {
        let index = Int(number) - 1
        return slots.indices.contains(index) ? index : nil
    }

    private func row(_ index: Int, _ outcome: ProbeOutcome) -> HopRow {
        HopRow(timeToLive: hop(index), probe: index % configuration.probesPerHop + 1, outcome: outcome)
    }

    /// The trace as it stands: probes that are still waiting are left out.
    package func result(target name: String, mode: ProbeMode) -> TracerouteResult {
        let rows = slots.compactMap { slot -> HopRow? in
            guard case .settled(let row) = slot, row.timeToLive <= end else { return nil }
            return row
        }
        let last = rows.map(\.timeToLive).max() ?? configuration.firstHop - 1
        let path = (configuration.firstHop..<max(configuration.firstHop, last + 1)).map { hop in
            rows.first { $0.timeToLive == hop && $0.address != nil }?.address
        }
        return TracerouteResult(
            target: name, address: target, method: configuration.method, mode: mode,
            maximumHops: configuration.maximumHops, size: configuration.size, reached: reached, rows: rows, path: path)
    }

    /// Drives a trace over a transport to its end, or to its interruption; blocks where the transport does.
    package static func run(
        _ configuration: TracerouteConfiguration, target: String, address: IPAddress,
        over transport: inout some ProbeTransport
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
                    guard case .sendFailed = error else { throw error }
                    machine.sendFailed(probe)
                }
            }
            if let observation = try transport.receive(until: machine.nextDeadline) { machine.observed(observation) }
        }
        return machine.result(target: target, mode: transport.mode)
    }
}
