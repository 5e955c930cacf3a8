import Foundation
import LabModel
import LabProof
import LabTestSupport
import SupportDiagnostics
import Testing

/// Week 2 with a few of its wrong runs, performed once and judged by the lab and by weaker editions of it.
@Suite("Proving week 2", .serialized, .enabled("needs network namespaces") { await BuiltLab.hasWorlds() })
struct ProofTests {
    /// A weaker question for one check, and the declared run that then goes unnoticed.
    struct Weakening: Sendable, CustomTestStringConvertible {
        let check: String
        let old: String
        let new: String
        let run: String

        var testDescription: String { check }
    }

    /// Only one of the runs is performed; the others are judged on the evidence of the reference run.
    static let weakenings = [
        Weakening(
            check: "browse.chain", old: "chain: lab.tls.root.sha256 == $mitm.ca.sha256",
            new: "chain: lab.tls.version == \"TLSv1.3\"", run: "no-proxy"),
        Weakening(
            check: "opened.plain", old: "plain: http.file_data contains $token", new: "plain: http",
            run: "stale-key-log"),
        Weakening(
            check: "opened.http2", old: "http2: http2.headers.path == \"/\" and tcp.dstport == 443",
            new: "http2: http.request.method == \"CONNECT\"", run: "tunnel-only"),
        Weakening(
            check: "closed.sealed", old: "sealed: lab.tls.status == \"no-keys\"", new: "sealed: tcp.dstport == $port",
            run: "key-given-away"),
        Weakening(
            check: "closed.token", old: "token: { is: lab.http.body contains $token, control: opened.client-leg }",
            new: "token: { is: lab.http.code == 599, control: opened.client-leg }", run: "key-given-away"),
    ]

    @Test("what is right earns everything, nothing earns nothing, and wrong runs fail what they declare")
    func proved() async throws {
        let performed = try await Performance.shared.value
        let result = await performed.proof.assess(performed.evidence, by: performed.lab)
        #expect(result.reference.troubles == [])
        #expect(result.reference.points == result.reference.maxPoints)
        #expect(result.blank == [])
        #expect(Set(result.runs.map(\.name)) == Set(Self.weakenings.map(\.run)))
        for run in result.runs { #expect(run.finding == "as-declared", "\(run)") }
        #expect(result.runs.filter { !$0.replayed }.map(\.name) == ["no-proxy"])
        #expect(result.exitStatus == .passed)
    }

    @Test("a check that was weakened survives, and the runs that it missed are told", arguments: weakenings)
    func weakened(weakening: Weakening) async throws {
        let performed = try await Performance.shared.value
        let folder = TemporaryFolder()
        try FolderCopy.copy(Repository.root + "/Labs", to: folder.path + "/Labs")
        let path = folder.path + "/Labs/week2.yml"
        let text = try String(contentsOfFile: path, encoding: .utf8)
        #expect(text.ranges(of: weakening.old).count == 1)
        try Data(text.replacing(weakening.old, with: weakening.new).utf8).write(to: URL(fileURLWithPath: path))
        let weaker = try #require(ProofLab(path, settings: Performance.settings))
        // Judged by the lab as it is these runs prove it, and by the weaker one they do not: that is all that differs.
        #expect(await performed.proof.assess(performed.evidence, by: performed.lab).exitStatus == .passed)
        #expect(await performed.proof.assess(performed.evidence, by: weaker).exitStatus == .checkFailed)
        var evidence = performed.evidence
        // As if these were all the wrong runs there are.
        evidence.isComplete = true
        let before = await performed.proof.assess(evidence, by: performed.lab)
        #expect(before.checks?.first { $0.name == weakening.check }?.isSurvivor == false)
        let after = await performed.proof.assess(evidence, by: weaker)
        #expect(after.reference.troubles == [])
        #expect(after.exitStatus == .checkFailed)
        let run = try #require(after.runs.first { $0.name == weakening.run })
        #expect(run.finding == "differs")
        #expect(run.missing?.map(\.check).contains(weakening.check) == true)
        #expect(run.missing?.allSatisfy { $0.outcome == "passed" || $0.outcome == "blocked" } == true)
        #expect(after.survivors.map(\.name).contains(weakening.check))
        let told = try #require(
            Survivors.diagnostics(after, of: weaker).first { $0.message.contains("`\(weakening.check)`") })
        let span = try #require(told.primary?.span)
        #expect(span.file.name == path)
        #expect(weakening.new.contains(span.text))
    }

    @Test("a hidden check that is no longer failed by what it names is told, too")
    func hiddenWeakened() async throws {
        let performed = try await Performance.shared.value
        let folder = TemporaryFolder()
        try FolderCopy.copy(Repository.root + "/Labs", to: folder.path + "/Labs")
        let path = folder.path + "/Labs/week2.key.yml"
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let weaker = text.replacing(" and lab.tls.client_random in $mitm.client_randoms", with: "")
        #expect(weaker != text)
        try Data(weaker.utf8).write(to: URL(fileURLWithPath: path))
        let lab = try #require(ProofLab(folder.path + "/Labs/week2.yml", settings: Performance.settings))
        let result = await performed.proof.assess(performed.evidence, by: lab)
        let run = try #require(result.runs.first { $0.name == "no-proxy" })
        #expect(run.missing == [ProofResult.Finding.Missing(check: "browse.met-proxy", outcome: "passed")])
    }
}

/// The runs that the tests look at, made once.
private struct Performance: Sendable {
    let lab: ProofLab
    let proof: Proof
    let evidence: Proof.Evidence
    /// Lives as long as the test program.
    let folder: TemporaryFolder

    static let settings = LabSettings(student: "prove")

    static let shared = Task { try await Performance() }

    private init() async throws {
        let tool = try #require(BuiltLab.tool)
        let folder = TemporaryFolder()
        let lab = try #require(ProofLab(Repository.root + "/Labs/week2.yml", settings: Self.settings))
        let runner = ProofRunner(
            lab: lab, folder: folder.path, executable: tool.path, version: "test", jobs: 1, report: { _ in })
        let proof = Proof(lab: lab, runner: runner)
        let names = Set(ProofTests.weakenings.map(\.run)).sorted()
        self.folder = folder
        self.lab = lab
        self.proof = proof
        evidence = try await BuiltLab.alone { try await proof.perform(only: names) }
    }
}
