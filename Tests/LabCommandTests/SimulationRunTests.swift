import Foundation
import LabTestSupport
import Testing

/// One lab through the kernel and over the model of its network. Every probe of it is answered or reported, whenever that
/// may be, so that nothing in it depends on how fast the machine is.
@Suite("A lab in a world and in its simulation")
struct SimulationRunTests {
    private static let lab = """
        format: 1
        lab: both
        title: The same twice
        at: laptop
        world:
          networks:
            home: { prefix: 198.51.100.0/24, prefix6: "2001:db8:100::/64", router: r1 }
            far: { prefix: 203.0.113.0/24, prefix6: "2001:db8:203::/64", router: r3 }
          routers: { r1: { nat: { hide6: home } }, r2: , r3: }
          links:
          - { between: [r1, r2], delay: 1ms }
          - { between: [r2, r3], delay: 1ms, mtu: 1300 }
          hosts:
            laptop: { network: home }
            friend: { network: far }
            server: { network: far, virtual: true }
          resolver: 203.0.113.53
          names: { www.example.test: server, friend.example.test: friend, alias.example.test: { alias: www.example.test }, broken.example.test: { fails: servfail, delay: 3ms } }
        steps:
        - id: name
          title: Ping a name
          ping: { to: www.example.test, count: 4, interval: 5ms, timeout: 60s, family: ipv4 }
          expect: { all: lab.ping.received == 4 and lab.ping.address == $world.server.address }
        - id: six
          title: Ping by IPv6
          ping: { to: www.example.test, count: 4, interval: 5ms, timeout: 60s, family: ipv6 }
          expect: { all: lab.ping.received == 4 and lab.ping.address == $world.server.address6 }
        - id: real
          title: Ping a host that has a kernel in the world
          ping: { to: friend.example.test, count: 4, interval: 5ms, timeout: 60s, family: ipv4 }
          expect: { all: lab.ping.received == 4 }
        - id: second
          title: Die at the second router
          ping: { to: www.example.test, count: 2, ttl: 2, timeout: 60s, family: ipv4 }
          expect: { who: lab.probe.outcome == "time-exceeded" and lab.probe.name == "r2" }
        - id: large
          title: Be too large
          ping: { to: www.example.test, count: 1, size: 1372, fragment: do, timeout: 60s, family: ipv4 }
          expect: { who: lab.probe.outcome == "packet-too-big" and lab.probe.mtu == 1300 }
        - id: learned
          title: Have learned it
          ping: { to: www.example.test, count: 1, size: 1372, fragment: do, timeout: 60s, family: ipv4 }
          expect: { mtu: lab.probe.outcome == "not-sent" and lab.probe.mtu == 1300 }
        - id: addresses
          title: Look both addresses up
          resolve: www.example.test
          expect: { both: lab.dns.address == $world.server.address6 }
        - id: alias
          title: Look an alias up
          resolve: { name: alias.example.test, type: A }
          expect: { status: lab.dns.status == "NOERROR" }
        - id: reverse
          title: Look a name up by its address
          resolve: { name: $world.server.address, type: PTR }
          expect: { name: lab.dns.value == "www.example.test" }
        - id: nobody
          title: Look nobody up
          resolve: nobody.example.test
          expect: { error: lab.dns.error contains "not known" }
        - id: broken
          title: Ask for what the resolver cannot find out
          resolve: { name: broken.example.test, type: A }
          expect: { status: lab.dns.status == "SERVFAIL" }
        - id: cut
          title: Cut the link
          link: r2-r3 down
          expect: { down: lab.link.state == "down" }
        - id: unreachable
          title: Ping in vain
          ping: { to: $world.server.address, count: 2, timeout: 60s }
          expect: { who: lab.probe.outcome == "unreachable" and lab.probe.icmp.code == 0 }

        """

    private static let artefacts = [
        "name/ping.json", "six/ping.json", "real/ping.json", "second/ping.json", "large/ping.json", "learned/ping.json",
        "unreachable/ping.json", "addresses/addresses.json", "alias/answer.json", "reverse/answer.json",
        "nobody/failure.json", "broken/answer.json",
    ]

    @Test(
        "shows a prober the same: who answers, who reports what, names, and what is learned",
        .enabled("needs network namespaces") { await BuiltLab.hasWorlds() })
    func agrees() async throws {
        let folder = TemporaryFolder()
        folder.write(Array(Self.lab.utf8), to: "both.yml")
        var shown: [[String: String]] = []
        var outcomes: [[String: String]] = []
        for arguments in [[], ["--simulate"]] {
            let outcome = try await BuiltLab.run(
                ["run", "both.yml", "--student", "ada", "--format", "json"] + arguments, in: folder.path)
            let run = try JudgedRun(outcome)
            outcomes.append(run.outcomes)
            let path = run.folder.hasPrefix("/") ? run.folder : folder.path + "/" + run.folder
            shown.append(
                try Dictionary(
                    uniqueKeysWithValues: Self.artefacts.map { ($0, try Self.essence("\(path)/evidence/\($0)")) }))
        }
        #expect(outcomes[0] == outcomes[1])
        for name in Self.artefacts { #expect(shown[0][name] == shown[1][name], "\(name)") }
        #expect(outcomes[1].values.allSatisfy { $0 == "passed" }, "\(outcomes[1])")
    }

    /// A result without what depends on the kind of socket and on the clock.
    private static func essence(_ path: String) throws -> String {
        let value = try JSONSerialization.jsonObject(
            with: Data(contentsOf: URL(fileURLWithPath: path)), options: .fragmentsAllowed)
        guard let result = value as? [String: Any], let rows = result["rows"] as? [[String: Any]] else {
            return "\(try text(value))"
        }
        let kept = rows.map { row in
            row.filter { ["sequence", "outcome", "from", "mtu", "icmp_type", "icmp_code"].contains($0.key) }
        }
        return try text(["address": result["address"] ?? "", "rows": kept])
    }

    private static func text(_ value: Any) throws -> String {
        String(
            decoding: try JSONSerialization.data(withJSONObject: value, options: [.sortedKeys, .fragmentsAllowed]),
            as: UTF8.self)
    }

    @Test("is refused with the exit status of a machine that cannot, and says what can be simulated")
    func refuses() async throws {
        let folder = TemporaryFolder()
        let outcome = try await BuiltLab.run(
            ["run", "\(Repository.root)/Labs/dns.yml", "--simulate", "--runs", folder.path + "/runs"], in: folder.path)
        #expect(outcome.status == 4)
        let error = outcome.errors
        #expect(error.contains("the step `visit` (`request`) needs programs"))
        #expect(error.contains("`ping`"))
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/runs"))
    }
}
