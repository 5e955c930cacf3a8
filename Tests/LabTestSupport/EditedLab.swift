import Foundation

/// A copy of `Labs/` that a test may spoil.
package final class EditedLab: Sendable {
    /// A change of one file of the copy.
    package enum Edit: Sendable {
        /// Every occurrence of a text; there must be one.
        case replace(String, with: String, in: String = EditedLab.main)
        /// All from the first text up to, not including, the next occurrence of the second.
        case cut(from: String, to: String)
        /// The same, put in front of a third text.
        case move(from: String, to: String, before: String)
    }

    /// An edit that no longer fits the lab as it is.
    package struct Misfit: Error, CustomStringConvertible {
        package let description: String
    }

    package static let main = "week2.yml"
    package static let campus = "worlds/campus.yml"

    private let home = TemporaryFolder()
    /// The folder to run in: it holds `Labs/` and gets `runs/`.
    package var folder: String { home.path }

    package init(_ edits: [Edit] = []) throws {
        try copyLabs()
        for edit in edits { try apply(edit) }
    }

    /// As students have them: without the keys.
    private func copyLabs() throws {
        try FolderCopy.copy(Repository.root + "/Labs", to: home.path + "/Labs")
        for name in try FileManager.default.contentsOfDirectory(atPath: home.path + "/Labs")
        where name.hasSuffix(".key.yml") {
            try FileManager.default.removeItem(atPath: home.path + "/Labs/" + name)
        }
    }

    /// A lab of its own in place of the copy's.
    package init(lab text: String) throws {
        try copyLabs()
        try Data(text.utf8).write(to: URL(fileURLWithPath: home.path + "/Labs/" + Self.main))
    }

    private func apply(_ edit: Edit) throws {
        switch edit {
        case .replace(let old, let new, let file):
            let text = try read(file)
            guard text.contains(old) else { throw Misfit(description: "\(file) does not hold: \(old)") }
            try write(text.replacingOccurrences(of: old, with: new), file)
        case .cut(let from, let to): _ = try cut(from, to)
        case .move(let from, let to, let target):
            let part = try cut(from, to)
            try apply(.replace(target, with: part + target))
        }
    }

    private func cut(_ from: String, _ to: String) throws -> String {
        let text = try read(Self.main)
        guard let start = text.range(of: from)?.lowerBound, let end = text[start...].range(of: to)?.lowerBound else {
            throw Misfit(description: "the lab does not hold \(from) and then \(to)")
        }
        try write(String(text[..<start] + text[end...]), Self.main)
        return String(text[start..<end])
    }

    private func read(_ file: String) throws -> String {
        try String(contentsOfFile: home.path + "/Labs/" + file, encoding: .utf8)
    }

    private func write(_ text: String, _ file: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: home.path + "/Labs/" + file))
    }

    /// `lab run week2` in this folder.
    package func run(_ arguments: [String] = []) async throws -> RealTool.Outcome {
        try await BuiltLab.run(["run", "week2"] + arguments, in: folder)
    }

    /// Whether anything was run.
    package var hasRuns: Bool { FileManager.default.fileExists(atPath: home.path + "/runs") }

    package func file(_ name: String) -> String { home.path + "/" + name }
}
