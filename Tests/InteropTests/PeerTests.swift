import Foundation
import LabTestSupport
import Testing

/// Programs that did not come from us see the same world as we do.
@Suite("Peers inside the world", .serialized, .enabled("needs network namespaces") { await BuiltLab.hasWorlds() })
struct PeerTests {
    @Test(
        "curl is refused before the certificate is trusted, and served afterwards",
        .enabled(if: RealTool.exists("curl"), "needs curl"))
    func curl() async throws {
        let run = try await PeerRun.shared()
        #expect(run.judged.troubles == [:])
        #expect(
            Set(run.judged.outcomes.keys) == [
                "direct.served", "before.refused", "before.alert", "before.page", "fetch.pem", "after.served",
                "after.flow",
            ])
        #expect(try run.object("before/exit.json")["exit"] as? Int == 60)
        #expect(try run.object("after/exit.json")["exit"] as? Int == 0)
        #expect(try run.text("direct/stdout.txt") == run.text("after/stdout.txt"))
        #expect(try run.text("fetch/stdout.txt") == run.text("download/ca.pem"))
    }

    @Test("ping of iputils reports the same address", .enabled(if: RealTool.exists("ping"), "needs ping"))
    func ping() async throws {
        let run = try await PeerRun.shared()
        let address = try #require(try run.object("our-ping/ping.json")["address"] as? String)
        #expect(address == "203.0.113.80")
        let theirs = try run.text("ping/stdout.txt")
        #expect(theirs.contains("(\(address))"))
        #expect(theirs.contains("1 packets transmitted, 1 received, 0% packet loss"))
        // The target is behind eight routers.
        #expect(theirs.contains("ttl=56"))
        let row = try #require((try run.object("our-ping/ping.json")["rows"] as? [[String: Any]])?.first)
        #expect(row["ttl"] as? Int == 56)
    }

    @Test(
        "traceroute reports the same way, over IPv4 and IPv6",
        .enabled(if: RealTool.exists("traceroute"), "needs traceroute"),
        arguments: [("trace", "our-trace"), ("trace6", "our-trace6")])
    func traceroute(theirs: String, ours: String) async throws {
        let run = try await PeerRun.shared()
        let lines = try run.text("\(theirs)/stdout.txt").split(separator: "\n").dropFirst()
        let addresses = lines.map { $0.split(separator: " ").dropFirst().first.map(String.init) ?? "" }
        let path = try run.object("\(ours)/traceroute.json")["path"] as? [String]
        #expect(addresses.count == 9)
        #expect(addresses == path)
    }
}
