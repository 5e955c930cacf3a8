import Foundation
import LabTestSupport
import Testing

/// Runs of students, and the key that they do not have.
@Suite("Keys and runs", .serialized, .enabled("needs network namespaces") { await BuiltLab.hasWorlds() })
struct KeyTests {
    private func check(_ run: RunCopy, key: String) async throws -> RealTool.Outcome {
        try await BuiltLab.run(["check", run.folder, "--format", "json", "--key", key], in: "/")
    }

    @Test("a student's run holds no key, and is judged with it on the instructor's machine")
    func withKey() async throws {
        let copy = try RunCopy(of: try await ReferenceRun.shared())
        let files = try FileManager.default.subpathsOfDirectory(atPath: copy.folder)
        #expect(files.filter { $0.contains(".key.") } == [])
        let plain = try await copy.check()
        #expect(plain.check("browse.met-proxy") == nil)
        let judged = try JudgedRun(try await check(copy, key: Repository.root + "/Labs/week2.key.yml"))
        #expect(judged.exitStatus == 0)
        #expect(judged.outcomes["browse.met-proxy"] == "passed")
        #expect(judged.points == plain.points + 3)
        #expect(judged.findings == [])
    }

    @Test("a key of another edition judges nothing")
    func otherEdition() async throws {
        let copy = try RunCopy(of: try await ReferenceRun.shared())
        let folder = TemporaryFolder()
        try FolderCopy.copy(Repository.root + "/Labs", to: folder.path + "/Labs")
        let lab = folder.path + "/Labs/week2.yml"
        let text = try String(contentsOfFile: lab, encoding: .utf8)
        try Data(text.replacing("lab.ping.received == 3", with: "lab.ping.received >= 2").utf8)
            .write(to: URL(fileURLWithPath: lab))
        for (key, says) in [("week2.key.yml", "key.other-edition"), ("week2.yml", "key.name")] {
            let outcome = try await check(copy, key: folder.path + "/Labs/" + key)
            #expect(outcome.status == 2)
            #expect(outcome.errors.contains("error[\(says)]"), "\(outcome.errors)")
        }
    }

    @Test("the student edition of week 2 lints, and holds nothing hidden")
    func published() async throws {
        let folder = TemporaryFolder()
        let published = try await BuiltLab.run(
            ["publish", Repository.root + "/Labs/week2.yml", "--out", "students"], in: folder.path)
        #expect(published.status == 0, "\(published.errors)")
        let lint = try await BuiltLab.run(["lint", "students"], in: folder.path)
        #expect(lint.status == 0, "\(lint.errors)")
        let files = try FileManager.default.subpathsOfDirectory(atPath: folder.path + "/students")
        #expect(files.contains("week2.yml") && files.contains("worlds/campus.yml"))
        #expect(files.contains("week2.published.json"))
        for file in files where !file.hasSuffix("worlds") {
            let text = String(
                decoding: try Data(contentsOf: URL(fileURLWithPath: folder.path + "/students/" + file)), as: UTF8.self)
            for word in ["met-proxy", "carried-by-campus", "proxy-killed"] { #expect(!text.contains(word), "\(file)") }
        }
    }
}
