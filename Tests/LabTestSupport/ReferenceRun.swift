import Foundation
import Synchronization

/// One finished run of week 2 as it is, made once for all tests that only look at it.
package struct ReferenceRun: Sendable {
    package let lab: EditedLab
    /// The run folder, absolute.
    package let folder: String
    package let outcome: RealTool.Outcome
    package let judged: JudgedRun

    package static func shared() async throws -> ReferenceRun { try await passing.value }

    /// A run in which the wrong key log was taken, so that its last checks failed.
    package static func spoiled() async throws -> ReferenceRun { try await failing.value }

    private static let passing = Task { try await ReferenceRun([]) }
    private static let failing = Task {
        try await ReferenceRun([
            .replace("  proxy: { listen: $port }\n", with: "  proxy: { listen: $port, keylog: first.txt }\n"),
            .replace("keylog: $again.keylog, filter", with: "keylog: $mitm.keylog, filter"),
        ])
    }

    private init(_ edits: [EditedLab.Edit]) async throws {
        lab = try EditedLab(edits)
        outcome = try await lab.run(["--format", "json", "--report", "junit:\(lab.file("junit.xml"))"])
        judged = try JudgedRun(outcome)
        folder = judged.folder.hasPrefix("/") ? judged.folder : lab.folder + "/" + judged.folder
        lab.removeAtExit()
    }
}

extension EditedLab {
    /// For labs whose runs are shared by tests and so outlive each of them.
    package func removeAtExit() { Leftovers.add(folder) }
}

/// Folders that outlive every test and go when the process does.
private enum Leftovers {
    private static let folders = Mutex<[String]>([])
    private static let isArranged: Void = { atexit { Leftovers.remove() } }()

    static func add(_ folder: String) {
        isArranged
        folders.withLock { $0.append(folder) }
    }

    private static func remove() {
        for folder in folders.withLock({ $0 }) { try? FileManager.default.removeItem(atPath: folder) }
    }
}
