import Wire

/// What the probes to one distance have met with so far.
package struct WatchHop: Sendable, Hashable {
    private static let historyLimit = 400
    private static let addressLimit = 8

    package let timeToLive: Int
    package private(set) var sent = 0
    package private(set) var received = 0
    /// Given up: without those that are still waited for.
    package private(set) var lost = 0
    /// Of the lost, those whose answer came after all.
    package private(set) var late = 0
    package private(set) var last: Int64?
    package private(set) var best: Int64?
    package private(set) var worst: Int64?
    private var mean = 0.0
    private var squares = 0.0
    private enum Entry: Sendable, Hashable {
        case waiting, lost
        case roundTrip(Int64)
    }

    /// Of the newest probes, in the order of sending, and how many before them are forgotten.
    private var entries: [Entry] = []
    private var forgotten = 0
    /// Who answered, the latest first.
    package private(set) var addresses: [IPAddress] = []
    package private(set) var labels: [UInt32]?
    /// What the latest answer was.
    package private(set) var outcome: ProbeOutcome?
    package private(set) var icmpType: UInt8?
    package private(set) var icmpCode: UInt8?

    package init(_ timeToLive: Int) { self.timeToLive = timeToLive }

    /// Round trips in the order of sending, nil for a loss, without what is waited for; the newest are kept.
    package var history: [Int64?] {
        entries.compactMap { entry -> Int64?? in
            switch entry {
            case .waiting: nil
            case .lost: .some(nil)
            case .roundTrip(let time): .some(time)
            }
        }
    }

    /// In percent of what is not waited for any more; nil while there is nothing.
    package var loss: Double? { received + lost == 0 ? nil : 100 * Double(lost) / Double(received + lost) }
    package var average: Int64? { received == 0 ? nil : Int64(mean.rounded()) }
    /// Of the sample, as mtr computes it.
    package var deviation: Int64? {
        received == 0 ? nil : Int64((squares / Double(max(1, received - 1))).squareRoot().rounded())
    }

    /// Gives the probe's number among those to this hop.
    mutating func sentOne() -> Int {
        sent += 1
        entries.append(.waiting)
        if entries.count > 2 * WatchHop.historyLimit {
            entries.removeFirst(WatchHop.historyLimit)
            forgotten += WatchHop.historyLimit
        }
        return sent
    }

    mutating func lost(_ number: Int) {
        lost += 1
        note(number, .lost)
    }

    mutating func lateOne() { late += 1 }

    mutating func heard(_ number: Int, _ observation: ProbeObservation, roundTrip: Int64) {
        received += 1
        last = roundTrip
        best = min(best ?? roundTrip, roundTrip)
        worst = max(worst ?? roundTrip, roundTrip)
        let delta = Double(roundTrip) - mean
        mean += delta / Double(received)
        squares += delta * (Double(roundTrip) - mean)
        note(number, .roundTrip(roundTrip))
        if let from = observation.from {
            addresses.removeAll { $0 == from }
            addresses.insert(from, at: 0)
            if addresses.count > WatchHop.addressLimit { addresses.removeLast() }
        }
        let stacks = observation.extensions.compactMap { object -> [UInt32]? in
            if case .labels(let stack) = object { stack.map(\.label) } else { nil }
        }
        labels = stacks.isEmpty ? nil : stacks.flatMap { $0 }
        (icmpType, icmpCode) = (nil, nil)
        switch observation.outcome {
        case .reply: outcome = .reply
        case .timeExceeded: outcome = .timeExceeded
        case .packetTooBig: outcome = .packetTooBig
        case .unreachable(let type, let code):
            outcome = .unreachable
            (icmpType, icmpCode) = (type, code)
        }
    }

    private mutating func note(_ number: Int, _ entry: Entry) {
        let place = number - 1 - forgotten
        if entries.indices.contains(place) { entries[place] = entry }
    }
}
