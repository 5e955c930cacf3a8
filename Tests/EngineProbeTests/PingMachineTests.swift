import EngineProbe
import Testing
import Wire

/// The machine alone: what it is told and what it says.
@Suite("Ping's decisions")
struct PingMachineTests {
    private let first = Drawings.address("203.0.113.80")
    private let second = Drawings.address("203.0.113.81")

    private func machine(_ configuration: PingConfiguration, _ targets: [IPAddress]? = nil) -> PingStateMachine {
        PingStateMachine(configuration, targets: targets ?? [first], startedAt: 0)
    }

    private func reply(
        _ number: UInt16, from: IPAddress, at: Int64, integrity: ProbeObservation.Integrity = .intact
    ) -> ProbeObservation {
        ProbeObservation(
            number: number, outcome: .reply, from: from, timeToLive: 64, bytes: 64, at: at, integrity: integrity)
    }

    /// Sends what is due and gives the sequence numbers that went to each target.
    private func advance(_ machine: inout PingStateMachine, to now: Int64) -> [(IPAddress, UInt16)] {
        var sent: [(IPAddress, UInt16)] = []
        for case .send(let probe) in machine.timeAdvanced(to: now) {
            machine.sent(probe, at: now)
            sent.append((probe.target, probe.number))
        }
        return sent
    }

    private func summary(_ machine: PingStateMachine, _ place: Int = 0) -> PingResult.Summary {
        machine.results(names: Array(repeating: "x", count: machine.targetCount), mode: .simulation)[place].summary
    }

    @Test("second replies are duplicates, replies after the timeout are late, and strangers do not count")
    func strayReplies() {
        var machine = machine(PingConfiguration(count: 2, interval: 10, timeout: 100))
        #expect(advance(&machine, to: 0).map(\.1) == [1])
        machine.observed(reply(1, from: second, at: 5))
        machine.observed(reply(2, from: first, at: 5))
        machine.observed(reply(0, from: first, at: 5))
        #expect(machine.timeAdvanced(to: 5).count == 3)
        #expect(summary(machine).received == 0)
        machine.observed(reply(1, from: first, at: 6))
        machine.observed(reply(1, from: first, at: 7))
        #expect(advance(&machine, to: 10).map(\.1) == [2])
        #expect(machine.nextDeadline == 110)
        #expect(machine.timeAdvanced(to: 110).last == .finish)
        machine.observed(reply(2, from: first, at: 111))
        machine.observed(reply(2, from: first, at: 112))
        let summary = summary(machine)
        #expect(summary.received == 1)
        #expect(summary.duplicates == 2)
        #expect(summary.late == 1)
        #expect(summary.foreign == 3)
        #expect(summary.loss == 50)
    }

    @Test("a reply behind a report is a second answer, and one to what could not be sent is nobody's")
    func afterTheEnd() {
        var machine = machine(PingConfiguration(count: 2, interval: 10, timeout: 100))
        #expect(advance(&machine, to: 0).map(\.1) == [1])
        machine.observed(
            ProbeObservation(
                number: 1, outcome: .timeExceeded, target: first, from: second, timeToLive: 64, bytes: 64, at: 1))
        machine.observed(reply(1, from: first, at: 2))
        for case .send(let probe) in machine.timeAdvanced(to: 10) { machine.sendFailed(probe, errno: 90, at: 10) }
        machine.observed(reply(2, from: first, at: 11))
        let summary = summary(machine)
        #expect((summary.received, summary.errors, summary.duplicates, summary.foreign) == (0, 2, 1, 1))
    }

    @Test("a damaged or forged reply settles nothing; the true one still may")
    func damaged() {
        var machine = machine(PingConfiguration(count: 1, timeout: 100))
        _ = advance(&machine, to: 0)
        machine.observed(reply(1, from: first, at: 1, integrity: .forged))
        machine.observed(reply(1, from: first, at: 2, integrity: .damaged))
        #expect(summary(machine).received == 0)
        machine.observed(reply(1, from: first, at: 3))
        let result = machine.results(names: ["x"], mode: .simulation)[0]
        #expect(result.summary.received == 1)
        #expect(result.summary.corrupted == 1)
        #expect(result.summary.foreign == 1)
        #expect(result.rows.map(\.roundTrip) == [3])
        #expect(result.strays.map(\.kind) == [.foreign, .corrupted])
    }

    @Test("many targets are asked in turns, each with its own sequence numbers and its own sum")
    func manyTargets() {
        var machine = machine(PingConfiguration(count: 2, interval: 10, timeout: 100), [first, second])
        #expect(advance(&machine, to: 0).map { [$0.0 == first ? 1 : 2, Int($0.1)] } == [[1, 1], [2, 1]])
        machine.observed(reply(1, from: second, at: 4))
        #expect(advance(&machine, to: 10).map { [$0.0 == first ? 1 : 2, Int($0.1)] } == [[1, 2], [2, 2]])
        machine.observed(reply(2, from: second, at: 15))
        machine.observed(reply(2, from: Drawings.address("203.0.113.99"), at: 16))
        #expect(machine.timeAdvanced(to: 110).last == .finish)
        #expect(summary(machine, 0).received == 0)
        #expect(summary(machine, 1).received == 2)
        #expect(machine.strangers == 1)
    }

