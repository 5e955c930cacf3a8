import Foundation
import LabJudge
import LabModel
import LabRunner
import LabTestSupport
import Testing

@Suite("A run whose world cannot be opened", .enabled("needs network namespaces") { await BuiltLab.hasWorlds() })
struct FailedWorldTests {
    private struct Silent: RunObserver {
        func handle(_ update: RunUpdate) {}
    }

    @Test("leaves nothing of the captures that were asked for")
    func captures() async throws {
        let folder = TemporaryFolder()
        let loaded = LabLoader.standard.load(
            Repository.root + "/Labs/icmp.yml", settings: LabSettings(student: "ada"))
        let lab = try #require(loaded.lab)
        // The machine gives namespaces, so the run begins; but there is no program to be a world's first process.
        var request = RunRequest(
            loaded: loaded, lab: lab, source: "icmp.yml", student: "ada", runs: folder.path, only: [],
            executable: "/nowhere/lab", version: "test")
        request.captures = [WantedCapture(.host(lab.host), file: folder.path + "/mine.pcapng")]
        await #expect(throws: (any Error).self) { try await Run.perform(request, observer: Silent()) }
        let runs = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/icmp")
        let run = try #require(runs.first { $0 != "latest" })
        let left = try FileManager.default.contentsOfDirectory(atPath: folder.path + "/icmp/" + run)
        #expect(left.contains("events.jsonl"))
        #expect(!left.contains("captures"), "\(left)")
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/mine.pcapng"))
    }
}
