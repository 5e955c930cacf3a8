import CLinux
import EngineProbe
import Glibc
import Testing
import Wire

@Suite("Probes over this machine's loopback")
struct MachineTests {
    static let permits: [ProbeMode] = [ProbeMode.datagramICMP, .rawICMP].filter { mode in
        let kind = mode == .rawICMP ? LAB_PROBE_RAW : LAB_PROBE_DATAGRAM
        let descriptor = lab_probe_open(kind, 4)
        if descriptor >= 0 { close(descriptor) }
        return descriptor >= 0
    }

    @Test(
        "ping to the loopback is answered, in both families",
        .enabled(if: !permits.isEmpty, "no ICMP socket is permitted"),
        arguments: ["127.0.0.1", "::1", "localhost"])
    func loopback(target: String) async throws {
        let result = try await Ping(target, PingConfiguration(count: 3, interval: 1_000_000, timeout: 20_000_000_000))
            .run()
        #expect(result.summary.received == 3)
        #expect(result.rows.allSatisfy { ($0.roundTrip ?? 0) > 0 })
        #expect(result.rows.allSatisfy { $0.timeToLive == 64 })
        #expect(result.rows.allSatisfy { $0.bytes == 64 })
        #expect(MachineTests.permits.contains(result.mode))
    }

    @Test("traceroute by UDP needs no privilege", arguments: ["127.0.0.1", "::1"])
    func unprivileged(target: String) async throws {
        let configuration = TracerouteConfiguration(method: .udp, timeout: 20_000_000_000, window: 3)
        let result = try await Traceroute(target, configuration).run()
        #expect(result.mode == .udp)
        #expect(result.reached)
        #expect(result.path == [IPAddress(target)])
    }

    @Test("a name that is none, and one without such an address, are told apart from a failure")
    func names() async throws {
        await #expect(throws: ProbeError.nameNotFound("")) { try await Ping("").run() }
        await #expect(throws: ProbeError.noAddress("127.0.0.1", .v6)) {
            try await Ping("127.0.0.1", PingConfiguration(family: .v6)).run()
        }
        #expect(try await NameResolution.addresses(of: "localhost").allSatisfy(\.isLoopback))
    }

    @Test(
        "a cancelled ping ends at once with what it has", .enabled(if: !permits.isEmpty, "no ICMP socket is permitted"))
    func cancelled() async throws {
        let (rows, continuation) = AsyncStream.makeStream(of: PingRow.self)
        let task = Task {
            try await Ping("127.0.0.1", PingConfiguration(count: 1000, interval: 3_600_000_000_000))
                .run(onRow: { continuation.yield($0) })
        }
        for await _ in rows { break }
        task.cancel()
        let result = try await task.value
        #expect(result.rows.count == 1)
    }

    @Test("sentences name the culprit and never carry its escapes")
    func sentences() {
        let error = ProbeError.nameNotFound("a\u{1B}[31mb")
        #expect("\(error)".contains("'a?[31mb'"))
    }
}
