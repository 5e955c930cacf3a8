import LabModel
import LabTestSupport
import Testing

/// A forger's way to rewrite the events of a run.
struct EventEdit: Sendable, CustomTestStringConvertible {
    let name: String
    let change: @Sendable (inout [Event]) -> Void

    var testDescription: String { name }

    init(_ name: String, _ change: @escaping @Sendable (inout [Event]) -> Void) {
        self.name = name
        self.change = change
    }

    /// Rewrites `events.jsonl` of a copied run; with `rechained`, every line's number and hash is made to fit again.
    func apply(to run: RunCopy, rechained: Bool) throws {
        var events = EventLog.parse(try run.read("events.jsonl")).events
        change(&events)
        try Self.write(events, to: run, rechained: rechained)
    }

    static func write(_ events: [Event], to run: RunCopy, rechained: Bool) throws {
        var bytes: [UInt8] = []
        var previous = Event.start
        for (index, event) in events.enumerated() {
            var event = event
            if rechained {
                event.previous = previous
                event.seq = index
            }
            let line = try JSON.encode(event)
            previous = Event.hash(of: line)
            bytes += line + [0x0A]
        }
        try run.write(bytes, "events.jsonl")
    }

    /// What somebody with the wrong key log might try.
    static let all = [
        EventEdit("another key log in the plan") { events in
            set(&events, "step-started", "opened", ["plan", "keylog"], "evidence/again/sslkeylogfile.txt")
        },
        EventEdit("another key log in the proxy's results") { events in
            set(&events, "step-finished", "mitm", ["results", "keylog"], "evidence/again/sslkeylogfile.txt")
        },
        EventEdit("another token") { events in
            set(&events, "run-started", nil, ["variables", "token"], "order")
        },
        EventEdit("wider windows of time") { events in
            for index in events.indices where events[index].event == "step-finished" {
                events[index].time += 3_600_000_000_000
            }
        },
        EventEdit("a step without its lines") { events in events.removeAll { $0.step == "opened" } },
        EventEdit("a step that blames the machine") { events in
            set(&events, "step-finished", "opened", ["fault"], "machine")
            set(&events, "step-finished", "opened", ["message"], "no memory was left")
        },
        EventEdit("a step that was not offered") { events in
            events.removeAll { $0.step == "opened" && $0.event == "step-finished" }
            for index in events.indices where events[index].step == "opened" {
                events[index].event = "step-skipped"
                events[index].data = ["status": "not-offered", "reason": "not here"]
            }
        },
        EventEdit("two lines exchanged") { events in events.swapAt(4, 5) },
        EventEdit("a step told twice, better the second time") { events in
            var again = events.filter { $0.step == "opened" }
            set(&again, "step-started", "opened", ["plan", "keylog"], "evidence/again/sslkeylogfile.txt")
            events.insert(contentsOf: again, at: events.count - 1)
        },
        EventEdit("the last line cut off") { events in events.removeLast() },
        EventEdit("all digests cut off") { events in
            events.removeAll { $0.event == "artefact" || $0.event == "run-finished" }
        },
    ]

    private static func set(
        _ events: inout [Event], _ event: String, _ step: String?, _ path: [String], _ value: String
    ) {
        for index in events.indices where events[index].event == event && events[index].step == step {
            events[index].data = events[index].data.setting(path[...], .string(value))
        }
    }
}

extension Value {
    fileprivate func setting(_ path: ArraySlice<String>, _ value: Value) -> Value {
        guard let name = path.first, case .map(var map) = self else { return value }
        map[name] = (map[name] ?? .map([:])).setting(path.dropFirst(), value)
        return .map(map)
    }
}
