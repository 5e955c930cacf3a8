import Foundation
import LabTestSupport
import Testing

@Suite("The lab on names", .serialized) struct DNSLabTests {
    @Test("lints without a word")
    func lint() async throws {
        let lab = try EditedLab()
        let lint = try await BuiltLab.run(["lint", "Labs/dns.yml"], in: lab.folder)
        #expect(lint.output == "1 lab: no problems\n", "\(lint.errors)")
    }

    @Test(
        "runs: a group used twice, a look-up for each of three names, a retry, every point",
        .enabled("needs network namespaces") { await BuiltLab.hasWorlds() })
    func runs() async throws {
        let lab = try EditedLab()
        let outcome = try await BuiltLab.run(["run", "dns", "--format", "json"], in: lab.folder)
        let run = try JudgedRun(outcome)
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(run.steps.count == 14)
        #expect(run.troubles == [:])
        #expect(run.points == run.maxPoints)
    }

    @Test(
        "another zone fails just the checks that ask for what is different",
        .enabled("needs network namespaces") { await BuiltLab.hasWorlds() })
    func wrongZone() async throws {
        let names = "worlds/names.yml"
        let lab = try EditedLab([
            .replace(
                "mail.example.test: { host: mail, ttl: 1h }", with: "mail.example.test: { host: mail, ttl: 2h }",
                in: names),
            .replace(
                "  six.example.test:",
                with: "  nobody.example.test: mail\n  six.example.test:", in: names),
        ])
        let outcome = try await BuiltLab.run(["run", "dns", "--format", "json"], in: lab.folder)
        let failed = try JudgedRun(outcome).checks.filter { $0.outcome == "failed" }.map(\.name)
        #expect(outcome.status == 1)
        #expect(Set(failed) == ["address.record", "nobody.status", "nobody.wire", "nobody.address"])
    }
}
