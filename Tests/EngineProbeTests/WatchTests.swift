import EngineNetwork
import EngineProbe
import Testing
import Wire

@Suite("A path that is watched, on the virtual clock")
struct WatchTests {
    private let millisecond = Drawings.millisecond
    private let target = "203.0.113.80"

    private func watch(
        _ configuration: WatchConfiguration, _ change: (inout Topology) -> Void = { _ in },
        lost: Set<UInt16> = [],
        between: (WatchStateMachine, IPAddress?) -> ([WatchStateMachine.Request], Int64) = { _, _ in ([], .max) }
    ) throws -> (machine: WatchStateMachine, sent: Int, elapsed: Int64) {
        var topology = Drawings.chain(routers: 4)
        change(&topology)
        var transport = try SimulatedTransport(topology, target: target, method: configuration.trace.method)
        transport.lost = lost
        let address = transport.target
        let machine = try WatchStateMachine.run(configuration, address: address, over: &transport, between: between)
        return (machine, transport.sent, transport.now())
    }

    private func rounds(
        _ count: Int, method: TracerouteConfiguration.Method = .icmp, interval: Int64 = 100_000_000
    ) -> WatchConfiguration {
        WatchConfiguration(TracerouteConfiguration(method: method), interval: interval, rounds: count)
    }

