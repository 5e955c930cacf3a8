import EngineProbe
import Testing
import Wire

/// Traceroute among routers and strangers that lie.
@Suite("Lies told to a traceroute")
struct TraceHostileTests {
    private let target = Drawings.address("203.0.113.80")
    private let stranger = Drawings.address("192.0.2.99")
    private let router = Drawings.address("198.18.1.2")

    private func machine(_ configuration: TracerouteConfiguration) -> TracerouteStateMachine {
        var machine = TracerouteStateMachine(configuration, target: target)
        while case .send(let probe)? = machine.timeAdvanced(to: 0).first { machine.sent(probe, at: 0) }
        return machine
    }

    private func heard(
        _ number: UInt16, _ outcome: ProbeObservation.Outcome, from: IPAddress, about: IPAddress? = nil,
        integrity: ProbeObservation.Integrity = .intact
    ) -> ProbeObservation {
        ProbeObservation(
            number: number, outcome: outcome, target: about, from: from, timeToLive: 60, bytes: 64, at: 1_000,
            integrity: integrity)
    }

    @Test("spoofed and repeated answers are counted, and change nothing")
    func counted() throws {
        var machine = machine(TracerouteConfiguration(maximumHops: 2, probesPerHop: 1))
        machine.observed(heard(1, .timeExceeded, from: router, about: target))
        let before = machine.result(target: "x", mode: .simulation)
        #expect(before.strays == nil)
        // A second answer, one without our mark, one by somebody else, one about somebody else, one that nobody asked for.
        machine.observed(heard(1, .timeExceeded, from: stranger, about: target))
        machine.observed(heard(2, .reply, from: target, integrity: .forged))
        machine.observed(heard(2, .reply, from: stranger))
        machine.observed(heard(2, .timeExceeded, from: router, about: stranger))
        machine.observed(heard(99, .reply, from: target))
        machine.observed(heard(2, .reply, from: target, integrity: .damaged))
        let after = machine.result(target: "x", mode: .simulation)
        #expect(after.rows == before.rows)
        #expect(!after.reached)
        let strays = try #require(after.strays)
        #expect((strays.duplicates, strays.foreign, strays.corrupted) == (1, 4, 1))
        #expect(TracerouteText.text(after).contains("not believed: 1 duplicate, 1 corrupted, 4 foreign"))
        // The true answer still counts.
        machine.observed(heard(2, .reply, from: target))
        #expect(machine.result(target: "x", mode: .simulation).reached)
    }

    @Test("a packet size below what every link takes is not believed")
    func tinyMTU() {
        var machine = machine(TracerouteConfiguration(maximumHops: 1, probesPerHop: 1, findsMTU: true))
        machine.observed(heard(1, .packetTooBig(mtu: 67), from: router, about: target))
        #expect(machine.timeAdvanced(to: 1_000).allSatisfy { if case .send = $0 { false } else { true } })
        #expect(machine.result(target: "x", mode: .simulation).size == 65_000)
    }

    @Test("a router that names one byte less each time is given up on, and the trace goes on with small probes")
    func endlessMTU() throws {
        for (family, least) in [(IPFamily.v4, 68), (.v6, 1280)] {
            let target = family == .v4 ? target : Drawings.address("2001:db8:0:2::80")
            let router = family == .v4 ? router : Drawings.address("2001:db8:1:1::2")
            var machine = TracerouteStateMachine(
                TracerouteConfiguration(maximumHops: 1, probesPerHop: 1, findsMTU: true), target: target)
            var mtu = 60_000
            var sizes: [Int] = []
            while case .send(let probe)? = machine.timeAdvanced(to: 0).first {
                machine.sent(probe, at: 0)
                sizes.append(probe.size)
                mtu -= 1
                let isLeast = probe.size == least - (family == .v4 ? 28 : 48)
                machine.observed(
                    isLeast
                        ? heard(probe.number, .reply, from: target)
                        : heard(probe.number, .packetTooBig(mtu: mtu), from: router, about: target))
            }
            #expect(sizes.count == 35)
            let result = machine.result(target: "x", mode: .simulation)
            #expect(result.reached && result.pathMTU == nil)
            #expect(result.unsettledMTU == UnsettledMTU(address: router, reports: 34))
            let words = "path MTU not found: after 34 times \(router) still named a smaller one"
            #expect(TracerouteText.text(result).last?.hasSuffix(words) == true)
            // Whoever goes on saying so ends its hop.
            machine.observed(heard(1, .packetTooBig(mtu: least), from: router, about: target))
            #expect(machine.timeAdvanced(to: 1) == [.finish])
        }
    }
}
