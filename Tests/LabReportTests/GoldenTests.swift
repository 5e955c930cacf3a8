import Foundation
import LabModel
import LabReport
import LabTestSupport
import Testing

/// Whole outputs for the sample, compared with files under `Fixtures/reports`. `LAB_UPDATE_GOLDEN=1` writes them anew.
@Suite("Whole reports, word for word") struct GoldenTests {
    static let context = ReportContext(folder: "runs/week2/latest")

    @Test("Each format gives its golden file", arguments: ReportCatalog.all.map(\.name))
    func format(_ name: String) throws {
        let format = try #require(ReportCatalog.named(name))
        let once = try format.render(Sample.record, Self.context)
        #expect(try format.render(Sample.record, Self.context) == once)
        try compare(once, with: "sample.\(format.extensions[0])")
    }

    @Test("A terminal of 80 columns shows the run")
    func terminal() throws {
        // What the live line drew over is not what stays on the screen.
        let lines = Recording.terminal(Sample.record, columns: 80, colour: false).split(
            separator: "\n", omittingEmptySubsequences: false
        ).map { line in String(line.components(separatedBy: "\r\u{1B}[K").last ?? "") }
        try compare(Array(lines.joined(separator: "\n").utf8), with: "terminal-80.txt")
    }

    @Test("Off a terminal the run is what the text report says")
    func plain() throws {
        let text = try #require(ReportCatalog.named("text"))
        let report = try text.render(Sample.record, ReportContext(folder: "runs/week2/\(Sample.record.id)"))
        #expect(Recording.plain(Sample.record) == String(decoding: report, as: UTF8.self))
    }

    private func compare(_ bytes: [UInt8], with name: String) throws {
        let path = Repository.fixture("reports/" + name)
        if ProcessInfo.processInfo.environment["LAB_UPDATE_GOLDEN"] != nil {
            try FileManager.default.createDirectory(
                atPath: Repository.fixture("reports"), withIntermediateDirectories: true)
            try AtomicFile.write(bytes, to: path)
        }
        let golden = try #require(FileManager.default.contents(atPath: path))
        #expect(String(decoding: bytes, as: UTF8.self) == String(decoding: golden, as: UTF8.self))
    }
}
