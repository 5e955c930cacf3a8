import Foundation
import LabJudge
import LabModel
import LabTestSupport
import SupportDiagnostics
import Testing

/// What a lab includes lies in its folder, whatever links there are. Real files and links, read as commands read them.
@Suite("The folder of a lab") struct ConfinementTests {
    private let folder = TemporaryFolder()

    /// A lab in `course/labs`, its own steps below, and steps of somebody else's beside it.
    init() throws {
        let steps = "- { id: page, request: http://www.example.test/ }\n"
        for path in ["course/labs/parts", "course/other"] {
            try FileManager.default.createDirectory(atPath: folder.path + "/" + path, withIntermediateDirectories: true)
        }
        folder.write(Array(steps.utf8), to: "course/labs/parts/own.yml")
        folder.write(Array(steps.utf8), to: "course/other/steps.yml")
        folder.write(Array(steps.utf8), to: "course/labs-of-others.yml")
    }

    private func link(_ name: String, to destination: String) throws {
        try FileManager.default.createSymbolicLink(
            atPath: folder.path + "/course/labs/" + name, withDestinationPath: destination)
    }

    private func codes(including path: String, _ loader: LabLoader = .standard) -> [String] {
        let text = "format: 1\nlab: week\ntitle: A week\nsteps:\n- include: \(path)\n"
        let lab = folder.write(Array(text.utf8), to: "course/labs/week.yml")
        return loader.load(lab).problems.map(\.code)
    }

    @Test("what lies in it is read, through links within it, too")
    func inside() throws {
        try link("same.yml", to: "parts/own.yml")
        try link("again", to: "parts")
        try link("absolute.yml", to: folder.path + "/course/labs/parts/own.yml")
        for path in ["parts/own.yml", "same.yml", "again/own.yml", "absolute.yml"] {
            #expect(codes(including: path) == [], "\(path)")
        }
    }

    @Test("no link leads out of it: not a file's, not a folder's, not one by way of another")
    func links() throws {
        try link("file.yml", to: "../other/steps.yml")
        try link("absolute.yml", to: folder.path + "/course/other/steps.yml")
        try link("folder", to: "../other")
        try link("parts/up", to: "..")
        try link("chain.yml", to: "folder/steps.yml")
        // Another folder whose path begins like the lab's.
        try link("neighbour.yml", to: "../labs-of-others.yml")
        for path in ["file.yml", "absolute.yml", "folder/steps.yml", "chain.yml", "neighbour.yml"] {
            #expect(codes(including: path) == ["lab.outside"], "\(path)")
        }
        #expect(codes(including: "parts/up/parts/own.yml") == [])
    }

    @Test("neither `..` nor an absolute path is followed, wherever it leads")
    func paths() {
        for path in ["../other/steps.yml", "parts/../parts/own.yml", folder.path + "/course/labs/parts/own.yml"] {
            #expect(codes(including: path) == ["lab.outside"], "\(path)")
        }
    }

    @Test("a loader that replaces files follows no link out either")
    func replacing() throws {
        try link("file.yml", to: "../other/steps.yml")
        #expect(codes(including: "file.yml", LabLoader.standard.replacing([:])) == ["lab.outside"])
        #expect(codes(including: "file.yml", LabLoader.standard.reading { _ in nil }) == ["lab.outside"])
    }

    @Test("a world behind a link that leads out is not read")
    func world() throws {
        try link("world.yml", to: "/etc/passwd")
        let text = "format: 1\nlab: week\ntitle: A week\nworld: world.yml\nsteps:\n- include: parts/own.yml\n"
        let lab = folder.write(Array(text.utf8), to: "course/labs/week.yml")
        #expect(LabLoader.standard.load(lab).problems.map(\.code) == ["lab.outside"])
    }

    @Test("a file that is too large is told with the size that it has")
    func size() throws {
        let path = folder.path + "/large.yml"
        #expect(FileManager.default.createFile(atPath: path, contents: Data("format: 1\n".utf8)))
        // Sparse: nothing is written.
        try #require(FileHandle(forWritingAtPath: path)).truncate(atOffset: 40 << 20)
        let problem = try #require(LabLoader.standard.load(path).problems.first)
        #expect(problem.code == "yaml.too-large")
        #expect(problem.message.contains("41943040 bytes"))
    }
}
