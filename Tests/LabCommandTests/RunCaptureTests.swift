import Foundation
import LabTestSupport
import Testing

@Suite("lab run --capture", .serialized, .enabled("needs network namespaces") { await BuiltLab.hasWorlds() })
struct RunCaptureTests {
    private static let lab = """
        format: 1
        lab: way
        title: A way to the shop
        at: laptop
        world:
          networks:
            home: { prefix: 198.51.100.0/24, router: r1 }
            hosting: { prefix: 203.0.113.0/24, router: r3 }
          routers: { r1: , r2: , r3: }
          links:
          - { between: [r1, r2] }
          - { between: [r2, r3] }
          hosts:
            laptop: { network: home, address: 198.51.100.10 }
            www: { network: hosting, address: 203.0.113.80 }
        steps:
        - id: reach
          title: Reach the shop
          ping: { to: $world.www.address, count: 3, interval: 10ms, timeout: 300s }
          expect: { answer: lab.ping.received == 3 }

        """
    private let folder = TemporaryFolder()

    init() {
        chmod(folder.path, 0o755)
        folder.write(Array(Self.lab.utf8), to: "way.yml")
    }

    private func run(_ options: [String]) async throws -> RealTool.Outcome {
        try await BuiltLab.run(
            ["run", "way.yml", "--runs", folder.path + "/runs", "--plain"] + options, in: folder.path)
    }

    private func fields(_ file: String, _ fields: [String]) async throws -> [String] {
        let read = try await BuiltLab.run(
            ["decrypt", folder.path + "/" + file, "-Y", "icmp", "-T", "fields"] + fields.flatMap { ["-e", $0] },
            in: "/")
        return read.output.split(separator: "\n").map(String.init).sorted()
    }

    @Test("hosts that the lab watches, hosts that it does not, and links are in files of their own, whole")
    func captures() async throws {
        let outcome = try await run([
            "--capture", "mine.pcapng", "--capture", "www=far.pcapng", "--capture", "r2-r1=way.pcapng",
        ])
        #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
        let requests = Array(repeating: "198.51.100.10\t8", count: 3)
        let replies = Array(repeating: "203.0.113.80\t0", count: 3)
        for file in ["mine.pcapng", "far.pcapng", "way.pcapng"] {
            #expect(try await fields(file, ["ip.src", "icmp.type"]) == requests + replies, "\(file)")
        }
        // The link is seen as it is: one router of three is behind each request, two behind each reply.
        let hops = try await fields("way.pcapng", ["icmp.type", "ip.ttl"])
        #expect(hops == ["0\t62", "0\t62", "0\t62", "8\t63", "8\t63", "8\t63"])
        // The run has its own evidence and nothing beside it.
        let evidence = folder.path + "/runs/way/latest/evidence"
        let left = try FileManager.default.contentsOfDirectory(atPath: evidence)
        #expect(left.contains("capture.pcapng") && !left.contains { $0.hasPrefix("capture-") }, "\(left)")
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/runs/way/latest/captures"))
        let own = FileManager.default.contents(atPath: evidence + "/capture.pcapng")
        #expect(own == FileManager.default.contents(atPath: folder.path + "/mine.pcapng"))
        let checked = try await BuiltLab.run(["check", folder.path + "/runs/way/latest"], in: folder.path)
        #expect(checked.status == 0, "\(checked.output)\(checked.errors)")
    }

    @Test("what cannot be captured is said before anything runs")
    func mistakes() async throws {
        for (options, said) in [
            (["--capture", "/no/such/folder/x.pcapng"], "you cannot write into its folder"),
            (["--capture", "r1-r9=x.pcapng"], "no host and no link `r1-r9`"),
            (["--capture", "r1=x.pcapng"], "no host and no link `r1`"),
            (["--capture", "x.pcapng", "--capture", "laptop=y.pcapng"], "a place or a file twice"),
        ] as [([String], String)] {
            let outcome = try await run(options)
            #expect(outcome.status == 64 && outcome.errors.contains(said), "\(outcome.errors)")
        }
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/runs"))
    }
}
