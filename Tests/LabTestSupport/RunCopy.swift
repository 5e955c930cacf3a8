import Foundation

/// A copy of a run folder that a test may tamper with, away from every lab file.
package final class RunCopy: Sendable {
    private let home = TemporaryFolder()
    package var folder: String { home.path + "/run" }

    package init(of run: ReferenceRun) throws {
        try FolderCopy.copy(run.folder, to: home.path + "/run")
    }

    package func read(_ name: String) throws -> [UInt8] {
        Array(try Data(contentsOf: URL(fileURLWithPath: folder + "/" + name)))
    }

    /// Writes a file in place, with the permissions that it has.
    package func write(_ bytes: [UInt8], _ name: String) throws {
        let path = folder + "/" + name
        let old = try? FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        if let old { try FileManager.default.setAttributes([.posixPermissions: old], ofItemAtPath: path) }
    }

    package func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: folder + "/" + name) }

    /// Judged again where no lab is to be found, as JSON.
    package func check() async throws -> JudgedRun {
        let outcome = try await BuiltLab.run(
            ["check", folder, "--format", "json"], in: home.path, environment: ["LAB_PATH": home.path])
        let judged = try JudgedRun(outcome)
        guard judged.exitStatus == outcome.status else {
            throw EditedLab.Misfit(description: "exit status \(outcome.status), told \(judged.exitStatus)")
        }
        return judged
    }

    /// Judged again, as text.
    package func checkAsText() async throws -> RealTool.Outcome {
        try await BuiltLab.run(["check", folder], in: home.path, environment: ["LAB_PATH": home.path])
    }
}
