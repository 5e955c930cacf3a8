import Foundation
import LabModel
import LabProof
import LabTestSupport
import Testing

@Suite("The wrong runs of a proof") struct PlanTests {
    static let lab = """
        format: 1
        lab: small
        title: A small lab
        credit: run
        world:
          networks: { a: { prefix: 198.51.100.0/24, router: r1 } }
          routers: [r1]
          hosts:
            laptop: { network: a, address: 198.51.100.10 }
            www: { network: a, address: 198.51.100.80 }
          names: { www.example.test: www, mitm.it: www }
          sites:
            www.example.test: { host: www, pages: { /: { body: "your number is $token" } } }
            mitm.it: { host: www, kind: mitm.it }
        at: laptop
        vars:
          port: { default: 9000, type: port }
          token: { pick: token }
        steps:
        - { id: one, title: One, proxy: { listen: $port, keylog: keys.txt } }
        - { id: two, title: Two, proxy: { listen: 9100, keylog: keys.txt } }
        - { id: cap, title: Capture, capture: { interfaces: [lo, eth0] } }
        - { id: visit, title: Visit, request: { url: http://www.example.test/, via: $one, within: 15s } }
        - { id: end, title: End, stop: $cap }
        - { id: look, title: Look, decrypt: { capture: $end.file, keylog: $one.keylog } }
        - { id: ping, title: Ping, ping: $world.www.address }
        """

    private func plan(key: String = "") throws -> ProofPlan {
        let folder = TemporaryFolder()
        try Data(Self.lab.utf8).write(to: URL(fileURLWithPath: folder.path + "/small.yml"))
        if !key.isEmpty { try Data(key.utf8).write(to: URL(fileURLWithPath: folder.path + "/small.key.yml")) }
        let lab = try #require(ProofLab(folder.path + "/small.yml", settings: LabSettings(student: "ada")))
        let other = try #require(lab.forStudent("bob"))
        func evidence(_ lab: ProofLab, _ one: String) -> RunEvidence {
            func event(_ step: String, _ results: [String: Value]) -> Event {
                Event(
                    seq: 0, time: 0, actor: .runner, step: step, event: "step-finished",
                    data: ["results": .map(results)], previous: "")
            }
            return RunEvidence(
                lab, folder: folder.path,
                log: EventLog([
                    event("one", ["endpoint": .string(one), "keylog": "evidence/one/keys.txt"]),
                    event("end", ["file": "evidence/cap/capture.pcapng"]),
                ]))
        }
        return ProofPlan.make(
            for: lab, reference: evidence(lab, "127.0.0.1:9000"), earlier: evidence(other, "127.0.0.1:9000"))
    }

    @Test("every step is skipped, every key dropped, every input replaced, and each wrong run is made once")
    func generated() throws {
        let plan = try plan()
        let names = plan.runs.map(\.name)
        #expect(Set(names).count == names.count)
        for name in [
            "skip one", "skip look", "two without keylog", "look without keylog", "another port: 9001",
            "visit.via: $two for $one", "visit.url: mitm.it for www.example.test",
            "look.keylog: $two.keylog for $one.keylog", "look.keylog: stale $one.keylog",
            "look.capture: stale $end.file", "ping.to: $world.laptop.address for $world.www.address",
        ] {
            #expect(names.contains(name), "\(name) is not among \(names)")
        }
        #expect(names.contains { $0.hasPrefix("another token: ") })
        let reasons = Dictionary(plan.omitted.map { ($0.name, $0.reason) }, uniquingKeysWith: { first, _ in first })
        #expect(reasons["cap without interfaces"] == "nothing is done differently")
        #expect(reasons["visit without within"] == "nothing is done differently")
        #expect(reasons["visit.via: stale $one"] == "an earlier run gives the same value")
        // The port that it falls back to is taken.
        #expect(reasons["two without listen"]?.hasPrefix("the lab cannot be read with it") == true)
        #expect(reasons["look without capture"]?.contains("needs a field `capture`") == true)
        #expect(reasons["visit without url"]?.contains("needs a field `url`") == true)
    }

    @Test("what changes only what is looked at is judged on the evidence of the reference run")
    func replayed() throws {
        let replayed = try plan().runs.filter(\.isReplayed).map(\.name)
        #expect(
            Set(replayed) == [
                "skip look", "look without keylog", "look.keylog: $two.keylog for $one.keylog",
                "look.keylog: stale $one.keylog", "look.capture: stale $end.file",
            ])
        let stale = try #require(try plan().runs.first { $0.name == "look.keylog: stale $one.keylog" })
        #expect(stale.inputs == ["one-keys.txt": "evidence/one/keys.txt"])
    }

    @Test("declared runs come first, and a generated run that is the same is not made again")
    func declared() throws {
        let plan = try plan(
            key: """
                format: 1
                lab: small
                checks: { visit: { expect: { page: lab.http.code == 200 } } }
                wrong:
                  nobody-looks: { because: a, change: { steps: { look: { keylog: null } } }, fails: [visit.page] }
                """)
        #expect(plan.runs.first?.name == "nobody-looks")
        #expect(plan.runs.first?.expected == ["visit.page"])
        #expect(plan.runs.first?.isReplayed == true)
        #expect(plan.omitted.contains { $0.name == "look without keylog" && $0.reason == "the same as `nobody-looks`" })
    }
}
