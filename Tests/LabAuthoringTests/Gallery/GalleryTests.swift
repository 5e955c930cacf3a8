import Foundation
import LabAuthoring
import LabReport
import SupportDiagnostics
import Testing

/// Labs as instructors break them, one defect each. `LAB_UPDATE_GOLDEN=1` writes the outputs anew; what is expected is
/// written by hand.
@Suite("The gallery of broken labs") struct GalleryTests {
    @Test("lint says what the file announces, where it announces it, and nothing else", arguments: BrokenLab.all)
    func expectation(lab: BrokenLab) {
        #expect(!lab.expected.isEmpty, "the file announces nothing: `# expect: CODE line:column`")
        #expect(lab.found().sorted() == lab.expected.sorted())
    }

    @Test("what lint prints is the golden output beside the file", arguments: BrokenLab.all)
    func golden(lab: BrokenLab) throws {
        let text = DiagnosticText().render(lab.problems())
        let path = BrokenLab.folder + "/" + lab.name + ".txt"
        if ProcessInfo.processInfo.environment["LAB_UPDATE_GOLDEN"] != nil {
            try AtomicFile.write(Array(text.utf8), to: path)
        }
        let golden = try #require(FileManager.default.contents(atPath: path), "no golden output at \(path)")
        #expect(text == String(decoding: golden, as: UTF8.self))
    }

    @Test("no output lies in the gallery without its lab")
    func orphans() throws {
        let names = Set(BrokenLab.all.map(\.name))
        for file in try FileManager.default.contentsOfDirectory(atPath: BrokenLab.folder) where file.hasSuffix(".txt") {
            #expect(names.contains(String(file.dropLast(4))), "\(file)")
        }
    }
}
