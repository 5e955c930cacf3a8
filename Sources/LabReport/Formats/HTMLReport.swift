package import LabModel
import Mustache

/// `report.html`: the run as a page that stands alone: no scripts, no other files, nothing fetched.
package struct HTMLReport: ReportFormat {
    package let name = "html"
    package let extensions = ["html", "htm"]

    package init() {}

    package func render(_ record: RunRecord, _ context: ReportContext) throws -> [UInt8] {
        let page = ReportPage(record.shown(from: context.folder), context)
        let library = MustacheLibrary(templates: [
            "step": try MustacheTemplate(string: PageTemplate.step(record.words)),
            "check": try MustacheTemplate(string: PageTemplate.check(record.words)),
        ])
        return Array(try MustacheTemplate(string: PageTemplate.page(record.words)).render(page, library: library).utf8)
    }
}
