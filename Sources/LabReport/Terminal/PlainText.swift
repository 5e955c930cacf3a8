internal import LabModel
import SupportDiagnostics

/// A run in plain lines that begin with a word of ours, so that text from a lab or a network is never taken for a line of
/// its own, nor for a command of the CI system that reads the log.
struct PlainText {
    let words: Words

    init(_ words: Words) { self.words = words }

    func opening(_ overview: RunUpdate.Overview) -> [String] {
        var facts = overview.student.isEmpty ? [] : [words(.student(overview.student))]
        facts += [words(.seed(String(overview.seed))), words(.steps(overview.steps))]
        facts.append(words(.points(words.points(overview.maxPoints))))
        return [
            line("\(words(.plainLab)) \(overview.lab): \(overview.title)"),
            line("\(words(.plainRun)): " + facts.joined(separator: ", ")),
        ]
    }

    func section(_ title: String) -> [String] { ["", line("\(words(.plainSection)): \(title)")] }

    func step(_ step: StepResult, credit: Credit? = nil) -> [String] {
        let outcome = step.outcome
        let label = step.isDemonstration(credit: credit) ? words(.demonstrated) : words(outcome.label)
        var facts: [String] = []
        if step.startedAt != 0 || step.duration != 0 { facts.append(words.duration(step.duration)) }
        if step.maxPoints > 0, outcome != .notOffered { facts.append(words.points(step.points, of: step.maxPoints)) }
        let tail = facts.isEmpty ? "" : " (\(facts.joined(separator: ", ")))"
        var lines = [line("\(label): \(step.id): \(step.title)\(tail)")]
        lines += step.notes.map { detail("\(words(.plainSaw)): \($0)") }
        let sentence = step.sentence(words)
        if !sentence.isEmpty, sentence != label { lines.append(detail("\(words(.plainReason)): \(sentence)")) }
        for check in step.checks where check.outcome == .failed { lines += failure(check) }
        if let hint = step.hints.first, outcome == .failed { lines.append(detail("\(words(.hint)): \(hint)")) }
        var told: Set<String> = [sentence]
        for reason in step.openReasons(words) where told.insert(reason.text).inserted {
            lines.append(detail("\(words(.plainReason)): \(reason.text)"))
        }
        return lines
    }

    /// A step that was shown before and has come to something else since.
    func revised(_ step: StepResult, credit: Credit) -> [String] {
        var told = step
        told.notes = []
        return self.step(told, credit: credit)
    }

    func closing(_ record: RunRecord, folder: String) -> [String] {
        let summary = RunSummary(record, folder: folder, words)
        var lines = [""]
        lines += record.findings.map { line("\(words(.plainFinding)): \($0)") }
        lines.append(line("\(words(.plainResult)): \(summary.headline)"))
        lines.append(line("\(words(.plainPoints)): \(summary.pointsLine)"))
        lines.append(line("\(words(.plainTime)): \(summary.timeLine)"))
        if summary.notOfferedSteps > 0 {
            lines.append(line("\(words(.notOffered)): \(words(.optionalSteps(summary.notOfferedSteps)))"))
        }
        lines.append(line("\(words(.report).lowercased()): \(folder)/report.html"))
        lines.append(line("\(words(.next).lowercased()): \(summary.next)"))
        return lines
    }

    func failure(_ check: CheckResult) -> [String] {
        let points = check.maxPoints > 0 ? words.points(check.points, of: check.maxPoints) : ""
        var lines = [detail("\(words(.checkFailed(check.name, points: points))): \(check.sentence(words))")]
        let sides = CheckSides(check, words)
        lines += sides.rows.map { detail("  \($0.label): \($0.text)") }
        if !sides.looked.isEmpty { lines.append(detail("  \(words(.plainEvidence)): \(sides.looked)")) }
        let drawing = SourceDrawing(check.display)
        if !check.file.isEmpty {
            lines.append(
                detail(
                    "  \(words(.source)): \(drawing.place.isEmpty ? "\(check.file):\(check.line):\(check.column)" : drawing.place)"
                ))
        }
        lines += drawing.lines(columns: Self.longest).map { detail("  yaml: \($0.line)") }
        lines += drawing.notes.map { detail("  \(words(.plainNote)): \($0)") }
        return lines
    }

    private static let longest = 2000

    private func detail(_ text: String) -> String { "    " + line(text) }

    private func line(_ text: String) -> String {
        let scalars = text.unicodeScalars
        guard scalars.count > Self.longest else { return Visible.text(text) }
        let head = String(String.UnicodeScalarView(scalars.prefix(Self.longest)))
        return Visible.text(head) + words(.cutShort(characters: scalars.count - Self.longest))
    }
}
