import EngineNetwork
import EngineProbe
import Foundation
import Testing
import Wire

@Suite("Names of hops")
struct HopNameTests {
    private let millisecond = Drawings.millisecond
    private let first = Drawings.address("198.18.1.2")
    private let second = Drawings.address("198.18.2.2")

    @Test("an address is looked up once, when it is first heard; far too many are not")
    func once() {
        var names = HopNames(startedAt: 0)
        #expect(names.deadline(endedAt: 5, slowest: 5) == nil)
        let asked = [first, first, second].map { names.heard($0) }
        #expect(asked == [true, false, true])
        let more = (0..<100).map { names.heard(Drawings.address("203.0.113.\($0)")) }
        #expect(more.count { $0 } == HopNames.limit - 2)
    }

    @Test("a resolver that says nothing ends within three times the slowest round trip and 100 ms")
    func silentResolver() throws {
        for slowest in [0, 1, 18, 200].map({ $0 * millisecond }) {
            var names = HopNames(startedAt: 7 * millisecond)
            _ = names.heard(first)
            for ended in [slowest, 3 * slowest + 90 * millisecond] {
                let deadline = try #require(names.deadline(endedAt: 7 * millisecond + ended, slowest: slowest))
                #expect(deadline <= 7 * millisecond + 3 * slowest + 100 * millisecond)
                #expect(deadline > 7 * millisecond + 2 * slowest)
            }
        }
        // A clock at its end, or a round trip that cannot be.
        var names = HopNames(startedAt: 0)
        _ = names.heard(first)
        #expect(names.deadline(endedAt: 0, slowest: .max) == HopNames.patience + 60 * millisecond)
    }

    @Test("one that answers is given time for the rest; nothing is waited for when nothing is missing")
    func slowResolver() {
        var names = HopNames(startedAt: 0)
        _ = names.heard(first)
        _ = names.heard(second)
        names.lookedUp(first, "r2.example.test")
        #expect(names.deadline(endedAt: 9, slowest: 1) == 9 + HopNames.patience)
        names.lookedUp(second, nil)
        #expect(names.deadline(endedAt: 9, slowest: 1) == nil)
        #expect(names.known == [first: "r2.example.test"])
        // Nobody asked for this one.
        names.lookedUp(Drawings.address("203.0.113.1"), "x")
        #expect(names.known.count == 1)
    }

    @Test("lookups begin while the trace goes on, at each hop's first answer, and leave its probes and its end alone")
    func besideTheTrace() throws {
        func trace(_ onHeard: (IPAddress) -> Void) throws -> (TracerouteResult, Int64, Int) {
            var topology = Drawings.chain(routers: 8)
            topology.routers[3].silent = true
            var transport = try SimulatedTransport(topology, target: "203.0.113.80")
            let address = transport.target
            let result = try TracerouteStateMachine.run(
                TracerouteConfiguration(window: 2), target: "x", address: address, over: &transport, onHeard: onHeard)
            return (result, transport.now(), transport.sent)
        }
        let alone = try trace { _ in }
        var names = HopNames(startedAt: 0)
        var begun: [IPAddress] = []
        let beside = try trace { if names.heard($0) { begun.append($0) } }
        #expect(begun == alone.0.path.compactMap { $0 })
        #expect(beside.0 == alone.0 && beside.1 == alone.1 && beside.2 == alone.2)
        let slowest = try #require(alone.0.rows.compactMap(\.roundTrip).max())
        let deadline = try #require(names.deadline(endedAt: alone.1, slowest: slowest))
        #expect(deadline <= 3 * slowest + 100 * millisecond)
    }

    @Test("lookups that never come back hold nobody, and names that came are there")
    func blocked() async throws {
        let release = DispatchSemaphore(value: 0)
        let silent = HopResolver(lookUp: { _ in
            release.wait()
            return "late.example.test"
        })
        silent.heard(first)
        silent.heard(second)
        #expect(await finish(silent) == [:])
        release.signal()
        release.signal()

        // A clock that stands still: all answers are waited for.
        let alive = HopResolver(clock: { 0 }, lookUp: { [first] in $0 == first ? "r2.example.test" : nil })
        alive.heard(first)
        alive.heard(second)
        #expect(await finish(alive) == [first: "r2.example.test"])
    }

    private func finish(_ resolver: HopResolver) async -> [IPAddress: String] {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread { continuation.resume(returning: resolver.finish(slowest: 0).known) }
        }
    }
}
