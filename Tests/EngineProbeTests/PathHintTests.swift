import EngineNetwork
import EngineProbe
import Foundation
import Testing
import Wire

@Suite("What answers give away of the path")
struct PathHintTests {
    private let target = "203.0.113.80"

    private func trace(
        _ topology: Topology = Drawings.chain(routers: 4), quoted: @escaping (inout [UInt8]) -> Void = { _ in }
    ) throws -> TracerouteResult {
        var transport = try SimulatedTransport(topology, target: target)
        // Behind the IP header and eight bytes of ICMP stands the quote.
        transport.tamper = { packet in
            guard packet.count >= 56, packet[20] == 11 else { return }
            var quote = Array(packet[28...])
            quoted(&quote)
            packet.replaceSubrange(28..., with: quote)
            packet[22] = 0
            packet[23] = 0
            let sum = packet[20...].withUnsafeBytes { InternetChecksum.of($0) }
            packet[22] = UInt8(sum >> 8)
            packet[23] = UInt8(sum & 0xFF)
        }
        let address = transport.target
        return try TracerouteStateMachine.run(
            TracerouteConfiguration(probesPerHop: 1), target: target, address: address, over: &transport)
    }

    @Test("an honest path has no hints, and the schema knows those of others")
    func honest() throws {
        let result = try trace()
        #expect(result.reached && result.hints == nil && result.rows.allSatisfy { $0.rewritten == nil })
        let schema = try JSONSchema("Docs/schemas/traceroute.schema.json")
        let rewritten = try trace { $0[12] = 10 }
        #expect(rewritten.hints != nil)
        #expect(try schema.problems(JSONEncoder().encode(rewritten)) == [])
    }

    @Test("a quote with other addresses, another identifier or a checksum that does not fit tells of a translator")
    func rewritten() throws {
        let changes: [(RewrittenField, (inout [UInt8]) -> Void)] = [
            (.source, { $0[12] = 10 }), (.destination, { $0[19] = 99 }), (.identifier, { $0[25] ^= 1 }),
            (.checksum, { $0[22] ^= 1 }),
        ]
        for (field, change) in changes {
            let result = try trace(quoted: change)
            #expect(result.reached && result.stars.isEmpty && result.strays == nil, "\(field)")
            #expect(result.rows.dropLast().allSatisfy { $0.rewritten == [field] }, "\(field)")
            // Told once, where it is first seen.
            let hints = try #require(result.hints)
            #expect(hints.map(\.kind) == [.translation] && hints.map(\.timeToLive) == [1])
            #expect(TracerouteText.hints(result).first?.contains("with another \(field.rawValue):") == true)
        }
    }

    @Test("a quote that is neither ours nor marked is believed by nobody, whatever it looks like")
    func foreign() throws {
        let result = try trace {
            $0[19] = 99
            $0[30] ^= 0xFF
        }
        #expect(result.rows.dropLast().allSatisfy { $0.outcome == .timeout })
        #expect(result.hints == nil)
        // Damage to the payload is no translation.
        let damaged = try trace { $0[50] ^= 0xFF }
        #expect(damaged.hints == nil && damaged.stars.isEmpty)
    }

    @Test("answers over another way than the probes' are told where they begin")
    func returnPath() throws {
        var topology = Topology()
        topology.hosts = [
            Host(name: "laptop", addresses: [Drawings.interface("192.0.2.10/24")]),
            Host(name: "www", kind: .virtual, addresses: [Drawings.interface("203.0.113.80/24")]),
        ]
        topology.routers = ["r1", "r2", "r3"].map { Router(name: $0) }
        func end(_ node: String, _ address: String) -> Link.End {
            Link.End(node, addresses: [Drawings.interface(address)])
        }
        topology.links = [
            Link(Link.End("laptop"), end("r1", "192.0.2.1/24"), delay: 1_000),
            Link(end("r1", "198.18.1.1/30"), end("r2", "198.18.1.2/30"), delay: 1_000, costBack: 10),
            Link(end("r2", "198.18.2.1/30"), end("r3", "198.18.2.2/30"), delay: 1_000),
            Link(end("r3", "198.18.3.1/30"), end("r1", "198.18.3.2/30"), delay: 1_000),
            Link(end("r2", "203.0.113.1/24"), Link.End("www"), delay: 1_000),
        ]
        let result = try trace(topology)
        #expect(result.rows.map(\.returnHops) == [1, 3, 4])
        #expect(result.hints?.map(\.kind) == [.returnPath] && result.hints?.map(\.timeToLive) == [2])
        #expect(
            TracerouteText.text(result).contains {
                $0.hasPrefix("hint at 2: return-path: by its TTL of 62 the answer made 3 hops, 1 more than the probe")
            })
    }

    @Test("two routers with one address, and probes that were not counted")
    func rows() throws {
        var machine = TracerouteStateMachine(
            TracerouteConfiguration(maximumHops: 4, probesPerHop: 1), target: Drawings.address(target))
        while case .send(let probe)? = machine.timeAdvanced(to: 0).first { machine.sent(probe, at: 0) }
        func heard(_ number: UInt16, _ from: String, left: UInt8, quoted: UInt8 = 1) {
            var observation = ProbeObservation(
                number: number, outcome: .timeExceeded, from: Drawings.address(from), timeToLive: left, bytes: 0, at: 1)
            observation.quotedTimeToLive = quoted
            machine.observed(observation)
        }
        heard(1, "192.0.2.1", left: 64)
        heard(2, "198.18.1.2", left: 254)
        heard(3, "198.18.1.2", left: 253)
        heard(4, "198.18.3.2", left: 61, quoted: 3)
        let hints = try #require(machine.result(target: "x", mode: .simulation).hints)
        #expect(hints.map(\.kind) == [.translation, .tunnel] && hints.map(\.timeToLive) == [3, 4])
        // The same answer twice is one router that lets probes with a TTL of zero pass.
        var same = TracerouteStateMachine(
            TracerouteConfiguration(maximumHops: 2, probesPerHop: 1), target: Drawings.address(target))
        while case .send(let probe)? = same.timeAdvanced(to: 0).first { same.sent(probe, at: 0) }
        for number: UInt16 in [1, 2] {
            same.observed(
                ProbeObservation(
                    number: number, outcome: .timeExceeded, from: Drawings.address("192.0.2.1"), timeToLive: 250,
                    bytes: 0, at: 1))
        }
        #expect(same.result(target: "x", mode: .simulation).hints?.contains { $0.kind == .translation } != true)
    }
}
