internal import LabModel
import SupportDiagnostics

/// A run in plain lines that begin with a word of ours, so that text from a lab or a network is never taken for a line of
/// its own, nor for a command of the CI system that reads the log.
enum PlainText {
    static func opening(_ overview: RunUpdate.Overview) -> [String] {
        var facts = overview.student.isEmpty ? [] : ["student \(overview.student)"]
        facts += ["seed \(overview.seed)", Figures.count(overview.steps, "step")]
        facts.append("\(Figures.points(overview.maxPoints)) points")
        return [line("lab \(overview.lab): \(overview.title)"), line("run: " + facts.joined(separator: ", "))]
    }

    static func section(_ title: String) -> [String] { ["", line("section: \(title)")] }

    static func step(_ step: StepResult, credit: Credit? = nil) -> [String] {
        let outcome = step.outcome
        let label = step.isDemonstration(credit: credit) ? "demonstrated" : outcome.label
        var facts: [String] = []
        if step.startedAt != 0 || step.duration != 0 { facts.append(Figures.duration(step.duration)) }
        if step.maxPoints > 0, outcome != .notOffered { facts.append(Figures.points(step.points, of: step.maxPoints)) }
        let tail = facts.isEmpty ? "" : " (\(facts.joined(separator: ", ")))"
        var lines = [line("\(label): \(step.id): \(step.title)\(tail)")]
        lines += step.notes.map { detail("saw: \($0)") }
        let sentence = step.sentence
        if !sentence.isEmpty, sentence != label { lines.append(detail("reason: \(sentence)")) }
        for check in step.checks where check.outcome == .failed { lines += failure(check) }
        if let hint = step.hints.first, outcome == .failed { lines.append(detail("hint: \(hint)")) }
        var told: Set<String> = [sentence]
        for reason in step.openReasons where told.insert(reason.text).inserted {
            lines.append(detail("reason: \(reason.text)"))
        }
        return lines
    }

    /// A step that was shown before and has come to something else since.
    static func revised(_ step: StepResult, credit: Credit) -> [String] {
        var told = step
        told.notes = []
        return self.step(told, credit: credit)
    }

    static func closing(_ record: RunRecord, folder: String) -> [String] {
        let summary = RunSummary(record, folder: folder)
        var lines = [""]
        lines += record.findings.map { line("finding: \($0)") }
        lines.append(line("result: \(summary.headline)"))
        lines.append(line("points: \(summary.pointsLine)"))
        lines.append(line("time: \(summary.timeLine)"))
        if summary.notOfferedSteps > 0 {
            lines.append(line("not offered: \(Figures.count(summary.notOfferedSteps, "optional step"))"))
        }
        lines.append(line("report: \(folder)/report.html"))
        lines.append(line("next: \(summary.next)"))
        return lines
    }

    static func failure(_ check: CheckResult) -> [String] {
        let points = check.maxPoints > 0 ? ", \(Figures.points(check.points, of: check.maxPoints))" : ""
        var lines = [detail("check \(check.name) failed\(points): \(check.sentence)")]
        let sides = CheckSides(check)
        lines += sides.rows.map { detail("  \($0.label): \($0.text)") }
        if !sides.looked.isEmpty { lines.append(detail("  evidence: \(sides.looked)")) }
        if !check.file.isEmpty { lines.append(detail("  source: \(check.file):\(check.line):\(check.column)")) }
        let drawing = SourceDrawing(check.display)
        lines += drawing.lines(columns: longest).map { detail("  yaml: \($0.text)") }
        lines += drawing.notes.map { detail("  note: \($0)") }
        return lines
    }

    private static let longest = 2000

    private static func detail(_ text: String) -> String { "    " + line(text) }

    private static func line(_ text: String) -> String {
        let scalars = text.unicodeScalars
        guard scalars.count > longest else { return Visible.text(text) }
        let head = String(String.UnicodeScalarView(scalars.prefix(longest)))
        return Visible.text(head) + "… (\(scalars.count - longest) more characters)"
    }
}
