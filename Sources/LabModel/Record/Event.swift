import SupportCrypto

/// One line of `events.jsonl`: something that happened, chained to the line before by its hash.
package struct Event: Sendable, Hashable, Codable {
    package var seq: Int
    /// Nanoseconds since 1970-01-01T00:00:00Z.
    package var time: Int64
    package var actor: Actor
    package var step: String?
    /// `run-started`, `step-started`, `artefact`, `step-finished`, `run-finished`, …
    package var event: String
    package var data: Value
    /// Lower-case hex SHA-256 of the line before, without its newline; of nothing for the first line.
    package var previous: String

    package init(seq: Int, time: Int64, actor: Actor, step: String?, event: String, data: Value, previous: String) {
        self.seq = seq
        self.time = time
        self.actor = actor
        self.step = step
        self.event = event
        self.data = data
        self.previous = previous
    }
}

/// The events of a run as read back, with the place where the chain breaks, if it does.
package struct EventLog: Sendable {
    package var events: [Event]
    /// The first line (from 1) that does not follow from the line before or is no event at all.
    package var brokenAt: Int?
    package var head: String

    /// Events of a run that is still going on, fresh from the recorder.
    package init(_ events: [Event]) { self.init(events: events, brokenAt: nil, head: "") }

    package init(events: [Event], brokenAt: Int?, head: String) {
        self.events = events
        self.brokenAt = brokenAt
        self.head = head
    }

    /// Reads `events.jsonl`. Lines after a break are still read: they are told, not believed.
    package static func parse(_ bytes: [UInt8]) -> EventLog {
        var log = EventLog(events: [], brokenAt: nil, head: Event.start)
        for (index, line) in bytes.split(separator: UInt8(ascii: "\n")).enumerated() {
            guard let event = try? JSON.decode(Event.self, from: line) else {
                log.brokenAt = log.brokenAt ?? index + 1
                continue
            }
            if event.previous != log.head || event.seq != index { log.brokenAt = log.brokenAt ?? index + 1 }
            log.events.append(event)
            log.head = Event.hash(of: line)
        }
        return log
    }
}

extension Event {
    /// What the first line names as its predecessor.
    package static let start = hash(of: [])

    package static func hash(of line: some Collection<UInt8>) -> String {
        Hex.string(DigestAlgorithm.sha256.digest(of: Array(line)))
    }
}
