import SupportDiagnostics

extension Handout {
    /// The lab for a terminal; text from the lab can neither move the cursor nor hide.
    package func text(columns: Int = 80, withHints: Bool = false) -> String {
        var lines = [title, "\(name) · \(figures)"]
        if !nodes.isEmpty {
            lines += ["", "The world"] + Self.drawn(nodeRows, indent: "  ")
            if !routers.isEmpty { lines += paragraph("Routers: " + routers.joined(separator: ", "), columns, "  ") }
        }
        for section in sections {
            if !section.title.isEmpty { lines += ["", "", section.title.uppercased()] }
            for step in section.steps { lines += [""] + self.lines(of: step, columns, withHints) }
        }
        return lines.map { Visible.text($0) }.joined(separator: "\n") + "\n"
    }

    var figures: String {
        let steps = self.steps.count
        return "\(steps) \(steps == 1 ? "step" : "steps"), \(Self.count(points))"
            + (isHandsOn ? ", for what you do yourself" : "")
    }

    /// `1 point`, `2.5 points`
    static func count(_ points: Double) -> String {
        let number = points == points.rounded() && abs(points) < 1e9 ? String(Int(points)) : String(points)
        return "\(number) \(points == 1 ? "point" : "points")"
    }

    private func lines(of step: Step, _ columns: Int, _ withHints: Bool) -> [String] {
        let facts = [
            step.isOptional ? "optional" : Self.count(step.points), step.host.isEmpty ? nil : "on \(step.host)",
        ]
        var lines = paragraph(
            "\(step.number). \(step.title) (\(facts.compactMap { $0 }.joined(separator: ", ")))", columns, "")
        if !step.task.isEmpty { lines += paragraphs(step.task, columns, "   ") }
        if !step.explain.isEmpty { lines += [""] + paragraphs(step.explain, columns, "   ") }
        if !step.question.isEmpty {
            lines += [""] + paragraph(step.question, columns, "     ", first: "   Question: ")
            for (index, option) in step.options.enumerated() {
                lines += paragraph("\(index + 1)  \(option)", columns, "        ", first: "     ")
            }
        }
        if !step.byHand.isEmpty {
            lines += ["", "   By hand"]
            for (tool, command) in step.byHand {
                lines += command.lines.enumerated().map { "     \($0.offset == 0 ? tool + ": " : "  ")\($0.element)" }
            }
        }
        if !step.checks.isEmpty {
            lines += ["", "   What is looked at"]
            for check in step.checks {
                let word = check.isForbidden ? "must be absent: " : ""
                lines += paragraph("- \(check.name): \(word)\(check.about)", columns, "     ", first: "   ")
            }
        }
        if !step.hints.isEmpty { lines.append("") }
        if withHints {
            for (number, hint) in step.hints.enumerated() {
                let costs = hint.costs > 0 ? ", costs \(Self.count(hint.costs))" : ""
                lines += paragraph("Hint \(number + 1)\(costs): \(hint.text)", columns, "     ", first: "   ")
            }
        } else if !step.hints.isEmpty {
            let costs = step.hints.map { $0.costs > 0 ? "one for \(Self.count($0.costs))" : "one for free" }
            lines.append("   Hints: " + costs.joined(separator: ", ") + "; `--hints` tells them")
        }
        return lines
    }

    private func paragraphs(_ markdown: String, _ columns: Int, _ indent: String) -> [String] {
        markdown.lines.map { String($0) }.split(separator: "", omittingEmptySubsequences: true).flatMap {
            paragraph($0.joined(separator: " "), columns, indent) + [""]
        }.dropLast()
    }

    private func paragraph(_ text: String, _ columns: Int, _ indent: String, first: String? = nil) -> [String] {
        let lines = HelpPage.wrap(text, columns, indent: indent)
        guard let first, let start = lines.first else { return lines }
        return [first + start.drop { $0 == " " }] + lines.dropFirst()
    }

    // MARK: Tables

    var nodeRows: [[String]] {
        [["host", "addresses", "network", ""]] + nodes.map { [$0.name, $0.addresses, $0.network, $0.remark] }
    }

    /// Columns under each other.
    static func drawn(_ rows: [[String]], indent: String) -> [String] {
        let visible = rows.map { $0.map { Visible.text($0) } }
        let count = visible.map(\.count).max() ?? 0
        let widths = (0..<count).map { column in
            visible.map { column < $0.count ? Visible.columns($0[column]) : 0 }.max() ?? 0
        }
        return visible.map { row in
            let cells = row.enumerated().map { index, cell in
                cell + String(repeating: " ", count: max(0, widths[index] - Visible.columns(cell)))
            }
            let line = indent + cells.joined(separator: "  ")
            return String(line.reversed().drop { $0 == " " }.reversed())
        }
    }
}
