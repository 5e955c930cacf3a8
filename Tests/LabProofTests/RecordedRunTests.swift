import LabModel
import LabProof
import LabRunner
import LabTestSupport
import Testing

/// A simulated run in memory is the same as one in a folder, or judging many would prove nothing.
@Suite("Runs without a folder")
struct RecordedRunTests {
    private struct Talkative: Respondent {
        let says: String

        func answer(_ question: StudentQuestion, willAsk: @Sendable () -> Void) async throws -> GivenAnswer? {
            GivenAnswer(["it is \(says)"])
        }

        func file(
            _ name: String, step: String, limit: Int, references: [String: Value]
        ) async throws -> [UInt8]? { nil }
    }

    private static func request(_ lab: ProofLab, runs: String) -> RunRequest {
        var request = RunRequest(
            loaded: lab.loaded, lab: lab.lab, source: "lab.yml", student: lab.settings.student, runs: runs, only: [],
            executable: "", version: "test",
            environment: RunEnvironment(
                now: { 1_767_225_600_000_000_000 }, randomBytes: { [UInt8](repeating: 0, count: $0) }))
        request.isSimulated = true
        // Whoever knows a secret may say it: then the evidence holds its mask.
        request.respondent = Talkative(says: lab.loaded.references["word"]?.text ?? "")
        return request
    }

    private static func expectSame(_ path: String, student: String) async throws -> [StepResult] {
        let lab = try #require(ProofLab(path, settings: LabSettings(student: student)))
        let folder = TemporaryFolder()
        let inFolder = try RunEvidence(lab, folder: try await Run.record(request(lab, runs: folder.path)))
        let inMemory = RunEvidence(lab, try await Run.recordInMemory(request(lab, runs: "/nowhere")))
        // Every event names the hash of the one before, and the last ones the digest of every file.
        #expect(inMemory.log.head == inFolder.log.head)
        #expect(inFolder.log.brokenAt == nil)
        #expect(inMemory.log.events.count == inFolder.log.events.count)
        // In the folder every value is read back from the bytes of its file.
        let verdicts = inMemory.judge(by: lab)
        #expect(verdicts == inFolder.judge(by: lab))
        return verdicts
    }

    @Test("have the evidence of a folder byte for byte, and the verdicts that its files give", arguments: 1...3)
    func areTheSame(_ number: Int) async throws {
        let steps = try await Self.expectSame("\(Repository.root)/Labs/icmp.yml", student: "student \(number)")
        #expect(steps.flatMap(\.checks).allSatisfy { $0.verdict == .passed })
    }

    @Test("have those of steps that fail, are tried again, are left out or ask, and of secrets")
    func oddOnesAreTheSame() async throws {
        let folder = TemporaryFolder()
        let text = """
            format: 1
            lab: odd
            title: Odd ends
            at: laptop
            vars:
              count: { pick: number, min: 2, max: 4 }
              word: { secret: true, pick: token }
            world:
              networks:
                home: { prefix: 198.51.100.0/24, router: r1 }
                far: { prefix: 203.0.113.0/24, router: r2 }
              routers: { r1: , r2: { silent: true } }
              links: [{ between: [r1, r2], delay: 1ms, loss: 20% }]
              hosts:
                laptop: { network: home }
                server: { network: far, virtual: true }
              names: { server.example.test: server }
            steps:
            - id: again
              title: Try a thing that never does
              ping: { to: $world.server.address, count: 20 }
              retry: { because: chance decides, times: 3, every: 5ms }
              expect: { all: lab.ping.received > 20, lost: lab.fate.reason == "lost" }
            - id: nobody
              title: Ask for somebody who is not there
              ping: nobody.example.test
              expect: { there: lab.ping.received > 0 }
            - id: behind
              title: Wait for that
              needs: nobody
              ping: $world.server.address
              expect: { there: lab.ping.received > 0 }
            - id: way
              title: Trace
              traceroute: { to: $world.server.address, protocol: udp }
              expect: { star: lab.hop.star == "silent" }
            - id: asked
              title: Say something
              ask: What is the word?
              expect: { right: lab.answer.text contains $word }
            - id: down
              title: Cut the link
              link: r1-r2 down
            - id: after
              title: Nobody answers any more
              ping: { to: $world.server.address, count: $count, timeout: 20ms }
              expect: { none: lab.ping.received == 0 and lab.ping.sent == $count }
            - id: unless
              title: Do what nobody needs
              optional: true
              when: { passed: again.all }
              ping: $world.server.address
            """
        let path = folder.write(Array(text.utf8), to: "odd.yml")
        let steps = try await Self.expectSame(path, student: "somebody")
        #expect(Set(steps.map(\.status)) == [.done, .notOffered])
        #expect(steps.flatMap(\.checks).contains { $0.name == "asked.right" && $0.verdict == .passed })
        #expect(steps.first?.attempts == 3)
    }
}
