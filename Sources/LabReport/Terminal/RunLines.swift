internal import LabModel

/// The head and the end of a run on a terminal.
struct RunLines {
    let columns: Int

    func opening(_ overview: RunUpdate.Overview) -> [Line] {
        var facts = [overview.lab]
        if !overview.student.isEmpty { facts.append(overview.student) }
        facts.append(Figures.count(overview.steps, "step"))
        if overview.maxPoints > 0 { facts.append("\(Figures.points(overview.maxPoints)) points") }
        return [Line()] + wrapped(overview.title, .strong) + wrapped(facts.joined(separator: " · "), .dim)
    }

    func section(_ title: String) -> [Line] {
        title.isEmpty ? [Line()] : [Line()] + wrapped(title, .section) + [Line()]
    }

    func closing(_ record: RunRecord, folder: String) -> [Line] {
        let summary = RunSummary(record, folder: folder)
        var lines = [Line(), Line("  " + String(repeating: "─", count: max(0, columns - 2)), .dim)]
        if !record.findings.isEmpty {
            lines.append(Line("  ").appending("The judge noticed something about the evidence", .bad))
            for finding in record.findings { lines += hanging("!", finding, .bad) }
            lines.append(Line())
        }
        lines += hanging(summary.outcome.mark, summary.headline, summary.outcome.role, text: .strong)
        lines += hanging(" ", "\(summary.pointsLine) · \(summary.timeLine)", .plain)
        if summary.notOfferedSteps > 0 {
            lines += hanging(" ", "\(Figures.count(summary.notOfferedSteps, "optional step")) not offered here", .dim)
        }
        lines.append(Line())
        lines += labelled("Report", folder + "/report.html", .plain)
        lines += labelled("Next", summary.next, .strong)
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
