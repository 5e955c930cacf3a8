import Foundation
import LabReport
import LabTestSupport
import Testing

@Suite("Choosing a format") struct ReportTargetTests {
    @Test("Every file of the folder of formats is in the catalogue, and nothing else")
    func catalogue() throws {
        let folder = Repository.root + "/Sources/LabReport/Formats"
        let files = try FileManager.default.contentsOfDirectory(atPath: folder)
        let types = ReportCatalog.all.map { "\(type(of: $0)).swift" }
        #expect(types.sorted() == files.sorted())
        #expect(Set(ReportCatalog.all.map(\.name)).count == types.count)
        let extensions = ReportCatalog.all.flatMap(\.extensions)
        #expect(Set(extensions).count == extensions.count)
    }

    @Test(
        "The format is named before a colon, or told by the extension",
        arguments: [
            ("junit:results.xml", "junit", "results.xml"), ("JUnit:-", "junit", "-"), ("out.html", "html", "out.html"),
            ("a/b.c/report.JSON", "json", "a/b.c/report.JSON"), ("text:C:\\x.html", "text", "C:\\x.html"),
            ("week:2.xml", "junit", "week:2.xml"), ("json:a", "json", "a"),
        ])
    func parses(_ argument: String, _ format: String, _ path: String) throws {
        let target = try ReportTarget.parse(argument)
        #expect(target.format.name == format)
        #expect(target.path == path)
    }

    @Test(
        "What tells no format or no file is refused with its reason",
        arguments: [
            ("", ReportTargetError.Reason.noFile), ("html:", .noFile), ("report", .noExtension),
            ("a.b/report", .noExtension), ("report.", .noExtension), ("report.pdf", .unknownExtension("pdf")),
            ("junitt:x", .unknownFormat("junitt")), (":x", .unknownFormat("")),
        ])
    func refuses(_ argument: String, _ reason: ReportTargetError.Reason) {
        #expect(throws: ReportTargetError(argument: argument, reason: reason)) { try ReportTarget.parse(argument) }
    }

    @Test("The refusal names the formats there are, and the one that was probably meant")
    func sentence() {
        let error = ReportTargetError(argument: "junitt:x\u{1B}[2J", reason: .unknownFormat("junitt"))
        #expect(
            error.description
                == "--report junitt:x␛[2J: there is no format junitt; did you mean junit? "
                + "The formats are json, junit, text, html.")
    }
}
