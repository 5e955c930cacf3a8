import EngineNetwork
import EngineProbe
import Foundation
import Glibc
import LabTestSupport
import Testing
import Wire

@Suite(
    "Real programs live in the emulated network", .serialized,
    .enabled(if: NamespacePair.missing == nil, "needs root, iproute2, iputils and traceroute"))
struct GatewayTests {
    /// The address after the row number of each row that begins with one.
    private func hops(_ output: String) -> [String] {
        output.split(separator: "\n").compactMap { line in
            let words = line.split(separator: " ")
            guard words.count > 1, Int(words[0]) != nil else { return nil }
            return String(words[1])
        }
    }

    @Test("ping and traceroute see the routers that were drawn, in both families")
    func agreement() throws {
        let world = try NamespacePair(Drawings.chain(routers: 8, delay: 500_000, www: .namespace))
        defer { world.end() }
        for (family, target) in [(IPFamily.v4, "203.0.113.80"), (.v6, "2001:db8:0:2::80")] {
            let ping = try world.run(on: "laptop", ["ping", "-n", "-c", "3", "-i", "0.1", "-W", "60", target])
            #expect(ping.contains("3 packets transmitted, 3 received, 0% packet loss"), "\(ping)")
            let expected = (1...8).map { "\(Drawings.hop($0, family))" } + [target]
            for method in [["-I"], []] {
                let trace = try world.run(
                    on: "laptop", ["traceroute", "-n", "-w", "60", "-q", "1"] + method + [target])
                #expect(hops(trace) == expected, "\(trace)")
            }
        }
    }

    @Test("a real ping loses exactly the packets that the simulation loses")
    func losses() throws {
        var topology = Drawings.chain(routers: 8, delay: 100_000, www: .namespace)
        for index in [2, 5] {
            topology.links[index].conditions = LinkConditions(
                jitter: .init(50_000, .normal), loss: .bursts(.init(mean: 0.05, length: 3)), duplication: 0.02)
        }
        let world = try NamespacePair(topology)
        defer { world.end() }
        let ping = try world.run(on: "laptop", ["ping", "-n", "-c", "300", "-i", "0.005", "-W", "60", "203.0.113.80"])
        let answered = ping.split(separator: "\n").compactMap { line in
            line.split(separator: " ").first { $0.hasPrefix("icmp_seq=") }.flatMap { Int($0.dropFirst(9)) }
        }
        topology.hosts[1].kind = .virtual
        let simulated = try EchoSeries(topology, count: 300, interval: 5_000_000)
        #expect(Set(answered.map { $0 - 1 }) == Set(simulated.answers.map(\.sequence)), "\(ping)")
        #expect(answered.count == simulated.answers.count)
        #expect(simulated.lost.count > 10)
    }

    @Test(
        "traceroute, tracepath and mtr tell labels, lies, silence, prohibitions and MTUs as they were drawn",
        .enabled(if: RealTool.exists("tracepath") && RealTool.exists("mtr"), "tracepath or mtr is not installed"))
    func behaviours() throws {
        var topology = Drawings.chain(routers: 6, delay: 100_000, www: .namespace)
        topology.tunnels = [Tunnel(path: ["r1", "r2", "r3"], labels: [16002])]
        topology.routers[2].voice = .other([Drawings.address("198.51.100.99")])
        topology.routers[3].silent = true
        topology.routers[4].filters = [FilterRule(.prohibited, .udp, ports: 7000...7000), FilterRule(.reset, .tcp)]
        topology.links[5].mtu = 1400
        topology.links[5].mtuBack = 1400
        let world = try NamespacePair(topology)
        defer { world.end() }
        func row(_ number: Int, _ output: String) -> String {
            output.split(separator: "\n").first { $0.hasPrefix(number < 10 ? " \(number) " : "\(number) ") }.map(
                String.init)
                ?? "no row \(number) in \(output)"
        }
        let icmp = try world.run(
            on: "laptop", ["traceroute", "-n", "-e", "-I", "-q", "1", "-w", "10", "203.0.113.80"])
        #expect(row(2, icmp).contains("198.18.1.2 <MPLS:L=16002,E=0,S=1,T=1>"), "\(icmp)")
        #expect(row(3, icmp).contains("198.51.100.99"), "\(icmp)")
        #expect(row(4, icmp).contains("*"), "\(icmp)")
        #expect(row(7, icmp).contains("203.0.113.80"), "\(icmp)")
        let udp = try world.run(
            on: "laptop", ["traceroute", "-n", "-U", "-p", "7000", "-q", "1", "-w", "10", "203.0.113.80"])
        #expect(row(6, udp).contains("198.18.4.2") && row(6, udp).contains("!X"), "\(udp)")
        let path = try world.run(on: "laptop", ["tracepath", "-n", "203.0.113.80"])
        #expect(path.contains("pmtu 1400"), "\(path)")
        let report = try world.run(on: "laptop", ["mtr", "-n", "-r", "-c", "1", "-G", "15", "203.0.113.80"])
        let expected = ["192.0.2.1", "198.18.1.2", "198.51.100.99", "???", "198.18.4.2", "198.18.5.2", "203.0.113.80"]
        let rows = report.split(separator: "\n").filter { $0.contains(".|-- ") }
        #expect(rows.map { String($0.split(separator: " ")[1]) } == expected, "\(report)")
    }

