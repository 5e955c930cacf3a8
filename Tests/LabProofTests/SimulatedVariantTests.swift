import LabModel
import LabProof
import LabRunner
import LabTestSupport
import Testing

@Suite("Simulated variants")
struct SimulatedVariantTests {
    private static func judge(
        _ path: String, _ count: Int, jobs: Int
    ) async throws -> SimulatedVariants.Result {
        let lab = try #require(ProofLab(path, settings: LabSettings(student: "prove")))
        return try await SimulatedVariants(lab: lab, version: "test", jobs: jobs).judge(count)
    }

    @Test("all earn everything, and come out byte for byte the same however many are judged at a time")
    func repeats() async throws {
        let path = "\(Repository.root)/Labs/icmp.yml"
        let one = try await Self.judge(path, 3, jobs: 1)
        #expect(one.variants == 3)
        #expect(one.troubleCount == 0, "\(one.troubles)")
        #expect(try await Self.judge(path, 3, jobs: 2) == one)
        // The digest is that of all of them.
        #expect(try await Self.judge(path, 2, jobs: 1).digest != one.digest)
    }

    @Test("of whom some cannot pass are told by name, with the check")
    func tells() async throws {
        let folder = TemporaryFolder()
        let text = """
            format: 1
            lab: hops
            title: Hops
            at: laptop
            vars: { limit: { pick: number, min: 1, max: 3 } }
            world:
              networks:
                home: { prefix: 198.51.100.0/24, router: r1 }
                far: { prefix: 203.0.113.0/24, router: r2 }
              routers: { r1: , r2: }
              links: [{ between: [r1, r2], delay: 1ms }]
              hosts:
                laptop: { network: home }
                server: { network: far, virtual: true }
            steps:
            - id: near
              title: Send three requests
              ping: $world.server.address
              expect: { few: lab.ping.received > $limit }
            """
        let path = folder.write(Array(text.utf8), to: "hops.yml")
        let result = try await Self.judge(path, 12, jobs: 2)
        #expect(result.variants == 12)
        #expect(result.troubleCount > 0)
        #expect(result.troubleCount < 12)
        #expect(result.exitStatus == .checkFailed)
        // Where the lab lies makes no difference.
        let other = TemporaryFolder()
        #expect(try await Self.judge(other.write(Array(text.utf8), to: "hops.yml"), 12, jobs: 1) == result)
        let trouble = try #require(result.troubles.first)
        #expect(trouble.check.hasPrefix("variant "))
        #expect(trouble.check.hasSuffix(": near.few"))
        #expect(trouble.outcome == "failed")
    }

    @Test("of a lab that needs real hosts are refused")
    func refuses() async throws {
        await #expect(throws: SimulationRefusal.self) {
            _ = try await Self.judge("\(Repository.root)/Labs/dns.yml", 2, jobs: 1)
        }
    }
}
