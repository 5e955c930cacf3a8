internal import LabModel

/// The head and the end of a run on a terminal.
struct RunLines {
    let columns: Int
    var words = Words.english

    func opening(_ overview: RunUpdate.Overview) -> [Line] {
        var facts = [overview.lab]
        if !overview.student.isEmpty { facts.append(overview.student) }
        facts.append(words(.steps(overview.steps)))
        if overview.maxPoints > 0 { facts.append(words(.points(words.points(overview.maxPoints)))) }
        return [Line()] + wrapped(overview.title, .strong) + wrapped(facts.joined(separator: " · "), .dim)
    }

    func section(_ title: String) -> [Line] {
        title.isEmpty ? [Line()] : [Line()] + wrapped(title, .section) + [Line()]
    }

    func closing(_ record: RunRecord, folder: String) -> [Line] {
        let summary = RunSummary(record, folder: folder, words)
        var lines = [Line(), Line("  " + String(repeating: "─", count: max(0, columns - 2)), .dim)]
        if !record.findings.isEmpty {
            lines.append(Line("  ").appending(words(.findings), .bad))
            for finding in record.findings { lines += hanging("!", finding, .bad) }
            lines.append(Line())
        }
        lines += hanging(summary.outcome.mark, summary.headline, summary.outcome.role, text: .strong)
        lines += hanging(" ", "\(summary.pointsLine) · \(summary.timeLine)", .plain)
        if summary.notOfferedSteps > 0 {
            lines += hanging(" ", words(.optionalNotOffered(summary.notOfferedSteps)), .dim)
        }
        lines.append(Line())
        lines += labelled(words(.report), folder + "/report.html", .plain)
        lines += labelled(words(.next), summary.next, .strong)
        lines.append(Line())
        return lines
    }

    private func wrapped(_ text: String, _ role: Line.Role) -> [Line] {
        TextFlow.wrap(text, columns: columns - 2).map { Line("  ").appending($0, role) }
    }

    private func hanging(_ mark: String, _ text: String, _ role: Line.Role, text textRole: Line.Role = .plain) -> [Line]
    {
        TextFlow.wrap(text, columns: columns - 4).enumerated().map { index, part in
            Line("  ").appending(index == 0 ? mark : " ", role).appending(" ").appending(part, textRole)
        }
    }

    private func labelled(_ label: String, _ text: String, _ role: Line.Role) -> [Line] {
        TextFlow.wrap(text, columns: columns - 12).enumerated().map { index, part in
            var line = Line("    ").appending(index == 0 ? label : "", .dim)
            line.pad(to: 12)
            line.append(part, role)
            return line
        }
    }
}