    @Test("a thousand targets go out in bursts, not one by one")
    func burst() {
        let targets = (0..<1000).map { IPAddress.v4(IPv4Address(rawValue: 0xC612_0000 + $0)) }
        var machine = machine(PingConfiguration(count: 1, timeout: 100), targets)
        var calls = 0
        var sent = 0
        while sent < 1000, calls < 1000 {
            sent += advance(&machine, to: 0).count
            calls += 1
        }
        #expect(sent == 1000)
        #expect(calls == 16)
    }

    @Test("a flood sends with each reply, and after ten milliseconds anyway")
    func flood() {
        let millisecond: Int64 = 1_000_000
        var machine = machine(PingConfiguration(count: nil, pacing: .flood))
        #expect(advance(&machine, to: 0).count == 1)
        #expect(advance(&machine, to: 1).isEmpty)
        #expect(machine.nextDeadline == 10 * millisecond)
        machine.observed(reply(1, from: first, at: 2))
        #expect(advance(&machine, to: 2).count == 1)
        #expect(advance(&machine, to: 2 + 10 * millisecond).count == 1)
    }

    @Test("adaptive pacing has one request under way, at most 500 in a second")
    func adaptive() {
        let millisecond: Int64 = 1_000_000
        var machine = machine(PingConfiguration(count: nil, pacing: .adaptive, timeout: 50 * millisecond))
        _ = advance(&machine, to: 0)
        machine.observed(reply(1, from: first, at: 5))
        #expect(advance(&machine, to: 5).isEmpty)
        #expect(advance(&machine, to: 2 * millisecond).count == 1)
        #expect(advance(&machine, to: 51 * millisecond).isEmpty)
        // Given up, so the next may go.
        #expect(advance(&machine, to: 52 * millisecond).count == 1)
    }

    @Test("with a deadline a count is of answers, and the end is the deadline's")
    func deadline() {
        var machine = machine(PingConfiguration(count: 2, interval: 10, timeout: 15, deadline: 100))
        var sent = 0
        for now in stride(from: Int64(0), to: 60, by: 10) { sent += advance(&machine, to: now).count }
        #expect(sent == 6)
        machine.observed(reply(5, from: first, at: 51))
        machine.observed(reply(6, from: first, at: 52))
        #expect(machine.timeAdvanced(to: 65).last == .finish)
        var silent = self.machine(PingConfiguration(count: nil, interval: 10, timeout: 1000, deadline: 25))
        for now: Int64 in [0, 10, 20] { _ = advance(&silent, to: now) }
        #expect(silent.nextDeadline == 25)
        let end = silent.timeAdvanced(to: 25)
        #expect(end.count == 4)
        #expect(end.last == .finish)
        #expect(summary(silent).loss == 100)
    }

    @Test("sequence numbers go round after 65535, and replies find the latest request")
    func wrap() {
        var machine = machine(PingConfiguration(count: 65_540, interval: 0, timeout: 1_000_000, keepsRows: false))
        var sent: [UInt16] = []
        while sent.count < 65_540 { sent += advance(&machine, to: Int64(sent.count)).map(\.1) }
        #expect(sent[65_535] == 0)
        #expect(sent[65_536] == 1)
        machine.observed(reply(2, from: first, at: 70_000))
        machine.observed(reply(2, from: first, at: 70_000))
        let summary = summary(machine)
        #expect(summary.received == 1)
        #expect(summary.duplicates == 1)
    }

    @Test("runs of losses, and replies out of order")
    func order() {
        var machine = machine(PingConfiguration(count: 8, interval: 10, timeout: 30))
        for now in stride(from: Int64(0), to: 80, by: 10) {
            _ = advance(&machine, to: now)
            switch now {
            case 0: machine.observed(reply(1, from: first, at: 1))
            case 50:
                machine.observed(reply(6, from: first, at: 51))
                machine.observed(reply(5, from: first, at: 52))
            default: break
            }
        }
        #expect(machine.timeAdvanced(to: 200).last == .finish)
        let summary = summary(machine)
        #expect(summary.received == 3)
        #expect(summary.reordered == 1)
        #expect(summary.lossRuns == 2)
        #expect(summary.longestLoss == 3)
    }

    @Test("what was not sent is an error with its reason, and no loss")
    func notSent() {
        var machine = machine(PingConfiguration(count: 1, timeout: 30))
        guard case .send(let probe)? = machine.timeAdvanced(to: 0).first else {
            Issue.record("nothing was sent")
            return
        }
        machine.sendFailed(probe, errno: 90, mtu: 1400, at: 0)
        let end = machine.timeAdvanced(to: 0)
        #expect(end.last == .finish)
        let result = machine.results(names: ["x"], mode: .simulation)[0]
        #expect(result.rows.map(\.mtu) == [1400])
        #expect(result.summary.sent == 0)
        #expect(result.summary.errors == 1)
        #expect(PingText.line(result.rows[0], target: first) == "icmp_seq=1: local error: message too long, mtu=1400")
    }
}
