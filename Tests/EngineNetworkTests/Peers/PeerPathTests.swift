import EngineNetwork
import EngineProbe
import Testing
import Wire

/// The same network as traceroute, mtr and tracepath report it, and as we do.
@Suite(
    "Paths as other tools see them", .serialized,
    .enabled(if: NamespacePair.missing == nil, "needs root, iproute2, iputils and traceroute"),
    .enabled(if: PeerTool.missing == nil, "fping, mtr or tracepath is not installed"))
struct PeerPathTests {
    private func target(_ family: IPFamily) -> String { family == .v4 ? "203.0.113.80" : "2001:db8:0:2::80" }

    @Test("hops and labels are those of traceroute, mtr and tracepath, in both families", arguments: IPFamily.allCases)
    func hops(family: IPFamily) async throws {
        var topology = Drawings.chain(routers: 6, delay: 100_000)
        topology.tunnels = [Tunnel(path: ["r1", "r2", "r3", "r4"], labels: [16002, 16003])]
        topology.routers[4].voice = .other([Drawings.address("198.51.100.99"), Drawings.address("2001:db8:99::1")])
        let world = try NamespacePair(topology)
        defer { world.end() }
        let (target, flag) = (target(family), family == .v4 ? "-4" : "-6")
        let ours = try await world.completeTrace(target, TracerouteConfiguration())
        #expect(ours.reached && ours.stars.isEmpty && ours.hints == nil, "\(TracerouteText.hints(ours))")
        let path = ours.path.map { $0.map { "\($0)" } }
        #expect(path.count == 7 && path[4] == (family == .v4 ? "198.51.100.99" : "2001:db8:99::1"))
        let labels = Dictionary(uniqueKeysWithValues: ours.rows.map { ($0.timeToLive, $0.labels) })
            .compactMapValues { $0 }
        #expect(labels == [2: [16002], 3: [16003]])

        for method in [["-I"], ["-U", "-p", "9"], ["-T", "-p", "9"]] {
            try PeerTool.expect(path, "traceroute \(method)") { seconds in
                PeerOutput.traceroute(
                    try world.run(
                        on: "laptop",
                        ["traceroute", flag, "-n", "-q", "1", "-N", "1", "-w", "\(seconds)"] + method + [target])
                ).map(\.address)
            }
        }
        try PeerTool.expect(labels.mapValues { $0.map { "\($0)" } }, "traceroute -e") { seconds in
            let hops = PeerOutput.traceroute(
                try world.run(
                    on: "laptop",
                    ["traceroute", flag, "-n", "-e", "-I", "-q", "1", "-N", "1", "-w", "\(seconds)", target]))
            return Dictionary(uniqueKeysWithValues: hops.map { ($0.timeToLive, $0.extensions) })
                .compactMapValues { $0.map { PeerPathTests.labels($0) } }
        }
        try PeerTool.expect(path, "mtr --json") { seconds in
            try PeerOutput.mtr(
                try world.run(
                    on: "laptop",
                    ["mtr", flag, "-n", "-c", "1", "-Z", "\(seconds)", "-G", "\(seconds)", "--json", target]))
        }
        try PeerTool.expect(labels, "mtr -e --raw") { seconds in
            PeerOutput.mtrLabels(
                try world.run(
                    on: "laptop",
                    ["mtr", flag, "-n", "-e", "-c", "1", "-Z", "\(seconds)", "-G", "\(seconds)", "--raw", target]))
        }
        try PeerTool.expect(path, "tracepath", patience: PeerTool.stubborn) { _ in
            let hops = PeerOutput.tracepath(try world.run(on: "laptop", ["tracepath", flag, "-n", target])).hops
            return (1...7).map { hops[$0] }
        }
    }

    /// `MPLS:L=16002,E=0,S=1,T=1` of traceroute: the labels alone.
    private static func labels(_ extensions: String) -> [String] {
        extensions.split { $0 == "," || $0 == ":" || $0 == "/" }.filter { $0.hasPrefix("L=") }
            .map { String($0.dropFirst(2)) }
    }

