import LabJudge
import LabModel
import LabSteps
import LabTestSupport
import SupportDiagnostics
import Testing

/// Verdicts on evidence that was made by hand.
@Suite("The judge")
struct JudgeTests {
    @Test("a token and a client random on one row are joined")
    func joined() throws {
        let checks = try HandMadeRun.twoConnections(known: HandMadeRun.randomA).judge()
        #expect(checks["page.joined"]?.verdict == .passed)
        #expect(checks["page.joined"]?.points == 3)
        #expect(checks["page.body"]?.points == 1)
    }

    @Test("a token in one connection beside the client random of another is no join")
    func apart() throws {
        let checks = try HandMadeRun.twoConnections(known: HandMadeRun.randomB).judge()
        // Each half holds on a row of its own.
        #expect(checks["page.body"]?.verdict == .passed)
        #expect(checks["page.known"]?.verdict == .passed)
        #expect(checks["page.joined"]?.verdict == .failed)
        #expect(checks["page.joined"]?.points == 0)
        #expect(checks["page.joined"]?.rows == 2)
        #expect(checks["page.joined"]?.terms.map(\.holds) == [true, false])
        let reason = try #require(checks["page.joined"]?.reason)
        #expect(reason.hasPrefix("`lab.tls.client_random in "))
        #expect(reason.contains("bb:bb:bb") && reason.contains("does not hold: found aa:aa:aa"))
    }

    @Test("an empty column lets nothing pass, and says so")
    func emptyColumn() throws {
        let run = try HandMadeRun(
            [.init(id: "mitm"), .init(id: "page")],
            evidence: [
                "page/body-1.bin": "a token",
                "page/exchanges.jsonl": HandMadeRun.exchange(1, random: HandMadeRun.randomA),
            ])
        let check = try run.judge()["page.joined"]
        #expect(check?.verdict == .inconclusive)
        #expect(check?.cause == .blocked)
        #expect(check?.reason.contains("`$mitm.client_randoms` is empty") == true)
    }

    @Test("what a person reads of a body is its text")
    func bodyText() throws {
        let run = try HandMadeRun.twoConnections(known: HandMadeRun.randomA, body: "the order\nnumber is missing")
        let check = try run.judge()["page.body"]
        #expect(check?.verdict == .failed)
        #expect(
            check?.reason
                == "`lab.http.body contains \"token\"` does not hold: found \"the order\\nnumber is missing\"")
    }

    @Test("a failure of the machine is nobody's failed check")
    func machine() throws {
        let run = try HandMadeRun(
            [.init(id: "mitm"), .init(id: "page", failure: StepFailure(.machine, "no memory was left"))], evidence: [:])
        for name in ["page.joined", "page.body", "page.known"] {
            let check = try run.judge()[name]
            #expect(check?.verdict == .inconclusive)
            #expect(check?.cause == .machine)
            #expect(check?.reason == "your machine could not carry out the step: no memory was left")
            #expect(check?.points == 0)
        }
    }

    @Test("a failure of what was tried fails its checks in its own words")
    func subject() throws {
        let run = try HandMadeRun(
            [.init(id: "mitm"), .init(id: "page", failure: StepFailure(.subject, "nothing listens there"))],
            evidence: [:])
        let check = try run.judge()["page.body"]
        #expect(check?.verdict == .failed)
        #expect(check?.reason == "nothing listens there")
    }

    @Test("steps that wait on another are blocked, steps that nobody did are not done")
    func skipped() throws {
        let run = try HandMadeRun(
            [.init(id: "mitm"), .init(id: "page", skipped: .notDone), .init(id: "after", skipped: .blocked)],
            evidence: [:])
        let checks = try run.judge()
        #expect(checks["page.body"]?.cause == .notDone)
        #expect(checks["after.installed"]?.cause == .blocked)
        #expect(checks.values.allSatisfy { $0.verdict == .inconclusive && $0.points == 0 })
    }

    @Test("a step that is not optional cannot be left out as not offered")
    func notOffered() throws {
        let run = try HandMadeRun([.init(id: "page", skipped: .notOffered)], evidence: [:])
        #expect(try run.judge()["page.body"]?.cause == .notDone)
    }

    @Test("an absence counts only beside its control")
    func absence() throws {
        let after = HandMadeRun.Step(id: "after")
        let pages = [
            "page/body-1.bin": "a token", "page/exchanges.jsonl": HandMadeRun.exchange(1, random: HandMadeRun.randomA),
        ]
        func check(_ known: String) throws -> CheckResult? {
            let run = try HandMadeRun(
                [.init(id: "mitm"), .init(id: "page"), after],
                evidence: pages.merging(["mitm/events.jsonl": HandMadeRun.handshake(random: known)]) { $1 })
            return try run.judge()["after.error"]
        }
        #expect(try check(HandMadeRun.randomA)?.verdict == .passed)
        let without = try check(HandMadeRun.randomB)
        #expect(without?.verdict == .inconclusive)
        #expect(without?.cause == .blocked)
        #expect(without?.reason.contains("its control `page.joined` did not pass") == true)
    }

    @Test("what is forbidden and seen fails, whatever its control says")
    func violation() throws {
        let run = try HandMadeRun(
            [.init(id: "mitm"), .init(id: "page"), .init(id: "after")],
            evidence: [
                "after/trust.json": #"{"name":"x","sha256":"00"}"#, "after/ca-certificates.crt": "",
            ])
        let check = try run.judge()["after.error"]
        #expect(check?.verdict == .failed)
        #expect(check?.reason == "this must not happen, and it did")
    }

    @Test("a forbid without a control is an error before anything runs")
    func control() throws {
        let text = HandMadeRun.lab.replacing(
            "error: { is: lab.trust.installed == false, control: page.joined }",
            with: "error: lab.trust.installed == false")
        let folder = TemporaryFolder()
        let loaded = LabLoader.standard.load(folder.write(Array(text.utf8), to: "mini.yml"))
        #expect(loaded.hasErrors)
        #expect(loaded.problems.filter { $0.severity == .error }.map(\.code) == ["check.no-control"])
    }
}