    @Test("our own ping and traceroute agree, by every kind of socket", arguments: IPFamily.allCases)
    func ownProbes(family: IPFamily) async throws {
        let world = try NamespacePair(Drawings.chain(routers: 8, delay: 500_000, www: .namespace))
        defer { world.end() }
        try world.run(on: "laptop", ["sysctl", "-qw", "net.ipv4.ping_group_range=0 0"])
        let target = Drawings.address(family == .v4 ? "203.0.113.80" : "2001:db8:0:2::80")
        let path = (1...8).map { Drawings.hop($0, family) } + [target]
        for mode in [ProbeMode.datagramICMP, .rawICMP, .udp] {
            let method = mode == .udp ? TracerouteConfiguration.Method.udp : .icmp
            let trace = try await world.perform(on: "laptop") {
                var transport = try LinuxProbeTransport(
                    target: target, method: method, identifier: 77, preferred: [mode])
                return try TracerouteStateMachine.run(
                    TracerouteConfiguration(method: method, timeout: 20_000_000_000, minimumWait: 10_000_000_000),
                    target: "www", address: target, over: &transport)
            }
            #expect(trace.mode == mode)
            #expect(trace.reached)
            // The real kernel at the end limits how many "port unreachable" it sends; the first is enough.
            #expect(trace.path == path, "\(TracerouteText.text(trace).joined(separator: "\n"))")
            #expect(trace.rows.allSatisfy { ($0.roundTrip ?? .max) >= Int64($0.timeToLive) * 2 * 500_000 })
            guard mode != .udp else { continue }
            let ping = try await world.perform(on: "laptop") {
                var transport = try LinuxProbeTransport(target: target, identifier: 77, preferred: [mode])
                return try PingStateMachine.run(
                    PingConfiguration(count: 20, interval: 5_000_000, timeout: 20_000_000_000), target: "www",
                    address: target, over: &transport)
            }
            #expect(ping.summary.received == 20)
            #expect(ping.rows.allSatisfy { $0.timeToLive == 56 })
            #expect((ping.summary.roundTrip?.minimum ?? 0) >= 9_000_000)
        }
    }

    @Test(
        "connection attempts find the way to open and closed ports, without a privilege", arguments: IPFamily.allCases)
    func connectionAttempts(family: IPFamily) async throws {
        let world = try NamespacePair(Drawings.chain(routers: 8, delay: 500_000, www: .namespace))
        defer { world.end() }
        let target = Drawings.address(family == .v4 ? "203.0.113.80" : "2001:db8:0:2::80")
        let path = (1...8).map { Drawings.hop($0, family) } + [target]
        let open = try await world.perform(on: "www") { try Listener(family: family) }
        for port in [open.port, 9] {
            let trace = try await world.perform(on: "laptop") {
                var transport = try TCPProbeTransport(family: family, port: port)
                return try TracerouteStateMachine.run(
                    TracerouteConfiguration(method: .tcp, timeout: 20_000_000_000, minimumWait: 10_000_000_000),
                    target: "www", address: target, over: &transport)
            }
            #expect(trace.mode == .tcp && trace.flows == .each && trace.reached)
            #expect(trace.path == path, "\(TracerouteText.text(trace).joined(separator: "\n"))")
            #expect(trace.rows.allSatisfy { ($0.roundTrip ?? .max) >= Int64($0.timeToLive) * 2 * 500_000 })
        }
        #expect(try await world.perform(on: "www") { try open.endOfNextConnection() } == ECONNRESET)
        let tool = try world.run(
            on: "laptop", ["traceroute", "-n", "-T", "-p", "9", "-q", "1", "-w", "60", "\(target)"])
        for hop in path { #expect(tool.contains(" \(hop) "), "\(tool)") }
    }

    @Test("a dead host does not answer while its neighbours do; nobody is reported")
    func deadHost() throws {
        let world = try NamespacePair(Drawings.chain(routers: 2, delay: 100_000, www: .namespace))
        defer { world.end() }
        let dead = try world.run(on: "laptop", ["ping", "-n", "-c", "2", "-i", "0.1", "-W", "0.3", "203.0.113.66"])
        #expect(dead.contains("0 received"), "\(dead)")
        let neighbor = try world.run(on: "laptop", ["ping", "-n", "-c", "1", "-W", "60", "203.0.113.53"])
        #expect(neighbor.contains("1 received"), "\(neighbor)")
        let nobody = try world.run(on: "laptop", ["ping", "-n", "-c", "1", "-W", "60", "203.0.113.99"])
        #expect(nobody.contains("From 198.18.1.2 icmp_seq=1 Destination Host Unreachable"), "\(nobody)")
        for target in ["203.0.113.53", "2001:db8:0:2::53"] {
            let large = try world.run(on: "laptop", ["ping", "-n", "-c", "1", "-s", "4000", "-W", "60", target])
            #expect(large.contains("1 received"), "\(large)")
        }
    }

    @Test(
        "dig gets addresses, aliases, reverse names and refusals",
        .enabled(if: RealTool.exists("dig"), "dig is not installed"))
    func names() throws {
        let world = try NamespacePair(Drawings.chain(routers: 2, delay: 100_000))
        defer { world.end() }
        func dig(_ words: String...) throws -> [String] {
            try world.run(on: "laptop", ["dig", "+tries=1", "+time=10", "@203.0.113.53"] + words).split(separator: "\n")
                .map(String.init)
        }
        #expect(try dig("+short", "www.example.test", "A") == ["203.0.113.80"])
        #expect(try dig("+short", "www.example.test", "AAAA") == ["2001:db8:0:2::80"])
        #expect(try dig("+short", "alias.example.test", "A") == ["www.example.test.", "203.0.113.80"])
        #expect(try dig("+short", "-x", "2001:db8:0:2::80") == ["www.example.test."])
        #expect(try dig("nobody.example.test").contains { $0.contains("status: NXDOMAIN") })
    }
}