    @Test("a router that says nothing is a star to all of them", arguments: IPFamily.allCases)
    func silence(family: IPFamily) async throws {
        var topology = Drawings.chain(routers: 4, delay: 100_000)
        topology.routers[2].silent = true
        let world = try NamespacePair(topology)
        defer { world.end() }
        let (target, flag) = (target(family), family == .v4 ? "-4" : "-6")
        let path: [String?] = [1, 2, nil, 4].map { hop in hop.map { "\(Drawings.hop($0, family))" } } + [target]
        try await PeerTool.expectOurs(path, "ours") { seconds in
            let wait = Int64(seconds) * 500_000_000
            return try await world.trace(
                target, TracerouteConfiguration(probesPerHop: 1, timeout: wait, minimumWait: wait)
            ).path.map { $0.map { "\($0)" } }
        }
        try PeerTool.expect(path, "traceroute") { seconds in
            PeerOutput.traceroute(
                try world.run(
                    on: "laptop",
                    ["traceroute", flag, "-n", "-I", "-q", "1", "-N", "1", "-w", "\(seconds)", target])
            ).map(\.address)
        }
        try PeerTool.expect(path, "mtr --json") { seconds in
            try PeerOutput.mtr(
                try world.run(
                    on: "laptop",
                    ["mtr", flag, "-n", "-c", "1", "-Z", "\(seconds)", "-G", "\(seconds)", "--json", target]))
        }
        try PeerTool.expect(path, "tracepath", patience: PeerTool.stubborn) { _ in
            let hops = PeerOutput.tracepath(try world.run(on: "laptop", ["tracepath", flag, "-n", target])).hops
            return (1...5).map { hops[$0] }
        }
    }

    @Test("the MTU, and where it shrinks, is that of traceroute --mtu and tracepath", arguments: IPFamily.allCases)
    func mtu(family: IPFamily) async throws {
        var topology = Drawings.chain(routers: 5, delay: 100_000)
        for (link, mtu) in [(2, 1450), (4, 1300)] {
            topology.links[link].mtu = mtu
            topology.links[link].mtuBack = mtu
        }
        let world = try NamespacePair(topology)
        defer { world.end() }
        let (target, flag) = (target(family), family == .v4 ? "-4" : "-6")
        let ours = try await world.completeTrace(
            target, TracerouteConfiguration(method: .udp, findsMTU: true), mode: .udp)
        #expect(ours.reached && ours.pathMTU == 1300)
        let shrinks = ours.rows.filter { $0.outcome == .packetTooBig }
        #expect(shrinks.compactMap(\.mtu) == [1500, 1450, 1300])

        let told = shrinks.map { [$0.timeToLive, $0.mtu] }
        try PeerTool.expect(told, "traceroute --mtu") { seconds in
            PeerOutput.traceroute(
                try world.run(
                    on: "laptop", ["traceroute", flag, "-n", "--mtu", "-q", "1", "-w", "\(seconds)", target])
            ).filter { $0.mtu != nil }.map { [$0.timeToLive, $0.mtu] }
        }
        let marks = shrinks.map { "\($0.address.map { "\($0)" } ?? "[LOCALHOST]") \($0.mtu ?? 0)" }
        let hops = ours.path.enumerated().reduce(into: [Int: String]()) { hops, next in
            hops[next.offset + 1] = next.element.map { "\($0)" }
        }
        try PeerTool.expect(
            PeerOutput.Path(hops: hops, marks: marks, closing: "pmtu 1300"), "tracepath", patience: PeerTool.stubborn
        ) { _ in
            // What the kernel learned from the tool before would be its beginning.
            try world.run(on: "laptop", ["ip", flag, "route", "flush", "cache"])
            return PeerOutput.tracepath(try world.run(on: "laptop", ["tracepath", flag, "-n", target]))
        }
    }
}
