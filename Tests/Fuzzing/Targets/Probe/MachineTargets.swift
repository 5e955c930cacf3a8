import EngineProbe
import Wire

/// A ping whose network says whatever it likes: replies twice, too late, from others, to requests that were never sent.
struct PingTarget: FuzzTarget {
    let name = "ping"
    let longestInput = 400
    let dictionary: [String] = []

    func run(_ input: [UInt8]) {
        var script = ScriptReader(input)
        let shape = script.byte()
        var configuration = PingConfiguration(
            count: Int(shape & 15) + 1, interval: Int64(script.byte()) * 10_000_000 + 1_000_000,
            timeout: Int64(script.byte()) * 10_000_000 + 10_000_000)
        configuration.pacing = [.steady, .adaptive, .flood, .steady][Int(shape >> 4 & 3)]
        if shape & 0x40 != 0 { configuration.deadline = 1_000_000_000 }
        let strangers = [ReplyTarget.target, ReplyTarget.target6, IPAddress.v4(IPv4Address(rawValue: 0xC000_0263))]
        let targets = shape & 0x80 == 0 ? [strangers[0]] : Array(strangers.prefix(2))
        var machine = PingStateMachine(configuration, targets: targets, startedAt: 0)
        var now: Int64 = 0
        var tally = PingTally()
        while !script.isAtEnd, !tally.isFinished {
            let operation = script.byte()
            if operation & 3 == 0 { now += Int64(script.byte()) &* 20_000_000 }
            if operation & 3 == 1 || operation & 4 != 0 {
                let heard = script.observation(at: now, senders: strangers)
                tally.heard(heard)
                machine.observed(heard)
            }
            advance(&machine, now, &tally, fails: operation & 0x38 == 0x38)
        }
        drive(&machine, &now, &tally)
        check(machine.results(names: targets.map { "\($0)" }, mode: .simulation), machine.strangers, tally)
    }

    private func advance(_ machine: inout PingStateMachine, _ now: Int64, _ tally: inout PingTally, fails: Bool) {
        for action in machine.timeAdvanced(to: now) {
            switch action {
            case .send(let probe):
                tally.sent += 1
                if fails { machine.sendFailed(probe, errno: 90, at: now) } else { machine.sent(probe, at: now) }
            case .report(let row, _):
                tally.rows += 1
                if row.outcome == .reply { tally.replies += 1 }
            case .stray: tally.strays += 1
            case .finish: tally.isFinished = true
            }
        }
    }

    /// With nothing more to hear the run comes to its end.
    private func drive(_ machine: inout PingStateMachine, _ now: inout Int64, _ tally: inout PingTally) {
        var rounds = 0
        while !tally.isFinished {
            // With a deadline too, requests go out until enough were answered: then the deadline is the end.
            now = max(now, min(machine.nextDeadline, now + 10_000_000_000))
            advance(&machine, now, &tally, fails: false)
            rounds += 1
            precondition(rounds < 10_000, "a run has an end")
        }
    }

    private func check(_ results: [PingResult], _ strangers: Int, _ tally: PingTally) {
        var (received, strays) = (0, strangers)
        for summary in results.map(\.summary) {
            precondition(summary.received <= summary.sent, "no more replies than requests")
            precondition(summary.loss >= 0 && summary.loss <= 100, "a loss is a share")
            received += summary.received
            strays += summary.duplicates + summary.late + summary.corrupted + summary.foreign
        }
        precondition(received <= tally.intactReplies, "what is damaged or forged is never a reply")
        precondition(received == tally.replies, "what was reported is what is summed up")
        precondition(strays == tally.strays, "every stray is told")
        // Each reply that was heard is either believed once or counted as something else.
        precondition(received + strays >= tally.allReplies, "no reply is passed over in silence")
    }
}

private struct PingTally {
    var (sent, rows, replies, strays) = (0, 0, 0, 0)
    var (allReplies, intactReplies) = (0, 0)
    var isFinished = false

    mutating func heard(_ observation: ProbeObservation) {
        guard observation.outcome == .reply else { return }
        allReplies += 1
        if observation.integrity == .intact { intactReplies += 1 }
    }
}

/// A traceroute through routers that lie.
struct TraceTarget: FuzzTarget {
    let name = "trace"
    let longestInput = 400
    let dictionary: [String] = []

    func run(_ input: [UInt8]) {
        var script = ScriptReader(input)
        let shape = script.byte()
        var configuration = TracerouteConfiguration(
            flows: [.one, .each, .all, .one][Int(shape & 3)], maximumHops: Int(shape >> 2 & 7) + 1)
        configuration.findsMTU = shape & 0x20 != 0
        configuration.window = Int(shape >> 6) * 8 + 1
        configuration.probesPerHop = 1 + Int(script.byte() & 3)
        let senders = [ReplyTarget.target] + (1...9).map { IPAddress.v4(IPv4Address(rawValue: 0xC612_0100 + $0)) }
        var machine = TracerouteStateMachine(configuration, target: senders[0])
        var now: Int64 = 0
        var (isFinished, probes, heard) = (false, 0, 0)
        while !isFinished {
            let actions = machine.timeAdvanced(to: now)
            for action in actions {
                switch action {
                case .send(let probe):
                    probes += 1
                    precondition(probe.size >= 0 && (probe.timeToLive ?? 0) > 0, "a probe can be sent")
                    if !script.isAtEnd, script.byte() & 0x1F == 0x1F {
                        machine.sendFailed(probe, mtu: Int(script.word()))
                    } else {
                        machine.sent(probe, at: now)
                    }
                case .finish: isFinished = true
                }
            }
            precondition(probes <= 5_000, "a trace has an end")
            if !script.isAtEnd {
                now += Int64(script.byte()) &* 1_000_000
                machine.observed(script.observation(at: now, senders: senders))
                heard += 1
            } else if actions.isEmpty {
                now = max(now + 1, machine.nextDeadline)
            }
        }
        let result = machine.result(target: "www.example.test", mode: .simulation)
        precondition(result.path.count <= configuration.maximumHops, "no path is longer than was looked")
        precondition(!result.reached || result.rows.contains { $0.outcome == .reply }, "who is reached has answered")
        for row in result.rows where row.outcome == .reply {
            precondition(row.address == senders[0], "only the target answers for itself")
        }
    }
}