    @Test("each round asks each hop once, up to the target", arguments: [TracerouteConfiguration.Method.icmp, .udp])
    func roundsOfProbes(method: TracerouteConfiguration.Method) throws {
        let (machine, sent, elapsed) = try watch(rounds(10, method: method))
        #expect(machine.isReached && machine.round == 10)
        #expect(machine.hops.map(\.timeToLive) == [1, 2, 3, 4, 5])
        #expect(
            machine.hops.map { $0.addresses.first } == (1...4).map { Drawings.hop($0, .v4) }
                + [Drawings.address(target)])
        #expect(machine.hops.allSatisfy { $0.sent == 10 && $0.received == 10 && $0.loss == 0 })
        #expect(machine.hops.allSatisfy { $0.last == Int64(2 * $0.timeToLive) * millisecond && $0.deviation == 0 })
        #expect(machine.hops.allSatisfy { $0.best == $0.worst && $0.average == $0.last && $0.history.count == 10 })
        // The first round looks eight hops behind the last that answered until the target has; the others do not.
        #expect(sent == 10 * 5 + 7)
        #expect(elapsed >= 900 * millisecond && elapsed < 1000 * millisecond)
    }

    @Test("losses are counted where they happen, and late answers do not make up for them")
    func losses() throws {
        // The first round has twelve probes, every other five: the third hop of the second and the third round.
        let (machine, _, _) = try watch(rounds(4), lost: [15, 20])
        let third = machine.hops[2]
        #expect(third.sent == 4 && third.received == 2 && third.lost == 2 && third.loss == 50)
        #expect(third.history == [6 * millisecond, nil, nil, 6 * millisecond])
        #expect(machine.hops.filter { $0.lost > 0 }.count == 1)
        let slow = WatchConfiguration(
            TracerouteConfiguration(timeout: 5 * millisecond, minimumWait: 0), interval: 100 * millisecond, rounds: 2)
        let late = try watch(slow).machine
        #expect(late.hops.prefix(2).allSatisfy { $0.received == 2 && $0.late == 0 })
        #expect(late.hops.dropFirst(2).allSatisfy { $0.received == 0 && $0.lost == 2 && $0.last == nil })
        #expect(late.hops.dropFirst(2).contains { $0.late > 0 })
    }

    @Test("silence in the middle is asked again and again, at the end only so far")
    func silence() throws {
        let middle = try watch(rounds(3)) { $0.routers[1].silent = true }.machine
        #expect(middle.isReached && middle.hops.count == 5)
        #expect(middle.hops[1].loss == 100 && middle.hops[1].addresses.isEmpty)
        let (end, sent, _) = try watch(rounds(3)) { $0.hosts[1].condition = .silent }
        #expect(!end.isReached)
        #expect(end.hops.count == 5 && end.hops[4].loss == 100)
        #expect(sent == 3 * 12)
    }

    @Test("a path that becomes shorter or longer is shown as it is")
    func changing() throws {
        var machine = WatchStateMachine(rounds(100), target: Drawings.address(target))
        func round(_ answers: [(Int, ProbeObservation.Outcome)], at now: Int64) {
            var sent: [Probe] = []
            while case .send(let probe)? = machine.timeAdvanced(to: now).first {
                machine.sent(probe, at: now)
                sent.append(probe)
            }
            for (hop, outcome) in answers {
                guard let probe = sent.first(where: { Int($0.timeToLive ?? 0) == hop }) else { continue }
                machine.observed(
                    ProbeObservation(
                        number: probe.number, outcome: outcome,
                        from: outcome == .reply ? Drawings.address(target) : Drawings.hop(hop, .v4), timeToLive: 60,
                        bytes: 0, at: now + 1))
            }
        }
        round([(1, .timeExceeded), (2, .timeExceeded), (3, .reply)], at: 0)
        #expect(machine.isReached && machine.hops.count == 3)
        round([(1, .timeExceeded), (2, .reply)], at: 100 * millisecond)
        #expect(machine.isReached && machine.hops.count == 2)
        round([(1, .timeExceeded), (2, .timeExceeded)], at: 200 * millisecond)
        #expect(!machine.isReached && machine.hops.count == 3)
        round([(1, .timeExceeded), (2, .timeExceeded), (3, .reply)], at: 300 * millisecond)
        #expect(machine.isReached && machine.hops.count == 3)
        #expect(machine.hops[1].addresses == [Drawings.hop(2, .v4), Drawings.address(target)])
        round([(1, .unreachable(type: 3, code: 13))], at: 400 * millisecond)
        #expect(!machine.isReached && machine.hops.count == 1 && machine.hops[0].icmpCode == 13)
    }

    @Test("a pause sends nothing, a reset forgets figures, and quitting ends at once")
    func requests() throws {
        var machine = WatchStateMachine(
            WatchConfiguration(TracerouteConfiguration(), interval: 100 * millisecond), target: Drawings.address(target)
        )
        func sends(at now: Int64) -> Int {
            var count = 0
            while case .send(let probe)? = machine.timeAdvanced(to: now).first {
                machine.sent(probe, at: now)
                count += 1
            }
            return count
        }
        #expect(sends(at: 0) == 8)
        machine.observed(
            ProbeObservation(
                number: 1, outcome: .reply, from: Drawings.address(target), timeToLive: 64, bytes: 0, at: millisecond))
        machine.asked(.pause)
        #expect(machine.isPaused && sends(at: 5000 * millisecond) == 0 && machine.round == 1)
        machine.asked(.pause)
        // Rounds that fell due meanwhile are not made up for.
        #expect(sends(at: 5000 * millisecond) == 1 && sends(at: 5050 * millisecond) == 0)
        #expect(sends(at: 5100 * millisecond) == 1 && machine.round == 3)
        machine.asked(.reset)
        #expect(machine.hops.map(\.sent) == [0] && machine.isReached)
        // An answer to what was sent before is nobody's now.
        machine.observed(
            ProbeObservation(
                number: 10, outcome: .reply, from: Drawings.address(target), timeToLive: 64, bytes: 0,
                at: 5101 * millisecond))
        #expect(machine.hops.map(\.received) == [0] && machine.strays.foreign == 1)
        machine.asked(.quit)
        #expect(machine.nextDeadline == .min && machine.timeAdvanced(to: 5100 * millisecond) == [.finish])
    }

    @Test("what is asked for between two probes is done, at the latest when it was to be asked again")
    func between() throws {
        var calls = 0
        var wakeAt: Int64 = 0
        let (machine, _, elapsed) = try watch(
            WatchConfiguration(TracerouteConfiguration(), interval: 10_000 * millisecond),
            between: { machine, _ in
                calls += 1
                wakeAt += 100 * millisecond
                return (machine.hops.count == 5 && machine.hops[4].received == 1 ? [.quit] : [], wakeAt)
            })
        #expect(machine.isReached && machine.round == 1)
        #expect(calls > 5 && elapsed < 5_000 * millisecond)
    }

    @Test("forged, damaged and repeated answers are counted, never believed")
    func hostile() {
        var machine = WatchStateMachine(rounds(1), target: Drawings.address(target))
        while case .send(let probe)? = machine.timeAdvanced(to: 0).first { machine.sent(probe, at: 0) }
        let router = Drawings.hop(1, .v4)
        func heard(
            _ number: UInt16, _ outcome: ProbeObservation.Outcome, _ from: IPAddress,
            _ integrity: ProbeObservation.Integrity = .intact
        ) {
            machine.observed(
                ProbeObservation(
                    number: number, outcome: outcome, from: from, timeToLive: 60, bytes: 0, at: 1, integrity: integrity)
            )
        }
        heard(1, .timeExceeded, router)
        heard(1, .timeExceeded, router)
        heard(2, .reply, router)
        heard(2, .timeExceeded, router, .forged)
        heard(2, .timeExceeded, router, .damaged)
        heard(999, .timeExceeded, router)
        #expect((machine.strays.duplicates, machine.strays.foreign, machine.strays.corrupted) == (1, 3, 1))
        #expect(machine.hops.map(\.received) == [1, 0] && !machine.isReached)
    }

    @Test("whatever is heard, in whatever order, figures agree with one another", arguments: 1...40)
    func anything(seed: UInt64) {
        var random = seed &* 0x9E37_79B9_7F4A_7C15
        func next(_ bound: UInt64) -> UInt64 {
            random = random &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (random >> 33) % bound
        }
        let target = Drawings.address(target)
        let senders = [target] + (1...4).map { Drawings.hop($0, .v4) }
        var machine = WatchStateMachine(
            WatchConfiguration(
                TracerouteConfiguration(maximumHops: 1 + Int(next(12)), timeout: 50), interval: 10_000_000, rounds: 30),
            target: target)
        var (now, sent, isFinished, steps): (Int64, UInt16, Bool, Int) = (0, 0, false, 0)
        while !isFinished, steps < 20_000 {
            steps += 1
            for action in machine.timeAdvanced(to: now) {
                switch action {
                case .send(let probe):
                    sent = max(sent, probe.number)
                    if next(10) == 0 { machine.sendFailed(probe) } else { machine.sent(probe, at: now) }
                case .finish: isFinished = true
                }
            }
            let outcomes: [ProbeObservation.Outcome] = [
                .reply, .timeExceeded, .packetTooBig(mtu: 0), .unreachable(type: 3, code: UInt8(next(20))),
            ]
            machine.observed(
                ProbeObservation(
                    number: UInt16(next(UInt64(sent) + 3)), outcome: outcomes[Int(next(4))],
                    target: next(4) == 0 ? senders[Int(next(5))] : nil,
                    from: next(9) == 0 ? nil : senders[Int(next(5))],
                    timeToLive: nil, bytes: 0, at: now - Int64(next(100)),
                    integrity: [.intact, .intact, .damaged, .forged][Int(next(4))]))
            if next(200) == 0 { machine.asked(.reset) }
            if next(300) == 0 { machine.asked(.pause) }
            if machine.isPaused, next(20) == 0 { machine.asked(.pause) }
            now = next(3) == 0 ? now + Int64(next(40)) : max(now, min(machine.nextDeadline, now + 10_000_000))
            for hop in machine.hops {
                #expect(hop.received + hop.lost <= hop.sent && hop.late <= hop.lost)
                #expect(hop.history.count == hop.received + hop.lost)
                #expect((hop.best ?? 0) <= (hop.average ?? 0) && (hop.average ?? 0) <= (hop.worst ?? 0))
            }
            #expect(machine.hops.count <= machine.configuration.trace.maximumHops)
        }
        #expect(isFinished && machine.round == 30)
    }

    @Test(
        "a configuration that cannot be is refused",
        arguments: [
            WatchConfiguration(TracerouteConfiguration(firstHop: 0)),
            WatchConfiguration(TracerouteConfiguration(findsMTU: true)),
            WatchConfiguration(TracerouteConfiguration(flows: .all)),
            WatchConfiguration(TracerouteConfiguration(), interval: 0),
            WatchConfiguration(TracerouteConfiguration(), rounds: 0),
        ])
    func invalid(configuration: WatchConfiguration) {
        #expect(throws: ProbeError.self) { try watch(configuration) }
    }
}
