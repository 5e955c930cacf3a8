import Foundation
import LabJudge
import LabModel
import LabRunner
import LabTestSupport
import Testing

@Suite("A simulated run")
struct SimulationTests {
    private struct Silent: RunObserver {
        func handle(_ update: RunUpdate) {}
    }

    /// Simulates a lab of the repository as it would be on one certain second.
    private static func run(_ lab: String, student: String = "ada", only: [String] = [], in folder: String) async throws
        -> (record: RunRecord, folder: String)
    {
        try await run(path: "\(Repository.root)/Labs/\(lab).yml", student: student, only: only, in: folder)
    }

    private static func run(path: String, student: String = "ada", only: [String] = [], in folder: String) async throws
        -> (record: RunRecord, folder: String)
    {
        let loaded = LabLoader.standard.load(path, settings: LabSettings(student: student))
        let definition = try #require(loaded.lab)
        var request = RunRequest(
            loaded: loaded, lab: definition, source: "lab.yml", student: student, runs: folder, only: only,
            executable: "/nowhere/lab", version: "test",
            environment: RunEnvironment(
                now: { 1_790_000_000_000_000_000 }, randomBytes: { [UInt8](repeating: 7, count: $0) }))
        request.isSimulated = true
        return try await Run.perform(request, observer: Silent())
    }

    @Test("earns all points of the icmp lab, and every check says that it was simulated")
    func passes() async throws {
        let folder = TemporaryFolder()
        let (record, _) = try await Self.run("icmp", in: folder.path)
        #expect(record.exitStatus == .passed)
        #expect(record.points == 36)
        #expect(record.isSimulated == true)
        #expect(Set(record.checks.map(\.provenance)) == [.simulated])
        #expect(record.findings.isEmpty)
    }

    @Test("leaves the same bytes each time, and others for another student")
    func repeats() async throws {
        let folders = [TemporaryFolder(), TemporaryFolder(), TemporaryFolder()]
        let students = ["ada", "ada", "grace"]
        var left: [[String: [UInt8]]] = []
        for (folder, student) in zip(folders, students) {
            let (record, path) = try await Self.run("icmp", student: student, in: folder.path)
            #expect(record.exitStatus == .passed)
            let run = String(path.dropFirst(folder.path.count + 1))
            let names = [
                "events.jsonl", "evidence/capture.pcapng", "evidence/many/ping.json", "evidence/way/traceroute.json",
            ]
            left.append(Dictionary(uniqueKeysWithValues: names.map { ($0, folder.read("\(run)/\($0)")) }))
        }
        #expect(left[0].values.allSatisfy { !$0.isEmpty })
        #expect(left[0] == left[1])
        for (name, bytes) in left[0] { #expect(left[2][name] != bytes, "\(name)") }
    }

    @Test("judges again from the folder alone, and says again that it was simulated")
    func judgesAgain() async throws {
        let folder = TemporaryFolder()
        let (record, path) = try await Self.run("icmp", in: folder.path)
        let again = try RunJudgement.judge(run: path)
        #expect(again.findings.isEmpty)
        #expect(again.steps == record.steps)
    }

    @Test("is refused for steps that need a real host, each with its place, before anything is written")
    func refuses() async throws {
        let folder = TemporaryFolder()
        do {
            _ = try await Self.run("dns", in: folder.path)
            Issue.record("it was not refused")
        } catch let refusal as SimulationRefusal {
            #expect(
                refusal.steps.map(\.text) == [
                    "the step `visit` (`request`) needs programs, files or connections of a real host"
                ])
            #expect(refusal.steps.first?.place.contains("/Labs/dns.yml:") == true)
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }

    @Test("is refused for traces by connection attempts, and only for these")
    func refusesConnections() async throws {
        let folder = TemporaryFolder()
        let text = """
            format: 1
            lab: ways
            title: Ways
            at: laptop
            world:
              networks:
                home: { prefix: 198.51.100.0/24, router: r1 }
                far: { prefix: 203.0.113.0/24, router: r2 }
              routers: { r1: , r2: }
              links: [{ between: [r1, r2], delay: 1ms }]
              hosts:
                laptop: { network: home }
                server: { network: far }
            steps:
            - id: connect
              title: Connect
              traceroute: { to: $world.server.address, protocol: tcp }
              expect: { there: lab.trace.reached == true }
            - id: datagrams
              title: Send datagrams
              traceroute: { to: $world.server.address, protocol: udp }
              expect: { path: "lab.trace.path == [r1, r2, server]" }
            - id: echo
              title: Ping a host that is no model's
              ping: $world.server.address
              expect: { all: lab.ping.received == 3 }
            """
        let path = folder.write(Array(text.utf8), to: "ways.yml")
        do {
            _ = try await Self.run(path: path, in: folder.path)
            Issue.record("it was not refused")
        } catch let refusal as SimulationRefusal {
            #expect(refusal.steps.map(\.text) == ["the step `connect` (`traceroute`) opens TCP connections"])
        }
        let (record, _) = try await Self.run(path: path, only: ["datagrams", "echo"], in: folder.path)
        #expect(record.checks.filter { $0.isSelected != false }.map(\.verdict) == [.passed, .passed])
    }
}
