import Foundation
import Glibc
import LabTestSupport
import SupportLinux
import Testing

@Suite("Files of a folder that somebody else filled") struct ConfinedFileTests {
    private let home = TemporaryFolder()
    private var folder: String { home.path + "/in" }

    private func make() throws {
        try FileManager.default.createDirectory(atPath: folder + "/deep/er", withIntermediateDirectories: true)
        home.write(Array("outside".utf8), to: "secret.txt")
        home.write(Array("hello".utf8), to: "in/notes.txt")
        home.write(Array("deep".utf8), to: "in/deep/er/a.txt")
        for (link, target) in [
            ("out", "../secret.txt"), ("near", "notes.txt"), ("up", ".."), ("loop", "loop"), ("gone", "nowhere"),
        ] {
            #expect(symlink(target, folder + "/" + link) == 0)
        }
        #expect(mkfifo(folder + "/pipe", 0o600) == 0)
    }

    /// What came of reading, in a word.
    private func read(_ path: String, limit: Int = 100) -> String {
        do {
            return try ConfinedFile.read(path, in: folder, limit: limit).map { String(decoding: $0, as: UTF8.self) }
                ?? "none"
        } catch {
            switch error {
            case .link(let part): return "link \(part)"
            case .notPlain: return "not plain"
            case .tooLarge: return "too large"
            case .unreadable: return "unreadable"
            }
        }
    }

    @Test("plain files are read whole, at any depth")
    func plain() throws {
        try make()
        #expect(read("notes.txt") == "hello")
        #expect(read("deep/er/a.txt") == "deep")
        #expect(read("notes.txt", limit: 5) == "hello")
        #expect(read("absent.txt") == "none")
        #expect(read("notes.txt/a") == "none")
    }

    @Test("no link is followed, wherever it leads")
    func links() throws {
        try make()
        for link in ["out", "near", "loop", "gone"] { #expect(read(link) == "link \(link)") }
        #expect(read("up/secret.txt") == "link up")
        #expect(read("../secret.txt") == "none")
        #expect(read("deep/../../secret.txt") == "none")
        #expect(read("/etc/passwd") == "none")
    }

    @Test("what is no plain file is not taken, and a pipe without a writer keeps nobody waiting")
    func other() throws {
        try make()
        #expect(read("deep") == "not plain")
        #expect(read("pipe") == "not plain")
    }

    @Test("what is larger than it may be is not taken")
    func large() throws {
        try make()
        #expect(read("notes.txt", limit: 4) == "too large")
    }
}
