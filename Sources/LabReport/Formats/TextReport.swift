package import LabModel

/// `--report text:FILE`: the run in plain lines, as they appear off a terminal.
package struct TextReport: ReportFormat {
    package let name = "text"
    package let extensions = ["txt"]

    package init() {}

    package func render(_ record: RunRecord, _ context: ReportContext) throws -> [UInt8] {
        let overview = RunUpdate.Overview(
            lab: record.lab.name, title: record.lab.title, student: record.student, seed: record.seed,
            folder: context.shownFolder, steps: record.steps.count, maxPoints: record.maxPoints,
            language: record.words.language)
        let plain = PlainText(record.words)
        var lines = plain.opening(overview)
        var section: String?
        for step in record.shown(from: context.folder).steps {
            if section != step.section {
                section = step.section
                if !step.section.isEmpty { lines += plain.section(step.section) }
            }
            lines += plain.step(step, credit: record.credit)
        }
        lines += plain.closing(record, folder: context.shownFolder)
        return Array((lines.joined(separator: "\n") + "\n").utf8)
    }
}
